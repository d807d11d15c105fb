"""`Idempotency-Key` on POST: the same key and body get the first answer again, another body is refused.

Answers are kept for 24 hours (the time that payment providers keep theirs). A request whose key is in use by another
under way waits for that one's answer. Answers are sealed: some hold a secret that is shown once.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record
from litestar import Request, Response

from catalog.kernel.errors import Conflict, Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.bootstrap import House

KEPT = timedelta(hours=24)
_LONGEST = 255

Work = Callable[[UnitOfWork], Awaitable[tuple[int, Any]]]


async def once(
    request: "Request[Any, Any, Any]", shop_id: UUID, work: Work, *, content: bytes | None = None
) -> Response[Any]:
    """Do the work in one transaction with its remembered answer; repeat the answer when the key was used before.

    `content` is what the request says, where its body is written differently each time (multipart).
    """
    house: House = request.app.state.house
    key = request.headers.get("idempotency-key")
    if key is None:
        async with house.units(shop_id) as uow:
            status, body = await work(uow)
        return Response(body, status_code=status)
    if not 0 < len(key) <= _LONGEST:
        raise Invalid(f"an Idempotency-Key has 1 to {_LONGEST} characters", pointer="/Idempotency-Key")
    said = await request.body() if content is None else content
    digest = _digest(request, said)
    async with house.units(shop_id) as uow:
        kept = await _claim(uow, key, digest)
        if kept is not None:
            return _again(house, shop_id, key, *kept)
        status, body = await work(uow)
        sealed = house.vault.seal({"body": body}, context=f"answer:{shop_id}:{key}")
        await uow.execute(
            "UPDATE idempotency_key SET status = $3, answer = $4 WHERE shop_id = $1 AND key = $2",
            shop_id, key, status, sealed,
        )  # fmt: skip
    return Response(body, status_code=status)


async def answered(request: "Request[Any, Any, Any]", shop_id: UUID) -> Response[Any] | None:
    """The kept answer, for a request that is to be prepared by work that a repetition need not do again.

    None: `once` must be asked. Raises nothing: what is wrong with the key, `once` says.
    """
    house: House = request.app.state.house
    key = request.headers.get("idempotency-key")
    if not key or len(key) > _LONGEST:
        return None
    async with house.units(shop_id) as uow:
        row = await _find(uow, key)
    if row is None or row["status"] is None or row["digest"] != _digest(request, await request.body()):
        return None
    return _again(house, shop_id, key, row["status"], row["answer"])


def _digest(request: "Request[Any, Any, Any]", said: bytes) -> str:
    return hashlib.sha256(request.method.encode() + request.url.path.encode() + said).hexdigest()


def _again(house: House, shop_id: UUID, key: str, status: int, answer: bytes) -> Response[Any]:
    body = house.vault.open(answer, context=f"answer:{shop_id}:{key}")["body"]
    return Response(body, status_code=status, headers={"Idempotent-Replayed": "true"})


async def _claim(uow: UnitOfWork, key: str, digest: str) -> tuple[int, bytes] | None:
    """The kept answer; None when this request is the first. A second one waits in its INSERT for the first to end."""
    await uow.execute(
        "DELETE FROM idempotency_key WHERE shop_id = $1 AND key = $2 AND at < $3", uow.shop_id, key, uow.now - KEPT
    )
    fresh = await uow.execute(
        "INSERT INTO idempotency_key (shop_id, key, digest, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        uow.shop_id, key, digest, uow.now,
    )  # fmt: skip
    if fresh:
        return None
    row = await _find(uow, key)
    if row is None or row["status"] is None:
        raise Conflict("a request with this Idempotency-Key is still under way; repeat it in a moment")
    if row["digest"] != digest:
        raise Invalid("this Idempotency-Key was used for another request; take a new one", pointer="/Idempotency-Key")
    return row["status"], row["answer"]


async def _find(uow: UnitOfWork, key: str) -> Record | None:
    """What is kept under a key; while its first request is under way, without status and answer."""
    return await uow.fetchrow(
        "SELECT digest, status, answer FROM idempotency_key WHERE shop_id = $1 AND key = $2 AND at >= $3",
        uow.shop_id, key, uow.now - KEPT,
    )  # fmt: skip
