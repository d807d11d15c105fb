"""What the order page shows, ready for its template."""

from typing import Any
from zoneinfo import ZoneInfo

from bots.channels.base import MediaLinks
from catalog.kernel.locale import say_date
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.profile import ShopProfile
from checkout.fulfilment import service as fulfilment
from checkout.orders.models import Order, OrderLine
from checkout.orders.states import PAID_FOR, SHIPPED, OrderState
from checkout.payments import links
from checkout.payments import refunds as refunding
from storefront.web.pay_view import free_or, taxes
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
    placed = order.placed_at.astimezone(ZoneInfo(shop.settings.timezone)).date()
    refunds = await refunding.refunds(uow, order.id)
    parcels = await fulfilment.of_order(uow, order.id)
    return {
        "locale": locale,
        "number": order.number,
        "state": order.state,
        "tone": _TONES.get(state, "good"),
        "placed": say_date(placed, locale, weekday=True),
        "words": _words(state, locale),
        "pay": f"/p/{link.code}" if waits and link is not None else "",
        "refresh": False,
        "steps": [
            (PHRASES.say(locale, "order.step.paid"), state in PAID_FOR),
            (PHRASES.say(locale, "order.step.shipped"), state in SHIPPED),
            (PHRASES.say(locale, "order.step.closed"), state is OrderState.CLOSED),
        ],
        "parcels": [
            {"carrier": parcel.carrier, "tracking_code": parcel.tracking_code, "url": parcel.tracking_url}
            for parcel in parcels
        ],
        "lines": [_line(line, locale, media) for line in order.lines],
        "rows": _rows(order, locale),
        "total": order.total.format(locale),
        "taxes": taxes(_shares(order), locale),
        "refunds": [
            (refund.amount.format(locale), say_date(refund.requested_at.date(), locale)) for refund in refunds
        ],
        "address": "\n".join(
            part
            for part in (
                order.delivery.get("name"), order.delivery.get("street"),
                f"{order.delivery.get('postal_code', '')} {order.delivery.get('city', '')}".strip(),
            )
            if part
        ),
    }  # fmt: skip


def _rows(order: Order, locale: str) -> list[tuple[str, str]]:
    found = [(PHRASES.say(locale, "pay.items"), order.money(order.items_minor).format(locale))]
    if order.discount_minor:
        label = PHRASES.say(locale, "pay.discount", code=order.discount_code or "")
        found.append((label, (-order.money(order.discount_minor)).format(locale)))
    found.append((PHRASES.say(locale, "pay.shipping"), free_or(order.money(order.shipping_minor), locale)))
    return found


def _shares(order: Order) -> list[tuple[int, Money]]:
    return [(int(share["rate_bp"]), order.money(int(share["tax"]["minor"]))) for share in order.taxes]


def _line(line: OrderLine, locale: str, media: MediaLinks) -> dict[str, Any]:
    return {
        "title": f"{line.title}, {line.variant_title}" if line.variant_title else line.title,
        "quantity": line.quantity,
        "unit_price": order_money(line, line.unit_price_minor).format(locale),
        "total": order_money(line, line.total_minor).format(locale),
        "image": media.url(line.image_id, "thumb.webp") if line.image_id else "",
    }


def order_money(line: OrderLine, minor: int) -> Money:
    """An amount in the line's currency."""
    return Money(minor, line.currency)


def _words(state: OrderState, locale: str) -> str:
    if state in PAID_FOR:
        return PHRASES.say(locale, "order.thanks")
    if state is OrderState.PAYMENT_PENDING:
        return PHRASES.say(locale, "order.pending")
    if state is OrderState.AWAITING_PAYMENT:
        return PHRASES.say(locale, "order.waiting")
    return ""
