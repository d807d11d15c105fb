"""Who may talk to the web chat: origins, access tokens, and how refusals look on HTTP."""

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.connection import ASGIConnection

from bots.channels.base import RawRequest
from bots.channels.webchat import tokens
from bots.channels.webchat.frames import Nack
from bots.channels.webchat.tokens import Claims
from catalog.images.errors import PictureRefused
from catalog.kernel.clock import machine_now
from catalog.kernel.errors import Forbidden, Forged, NotFound, ShopError, Unavailable
from catalog.kernel.secrets import fingerprint
from storefront.web.chat.ports import ChatDoor, ChatTools

AnyConnection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]
_STATUS: Mapping[str, int] = {
    "invalid": 400,
    "unsupported": 415,
    "too_large": 413,
    "rate_limited": 429,
    "unauthorized": 401,
    "forbidden": 403,
    "not_found": 404,
    "stale_action": 409,
    "conflict": 409,
    "unavailable": 503,
}


async def door(tools: ChatTools, account_id: str) -> ChatDoor:
    """The account's door. Raises NotFound."""
    found = await tools.directory.by_id(account_id)
    if found is None:
        raise NotFound("there is no such web chat")
    return found


def origin_of(connection: AnyConnection) -> str:
    """The Origin header, empty when there is none."""
    return connection.headers.get("origin", "").rstrip("/")


def admit(tools: ChatTools, chat: ChatDoor, connection: AnyConnection, *, required: bool) -> str:
    """The request's origin. Raises Forbidden for a foreign one, and for none where one is required."""
    origin = origin_of(connection)
    if (
        (not origin and not required)
        or tokens.origin_allowed(chat.account, origin, own=_origin(tools.public_url))
        or _loopback(connection, origin)
    ):
        return origin
    raise Forbidden("pages of this origin may not use this chat: add it to allowed_origins")


def network(connection: AnyConnection) -> str:
    """Where a caller sits, to count by: the address, of IPv6 the /64 that one household has. Hashed: none is kept."""
    host = connection.client.host if connection.client else ""
    with suppress(ValueError):
        address = ip_address(host)
        if isinstance(address, IPv6Address):
            host = str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return fingerprint(host)[:22]


def claims(chat: ChatDoor, request: AnyRequest) -> Claims:
    """Who speaks, by the Authorization header. Raises Forged."""
    return chat.channel.claims(raw(request, b""))


def raw(request: AnyRequest, body: bytes) -> RawRequest:
    """The request as adapters read it."""
    return RawRequest(
        method=request.method,
        path="",
        headers=dict(request.headers.items()),
        query={},
        body=body,
        received_at=machine_now(),
    )


def cors(origin: str) -> dict[str, str]:
    """Headers that let a page of an admitted origin read the answer."""
    if not origin:
        return {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }


def nack(error: ShopError, cid: str | None = None) -> dict[str, Any]:
    """A refusal as a frame."""
    word = word_of(error)
    frame: dict[str, Any] = {"type": "nack", "cid": cid, "code": word, "detail": error.detail}
    if isinstance(error, Nack) and error.retry_after_ms is not None:
        frame["retry_after_ms"] = error.retry_after_ms
    return frame


def word_of(error: ShopError) -> str:  # noqa: PLR0911 - one for each refusal
    """The wire's word for a refusal."""
    match error:
        case Nack(word=word):
            return word
        case Forged():
            return "unauthorized"
        case Forbidden():
            return "forbidden"
        case NotFound():
            return "not_found"
        case Unavailable():
            return "unavailable"
        case PictureRefused(code=code):
            return {"picture_too_large": "too_large", "picture_unsupported": "unsupported"}.get(code, "invalid")
        case _:
            return "invalid"


def refused(request: AnyRequest, error: ShopError) -> Response[dict[str, Any]]:
    """A refusal as an HTTP answer. Its reader may be a page of any origin: it says nothing that a page may not know."""
    frame = nack(error)
    headers = {} if isinstance(error, Forbidden) else cors(origin_of(request))
    if "retry_after_ms" in frame:
        headers["Retry-After"] = str(-(-frame["retry_after_ms"] // 1000))
    return Response(frame, status_code=_STATUS.get(frame["code"], 400), headers=headers)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _loopback(connection: AnyConnection, origin: str) -> bool:
    """A page of this very server, opened as localhost instead of 127.0.0.1, or the other way round."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.hostname in {"localhost", "127.0.0.1", "::1"} and parts.netloc == connection.headers.get("host")
