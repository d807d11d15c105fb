"""The double as an ASGI application: `/v1` is Stripe's API, `/c/pay` its payment page, `/_lab` the switches."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.enums import MediaType, RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.handlers import asgi
from litestar.params import Body, FromPath, JSONBody
from litestar.response import Redirect

from storefront.lab.double import carrier
from storefront.lab.stripe_double import page, refunds, sessions
from storefront.lab.stripe_double.answers import Json, Refused
from storefront.lab.stripe_double.delivery import Courier
from storefront.lab.stripe_double.double import StripeDouble
from storefront.lab.stripe_double.operations import tick
from storefront.lab.stripe_double.wire import Wire
from storefront.lab.switches import SWITCHES

# As long as the hosted page waits for the shop's webhook before it sends the shopper back.
_WAIT_FOR_SHOP_S = 5.0
Fields = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


class Switch(msgspec.Struct, kw_only=True):
    """What the lab does by hand: which object, how much, and how it ends."""

    id: str
    amount: int | None = None
    fails: bool = False
    status: str = "lost"


class Advance(msgspec.Struct, kw_only=True):
    """How far to move time."""

    advance_seconds: int


def create_app(double: StripeDouble, *, client: httpx.AsyncClient | None = None) -> Litestar:
    """The application, with its courier running while it runs. `client` carries the webhooks; own one if none."""

    @asynccontextmanager
    async def courier(app: Litestar) -> AsyncIterator[None]:
        async with carrier(client) as carries:
            app.state.courier = Courier(double, carries)
            app.state.courier.start()
            try:
                yield
            finally:
                await app.state.courier.stop()

    return Litestar(
        route_handlers=[
            asgi("/v1", is_mount=True, copy_scope=True)(Wire(double).__call__),
            show_page,
            pay,
            *SWITCHES,
            list_events,
            redeliver,
            dashboard_refund,
            end_refund,
            end_money,
            open_dispute,
            close_dispute,
            advance,
            reset,
        ],
        state=State({"double": double, "courier": None}),
        lifespan=[courier],
        exception_handlers={Refused: _refused},
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


@get("/c/pay/{session_id:str}", media_type=MediaType.HTML)
async def show_page(session_id: FromPath[str], state: State) -> Response[str]:
    """The payment page."""
    return _page(state, session_id, message=None)


@post("/c/pay/{session_id:str}", media_type=MediaType.HTML)
async def pay(session_id: FromPath[str], state: State, data: Fields) -> Response[Any]:
    """Pay, be declined, or learn that the page is over."""
    double: StripeDouble = state.double
    tick(double)
    form = page.read_form(data)
    method = page.method_of(form)
    if method is None:
        return _page(state, session_id, message="unknown")
    found = _session(double, session_id)
    result = sessions.pay(double, session_id, method=method, email=form.email, name=form.name)
    double.save()
    if result not in {"paid", "pending"}:
        return _page(state, session_id, message="declined" if result == "declined" else None)
    if state.courier is not None:
        await state.courier.settled(within_s=_WAIT_FOR_SHOP_S)
    return Redirect(str(found["success_url"]).replace("{CHECKOUT_SESSION_ID}", session_id), status_code=303)


@get("/_lab/events")
async def list_events(state: State) -> list[Json]:
    """Every event, newest first, with whether it still waits for a good answer."""
    return [
        {"id": event["id"], "type": event["type"], "pending": event["pending_webhooks"] > 0}
        for event in reversed(state.double.objects["event"].values())
    ]


@post("/_lab/events/redeliver", status_code=200)
async def redeliver(state: State, data: JSONBody[Switch]) -> Json:
    """Send an event again."""
    if data.id not in state.double.objects["event"]:
        raise NotFoundException
    state.double.redeliver(data.id)
    return {"queued": True}


@post("/_lab/refunds", status_code=200)
async def dashboard_refund(state: State, data: JSONBody[Switch]) -> Json:
    """Refund as in Stripe's Dashboard: the shop learns of it by webhook only, without its own metadata."""
    params: Json = {"payment_intent": data.id}
    if data.amount is not None:
        params["amount"] = data.amount
    made = refunds.create(state.double, params, key=None)
    state.double.save()
    return made


@post("/_lab/refunds/end", status_code=200)
async def end_refund(state: State, data: JSONBody[Switch]) -> Json:
    """A refund under way arrives, or comes back."""
    double: StripeDouble = state.double
    refunds.settles(double, data.id, fails=data.fails)
    double.save()
    return double.get("refund", data.id)


@post("/_lab/money", status_code=200)
async def end_money(state: State, data: JSONBody[Switch]) -> Json:
    """The money of a delayed method arrives, or does not."""
    double: StripeDouble = state.double
    sessions.money_arrives(double, data.id, fails=data.fails)
    double.save()
    return double.get("checkout.session", data.id)


@post("/_lab/disputes", status_code=200)
async def open_dispute(state: State, data: JSONBody[Switch]) -> Json:
    """The payer's bank asks for the money of a payment intent back."""
    made = refunds.dispute(state.double, data.id)
    state.double.save()
    return made


@post("/_lab/disputes/end", status_code=200)
async def close_dispute(state: State, data: JSONBody[Switch]) -> Json:
    """The bank decides: `status` won or lost."""
    made = refunds.close_dispute(state.double, data.id, data.status)
    state.double.save()
    return made


@post("/_lab/clock", status_code=200)
async def advance(state: State, data: JSONBody[Advance]) -> Json:
    """Move the double's time: pages run out, delayed money arrives."""
    double: StripeDouble = state.double
    double.advance(data.advance_seconds)
    tick(double)
    double.save()
    return {"now": double.now()}


@post("/_lab/reset", status_code=200)
async def reset(state: State) -> Json:
    """Forget every payment."""
    state.double.reset()
    return {"reset": True}


def _page(state: State, session_id: str, *, message: str | None) -> Response[str]:
    double: StripeDouble = state.double
    tick(double)
    found = _session(double, session_id)
    html = page.render(found, double.line_items[session_id], message=message)
    headers = {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    }
    return Response(html, media_type=MediaType.HTML, headers=headers, status_code=200)


def _session(double: StripeDouble, session_id: str) -> Json:
    found = double.objects["checkout.session"].get(session_id)
    if found is None:
        raise NotFoundException("there is no such payment page")
    return found


def _refused(_request: Request[Any, Any, State], error: Refused) -> Response[Json]:
    return Response(error.answer.body, status_code=error.answer.status)
