"""Orders: read, cancel, ship, refund. A list reads payments, refunds, parcels and returns in one query each."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Struct, to_builtins

from catalog.kernel.errors import Conflict, Invalid
from catalog.kernel.money import Money
from catalog.kernel.pages import Page
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.fulfilment import service as fulfilment
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.refunding import RefundLine, cancel_rest, request_refund
from checkout.orders.settling import settle
from checkout.orders.shares import free_units
from checkout.orders.states import OrderState
from checkout.payments import refunds
from checkout.payments import service as payments
from checkout.payments.refunds import RefundView
from checkout.payments.service import PaymentView
from checkout.returns import service as returns
from storefront.api.answers import trade
from storefront.api.http import ApiRequest, Cursor, Limit, shop_of, unit
from storefront.api.idempotency import once
from storefront.api.returns import shown as shown_returns
from storefront.mail import mailing

_SCOPE = "orders"


class LineForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """Units of a line."""

    sku: str
    quantity: int


class ParcelForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A parcel that leaves; without lines, all that is left to send.

    `despite_dispute`: it leaves although the payment is disputed, or taken for fraud.
    """

    lines: list[LineForm] | None = None
    carrier: str = ""
    tracking_code: str = ""
    tracking_url: str = ""
    despite_dispute: bool = False


class RestForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """`refund` false: what the rest cost was paid back already, or otherwise."""

    refund: bool = True


class RefundForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """Money back: an amount, lines, or neither for the rest.

    Lines name units that no refund gives back yet: `refundable` of the order's lines says how many there are.
    """

    amount: Money | None = None
    lines: list[LineForm] | None = None
    reason: str = ""


@get("/orders", summary="List orders")
async def list_orders(
    request: ApiRequest,
    cursor: Cursor = None,
    limit: Limit = 50,
    order_state: Annotated[str | None, QueryParameter(name="state", description="only orders in this state")] = None,
    number: FromQuery[str | None] = None,
    conversation_id: FromQuery[UUID | None] = None,
) -> Page[trade.Order]:
    """Newest first."""
    states = None if order_state is None else [_state(order_state)]
    async with unit(request, _SCOPE) as uow:
        page = await orders.page(
            uow, cursor=cursor, limit=limit, states=states, number=number, conversation_id=conversation_id
        )
        items = await present(request, uow, page.items)
    return Page(tuple(items), page.next_cursor)


@get("/orders/{order_id:uuid}", summary="Read an order")
async def read_order(request: ApiRequest, order_id: FromPath[UUID]) -> trade.Order:
    """One order with everything that belongs to it.

    `refundable` of a line counts its units that no refund gives back, and `lines` of a refund are the units it is for.
    """
    async with unit(request, _SCOPE) as uow:
        return (await present(request, uow, [await orders.get(uow, order_id)]))[0]


@post("/orders/{order_id:uuid}/cancel", summary="Cancel an order", status_code=200)
async def cancel(request: ApiRequest, order_id: FromPath[UUID]) -> Response[trade.Order]:
    """Before anything is packed. Money taken goes back by itself. A repeat changes nothing."""

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        await orders.cancel(uow, order_id, orders.CancelledBy.MERCHANT)
        return 200, (await present(request, uow, [await orders.get(uow, order_id)]))[0]

    return await once(request, shop_of(request, _SCOPE), work)


@post("/orders/{order_id:uuid}/accept", summary="Accept a payment that differs", status_code=200)
async def accept(request: ApiRequest, order_id: FromPath[UUID]) -> Response[trade.Order]:
    """An order in `exception`: a person decides that the money is good for it. The goods are taken now.

    Of several payments one is kept, the others go back by themselves.
    409 when the goods are gone or another order of the same cart was paid: refund it instead. 409 also when the money
    goes back already.
    """

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        outcome = await orders.accept_exception(uow, order_id)
        if outcome in {orders.PaidOutcome.STOCK_GONE, orders.PaidOutcome.PAID_TWICE}:
            raise Conflict("the goods are gone, or the cart was paid twice; refund this order", outcome=str(outcome))
        await settle(uow, order_id)
        return 200, (await present(request, uow, [await orders.get(uow, order_id)]))[0]

    return await once(request, shop_of(request, _SCOPE), work)


@post("/orders/{order_id:uuid}/fulfilments", summary="Ship a parcel", status_code=201)
async def ship(request: ApiRequest, order_id: FromPath[UUID], data: JSONBody[ParcelForm]) -> Response[trade.Fulfilment]:
    """The shopper hears of it in the thread. An unpaid order is not shipped.

    Nor is one with a payment that is `disputed` or `fraud_warned`, until a dispute is won, unless `despite_dispute` is
    true.
    """
    lines = None if data.lines is None else [(line.sku, line.quantity) for line in data.lines]

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        parcel = await fulfilment.ship(
            uow, order_id, lines=lines, carrier=data.carrier, tracking_code=data.tracking_code,
            tracking_url=data.tracking_url, key=request.headers.get("idempotency-key"),
            despite_dispute=data.despite_dispute,
        )  # fmt: skip
        return 201, to_builtins(parcel.present())

    return await once(request, shop_of(request, _SCOPE), work)


