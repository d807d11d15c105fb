"""Returns: what shoppers want to send back; approve, reject, receive, refund."""

from collections.abc import Sequence
from typing import Annotated, Any, cast
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Struct, to_builtins

from bots.conversations import pictures
from catalog.kernel.errors import Invalid
from catalog.kernel.pages import Page
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.returns import service as returns
from checkout.returns.states import ReturnState
from checkout.returns.values import Return
from storefront.api.answers import trade
from storefront.api.http import ApiRequest, Cursor, Limit, photo_of, shop_of, unit
from storefront.api.idempotency import once

_SCOPE = "orders"


class ApproveForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """What the parcel is handed in with: an https link to a label, a drop-off code, both or none."""

    label_url: str = ""
    code: str = ""


class RejectForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """Why; the shopper is told."""

    reason: str


class ReceiveForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """`refund`: whether the money goes back at once."""

    refund: bool = True


@get("/returns", summary="List returns")
async def list_returns(
    request: ApiRequest,
    cursor: Cursor = None,
    limit: Limit = 50,
    return_state: Annotated[str | None, QueryParameter(name="state", description="only returns in this state")] = None,
    order_id: FromQuery[UUID | None] = None,
) -> Page[trade.Return]:
    """Newest first."""
    states = None if return_state is None else [_state(return_state)]
    async with unit(request, _SCOPE) as uow:
        page = await returns.page(uow, cursor=cursor, limit=limit, states=states, order_id=order_id)
        items = await shown(request, uow, page.items)
    return Page(tuple(items), page.next_cursor)


@get("/returns/{return_id:uuid}", summary="Read a return")
async def read_return(request: ApiRequest, return_id: FromPath[UUID]) -> trade.Return:
    """One return."""
    async with unit(request, _SCOPE) as uow:
        return await _shown(request, uow, await returns.get(uow, return_id))


@post("/returns/{return_id:uuid}/approve", summary="Approve a return", status_code=200)
async def approve(
    request: ApiRequest, return_id: FromPath[UUID], data: JSONBody[ApproveForm | None] = None
) -> Response[trade.Return]:
    """Expect the goods. The shopper is told, with the label's link and the code. A repeat changes nothing."""
    form = data or ApproveForm()

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        approved = await returns.approve(uow, return_id, label_url=form.label_url, code=form.code)
        return 200, to_builtins(await _shown(request, uow, approved))

    return await once(request, shop_of(request, _SCOPE), work)


@post("/returns/{return_id:uuid}/reject", summary="Reject a return", status_code=200)
async def reject(request: ApiRequest, return_id: FromPath[UUID], data: JSONBody[RejectForm]) -> Response[trade.Return]:
    """The reason is told to the shopper."""

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        return 200, to_builtins(await _shown(request, uow, await returns.reject(uow, return_id, data.reason)))

    return await once(request, shop_of(request, _SCOPE), work)


@post("/returns/{return_id:uuid}/receive", summary="Receive a return", status_code=200)
async def receive(
    request: ApiRequest, return_id: FromPath[UUID], data: JSONBody[ReceiveForm | None] = None
) -> Response[trade.Return]:
    """The goods are here: stock goes up once, and the refund is asked for unless told otherwise."""
    with_refund = data is None or data.refund

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        return 200, to_builtins(
            await _shown(request, uow, await returns.receive(uow, return_id, with_refund=with_refund))
        )

    return await once(request, shop_of(request, _SCOPE), work)


@post("/returns/{return_id:uuid}/refund", summary="Refund a return", status_code=200)
async def refund(request: ApiRequest, return_id: FromPath[UUID]) -> Response[trade.Return]:
    """What its goods were worth goes back, where `receive` was told not to, or the refund failed.

    A repeat changes nothing.
    """

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        return 200, to_builtins(await _shown(request, uow, await returns.refund(uow, return_id)))

    return await once(request, shop_of(request, _SCOPE), work)


@post("/returns/{return_id:uuid}/close", summary="Close a return", status_code=200)
async def close(request: ApiRequest, return_id: FromPath[UUID]) -> Response[trade.Return]:
    """Nothing more happens: the goods never came, or are here and bring no money. A repeat changes nothing."""

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        await returns.close(uow, return_id)
        return 200, to_builtins(await _shown(request, uow, await returns.get(uow, return_id)))

    return await once(request, shop_of(request, _SCOPE), work)


async def shown(request: ApiRequest, uow: UnitOfWork, found: Sequence[Return]) -> list[trade.Return]:
    """Returns as the API gives them. `photos`: ids of pictures; those that are not kept are left out."""
    kept = await pictures.find(uow, {photo for each in found for photo in each.photos})
    answers = []
    for each in found:
        photos = [kept[one] for one in each.photos if one in kept]
        urls = [photo_of(request, one) for one in photos]
        answers.append(cast("trade.Return", each.present() | {"photos": photos, "photo_urls": urls}))
    return answers


async def _shown(request: ApiRequest, uow: UnitOfWork, found: Return) -> trade.Return:
    return (await shown(request, uow, [found]))[0]


def _state(text: str) -> ReturnState:
    try:
        return ReturnState(text)
    except ValueError as error:
        known = ", ".join(ReturnState)
        raise Invalid(f"{text!r} is no state of a return; there are {known}", pointer="/state") from error


ROUTER = Router(
    path="/", tags=["Returns"], route_handlers=[list_returns, read_return, approve, reject, receive, refund, close]
)
