"""What the order page shows, ready for its template."""

from typing import Any

from bots.channels.base import MediaLinks
from bots.conversations import service as conversations
from catalog.kernel.errors import NotFound
from catalog.kernel.locale import say_date
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.profile import ShopProfile
from checkout.fulfilment import service as fulfilment
from checkout.orders.models import Order
from checkout.orders.states import PAID_FOR, OrderState, steps
from checkout.payments import links
from checkout.payments import refunds as refunding
from checkout.payments.refunds import RefundView
from checkout.returns import service as returns
from checkout.returns import withdrawals
from checkout.returns.values import Return
from storefront.web.pay_view import address, rows, shown, taxes
from storefront.web.trade_phrases import PHRASES

_TONES = {
    OrderState.AWAITING_PAYMENT: "warn",
    OrderState.PAYMENT_PENDING: "info",
    OrderState.CANCELLED: "bad",
    OrderState.EXPIRED: "bad",
    OrderState.EXCEPTION: "warn",
}


async def build(uow: UnitOfWork, order: Order, shop: ShopProfile, media: MediaLinks) -> dict[str, Any]:
    """The template's `view`."""
    locale, state = shop.locale(order.locale), OrderState(order.state)
    link = await links.of_order(uow, order.id)
    waits = state is OrderState.AWAITING_PAYMENT
    refunds = await refunding.refunds(uow, order.id)
    parcels = await fulfilment.of_order(uow, order.id)
    return {
        "locale": locale,
        "number": order.number,
        "state": order.state,
        "tone": _TONES.get(state, "good"),
        "placed": say_date(shop.day(order.placed_at), locale, weekday=True),
        "words": _words(state, locale),
        "pay": f"/p/{link.code}" if waits and link is not None else "",
        "chat": await _chat(uow, order, shop),
        "steps": [
            (PHRASES.say(locale, f"order.step.{step}"), reached)
            for step, reached in steps(state, was_paid=order.paid_at is not None)
        ],
        "parcels": [
            {"carrier": parcel.carrier, "tracking_code": parcel.tracking_code, "url": parcel.tracking_url}
            for parcel in parcels
        ],
        "lines": [
            shown(line, order.money(line.unit_price_minor).format(locale), order.money(line.total_minor), locale, media)
            for line in order.lines
        ],
        "rows": rows(
            order.money(order.items_minor), order.money(order.discount_minor), order.discount_code,
            order.money(order.shipping_minor), locale,
        ),
        "total": order.total.format(locale),
        "taxes": taxes(_shares(order), locale),
        "refunds": [
            (refund.amount.format(locale), say_date(shop.day(refund.requested_at), locale), _goods(order, refund))
            for refund in refunds
            if refund.counts
        ],
        "returns": [
            (PHRASES.say(locale, f"order.return.{each.state}"), say_date(shop.day(each.requested_at), locale),
             each.rejection, _coming_back(order, each))
            for each in await returns.of_order(uow, order.id)
        ],
        "withdrawals": [
            say_date(shop.day(each.declared_at), locale) for each in await withdrawals.of_order(uow, order.id)
        ],
        "address": address(order.delivery, shop, locale),
    }  # fmt: skip


async def _chat(uow: UnitOfWork, order: Order, shop: ShopProfile) -> str:
    """The way back to the shop's own chat, for an order that was placed there."""
    if order.conversation_id is None:
        return ""
    try:
        conversation = await conversations.get(uow, order.conversation_id)
    except NotFound:
        return ""
    return f"/chat/{shop.slug}" if conversation["kind"] == "webchat" else ""


def _goods(order: Order, refund: RefundView) -> list[tuple[int, str]]:
    """How many units of what a refund is for; nothing for an amount."""
    return [(len(refund.units[line.sku]), line.title) for line in order.lines if line.sku in refund.units]


def _coming_back(order: Order, asked: Return) -> list[tuple[int, str]]:
    """How many units of what a return is for."""
    units = {sku: quantity for sku, quantity, _ in asked.lines}
    return [(units[line.sku], line.title) for line in order.lines if line.sku in units]


def _shares(order: Order) -> list[tuple[int, Money]]:
    return [(int(share["rate_bp"]), order.money(int(share["tax"]["minor"]))) for share in order.taxes]


def _words(state: OrderState, locale: str) -> str:
    if state in PAID_FOR:
        return PHRASES.say(locale, "order.thanks")
    if state is OrderState.PAYMENT_PENDING:
        return PHRASES.say(locale, "order.pending")
    if state is OrderState.AWAITING_PAYMENT:
        return PHRASES.say(locale, "order.waiting")
    return ""
