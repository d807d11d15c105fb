"""What a short payment link shows: the present cart with final totals, the fields still wanted, or how it ended.

Looking changes nothing: previewers of chat apps look at every link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from checkout.carts import service as carts
from checkout.carts.values import CartView
from checkout.customers import addresses
from checkout.customers import service as customers
from checkout.customers.addresses import FieldFault
from checkout.customers.values import Customer, Delivery
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.orders.states import PAID_FOR, OrderState
from checkout.payments import links
from checkout.payments.links import PayLinkView

FIELDS = ("name", "email", "street", "postal_code", "city", "country")


class LinkState(StrEnum):
    """What a link is good for."""

    OPEN = "open"  # the button orders what is shown
    SUPERSEDED = "superseded"  # the cart has changed; what is shown is the present one, and the button orders that
    PENDING = "pending"  # paid by a way that takes days
    PAID = "paid"
    EMPTY = "empty"  # there is nothing to order (any more)
    LOOKED_AT = "looked_at"  # money came that does not fit; the shop looks into it


@dataclass(frozen=True, slots=True)
class LinkView:
    """The page's model. `wanted` are the fields that chat has not given, or not well; `delivery` is what is known.

    The form sends `cart.id`, `cart.version`, the minor units of `cart.totals.total` and `.tax` and `delivery.country`
    back as `cart`, `version`, `total`, `tax` and `to`, so that what was seen is what is ordered.
    """

    code: str
    state: LinkState
    locale: str
    cart: CartView
    delivery: Delivery
    wanted: tuple[str, ...]
    order: Order | None
    conversation_id: UUID | None


async def find_shop(uow: UnitOfWork, code: str) -> UUID:
    """The shop of a link, with a unit of work of the install. Raises NotFound."""
    shop_id = await links.find_shop(uow, code)
    if shop_id is None:
        raise NotFound("there is no such payment link")
    return shop_id


async def link_view(uow: UnitOfWork, code: str, form: Mapping[str, str] | None = None) -> LinkView:
    """Everything the page shows; with a form that did not lead on, totals are those of its country. Raises NotFound."""
    form = form or {}
    link = await links.get(uow, code)
    order = await orders.get(uow, link.order_id) if link.order_id else None
    person = await customers.get(uow, link.customer_id)
    known = known_delivery(person, await profiles.get(uow))
    delivery = _shown(known, form)
    cart = await carts.view(uow, link.customer_id, link.locale, country=delivery.country)
    return LinkView(
        code=code,
        state=_state(link, order, cart),
        locale=link.locale,
        cart=cart,
        delivery=delivery,
        wanted=_wanted(person, known, form),
        order=order,
        conversation_id=link.conversation_id,
    )


def known_delivery(person: Customer, shop: ShopProfile) -> Delivery:
    """What chat has given so far, tidy; the country is the shop's until somebody says otherwise."""
    place = person.address
    return addresses.tidy(
        Delivery(
            name=person.name,
            email=person.email,
            street=place.street if place else "",
            postal_code=place.postal_code if place else "",
            city=place.city if place else "",
            country=(place.country if place else "") or shop.country,
            phone=person.phone,
        )
    )


def filled(known: Delivery, form: Mapping[str, str]) -> tuple[Delivery, tuple[FieldFault, ...]]:
    """What is known with what the form says over it, tidy, and what is still wrong with it."""
    given = {name: form[name] for name in FIELDS if form.get(name, "").strip()}
    delivery = addresses.tidy(replace(known, **given))
    return delivery, _by_field(addresses.faults(delivery))


def _shown(known: Delivery, form: Mapping[str, str]) -> Delivery:
    """What is known with the form over it; where there is no such country, totals stay those of the known one."""
    delivery, faults = filled(known, form)
    wrong = any(fault.field == "country" for fault in faults)
    return replace(delivery, country=known.country) if wrong else delivery


def _wanted(person: Customer, known: Delivery, form: Mapping[str, str]) -> tuple[str, ...]:
    """Fields to ask for, in the order of a form. Without any address the shop's country is only a suggestion.

    What a form gave is asked for again: nothing else keeps it until the order is placed.
    """
    wrong = {fault.field for fault in addresses.faults(known)}
    if person.address is None:
        wrong.add("country")
    return tuple(name for name in FIELDS if name in wrong or name in form)


def _by_field(faults: tuple[FieldFault, ...]) -> tuple[FieldFault, ...]:
    """The first fault of each field."""
    first: dict[str, FieldFault] = {}
    for fault in faults:
        first.setdefault(fault.field, fault)
    return tuple(first.values())


def _state(link: PayLinkView, order: Order | None, cart: CartView) -> LinkState:
    if order is not None:
        if order.state in PAID_FOR:
            return LinkState.PAID
        if order.state == OrderState.PAYMENT_PENDING:
            return LinkState.PENDING
        if order.state == OrderState.EXCEPTION:
            return LinkState.LOOKED_AT
    if cart.id is None or cart.is_empty:
        return LinkState.EMPTY
    same = cart.id == link.cart_id and cart.version == link.cart_version
    return LinkState.OPEN if same else LinkState.SUPERSEDED
