"""What every resource of the API shares: the house, the unit of work of the caller's shop, ETags, cursors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import State
from litestar.params import HeaderParameter, QueryParameter

from catalog.kernel.clock import machine_now
from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.service import Caller
from storefront.api.access import caller_of
from storefront.api.problems import PreconditionFailed
from storefront.bootstrap import House

_DIGITS = 9  # of a revision
ApiRequest = Request[Caller, Any, State]
Cursor = Annotated[str | None, QueryParameter(description="`next_cursor` of the page before", max_length=4000)]
Limit = Annotated[int, QueryParameter(ge=1, le=200, description="rows of a page")]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="the ETag that the change is based on")]


def house_of(request: ApiRequest) -> House:
    """The composition root of this process."""
    house: House = request.app.state.house
    return house


def shop_of(request: ApiRequest, scope: str) -> UUID:
    """The caller's shop; the caller must have the scope."""
    return caller_of(request, scope).shop_id


@asynccontextmanager
async def unit(request: ApiRequest, scope: str) -> AsyncIterator[UnitOfWork]:
    """A transaction of the caller's shop."""
    async with house_of(request).units(shop_of(request, scope)) as uow:
        yield uow


def photo_of(request: ApiRequest, image_id: str) -> str:
    """Where a picture that a person sent can be looked at, for ten minutes."""
    return house_of(request).received.url(image_id, "photo.jpg", now=machine_now())


def revision_of(if_match: str | None) -> int | None:
    """The revision that an If-Match names; None when there is none or any will do. Raises PreconditionFailed."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > _DIGITS:
        raise PreconditionFailed(f"If-Match {if_match!r} is no ETag of ours; send the one that GET answered")
    return int(text)


def tagged(body: Any, revision: int) -> Response[Any]:  # noqa: ANN401 - any presented body
    """A body with its revision as ETag."""
    return Response(body, headers={"ETag": f'"{revision}"'})


def made(request: ApiRequest, answer: Response[Any]) -> Response[Any]:
    """What a POST made, with the address where it is read from now on and its revision as ETag."""
    body = answer.content
    answer.headers.update({"Location": f"{request.url.path}/{body['id']}", "ETag": f'"{body["revision"]}"'})
    return answer


def uuid_of(text: str, pointer: str) -> UUID:
    """A UUID from a body's field. Raises Invalid that points at it."""
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no id of ours", pointer=pointer) from error
