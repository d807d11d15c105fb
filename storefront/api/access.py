"""Who calls, what they may, how often: bearer keys, scopes, and a rate per key."""

import time
from dataclasses import dataclass, field
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from catalog.kernel.errors import Forbidden
from catalog.kernel.secrets import fingerprint
from catalog.shops import service as shops
from catalog.shops.service import Caller
from storefront.api.problems import TooManyRequests, Unauthorised
from storefront.bootstrap import House
from storefront.bucket import Bucket

_KEPT_S = 10.0
_MOST_KEPT = 10_000
_PER_SECOND = 100.0
_BURST = 400.0


@dataclass(slots=True)
class _Seen:
    caller: Caller
    until: float = 0.0
    bucket: Bucket = field(default_factory=lambda: Bucket(per_second=_PER_SECOND, burst=_BURST))


_seen: dict[str, _Seen] = {}


class KeyMiddleware(AbstractAuthenticationMiddleware):
    """Reads `Authorization: Bearer <key>`; a revoked key stops working within ten seconds on every process."""

    async def authenticate_request(self, connection: "ASGIConnection[Any, Any, Any, Any]") -> AuthenticationResult:
        """The caller of a good key. Raises Unauthorised."""
        scheme, _, key = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise Unauthorised("send your API key: Authorization: Bearer <key>")
        return AuthenticationResult(user=await _caller(connection.app.state.house, key.strip()), auth=None)


async def _caller(house: House, key: str) -> Caller:
    mark = fingerprint(key)
    seen = _seen.get(mark)
    if seen is None or seen.until < time.monotonic():
        seen = await _looked_up(house, key, mark)
    if not seen.bucket.take():
        raise TooManyRequests(f"more than {_PER_SECOND:.0f} requests a second with one key; slow down and repeat")
    return seen.caller


async def _looked_up(house: House, key: str, mark: str) -> _Seen:
    """What is kept of the key, right again for a while; its rate goes on from where it was."""
    try:
        async with house.units(None) as uow:
            caller = await shops.authenticate(uow, key)
    except Forbidden as error:
        _seen.pop(mark, None)
        raise Unauthorised(error.detail) from error
    if len(_seen) > _MOST_KEPT:
        _seen.clear()
    seen = _seen.setdefault(mark, _Seen(caller))
    seen.caller, seen.until = caller, time.monotonic() + _KEPT_S
    return seen


def caller_of(request: "Request[Caller, Any, Any]", scope: str) -> Caller:
    """The request's caller, who must have the scope for changes; reading needs `read` or the scope."""
    caller = request.user
    if request.method == "GET" and "read" in caller.scopes:
        return caller
    caller.require(scope)
    return caller
