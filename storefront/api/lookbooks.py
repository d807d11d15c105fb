"""Lookbooks: a scene with numbered products, a code for links and QR."""

import io
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
import segno
from litestar import Response, Router, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from bots.channels.accounts import service as accounts
from catalog.images import service as images
from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.pages import Page, page_of
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.lookbooks import service as lookbooks
from catalog.lookbooks.values import HotspotDraft, LookbookDraft, LookbookView
from catalog.products.errors import StaleRevision
from catalog.shops import profile as profiles
from storefront.api.answers.goods import Lookbook
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
from storefront.api.idempotency import once
from storefront.api.problems import PreconditionFailed

_SCOPE = "catalog"
Texts = dict[str, str]


class SceneForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """The scene picture: an upload, with words for those who cannot see it."""

    upload_id: str | None = None
    image_id: str | None = None
    alt: Texts = {}


class SpotForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A place in the scene; x and y from 0 to 1, from the top left."""

    x: float
    y: float
    sku: str | None = None
    product_handle: str | None = None


class LookbookForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A lookbook as written, whole."""

    code: str
    title: Texts
    image: SceneForm
    items: list[SpotForm] = []


@get("/lookbooks", summary="List lookbooks")
async def list_lookbooks(request: ApiRequest, cursor: Cursor = None, limit: Limit = 200) -> Page[Lookbook]:
    """Newest first."""
    async with unit(request, _SCOPE) as uow:
        found = await lookbooks.list_lookbooks(uow)
        page = page_of(found, lambda view: view.id, UUID, cursor=cursor, limit=limit, descending=True)
        return Page(tuple(await _present(request, uow, page.items)), page.next_cursor)


@post("/lookbooks", summary="Create a lookbook", status_code=201)
async def create_lookbook(request: ApiRequest, data: JSONBody[LookbookForm]) -> Response[Lookbook]:
    """A new lookbook. 409 when the code is taken."""

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        view = await lookbooks.create_lookbook(uow, await _draft(uow, data))
        return 201, (await _present(request, uow, [view]))[0]

    return made(request, await once(request, shop_of(request, _SCOPE), work))


@put("/lookbooks/{code:str}", summary="Write a lookbook by its code")
async def put_lookbook(
    request: ApiRequest, code: FromPath[str], data: JSONBody[LookbookForm], if_match: IfMatch = None
) -> Response[Lookbook]:
    """The lookbook becomes what is sent, made when it does not exist."""
    if data.code.upper() != code.upper():
        raise Invalid(f"the code in the body ({data.code!r}) is not the address's", pointer="/code")
    async with unit(request, _SCOPE) as uow:
        try:
            view = await lookbooks.upsert_lookbook(uow, await _draft(uow, data), if_match=revision_of(if_match))
        except StaleRevision as error:
            raise PreconditionFailed(error.detail) from error
        return tagged((await _present(request, uow, [view]))[0], view.revision)


@get("/lookbooks/{lookbook_id:uuid}", summary="Read a lookbook")
async def read_lookbook(request: ApiRequest, lookbook_id: FromPath[UUID]) -> Response[Lookbook]:
    """One lookbook; the ETag is its revision."""
    async with unit(request, _SCOPE) as uow:
        view = await lookbooks.get(uow, lookbook_id)
        return tagged((await _present(request, uow, [view]))[0], view.revision)


@delete("/lookbooks/{lookbook_id:uuid}", summary="Delete a lookbook", status_code=204)
async def delete_lookbook(request: ApiRequest, lookbook_id: FromPath[UUID], if_match: IfMatch = None) -> None:
    """Its code is free again."""
    async with unit(request, _SCOPE) as uow:
        try:
            await lookbooks.delete_lookbook(uow, lookbook_id, if_match=revision_of(if_match))
        except StaleRevision as error:
            raise PreconditionFailed(error.detail) from error


@get("/lookbooks/{lookbook_id:uuid}/qr.svg", summary="QR code of a lookbook", media_type="image/svg+xml")
async def qr(
    request: ApiRequest,
    lookbook_id: FromPath[UUID],
    channel: Annotated[UUID | None, QueryParameter(description="id of the channel whose chat it opens")] = None,
) -> Response[bytes]:
    """An SVG that leads to the lookbook's `url`, or to the one of its `links` that is the channel's."""
    async with unit(request, _SCOPE) as uow:
        (found,) = await _present(request, uow, [await lookbooks.get(uow, lookbook_id)])
    url: str | None = found["url"]
    if channel is not None:
        url = next((link["url"] for link in found["links"] if link["channel_id"] == str(channel)), None)
    if url is None:
        raise NotFound("no link opens a chat of this channel; the lookbook's `links` name those that one can")
    picture = io.BytesIO()
    segno.make(url, error="m").save(picture, kind="svg", scale=8, border=4, light="white")
    return Response(picture.getvalue(), media_type="image/svg+xml")


async def _present(request: ApiRequest, uow: UnitOfWork, views: Sequence[LookbookView]) -> list[Lookbook]:
    """Lookbooks as the contract has them; `url` opens a chat at one, whichever the shop has by then."""
    shop, entrances = await profiles.get(uow), await accounts.list_entrances(uow)
    opens, base = entrances[0].kind if entrances else None, house_of(request).settings.public_url
    shown: list[Lookbook] = []
    for view in views:
        body: Any = msgspec.to_builtins(view)
        body["image"] = {key: body.pop(key) for key in ("image_id", "alt", "width", "height")}
        entry = urlencode({"entry": view.code})
        links = [
            {"channel_id": each.account_id, "kind": each.kind, "name": each.name,
             "url": each.link(view.code) or f"{base}/chat/w/{each.account_id}?{entry}"}
            for each in entrances
        ]  # fmt: skip
        body |= {"url": f"{base}/chat/{shop.slug}?{entry}", "opens": opens, "links": links}
        shown.append(msgspec.to_builtins(body))
    return shown


async def _draft(uow: UnitOfWork, form: LookbookForm) -> LookbookDraft:
    if form.image.upload_id is not None:
        upload = await images.get_upload(uow, uuid_of(form.image.upload_id, "/image/upload_id"))
        image_id = upload.image.image_id
    elif form.image.image_id is not None:
        image_id = form.image.image_id
    else:
        raise Invalid("a lookbook needs a picture; upload it first", pointer="/image/upload_id")
    return LookbookDraft(
        code=form.code, title=form.title, image_id=image_id, alt=form.image.alt,
        items=tuple(
            HotspotDraft(x=item.x, y=item.y, sku=item.sku, product_handle=item.product_handle) for item in form.items
        ),
    )  # fmt: skip


ROUTER = Router(
    path="/", tags=["Lookbooks"],
    route_handlers=[list_lookbooks, create_lookbook, put_lookbook, read_lookbook, delete_lookbook, qr],
)  # fmt: skip
