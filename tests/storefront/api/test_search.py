"""The merchant's search: filters by parameter and by word, facets, synonyms, and the report of unmet demand."""

from datetime import date
from typing import Any

from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units
from catalog.search import demand
from tests.scenarios import goods
from tests.storefront.api.conftest import Merchant


async def handles(merchant: Merchant, **params: Any) -> list[str]:  # noqa: ANN401 - query parameters
    answer = await merchant.api.get("/search", params=params)
    assert answer.status_code == 200, answer.text
    return [item["handle"] for item in answer.json()["items"]]


async def test_a_search_is_filtered_and_sorted_and_counts_what_could_narrow_it(
    merchant: Merchant, units: Units
) -> None:
    async with units(merchant.shop_id) as uow:
        await goods.fill(uow, MediaStore.open("memory://"))
    assert await handles(merchant, sort="price_asc") == ["basic-tee", "guertel", "chino", "overshirt"]
    assert await handles(merchant, colour="grey", sort="price_desc") == ["overshirt", "basic-tee"]
    assert await handles(merchant, category="tops", max_price=3000) == ["basic-tee"]
    assert await handles(merchant, size=["85", "95"]) == ["guertel"]
    assert not await handles(merchant, q="Gürtel", in_stock=True)
    assert await handles(merchant, q="Gürtel", in_stock=False) == ["guertel"]
    assert await handles(merchant, q="T-Shirt unter 30 Euro, günstigste zuerst") == ["basic-tee"]
    assert not await handles(merchant, q="T-Shirt über 30 Euro")
    facets = (await merchant.api.get("/search", params={"q": "overshirt"})).json()["facets"]
    assert facets["colour"] == {"grey": 1}
    assert facets["lowest_price"] == 7990
    assert (await merchant.api.get("/search", params={"sort": "best"})).status_code == 400


async def test_synonyms_hold_from_the_next_search(merchant: Merchant, units: Units) -> None:
    async with units(merchant.shop_id) as uow:
        await goods.fill(uow, MediaStore.open("memory://"))
    assert not await handles(merchant, q="Leibriemen")
    set_ = await merchant.api.put("/search/synonyms", json={"word": "Leibriemen", "synonyms": ["Gürtel"]})
    assert set_.status_code == 200, set_.text
    assert await handles(merchant, q="Leibriemen") == ["guertel"]
    listed = (await merchant.api.get("/search/synonyms")).json()["items"]
    assert listed == [{"locale": "de", "word": "leibriemen", "synonyms": ["gürtel"]}]
    refused = await merchant.api.put("/search/synonyms", json={"word": "x", "synonyms": [], "locale": "xx"})
    assert refused.status_code in {400, 422}


async def test_unmet_demand_is_reported_by_day(merchant: Merchant, units: Units) -> None:
    async with units(merchant.shop_id) as uow:
        for day in (1, 1, 2):
            await demand.note(
                uow, "Wintermantel, 0171 5550123!", day=date(2026, 3, day), locale="de", reason=demand.NOTHING_FOUND
            )
    answer = await merchant.api.get("/reports/unmet-demand", params={"from": "2026-03-01", "to": "2026-03-01"})
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    assert (item["day"], item["query"], item["count"], item["sku"]) == ("2026-03-01", "wintermantel 0171", 2, None)
