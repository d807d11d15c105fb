"""The binding button: place the order, begin an attempt, commit; open the provider's page; commit; send the shopper on.

A crash between any two steps leaves a state that the next press of the button goes on from.
"""

import logging
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from catalog.kernel.errors import Misconfigured, ShopError
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from checkout.carts import service as carts
from checkout.carts.values import CartView
from checkout.customers import service as customers
from checkout.customers.addresses import FieldFault
from checkout.orders import service as orders
from checkout.orders.errors import CartHasChanged, CartIsEmpty, LinesUnavailable, NotDeliverable
from checkout.orders.models import Order
from checkout.orders.states import PAID_FOR, OrderState
from checkout.paying import asking, page
from checkout.paying.desk import PaymentsDesk
from checkout.payments import accounts, links, service
from checkout.payments.errors import AmountNotPayable, NoPaymentAccount, ProviderDown, ProviderRefused
from checkout.payments.gateway import Account, AttemptView, Gateway, OpenedSession, OrderView
from checkout.payments.links import PayLinkView
from checkout.payments.states import PaymentState
from checkout.pricing.errors import DiscountUsedUp

_log = logging.getLogger(__name__)


class ProblemKind(StrEnum):
    """Why the button did not lead to the provider."""

    FIELDS = "fields"  # `fields` say which and why
    SUPERSEDED = "superseded"  # `code` is the present cart's link
    CHANGED = "changed"  # the price or the cart moved while the page was open: look again
    DESTINATION = "destination"  # another country than the page was priced for: look at its totals
    EMPTY = "empty"
    UNAVAILABLE = "unavailable"  # `lines`: (sku, wanted, available)
    NOT_DELIVERABLE = "not_deliverable"
    DISCOUNT_GONE = "discount_gone"
    AMOUNT = "amount"  # below or above what the provider charges
    PROVIDER_DOWN = "provider_down"  # the same link works later
    NOT_READY = "not_ready"  # the shop takes no payments yet


