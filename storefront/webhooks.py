"""Webhooks of every channel: raw bytes in, verified, parsed, stored, answered. Refusals leave nothing but a counter.

401 for a signature or token that does not hold, 404 for an unknown account, 400 for a signed body that cannot be read,
200 for everything else, repeats and unknown events included.
"""

import logging
from uuid import UUID

from litestar import MediaType, Request, get, post
from litestar.datastructures import State
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from bots.channels.base import Answer, Channel, Invoicing, RawRequest
from bots.channels.registry import CHANNELS
from bots.messages.inbound import PreCheckoutAsked
from bots.replies.phrases import PHRASES
from bots.turns import inbox
from bots.turns.desk import Door
from catalog.kernel.clock import machine_now
from catalog.kernel.errors import Forged, NotFound, Unreadable
from checkout.paying import hearing
from storefront import metrics
from storefront.bootstrap import House

_log = logging.getLogger(__name__)
_MOST_BYTES = 3_200_000  # Meta documents payloads up to 3 MB


async def _raw(request: Request[object, object, State], path: str) -> RawRequest:
    return RawRequest(
        method=request.method,
        path=path.strip("/"),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]},
        query={name: value for name, value in request.query_params.items() if isinstance(value, str)},
        body=await request.body(),
        received_at=machine_now(),
    )


def _refuse(kind: str, status: int, words: str) -> ASGIResponse:
    # Anybody may ask for any kind: only ours get a counter each.
    known = kind if kind in CHANNELS or kind == "stripe" else "unknown"
    metrics.count("webhook_refused", kind=known, status=str(status))
    return ASGIResponse(body=words, status_code=status, media_type=MediaType.TEXT)


async def _take(request: Request[object, object, State], kind: str, account_id: UUID, path: str) -> ASGIResponse:
    house: House = request.app.state.house
    try:
        channel = await house.directory.at(kind, account_id)
        raw = await _raw(request, path)
        answer = channel.handshake(raw)
        if answer is not None:
            return _answer(answer)
        if request.method == "GET":
            return _refuse(kind, 404, "not found")
        channel.verify(raw)
        events = channel.parse(raw)
    except NotFound:
        return _refuse(kind, 404, "unknown account")
    except Forged:
        return _refuse(kind, 401, "signature does not hold")
    except Unreadable:
        return _refuse(kind, 400, "body cannot be read")
    taken = await inbox.receive(house.turns, Door.of(channel.account), events)
    for one in {one.event.sender.address: one for one in taken}.values():  # the last of each person
        _acknowledge(house, channel, one)
    metrics.count("webhook_taken", kind=kind)
    return ASGIResponse(media_type=MediaType.TEXT)


def _acknowledge(house: House, channel: Channel, taken: inbox.Taken) -> None:
    house.courtesy.offer(channel, channel.acknowledge(taken.event, typing=taken.by_bot))
    if isinstance(taken.event, PreCheckoutAsked) and isinstance(channel, Invoicing):
        words = PHRASES.say(taken.locale, "pay.not_here")
        house.courtesy.send(channel, [channel.refuse_invoice(taken.event, words)])


def _answer(answer: Answer) -> ASGIResponse:
    return ASGIResponse(body=answer.body, status_code=answer.status, media_type=answer.content_type)


@get("/webhooks/{kind:str}/{account_id:uuid}", include_in_schema=False)
async def handshake(
    request: Request[object, object, State], kind: FromPath[str], account_id: FromPath[UUID]
) -> ASGIResponse:
    """A provider asks whether this address is ours."""
    return await _take(request, kind, account_id, "")


@post(
    "/webhooks/{kind:str}/{account_id:uuid}", status_code=200, include_in_schema=False,
    request_max_body_size=_MOST_BYTES,
)  # fmt: skip
async def webhook(
    request: Request[object, object, State], kind: FromPath[str], account_id: FromPath[UUID]
) -> ASGIResponse:
    """What a provider tells us about people and messages."""
    return await _take(request, kind, account_id, "")


@post(
    "/webhooks/{kind:str}/{account_id:uuid}/{path:path}", status_code=200, include_in_schema=False,
    request_max_body_size=_MOST_BYTES,
)  # fmt: skip
async def webhook_below(
    request: Request[object, object, State], kind: FromPath[str], account_id: FromPath[UUID], path: FromPath[str]
) -> ASGIResponse:
    """The same where a provider appends to the address (Apple: /message)."""
    return await _take(request, kind, account_id, path)


@post("/webhooks/stripe/{account_id:uuid}", status_code=200, include_in_schema=False, request_max_body_size=_MOST_BYTES)
async def stripe_webhook(request: Request[object, object, State], account_id: FromPath[UUID]) -> ASGIResponse:
    """What Stripe tells us about money."""
    house: House = request.app.state.house
    body = await request.body()
    try:
        await hearing.handle_webhook(
            house.payments, account_id, body, request.headers.get("stripe-signature", ""), machine_now()
        )
    except NotFound:
        return _refuse("stripe", 404, "unknown account")
    except (Forged, Unreadable):
        return _refuse("stripe", 400, "signature or body does not hold")
    metrics.count("webhook_taken", kind="stripe")
    return ASGIResponse(media_type=MediaType.TEXT)
