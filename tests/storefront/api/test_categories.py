"""Categories over the API: listed, named in the shop's languages, found by their new names."""

from typing import Any

import httpx
import pytest
from litestar import Litestar

from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units
from catalog.shops import service as shops
from tests.scenarios import goods
from tests.storefront.api.conftest import Merchant, client, run_jobs
from tests.storefront.api.test_search import handles


@pytest.fixture
async def stocked(merchant: Merchant, units: Units) -> Merchant:
    """With goods."""
    async with units(merchant.shop_id) as uow:
        await goods.fill(uow, MediaStore.open("memory://"))
    return merchant


async def named(merchant: Merchant, path: str, title: Any) -> httpx.Response:  # noqa: ANN401 - JSON
    return await merchant.api.put(f"/categories/{path}", json={"title": title})


async def test_a_named_category_is_read_at_once_and_found_by_its_name_once_the_job_ran(
    stocked: Merchant, app: Litestar
) -> None:
    assert not await handles(stocked, q="Beinkleid")
    answer = await named(stocked, "bottoms", {"de": "Beinkleid", "en": "Legwear"})
    assert (answer.status_code, answer.json()["title"]) == (200, {"de": "Beinkleid", "en": "Legwear"})
    chino = (await stocked.api.get("/products", params={"q": "chino"})).json()["items"][0]
    assert chino["category"] == "bottoms/trousers"
    listed = {item["path"]: item for item in (await stocked.api.get("/categories")).json()["items"]}
    assert listed["bottoms"] == {"path": "bottoms", "title": {"de": "Beinkleid", "en": "Legwear"}, "products": 1}
    await run_jobs(app)
    assert await handles(stocked, q="Beinkleid") == ["chino"]
    assert await handles(stocked, q="legwear", locale="en") == ["chino"]


async def test_a_category_can_be_named_before_there_are_products_in_it(stocked: Merchant) -> None:
    assert (await named(stocked, "women/capes", {"de": "Umhänge"})).status_code == 200
    listed = {item["path"]: item for item in (await stocked.api.get("/categories")).json()["items"]}
    assert (listed["women/capes"]["title"], listed["women/capes"]["products"]) == ({"de": "Umhänge"}, 0)


@pytest.mark.parametrize(
    ("path", "title", "pointer"),
    [
        ("Women and Men", {"de": "Mode"}, "/path"),
        ("women", {}, "/title"),
        ("women", {"de": " "}, "/title"),
        ("women", {"German": "Damen"}, "/title/German"),
        ("women", {"de": "x" * 301}, "/title/de"),
    ],
)
async def test_a_faulty_name_is_refused_where_it_stands(
    merchant: Merchant, path: str, title: dict[str, Any], pointer: str
) -> None:
    answer = await named(merchant, path, title)
    problem = answer.json()
    assert (answer.status_code, problem["pointer"]) == (422, pointer), problem
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (await merchant.api.get("/categories")).json() == {"items": [], "next_cursor": None}


async def test_naming_needs_the_scope_of_the_catalogue(app: Litestar, units: Units, merchant: Merchant) -> None:
    async with units(merchant.shop_id) as uow:
        _, key = await shops.create_key(uow, name="reader", scopes=["read"])
    async with client(app, key) as reader:
        assert (await reader.get("/categories")).status_code == 200
        assert (await reader.put("/categories/women", json={"title": {"de": "Damen"}})).status_code == 403


async def test_the_description_shows_a_title_as_an_example(merchant: Merchant) -> None:
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    schema = description["components"]["schemas"]["CategoryForm"]
    assert schema["properties"]["title"]["examples"] == [{"de": "Sommerkleider", "en": "Summer dresses"}]
