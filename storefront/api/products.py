"""Products: list, read, write by id or handle, many at once; stock is the inventory's and is shown beside."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET, UnsetType

from catalog.images import service as images
from catalog.images.errors import PictureRefused, UnknownPicture
from catalog.images.service import Prepared
from catalog.kernel.addresses import AddressRefused
from catalog.kernel.errors import Invalid
from catalog.kernel.pages import Page
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service as products
from catalog.products.errors import StaleRevision
from catalog.products.values import Fault, ImageDraft, ProductDraft, ProductPatch, ProductView, Refused, VariantDraft
from catalog.shops import profile as profiles
from checkout.carts.display import variant_title
from checkout.inventory import service as inventory
from storefront.api.answers.goods import BulkResult, Product
from storefront.api.http import (
    ApiRequest,
    Cursor,
    IfMatch,
    Limit,
    house_of,
    made,
    revision_of,
    shop_of,
    tagged,
    unit,
    uuid_of,
)
from storefront.api.idempotency import answered, once
from storefront.api.problems import PreconditionFailed
from storefront.api.product_forms import Bulk, ImageForm, ProductBody, ProductChange, ProductForm, VariantForm
from storefront.bootstrap import House

_SCOPE = "catalog"
T = TypeVar("T")
_MOST_AT_ONCE = 500


@get("/products", summary="List products")
async def list_products(
    request: ApiRequest,
    cursor: Cursor = None,
    limit: Limit = 50,
    status: FromQuery[Literal["draft", "active", "archived"] | None] = None,
    category: FromQuery[str | None] = None,
    q: FromQuery[str | None] = None,
) -> Page[Product]:
    """Products, newest first."""
    async with unit(request, _SCOPE) as uow:
        page = await products.page(uow, cursor=cursor, limit=limit, status=status, category=category, q=q)
        items = await present(uow, page.items)
    return Page(tuple(items), page.next_cursor)


@post("/products", summary="Create a product", status_code=201)
async def create_product(request: ApiRequest, data: JSONBody[ProductForm]) -> Response[Product]:
    """A new product. 409 when the handle is taken: PUT /products/by-handle/{handle} writes either way."""
    shop_id = shop_of(request, _SCOPE)
    if (before := await answered(request, shop_id)) is not None:
        return made(request, before)
    draft = _good(*await _drafts(request, {"": data}))

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        view = await products.create_product(uow, draft)
        await _stock(uow, [draft])
        return 201, (await present(uow, [view]))[0]

    return made(request, await once(request, shop_id, work))


@post("/products/bulk", summary="Create or change many products", status_code=200)
async def bulk(request: ApiRequest, data: JSONBody[Bulk]) -> Response[BulkResult]:
    """Up to 500 products by handle, each whole or not at all; one result each, in order."""
    shop_id = shop_of(request, _SCOPE)
    if len(data.items) > _MOST_AT_ONCE:
        raise Invalid(f"{len(data.items)} products; send at most {_MOST_AT_ONCE} at once", pointer="/items")
    if (before := await answered(request, shop_id)) is not None:
        return before
    found = await _drafts(request, {f"/items/{number}": form for number, form in enumerate(data.items)})
    drafts = [draft for draft in found if isinstance(draft, ProductDraft)]

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        written = await products.bulk_upsert(uow, drafts)
        await _stock(uow, [d for d, done in zip(drafts, written, strict=True) if not isinstance(done, Refused)])
        following = iter(written)
        results = [
            next(following) if isinstance(draft, ProductDraft) else _without_pictures(form.handle, draft)
            for form, draft in zip(data.items, found, strict=True)
        ]
        return 200, {"results": [msgspec.to_builtins(result) for result in results]}

    return await once(request, shop_id, work)


@get("/products/{product_id:uuid}", summary="Read a product")
async def read_product(request: ApiRequest, product_id: FromPath[UUID]) -> Response[Product]:
    """One product; the ETag is its revision."""
    async with unit(request, _SCOPE) as uow:
        view = await products.get(uow, product_id)
        return tagged((await present(uow, [view]))[0], view.revision)


@patch("/products/{product_id:uuid}", summary="Change a product")
async def change_product(
    request: ApiRequest, product_id: FromPath[UUID], data: JSONBody[ProductChange], if_match: IfMatch = None
) -> Response[Product]:
    """Only what is sent changes."""
    sent = {name: value for name in data.__struct_fields__ if (value := getattr(data, name)) is not UNSET}
    if "variants" in sent:
        sent["variants"] = tuple(_variant(form) for form in sent["variants"])
    if "images" in sent:
        pictures = await _images(request, {f"/images/{n}": form for n, form in enumerate(sent["images"])})
        sent["images"] = tuple(_good(picture) for picture in pictures)
    for name in ("tags", "options"):
        if name in sent:
            sent[name] = tuple(sent[name])
    async with unit(request, _SCOPE) as uow:
        change = ProductPatch(**sent)
        try:
            view = await products.patch_product(uow, product_id, change, if_match=revision_of(if_match))
        except StaleRevision as error:
            raise PreconditionFailed(error.detail) from error
        if not isinstance(change.variants, UnsetType):
            await _stock(uow, [replace(view.draft(), variants=change.variants)])
        return tagged((await present(uow, [view]))[0], view.revision)


@put("/products/by-handle/{handle:str}", summary="Write a product by its handle")
async def put_product(
    request: ApiRequest, handle: FromPath[str], data: JSONBody[ProductBody], if_match: IfMatch = None
) -> Response[Product]:
    """The product becomes what is sent, made when it does not exist. The same again changes nothing."""
    if data.handle not in (None, handle):
        raise Invalid(f"the handle in the body ({data.handle!r}) is not the address's", pointer="/handle")
    form = ProductForm(**{**msgspec.structs.asdict(data), "handle": handle})
    draft = _good(*await _drafts(request, {"": form}))
    async with unit(request, _SCOPE) as uow:
        try:
            view = await products.upsert_product(uow, draft, if_match=revision_of(if_match))
        except StaleRevision as error:
            raise PreconditionFailed(error.detail) from error
        await _stock(uow, [draft])
        return tagged((await present(uow, [view]))[0], view.revision)


@delete("/products/{product_id:uuid}", summary="Delete a product", status_code=204)
async def delete_product(request: ApiRequest, product_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """Off the shelf; orders that name it keep what they say. Its handle and SKUs are free again."""
    async with unit(request, _SCOPE) as uow:
        try:
            await products.delete_product(uow, product_id, if_match=revision_of(if_match))
        except StaleRevision as error:
            raise PreconditionFailed(error.detail) from error


async def present(uow: UnitOfWork, views: Sequence[ProductView]) -> list[Product]:
    """Products as the contract has them, in one query for all with stock and what a shopper calls each variant."""
    shop = await profiles.get(uow)
    skus = [variant.sku for view in views for variant in view.variants]
    levels = await inventory.levels(uow, skus) if skus else {}
    shown: list[Product] = []
    for view in views:
        body: Any = msgspec.to_builtins(view)
        titles = view.attributes.get("option_titles", {})
        called = partial(variant_title, order=view.options, titles=titles, default_locale=shop.default_locale)
        for variant in body["variants"]:
            variant["stock"] = levels[variant["sku"]].on_hand
            variant["title"] = {locale: called(variant["options"], locale=locale) for locale in shop.locales}
        shown.append(body)
    return shown


async def _stock(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> None:
    counts = {v.sku: v.stock for draft in drafts for v in draft.variants if v.stock is not None}
    if counts:
        await inventory.set_many(uow, counts)


async def _drafts(request: ApiRequest, forms: Mapping[str, ProductForm]) -> list[ProductDraft | Invalid]:
    """What forms mean, each under the JSON pointer where it stands; the first fault of one whose pictures have any."""
    pictures = {f"{at}/images/{n}": image for at, form in forms.items() for n, image in enumerate(form.images)}
    found = iter(await _images(request, pictures))
    return [_draft(form, list(islice(found, len(form.images)))) for form in forms.values()]


def _draft(form: ProductForm, pictures: Sequence[ImageDraft | Invalid]) -> ProductDraft | Invalid:
    if fault := next((picture for picture in pictures if isinstance(picture, Invalid)), None):
        return fault
    return ProductDraft(
        handle=form.handle, title=form.title, description=form.description, category=form.category,
        brand=form.brand, tags=tuple(form.tags), attributes=form.attributes, options=tuple(form.options),
        status=form.status, variants=tuple(_variant(variant) for variant in form.variants),
        images=tuple(picture for picture in pictures if isinstance(picture, ImageDraft)),
    )  # fmt: skip


def _without_pictures(handle: str, fault: Invalid) -> Refused:
    """One of many whose pictures cannot be had: it alone is refused. Its pointer begins at the product."""
    pointer = "/" + fault.pointer.split("/", 3)[-1]
    return Refused(handle=handle, faults=(Fault(pointer=pointer, detail=fault.detail),))


def _good(found: T | Invalid) -> T:
    if isinstance(found, Invalid):
        raise found
    return found


def _variant(form: VariantForm) -> VariantDraft:
    return VariantDraft(
        sku=form.sku, price=form.price, options=form.options, compare_at_price=form.compare_at_price, stock=form.stock,
        gtin=form.gtin, weight_g=form.weight_g, content=form.content, unit_price_base=form.unit_price_base,
    )  # fmt: skip


async def _images(request: ApiRequest, forms: Mapping[str, ImageForm]) -> list[ImageDraft | Invalid]:
    """The stored pictures that forms mean; addresses are fetched, with guards, before the one transaction.

    Raises Invalid for a form that names no picture.
    """
    house, shop_id = house_of(request), shop_of(request, _SCOPE)
    for pointer, form in forms.items():
        if form.upload_id is None and form.url is None and form.image_id is None:
            raise Invalid("a picture needs an upload_id or a url", pointer=pointer)
        if form.upload_id is not None:
            uuid_of(form.upload_id, f"{pointer}/upload_id")
    if not forms:
        return []
    wanted = dict.fromkeys(form.url for form in forms.values() if form.upload_id is None)
    fetched = {url: await _fetched(house, url) for url in wanted if url is not None}
    async with house.units(shop_id) as uow:
        return [await _stored(uow, form, pointer, fetched) for pointer, form in forms.items()]


async def _fetched(house: House, url: str) -> Prepared | Invalid:
    try:
        return await images.prepare(house.store, await house.pictures.fetch(url))
    except (PictureRefused, AddressRefused) as refused:
        return refused


async def _stored(
    uow: UnitOfWork, form: ImageForm, pointer: str, fetched: Mapping[str, Prepared | Invalid]
) -> ImageDraft | Invalid:
    image_id = form.image_id or ""
    if form.upload_id is not None:
        try:
            image_id = (await images.get_upload(uow, UUID(form.upload_id))).image.image_id
        except UnknownPicture as unknown:
            return Invalid(unknown.detail, pointer=f"{pointer}/upload_id")
    elif form.url is not None:
        picture = fetched[form.url]
        if not isinstance(picture, Prepared):
            return type(picture)(picture.detail, pointer=f"{pointer}/url", **picture.values)
        image_id = (await images.keep(uow, picture)).image_id
    return ImageDraft(image_id=image_id, alt=form.alt, option=form.option)


ROUTER = Router(
    path="/", tags=["Products"],
    route_handlers=[list_products, create_product, bulk, read_product, change_product, put_product, delete_product],
)  # fmt: skip