@dataclass(frozen=True, slots=True)
class RedirectTo:
    """Where the shopper goes next: the provider's page, or the order's own when there is nothing left to pay."""

    url: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What the page shows instead."""

    kind: ProblemKind
    code: str | None = None
    fields: tuple[FieldFault, ...] = ()
    lines: tuple[tuple[str, int, int], ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _ToOpen:
    """An attempt that waits for its page, and older pages that have to be closed first."""

    order: OrderView
    attempt: AttemptView
    account: Account
    to_close: tuple[UUID, ...]


_PROBLEMS: dict[type[ShopError], ProblemKind] = {
    CartHasChanged: ProblemKind.CHANGED,
    CartIsEmpty: ProblemKind.EMPTY,
    LinesUnavailable: ProblemKind.UNAVAILABLE,
    NotDeliverable: ProblemKind.NOT_DELIVERABLE,
    DiscountUsedUp: ProblemKind.DISCOUNT_GONE,
    AmountNotPayable: ProblemKind.AMOUNT,
    NoPaymentAccount: ProblemKind.NOT_READY,
}


async def pay(desk: PaymentsDesk, shop_id: UUID, link_code: str, form: dict[str, str]) -> RedirectTo | Problem:
    """`POST /p/{code}`: order what the page showed and give the URL for the 303. Pressed again, the same page.

    `form`: the fields that chat has not given, and `cart`, `version`, `total`, `tax` (minor units) and `to` as the
    page showed them. Without these the link's own cart and version count. Raises NotFound for an unknown link.
    """
    try:
        async with desk.units(shop_id) as uow:
            begun = await _begin(desk, uow, link_code, form)
    except tuple(_PROBLEMS) as refusal:
        lines = tuple(refusal.values.get("lines", ()))
        return Problem(_PROBLEMS[type(refusal)], lines=lines, values=dict(refusal.values))
    return begun if isinstance(begun, RedirectTo | Problem) else await _open(desk, shop_id, begun)


async def _begin(
    desk: PaymentsDesk, uow: UnitOfWork, code: str, form: dict[str, str]
) -> RedirectTo | Problem | _ToOpen:
    link = await links.get(uow, code)
    if (settled := await _ended(desk, uow, link)) is not None:
        return settled
    person = await customers.get(uow, link.customer_id)
    delivery, faults = page.filled(page.known_delivery(person, await profiles.get(uow)), form)
    cart = await carts.view(uow, link.customer_id, link.locale, country=delivery.country)
    if cart.id is None or cart.is_empty:
        return Problem(ProblemKind.EMPTY)
    seen = _number(form.get("version"))
    if form.get("cart", str(link.cart_id)) != str(cart.id) or (seen or link.cart_version) != cart.version:
        return Problem(ProblemKind.SUPERSEDED, code=await _present_link(uow, link, cart.id, cart.version))
    if faults:
        return Problem(ProblemKind.FIELDS, fields=faults)
    if (unseen := _unseen(cart, delivery.country, form)) is not None:
        return unseen
    if cart.totals.total.minor:
        desk.gateways.open(await accounts.active_account(uow)).payable(cart.totals.total)
    order = await orders.place(
        uow,
        link.customer_id,
        delivery,
        locale=link.locale,
        conversation_id=link.conversation_id,
        cart_version=cart.version,
        expected_total=cart.totals.total,
    )
    await links.bind(uow, await _present_link(uow, link, cart.id, cart.version), order.id)
    return await _attempt(desk, uow, order)


async def _ended(desk: PaymentsDesk, uow: UnitOfWork, link: PayLinkView) -> RedirectTo | None:
    """The order of this link is paid, or its money is on its way: there is nothing to press."""
    if link.order_id is None:
        return None
    order = await orders.get(uow, link.order_id)
    if order.state in PAID_FOR or order.state in {OrderState.PAYMENT_PENDING, OrderState.EXCEPTION}:
        return RedirectTo(desk.order_url(order.code))
    return None


async def _attempt(desk: PaymentsDesk, uow: UnitOfWork, order: Order) -> RedirectTo | _ToOpen:
    """The attempt to open, or where to go when there is none to make. The order is locked."""
    if order.state != OrderState.AWAITING_PAYMENT:
        return RedirectTo(desk.order_url(order.code))
    link = await links.of_order(uow, order.id)
    begun, to_close = await service.begin_attempt(
        uow,
        order_id=order.id,
        amount=order.total,
        cart_version=order.cart_version,
        success_url=f"{desk.order_url(order.code)}?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=desk.link_url(link.code) if link else desk.order_url(order.code),
    )
    await orders.extend_hold(uow, order, until=begun.expires_at + orders.HOLD_SLACK)
    if begun.state == PaymentState.OPEN and begun.url is not None:
        return RedirectTo(begun.url)
    return _ToOpen(
        order=desk.order_view(order),
        attempt=await service.stored_attempt(uow, begun.id),
        account=await accounts.get_account(uow, begun.account_id),
        to_close=to_close,
    )


async def _open(desk: PaymentsDesk, shop_id: UUID, begun: _ToOpen) -> RedirectTo | Problem:
    """Close older pages, then open this one. Money on an older page comes first: then the order is paid."""
    order_id = begun.order.order_id
    try:
        gateway = desk.gateways.open(begun.account)
        for payment_id in begun.to_close:
            await asking.close_page(desk, shop_id, payment_id)
        async with desk.units(shop_id) as uow:
            order = await orders.get(uow, order_id)
            if order.state != OrderState.AWAITING_PAYMENT:
                return RedirectTo(desk.order_url(order.code))
        opened = await _page(desk, shop_id, gateway, begun)
    except (ProviderDown, Misconfigured) as error:
        _log.warning("payment_page.not_opened", extra={"fields": {"order": str(order_id), "error": error.code}})
        return Problem(ProblemKind.PROVIDER_DOWN)
    except ProviderRefused as error:
        _log.error("payment_page.refused", extra={"fields": {"order": str(order_id), **error.values}})
        return Problem(ProblemKind.NOT_READY)
    if opened is None:
        await asking.close_page(desk, shop_id, begun.attempt.payment_id)
        return Problem(ProblemKind.CHANGED)
    return RedirectTo(opened.url)


async def _page(desk: PaymentsDesk, shop_id: UUID, gateway: Gateway, begun: _ToOpen) -> OpenedSession | None:
    """Ask for the page and keep the answer; None when the order came to its end meanwhile.

    An answer that spoils the key ends the attempt; the next has its own.
    """
    payment_id = begun.attempt.payment_id
    try:
        opened = await gateway.open_session(begun.attempt, begun.order)
    except (ProviderDown, ProviderRefused) as error:
        if isinstance(error, ProviderRefused) or error.values.get("stored"):
            async with desk.units(shop_id) as uow:
                await orders.lock_order(uow, begun.order.order_id)
                await service.attempt_refused(uow, payment_id, error.code)
        raise
    async with desk.units(shop_id) as uow:
        await orders.lock_order(uow, begun.order.order_id)
        kept = await service.attempt_opened(uow, payment_id, opened)
    return opened if kept.state == PaymentState.OPEN else None


async def _present_link(uow: UnitOfWork, link: PayLinkView, cart_id: UUID, version: int) -> str:
    if (link.cart_id, link.cart_version) == (cart_id, version):
        return link.code
    return await links.link_for(
        uow,
        cart_id=cart_id,
        cart_version=version,
        customer_id=link.customer_id,
        conversation_id=link.conversation_id,
        locale=link.locale,
    )


def _unseen(cart: CartView, country: str, form: dict[str, str]) -> Problem | None:
    """What the page did not show, as far as the form says what it did: its sum and the tax inside have to be these."""
    if not cart.deliverable:
        return Problem(ProblemKind.NOT_DELIVERABLE)
    total, tax = _number(form.get("total")), _number(form.get("tax"))
    if total in {None, cart.totals.total.minor} and tax in {None, cart.totals.tax.minor}:
        return None
    kind = ProblemKind.CHANGED if form.get("to", country) == country else ProblemKind.DESTINATION
    return Problem(kind)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
