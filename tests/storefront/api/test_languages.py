"""A shop learns a language: search speaks it once the job ran, however often that is interrupted or repeated."""

import pytest
from litestar import Litestar

from catalog.kernel.unit_of_work import Units
from catalog.products import reindexing
from catalog.products import service as products
from catalog.shops.service import create_shop
from tests.catalog.products.factories import make_draft
from tests.storefront.api.conftest import Merchant, run_jobs
from tests.storefront.api.test_search import handles

TITLES = {"de": "Leinenhemd", "en": "Linen shirt", "fr": "Chemise en lin"}


async def fill(units: Units, merchant: Merchant, count: int) -> None:
    async with units(merchant.shop_id) as uow:
        await products.bulk_upsert(uow, [make_draft(f"p{n}", title=TITLES) for n in range(count)])


async def speak(merchant: Merchant, *languages: str) -> None:
    answer = await merchant.api.patch("/shop", json={"languages": languages})
    assert answer.status_code == 200, answer.text


async def waiting(units: Units) -> int:
    async with units(None) as uow:
        found: int = await uow.fetchval("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")
        return found


async def test_search_speaks_a_new_language_once_the_job_ran(merchant: Merchant, app: Litestar, units: Units) -> None:
    await fill(units, merchant, 2)
    await speak(merchant, "de", "en", "fr")
    assert not await handles(merchant, q="chemises", locale="fr")
    await run_jobs(app)
    assert sorted(await handles(merchant, q="chemises", locale="fr")) == ["p0", "p1"]
    assert len(await handles(merchant, q="Leinenhemden", locale="de")) == 2
    await speak(merchant, "de", "fr")
    await run_jobs(app)
    async with units(merchant.shop_id) as uow:
        rows = await uow.fetch("SELECT DISTINCT locale FROM search_document WHERE shop_id = $1", uow.shop_id)
    assert sorted(row["locale"] for row in rows) == ["de", "fr"]


async def test_many_products_are_indexed_in_several_transactions(
    merchant: Merchant, app: Litestar, units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "AT_ONCE", 2)
    await fill(units, merchant, 5)
    await speak(merchant, "de", "fr")
    async with units(merchant.shop_id) as uow:
        await reindexing.step(uow, category="", after=None)
    assert len(await handles(merchant, q="chemise", locale="fr")) == 2
    await run_jobs(app)
    assert len(await handles(merchant, q="chemise", locale="fr")) == 5
    assert await waiting(units) == 0


async def test_a_step_that_failed_leaves_its_job(merchant: Merchant, app: Litestar, units: Units) -> None:
    await fill(units, merchant, 1)
    await speak(merchant, "de", "fr")

    async def die() -> None:
        async with units(merchant.shop_id) as uow:
            await reindexing.step(uow, category="", after=None)
            raise LookupError

    with pytest.raises(LookupError):
        await die()
    assert not await handles(merchant, q="chemise", locale="fr")
    await run_jobs(app)
    assert await handles(merchant, q="chemise", locale="fr") == ["p0"]


async def test_only_a_change_of_languages_begins_it_and_a_second_change_doubles_nothing(
    merchant: Merchant, units: Units
) -> None:
    await speak(merchant, "de", "en")
    assert (await merchant.api.patch("/shop", json={"name": "Loom"})).status_code == 200
    assert await waiting(units) == 0
    assert (await merchant.api.patch("/shop", json={"languages": ["de", "klingon"]})).status_code == 422
    assert await waiting(units) == 0
    await speak(merchant, "de", "en", "fr")
    await speak(merchant, "en", "de", "fr")
    assert await waiting(units) == 1


async def test_another_shop_keeps_its_index(merchant: Merchant, app: Litestar, units: Units) -> None:
    async with units(None) as install:
        other = await create_shop(install, name="Other", currency="EUR", country="DE", locales=["de"])
    async with units(other.id) as uow:
        await products.bulk_upsert(uow, [make_draft("p0", title=TITLES)])
        # Its languages were changed past the API, so that a step too wide would be seen.
        await uow.execute("UPDATE shop SET locales = '{de,fr}' WHERE id = $1 /* shop_id */", uow.shop_id)
    await fill(units, merchant, 1)
    await speak(merchant, "de", "fr")
    await run_jobs(app)
    async with units(other.id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM search_document WHERE shop_id = $1", uow.shop_id) == 1
