"""Making an order of a cart: what is checked, what is frozen, and what the same wish said twice leads to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel import chance
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from checkout.carts import service as carts
from checkout.carts.values import CartView, ShortNow
from checkout.customers import addresses
from checkout.customers import service as customers
from checkout.customers.values import Delivery
from checkout.inventory import service as inventory
from checkout.inventory.availability import Short, StockLine
from checkout.orders import paying, repository
from checkout.orders.errors import CartHasChanged, CartIsEmpty, LinesUnavailable, NotDeliverable
from checkout.orders.events import OrderPlaced
from checkout.orders.models import Order, OrderLine
from checkout.orders.states import ORDER, ExpiryReason, OrderState
from checkout.pricing import service as pricing
from checkout.pricing.lines import PricedLine
from checkout.pricing.shipping import choose
from checkout.pricing.tax import tax_country
from checkout.pricing.totals import Totals, price

# The shortest session of the payment provider, and slack for a payer who is typing when it ends.
PAYMENT_WINDOW = timedelta(minutes=30)
HOLD_SLACK = timedelta(minutes=10)


async def place(
    uow: UnitOfWork,
    customer_id: UUID,
    delivery: Delivery,
    *,
    locale: str,
    conversation_id: UUID | None = None,
    cart_version: int | None = None,
    expected_total: Money | None = None,
) -> Order:
    """Order the person's cart. Said again for the same cart, delivery and prices, it gives the same order.

    Goods are held for the order until the payment window and some slack are over. Another order that waits for its
    payment, made from an earlier state of the cart, expires as superseded.

    Raises Invalid for a delivery the post would refuse, CartIsEmpty, LinesUnavailable, NotDeliverable,
    CartHasChanged when the shopper saw another version or total, DiscountUsedUp.
    """
    clean = addresses.check(delivery)
    await repository.lock_numbers(uow)
    cart, discount_code = await carts.lock_view(uow, customer_id, locale, country=clean.country)
    if cart.id is None or cart.is_empty:
        raise CartIsEmpty("there is nothing in the cart")
    _check_unchanged(cart, cart_version, expected_total)
    _check_lines(cart)
    if not cart.deliverable:
        raise NotDeliverable(f"no shipping method goes to {clean.country}", country=clean.country)
    if standing := await _standing(uow, cart, clean):
        return standing
    order_id, until = new_id(), uow.now + PAYMENT_WINDOW + HOLD_SLACK
    await _hold(uow, cart, order_id=order_id, until=until)
    if discount_code:
        await pricing.redeem(
            uow, discount_code, order_id=order_id, customer_id=customer_id, cart_id=cart.id, items=cart.totals.items
        )
    order = await _freeze(
        uow, cart, clean, order_id=order_id, customer_id=customer_id, locale=locale, conversation_id=conversation_id,
        discount_code=discount_code,
    )  # fmt: skip
    order.hold_until = until
    uow.session.add(order)
    repository.add_event(uow, order_id, "placed")
    await carts.mark_ordered(uow, cart.id, cart.version)
    await customers.remember_delivery(uow, customer_id, clean)
    uow.record(OrderPlaced(order_id, customer_id, conversation_id, order.total_minor, order.currency))
    placed = await repository.lock(uow, order_id)
    if not placed.total_minor:
        # There is nothing to pay, so there is nothing to wait for.
        await paying.mark_paid(uow, placed)
    return placed


def _check_unchanged(cart: CartView, version: int | None, expected_total: Money | None) -> None:
    """Raises CartHasChanged unless the cart is the one that the shopper saw."""
    if version in {None, cart.version} and expected_total in {None, cart.totals.total}:
        return
    raise CartHasChanged(
        "the cart is another one than you saw; look at it again",
        version=cart.version, total_minor=cart.totals.total.minor,
    )  # fmt: skip


def _check_lines(cart: CartView) -> None:
    if cart.lacking:
        raise _unavailable(
            [
                (news.sku, news.wanted, news.available) if isinstance(news, ShortNow) else (news.sku, 1, 0)
                for news in cart.lacking
            ]
        )


def _unavailable(short: Sequence[tuple[str, int, int]]) -> LinesUnavailable:
    sentence = "; ".join(f"{sku}: {wanted} wanted, {available} available" for sku, wanted, available in short)
    return LinesUnavailable(sentence, lines=list(short))


async def _standing(uow: UnitOfWork, cart: CartView, delivery: Delivery) -> Order | None:
    """The order that this wish has led to already; others of the cart that still wait for their payment expire."""
    found = None
    for order in await repository.of_cart(uow, _id(cart)):
        # One whose money is on its way has closed its cart: it is none of an open one's.
        if order.state != OrderState.AWAITING_PAYMENT:
            continue
        same = (
            order.cart_version == cart.version
            and order.delivery == delivery.to_dict()
            and order.total_minor == cart.totals.total.minor
        )
        if same:
            found = order
        else:
            await paying.expire_locked(uow, order, ExpiryReason.SUPERSEDED)
    return found


async def _hold(uow: UnitOfWork, cart: CartView, *, order_id: UUID, until: datetime) -> None:
    lines = [StockLine(line.variant_id, line.sku, line.quantity) for line in cart.lines]
    answers = await inventory.hold(uow, _id(cart), lines, until=until, order_id=order_id)
    short = [(answer.sku, answer.wanted, answer.available) for answer in answers if isinstance(answer, Short)]
    if short:
        raise _unavailable(short)


async def _freeze(
    uow: UnitOfWork,
    cart: CartView,
    delivery: Delivery,
    *,
    order_id: UUID,
    customer_id: UUID,
    locale: str,
    conversation_id: UUID | None,
    discount_code: str | None,
) -> Order:
    profile = await profiles.get(uow)
    totals: Totals = cart.totals
    country = tax_country(shop=profile.country, destination=delivery.country, oss=profile.settings.tax.oss)
    return Order(
        id=order_id, shop_id=uow.shop_id, number=f"{profile.order_prefix}-{await repository.take_number(uow)}",
        code=chance.token(15), customer_id=customer_id, conversation_id=conversation_id, cart_id=_id(cart),
        cart_version=cart.version, state=str(ORDER.initial), locale=profile.locale(locale), currency=cart.currency,
        items_minor=totals.items.minor, discount_minor=totals.discount.minor, shipping_minor=totals.shipping.minor,
        tax_minor=totals.tax.minor, total_minor=totals.total.minor, taxes=msgspec.to_builtins(cart.taxes),
        tax_country=country, discount_code=discount_code, shipping=_shipping(cart, profile, delivery.country),
        delivery=delivery.to_dict(), placed_at=uow.now,
        lines=_lines(uow, cart, country=country, order_id=order_id, on=profile.day(uow.now)),
    )  # fmt: skip


def _lines(uow: UnitOfWork, cart: CartView, *, country: str, order_id: UUID, on: date) -> list[OrderLine]:
    priced = price(
        [PricedLine(line.sku, line.quantity, line.unit_price, line.tax_class) for line in cart.lines],
        currency=cart.currency, country=country, on=on, discount=cart.totals.discount,
        shipping=cart.totals.shipping,
    )  # fmt: skip
    return [
        OrderLine(
            id=new_id(), shop_id=uow.shop_id, order_id=order_id, position=position, variant_id=line.variant_id,
            sku=line.sku, handle=line.handle, title=line.title, variant_title=line.variant_title,
            options=dict(line.options), image_id=line.image_id, quantity=line.quantity,
            unit_price_minor=line.unit_price.minor, total_minor=line.total.minor,
            discount_minor=share.discount.minor, currency=cart.currency,
            tax_rate_bp=share.rate_bp,
        )
        for position, (line, share) in enumerate(zip(cart.lines, priced.lines, strict=True), start=1)
    ]  # fmt: skip


def _shipping(cart: CartView, profile: ShopProfile, country: str) -> dict[str, Any]:
    """The way it is sent; `standard_minor` is what a withdrawal gives back of its price (BGB § 357 (2))."""
    ways, paid = profile.settings.shipping, cart.totals.shipping
    way = next((each for each in ways if each.code == cart.shipping_code), None)
    cheapest = choose(ways, country=country, goods=cart.totals.items - cart.totals.discount)
    if way is None or cheapest is None:  # the shop has set up no way yet
        return {"code": "", "name": {}, "standard_minor": paid.minor}
    return {
        "code": way.code, "name": way.name, "days": list(way.days), "standard_minor": min(paid, cheapest.price).minor,
    }  # fmt: skip


def _id(cart: CartView) -> UUID:
    if cart.id is None:
        raise CartIsEmpty("there is nothing in the cart")
    return cart.id