@post("/orders/{order_id:uuid}/cancel-rest", summary="Cancel what is not sent", status_code=200)
async def call_off(
    request: ApiRequest, order_id: FromPath[UUID], data: JSONBody[RestForm | None] = None
) -> Response[trade.Order]:
    """Of an order sent in part nothing more leaves: it is `closed`, and what the rest cost goes back.

    What went back for units of it before does not go again; with `refund` false no money does. Cancelling twice is
    once. What was sent can still come back.
    """
    with_refund = data is None or data.refund

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        await cancel_rest(uow, order_id, with_refund=with_refund)
        return 200, (await present(request, uow, [await orders.get(uow, order_id)]))[0]

    return await once(request, shop_of(request, _SCOPE), work)


@post("/orders/{order_id:uuid}/refunds", summary="Refund", status_code=201)
async def refund(
    request: ApiRequest, order_id: FromPath[UUID], data: JSONBody[RefundForm | None] = None
) -> Response[trade.Refund]:
    """Never more than was paid, and for no unit twice; an amount is for no unit. Without a body, the rest.

    The provider is asked right after; the refund's state says what became of it. `lines` of the answer are the units
    that it is for; should it fail, they are free again. Goods that come back later bring what is left of their line.

    Goods still to be sent are sent all the same; `cancel` or `cancel-rest` calls them off, and so does money that has
    gone back in whole: an order of which nothing was sent is `cancelled` then, one sent in part is `closed`.
    """
    form = data or RefundForm()
    lines = None if form.lines is None else [RefundLine(line.sku, line.quantity) for line in form.lines]

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        view = await request_refund(uow, order_id, amount=form.amount, lines=lines, reason=form.reason)
        return 201, to_builtins(_refund(view))

    return await once(request, shop_of(request, _SCOPE), work)


async def present(request: ApiRequest, uow: UnitOfWork, found: Sequence[Order]) -> list[trade.Order]:
    """Orders as the contract has them."""
    ids = [order.id for order in found]
    if not ids:
        return []
    paid = await payments.payments_by_order(uow, ids)
    refunded = await refunds.refunds_by_order(uow, ids)
    sent = await fulfilment.of_orders(uow, ids)
    back = await returns.of_orders(uow, ids)
    every_return = await shown_returns(request, uow, [one for ones in back.values() for one in ones])
    by_id = {each["id"]: each for each in every_return}
    letters = (await mailing.undelivered(uow)).by_order
    shown: list[trade.Order] = [
        to_builtins(  # plain JSON values, so that a remembered answer is the same as the first
            {"undelivered_letters": letters.get(order.id, ())}
            | orders.present(
                order,
                payments=[_payment(view) for view in paid.get(order.id, ())],
                refunds=[_refund(view) for view in refunded.get(order.id, ())],
                refundable={sku: len(left) for sku, left in free_units(order, refunded.get(order.id, ())).items()},
                fulfilments=[parcel.present() for parcel in sent.get(order.id, ())],
                returns=[by_id[each.id] for each in back.get(order.id, ())],
            )
        )
        for order in found
    ]
    return shown


def _payment(view: PaymentView) -> trade.Payment:
    return {
        "id": view.id, "provider_id": view.provider_id, "state": view.state, "amount": view.amount,
        "attempt": view.attempt, "expires_at": view.expires_at, "failure": view.failure,
        "disputed": view.disputed, "fraud_warned": view.fraud_warned,
    }  # fmt: skip


def _refund(view: RefundView) -> trade.Refund:
    return {
        "id": view.id, "provider_id": view.provider_id, "state": view.state, "amount": view.amount,
        "lines": [{"sku": sku, "quantity": len(units)} for sku, units in sorted(view.units.items())],
        "shipping": view.shipping, "reason": view.reason, "return_id": view.return_id, "failure": view.failure,
        "requested_at": view.requested_at,
    }  # fmt: skip


def _state(text: str) -> OrderState:
    try:
        return OrderState(text)
    except ValueError as error:
        known = ", ".join(OrderState)
        raise Invalid(f"{text!r} is no state of an order; there are {known}", pointer="/state") from error


ROUTER = Router(
    path="/", tags=["Orders"], route_handlers=[list_orders, read_order, cancel, accept, ship, call_off, refund]
)
