"""Lookbooks: codes in any case, items numbered from 1, bound to products or variants."""

from dataclasses import replace
from typing import Any

import pytest

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.lookbooks import service
from catalog.lookbooks.errors import CodeTaken, InvalidLookbook, LookbookNotFound
from catalog.lookbooks.values import HotspotDraft, LookbookDraft
from catalog.products import service as products
from catalog.products.values import ImageDraft, ProductPatch
from tests.catalog.products.factories import make_draft

pytestmark = pytest.mark.usefixtures("shop")
SCENE = "5" * 64


@pytest.fixture(autouse=True)
async def goods(uow: UnitOfWork, shop: object) -> None:
    await make_image(uow, SCENE)
    await products.create_product(uow, make_draft("tee"))
    await products.create_product(uow, make_draft("chino"))


async def make_image(uow: UnitOfWork, image_id: str) -> None:
    await uow.execute(
        """INSERT INTO image (shop_id, id, mime, width, height, bytes, colour, fingerprint, created_at)
           VALUES ($1, $2, 'image/jpeg', 1200, 1600, 9, '#aabbcc', 0, $3)""",
        uow.shop_id, image_id, uow.now,
    )  # fmt: skip


def make_lookbook(**changes: Any) -> LookbookDraft:  # noqa: ANN401 - any field
    items = (HotspotDraft(x=0.25, y=0.5, sku="TEE-GREY-M"), HotspotDraft(x=1, y=0, product_handle="chino"))
    draft = LookbookDraft(code="LB7", title={"de": "Herbst in Grau"}, image_id=SCENE, alt={"de": "Szene"}, items=items)
    return replace(draft, **changes)


async def test_items_are_numbered_in_their_order(uow: UnitOfWork) -> None:
    view = await service.upsert_lookbook(uow, make_lookbook())
    assert [(item.number, item.product_handle, item.sku) for item in view.items] == [
        (1, "tee", "TEE-GREY-M"),
        (2, "chino", None),
    ]
    assert view.items[0].options == {"colour": "grey", "size": "M"}
    assert all(item.on_sale for item in view.items)
    assert (view.width, view.height) == (1200, 1600)


@pytest.mark.parametrize("typed", ["LB7", "lb7", "#Lb7 "])
async def test_a_code_is_found_in_any_case(uow: UnitOfWork, typed: str) -> None:
    view = await service.upsert_lookbook(uow, make_lookbook())
    assert await service.find_by_code(uow, typed) == view


async def test_writing_a_code_again_replaces_the_lookbook(uow: UnitOfWork) -> None:
    first = await service.upsert_lookbook(uow, make_lookbook())
    second = await service.upsert_lookbook(uow, make_lookbook(code="lb7", items=()))
    assert (second.id, second.revision, second.items) == (first.id, 2, ())
    with pytest.raises(CodeTaken):
        await service.create_lookbook(uow, make_lookbook())


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"code": "a b"}, "/code"),
        ({"title": {}}, "/title"),
        ({"image_id": "6" * 64}, "/image"),
        ({"items": (HotspotDraft(x=1.01, y=0, sku="TEE-GREY-M"),)}, "/items/0/x"),
        ({"items": (HotspotDraft(x=0, y=float("nan"), sku="TEE-GREY-M"),)}, "/items/0/y"),
        ({"items": (HotspotDraft(x=0, y=0),)}, "/items/0"),
        ({"items": (HotspotDraft(x=0, y=0, sku="TEE-GREY-M"), HotspotDraft(x=0, y=0, sku="NO\0"))}, "/items/1/sku"),
        ({"items": (HotspotDraft(x=0, y=0, product_handle="none"),)}, "/items/0/product_handle"),
    ],
)
async def test_a_fault_is_told_with_its_place(uow: UnitOfWork, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidLookbook) as refused:
        await service.upsert_lookbook(uow, make_lookbook(**changes))
    assert refused.value.pointer == pointer


async def test_what_leaves_the_shop_stays_in_the_picture_and_is_not_on_sale(uow: UnitOfWork) -> None:
    await service.upsert_lookbook(uow, make_lookbook())
    chino = await products.get_by_handle(uow, "chino")
    await products.patch_product(uow, chino.id, ProductPatch(status="archived"))
    view = await service.find_by_code(uow, "LB7")
    assert view is not None
    assert [item.on_sale for item in view.items] == [True, False]


async def test_a_deleted_lookbook_is_gone(uow: UnitOfWork) -> None:
    view = await service.upsert_lookbook(uow, make_lookbook())
    await service.delete_lookbook(uow, view.id)
    assert await service.list_lookbooks(uow) == []
    with pytest.raises(LookbookNotFound):
        await service.get(uow, view.id)
    assert await service.find_by_code(uow, "LB7") is None
    with pytest.raises(LookbookNotFound):
        await service.delete_lookbook(uow, view.id)


async def test_pictures_of_products_come_with_their_size(uow: UnitOfWork) -> None:
    tee = await products.get_by_handle(uow, "tee")
    images = (ImageDraft(image_id=SCENE, alt={"de": "grau"}, option={"colour": "grey"}), ImageDraft(image_id=SCENE))
    view = await products.patch_product(uow, tee.id, ProductPatch(images=images))
    assert [(image.width, image.option) for image in view.images] == [(1200, {"colour": "grey"}), (1200, None)]
