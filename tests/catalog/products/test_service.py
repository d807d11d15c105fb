"""Writing products: whole or not at all, ids kept, revisions counted."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service
from catalog.products.errors import HandleTaken, InvalidProduct, ProductNotFound, StaleRevision
from catalog.products.events import ProductDeleted, ProductsChanged
from catalog.products.values import ImageDraft, ProductPatch, Refused, Written
from catalog.shops.models import Shop
from catalog.shops.service import create_shop
from tests.catalog.products.factories import make_draft, make_variant, plain_draft

pytestmark = pytest.mark.usefixtures("shop")


async def catalog_revision(uow: UnitOfWork) -> int:
    revision: int = await uow.fetchval("SELECT catalog_revision FROM shop WHERE id = $1 /* shop_id */", uow.shop_id)
    return revision


async def test_a_product_comes_back_as_it_was_written(uow: UnitOfWork) -> None:
    draft = make_draft(attributes={"material": "cotton", "n": 1.5})
    view = await service.create_product(uow, draft)
    assert view.draft() == draft
    assert view.revision == 1
    assert view.category_title == {"de": "T-Shirts", "en": "T-shirts"}
    assert await service.get(uow, view.id) == view
    assert await service.get_by_handle(uow, "basic-tee") == view


async def test_a_handle_is_used_once(uow: UnitOfWork) -> None:
    await service.create_product(uow, make_draft())
    with pytest.raises(HandleTaken):
        await service.create_product(uow, make_draft())


async def test_variants_keep_their_ids_by_sku(uow: UnitOfWork) -> None:
    first = await service.upsert_product(uow, make_draft())
    ids = {variant.sku: variant.id for variant in first.variants}
    medium, large = make_draft().variants
    without = await service.upsert_product(uow, make_draft(variants=(medium,)))
    assert [variant.sku for variant in without.variants] == [medium.sku]
    again = await service.upsert_product(uow, make_draft(variants=(large, medium)))
    assert {variant.sku: variant.id for variant in again.variants} == ids
    assert [variant.sku for variant in again.variants] == [large.sku, medium.sku]


async def test_writing_the_same_again_changes_nothing(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, make_draft())
    before = await catalog_revision(uow)
    (outcome,) = await service.bulk_upsert(uow, [make_draft()])
    assert isinstance(outcome, Written)
    assert (outcome.changed, outcome.created, outcome.revision) == (False, False, 1)
    assert await catalog_revision(uow) == before


async def test_stock_is_carried_through_and_is_no_change(uow: UnitOfWork) -> None:
    draft = make_draft()
    await service.upsert_product(uow, draft)
    stocked = replace(draft, variants=tuple(replace(variant, stock=7) for variant in draft.variants))
    (outcome,) = await service.bulk_upsert(uow, [stocked])
    assert isinstance(outcome, Written)
    assert not outcome.changed


async def test_every_change_counts_in_the_shop_and_is_announced(uow: UnitOfWork) -> None:
    before = await catalog_revision(uow)
    view = await service.upsert_product(uow, make_draft())
    assert await catalog_revision(uow) == before + 1
    assert uow.recorded[-1] == ProductsChanged(product_ids=(view.id,), catalog_revision=before + 1)
    await service.delete_product(uow, view.id)
    deleted = ProductDeleted(product_id=view.id, handle="basic-tee", catalog_revision=before + 2)
    assert list(uow.recorded)[-1:] == [deleted]


async def test_a_sku_of_another_product_is_refused_with_its_place(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, make_draft("one", variants=(make_variant("A"),)))
    other = make_draft("two", variants=(make_variant("B"), make_variant("A", options={"colour": "red", "size": "M"})))
    with pytest.raises(InvalidProduct) as refused:
        await service.upsert_product(uow, other)
    assert refused.value.pointer == "/variants/1/sku"
    assert "'one'" in refused.value.detail


async def test_a_bulk_write_refuses_only_what_is_wrong(uow: UnitOfWork) -> None:
    outcomes = await service.bulk_upsert(
        uow,
        [
            make_draft("good", variants=(make_variant("A"),)),
            make_draft("bad", title={"en": "only English"}),
            make_draft("good", variants=(make_variant("B"),)),
            make_draft("late", variants=(make_variant("A"),)),
        ],
    )
    assert [type(outcome) for outcome in outcomes] == [Written, Refused, Refused, Refused]
    assert [outcome.faults[0].pointer for outcome in outcomes if isinstance(outcome, Refused)] == [
        "/title/de",
        "/handle",
        "/variants/0/sku",
    ]


async def test_an_unknown_picture_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises(InvalidProduct) as refused:
        await service.upsert_product(uow, make_draft(images=(ImageDraft(image_id="0" * 64),)))
    assert refused.value.pointer == "/images/0"


async def test_a_patch_changes_only_what_it_names(uow: UnitOfWork) -> None:
    view = await service.upsert_product(uow, make_draft())
    changed = await service.patch_product(uow, view.id, ProductPatch(brand="Oak", handle="new-tee"), if_match=1)
    assert (changed.brand, changed.handle, changed.title, changed.revision) == ("Oak", "new-tee", view.title, 2)
    assert [variant.id for variant in changed.variants] == [variant.id for variant in view.variants]


async def test_an_old_revision_is_refused(uow: UnitOfWork) -> None:
    view = await service.upsert_product(uow, make_draft())
    await service.patch_product(uow, view.id, ProductPatch(brand="Oak"))
    with pytest.raises(StaleRevision):
        await service.patch_product(uow, view.id, ProductPatch(brand="Elm"), if_match=1)
    with pytest.raises(StaleRevision):
        await service.upsert_product(uow, make_draft(brand="Elm"), if_match=1)


async def test_a_patch_cannot_take_a_handle_in_use(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, plain_draft("one", "One"))
    two = await service.upsert_product(uow, plain_draft("two", "Two"))
    with pytest.raises(HandleTaken):
        await service.patch_product(uow, two.id, ProductPatch(handle="one"))


async def test_deleting_frees_handle_and_skus_and_keeps_the_rows(uow: UnitOfWork) -> None:
    view = await service.upsert_product(uow, make_draft())
    await service.delete_product(uow, view.id)
    with pytest.raises(ProductNotFound):
        await service.get(uow, view.id)
    with pytest.raises(ProductNotFound):
        await service.delete_product(uow, view.id)
    kept = await uow.fetchval(
        "SELECT count(*) FROM variant WHERE shop_id = $1 AND product_id = $2", uow.shop_id, view.id
    )
    assert kept == 2
    again = await service.create_product(uow, make_draft())
    assert again.id != view.id


async def test_a_sku_sold_again_is_the_variant_it_was_whatever_product_it_was_of(uow: UnitOfWork) -> None:
    first = await service.create_product(uow, make_draft())
    await service.delete_product(uow, first.id)
    second = await service.create_product(uow, make_draft("other-tee", variants=make_draft().variants))
    assert {each.sku: each.id for each in second.variants} == {each.sku: each.id for each in first.variants}
    fewer = await service.upsert_product(uow, make_draft("other-tee", variants=make_draft().variants[:1]))
    third = await service.create_product(uow, make_draft("third-tee", variants=make_draft().variants[1:]))
    assert [each.id for each in (*fewer.variants, *third.variants)] == [each.id for each in first.variants]


async def test_a_product_goes_on_sale_and_off_again(uow: UnitOfWork) -> None:
    empty = await service.create_product(uow, make_draft(status="draft", variants=()))
    with pytest.raises(InvalidProduct):
        await service.patch_product(uow, empty.id, ProductPatch(status="active"))
    full = await service.create_product(uow, make_draft("full", status="draft"))
    for status in ("active", "archived"):
        assert (await service.patch_product(uow, full.id, ProductPatch(status=status))).status == status


async def test_pages_go_through_everything_newest_first(uow: UnitOfWork) -> None:
    for number in range(5):
        await service.upsert_product(uow, plain_draft(f"p{number}", f"Product {number}", category="a/b"))
    seen, cursor = [], None
    while True:
        page = await service.page(uow, cursor=cursor, limit=2)
        seen += [item.handle for item in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == ["p4", "p3", "p2", "p1", "p0"]
    assert len((await service.page(uow, category="a")).items) == 5
    assert not (await service.page(uow, category="a/b/c")).items
    assert [item.handle for item in (await service.page(uow, q="product 3")).items] == ["p3"]
    assert [item.handle for item in (await service.page(uow, q="P2")).items] == ["p2"]
    assert not (await service.page(uow, q="%")).items
    assert not (await service.page(uow, status="draft")).items
    with pytest.raises(Invalid):
        await service.page(uow, cursor="nonsense")


async def test_categories_are_made_on_first_use_and_can_be_named(uow: UnitOfWork) -> None:
    await service.upsert_product(uow, make_draft(category="women/dresses/summer-looks"))
    found = {path: (title, count) for path, title, count in await service.categories(uow)}
    assert found["women"] == ({"de": "Damen", "en": "Women"}, 1)
    assert found["women/dresses/summer-looks"] == ({"de": "Summer looks", "en": "Summer looks"}, 1)
    await service.set_category_title(uow, "women/dresses/summer-looks", {"de": "Sommer", "en": "Summer"})
    view = await service.get_by_handle(uow, "basic-tee")
    assert view.category_title["de"] == "Sommer"


async def test_two_writers_of_one_sku_cannot_both_have_it(units: Units, shop_id: UUID, shop: Shop) -> None:
    async def write(handle: str) -> object:
        async with units(shop_id) as uow:
            return (await service.bulk_upsert(uow, [make_draft(handle, variants=(make_variant("SAME"),))]))[0]

    outcomes = await asyncio.gather(write("one"), write("two"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "Written"]


async def test_other_shops_are_out_of_reach(units: Units, shop: Shop, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        view = await service.create_product(uow, make_draft())
    async with units(None) as install:
        other = await create_shop(install, name="Other", currency="USD", country="US", locales=["en"])
    async with units(other.id) as uow:
        with pytest.raises(ProductNotFound):
            await service.get(uow, view.id)
        dollars = make_variant("BASIC-TEE-GREY-M", price=Money(1000, "USD"))
        await service.create_product(uow, make_draft(variants=(dollars,)))
        with pytest.raises(ProductNotFound):
            await service.delete_product(uow, view.id)
