"""From a full cart to the binding button: where to, the sums, the link. Nothing is asked twice."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Pending
from bots.dialogues import cart_wishes
from bots.dialogues import known_address as known
from bots.dialogues.cart import show as show_cart
from bots.messages.action_ids import action_id
from bots.messages.inbound import ContactShared
from bots.messages.outbound import Action, FormQuestion, PaymentRequest, Text
from bots.replies import cart as words
from bots.understanding import names
from catalog.kernel import countries
from catalog.kernel.errors import Invalid
from catalog.kernel.locale import say_date
from catalog.kernel.money import Money
from checkout.carts.values import CartView
from checkout.customers import service as customers
from checkout.customers.parsing import complete_address
from checkout.customers.values import Address
from checkout.payments import links
from checkout.payments.errors import AmountNotPayable
from checkout.pricing.shipping import delivery_days, serving

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading
    from catalog.shops.settings import ShippingMethod

_LONGEST = 200  # characters of half an address that are kept for its other half


async def checkout(turn: "Turn") -> None:
    """Ask where to when that is not known, else send the summary with the binding button."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("pay.nothing"), actions=(_browse(turn),)))
        return
    if cart.lacking:
        await show_cart(turn)
        return
    person = await customers.get(turn.uow, turn.customer_id)
    if person.address is None:
        ask_where(turn)
    elif not cart.deliverable:
        _ask_elsewhere(turn, person.address.country)
    else:
        await summary(turn, cart, person.address)


async def summary(turn: "Turn", cart: CartView, address: Address) -> None:
    """The sums with the destination's tax, the day it arrives, the right of withdrawal, and the button."""
    turn.memory = replace(turn.memory, pending=None)
    day = arrival(turn, cart)
    text = turn.say(
        "pay.summary" if day else "pay.summary_undated",
        street=address.street,
        city=f"{address.postal_code} {address.city}{_abroad(turn, address)}",
        day=say_date(day, turn.locale, weekday=True) if day else "",
        total=cart.totals.total.format(turn.locale),
        tax=cart.totals.tax.format(turn.locale),
        days=turn.shop.settings.returns.days,
    )
    await _request(turn, cart, text, ())


async def reorder(turn: "Turn", reading: "Reading") -> None:
    """The same again: into the cart, and with an address on file one tap from paying."""
    replies = len(turn.replies)
    if not await cart_wishes.from_reading(turn, reading):
        turn.reply(Text(text=turn.say("reorder.none")))
        return
    cart = await turn.cart()
    person = await customers.get(turn.uow, turn.customer_id)
    if person.address is None or not cart.deliverable or cart.is_empty or turn.memory.pending is not None:
        return
    refused = [reply for reply in turn.replies[replies:] if isinstance(reply, Text)]
    del turn.replies[replies:]
    turn.replies.extend(refused)
    line = cart.lines[-1]
    if len(cart.lines) == 1 and reading.order:
        lines = turn.say("pay.reorder_line", quantity=line.quantity, title=words.line_title(line), order=reading.order)
    else:
        lines = words.lines_in_words(turn, cart)
    text = turn.say(
        "pay.summary_with_shipping" if cart.totals.shipping else "pay.summary_short",
        lines=lines, total=cart.totals.total.format(turn.locale), shipping=cart.totals.shipping.format(turn.locale),
        street=f"{person.address.street}{_abroad(turn, person.address)}",
    )  # fmt: skip
    other = Action(id=action_id("size", line.sku), title=turn.say("action.other_size"))
    await _request(turn, cart, text, (other,))


async def address_words(turn: "Turn", text: str) -> bool:
    """The answer to 'where to?'; False when the words are something else (then the question waits)."""
    pending = turn.memory.pending
    before = pending.data.get("said", "") if pending is not None and pending.ask == "address" else ""
    abroad = [country for method in turn.shop.settings.shipping for country in method.countries]
    parsed = complete_address(before, text, turn.shop.country, abroad)
    if parsed is None:
        return (known.means_before(text) or known.means_it(text)) and await _to_known(turn)
    if parsed.country and not _is_served(turn, parsed.country):
        _ask_elsewhere(turn, parsed.country)
        return True
    if parsed.missing:
        gaps = " + ".join(turn.say(f"pay.missing_{gap}") for gap in parsed.missing)
        _ask_where(turn, turn.say("pay.address_unclear", missing=gaps), said=f"{before}, {text}" if before else text)
        return True
    if name := names.person(parsed.name):
        await customers.describe(turn.uow, turn.customer_id, name=name)
    await _deliver_to(turn, parsed.address)
    return True


async def other_number(turn: "Turn", text: str) -> bool:
    """Put another house number into the address of a cart ('Hausnummer 71b, nicht 17b'); False for other words."""
    if not known.tells_number(text) or (await turn.cart()).is_empty:
        return False
    address = (await customers.get(turn.uow, turn.customer_id)).address
    street = known.with_number(address.street, text) if address is not None else None
    if address is None or street is None:
        ask_where(turn)
    else:
        await _deliver_to(turn, Address(street, address.postal_code, address.city, address.country))
    return True


async def to_known_address(turn: "Turn", text: str) -> bool:
    """Take 'die gleiche Adresse' for the one that is known, or ask where to; False for other words."""
    if not known.means_it(text) or (await turn.cart()).is_empty:
        return False
    return await _to_known(turn)


async def _to_known(turn: "Turn") -> bool:
    turn.memory = replace(turn.memory, pending=None)
    await checkout(turn)
    return True


async def location(turn: "Turn", label: str) -> None:
    """A shared place. Its words may be an address; coordinates alone are not."""
    if label and await address_words(turn, label):
        return
    _ask_where(turn, turn.say("pay.location_thanks"))


async def contact(turn: "Turn", event: ContactShared) -> None:
    """A contact card: the number is remembered only where the provider proves that it is the person's own."""
    if event.own and event.phone:
        await customers.describe(turn.uow, turn.customer_id, phone=event.phone, name=event.name)
    turn.reply(Text(text=turn.say("media.contact")))


async def email(turn: "Turn", address: str) -> None:
    """An e-mail address told in chat: kept for the receipt, and the open question comes again."""
    await customers.describe(turn.uow, turn.customer_id, email=address)
    pending = turn.memory.pending
    if pending is not None and pending.ask == "address":
        _ask_where(turn, f"{turn.say('pay.email_noted')} {turn.say('pay.where')}", said=pending.data.get("said", ""))
    else:
        turn.reply(Text(text=turn.say("pay.email_noted")))


async def form(turn: "Turn", fields: Mapping[str, str]) -> None:
    """A filled form: an address, or what a return needs."""
    if {"street", "postal_code", "city"} <= set(fields):
        country = fields.get("country", "").strip().upper() or turn.shop.country
        await _deliver_to(turn, Address(fields["street"], fields["postal_code"], fields["city"], country))
        return
    turn.reply(Text(text=turn.say("greet.what_next")))


def arrival(turn: "Turn", cart: CartView) -> date | None:
    """The last day of the chosen shipping method's span from today; None in a shop that has set no method."""
    method = method_of(turn, cart)
    return delivery_days(turn.local(turn.now).date(), method.days)[1] if method else None


def method_of(turn: "Turn", cart: CartView) -> "ShippingMethod | None":
    """The shipping method that the cart's price is made of."""
    methods = turn.shop.settings.shipping
    return next((method for method in methods if method.code == cart.shipping_code), methods[0] if methods else None)


async def _deliver_to(turn: "Turn", address: Address) -> None:
    if not _is_served(turn, address.country):
        _ask_elsewhere(turn, address.country)
        return
    try:
        address = await customers.remember_address(turn.uow, turn.customer_id, address)
    except Invalid as error:
        gap = error.pointer.rpartition("/")[2]
        known = gap if gap in {"street", "postal_code", "city"} else "street"
        _ask_where(turn, turn.say("pay.address_unclear", missing=turn.say(f"pay.missing_{known}")))
        return
    turn.memory = replace(turn.memory, pending=None)
    turn.forget_cart()
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("pay.nothing"), actions=(_browse(turn),)))
        return
    await summary(turn, cart, address)


def _is_served(turn: "Turn", country: str) -> bool:
    """Whether something is sent there; a shop that has set no way of sending arranges it."""
    ways = turn.shop.settings.shipping
    return not ways or bool(serving(ways, country))


def _abroad(turn: "Turn", address: Address) -> str:
    """', Österreich' behind an address that is not in the shop's own country."""
    return "" if address.country == turn.shop.country else f", {countries.name(address.country, turn.locale)}"


async def _request(turn: "Turn", cart: CartView, text: str, actions: tuple[Action, ...]) -> None:
    if cart.id is None:
        return
    try:
        links.check_payable(cart.totals.total)
    except AmountNotPayable as refusal:
        turn.reply(Text(text=_not_payable(turn, cart.totals.total, refusal), actions=(_browse(turn),)))
        return
    code = await links.link_for(
        turn.uow, cart_id=cart.id, cart_version=cart.version, customer_id=turn.customer_id,
        conversation_id=turn.thread.id, locale=turn.locale,
    )  # fmt: skip
    turn.reply(
        PaymentRequest(
            text=text, url=f"{turn.desk.public_url}/p/{code}", label=turn.say("action.order"),
            short_label=turn.say("action.order_short"),
            total=cart.totals.total.format(turn.locale), amount=cart.totals.total, held_until=cart.held_until,
            lines=words.line_views(turn, cart), actions=actions,
        )
    )  # fmt: skip


def _not_payable(turn: "Turn", total: Money, refusal: AmountNotPayable) -> str:
    shown = total.format(turn.locale)
    if "least_minor" in refusal.values:
        least = Money(refusal.values["least_minor"], total.currency)
        return turn.say("pay.too_small", total=shown, least=least.format(turn.locale))
    if "most_minor" in refusal.values:
        most = Money(refusal.values["most_minor"], total.currency)
        return turn.say("pay.too_large", total=shown, most=most.format(turn.locale))
    return turn.say("pay.not_payable", total=shown)


def ask_where(turn: "Turn") -> None:
    """Where the cart shall go; the answer replaces an address that is known."""
    _ask_where(turn, turn.say("pay.where"))


def _ask_elsewhere(turn: "Turn", country: str) -> None:
    """Say that nothing is sent to a country, and ask for another address."""
    refused = turn.say("shipping.not_there", country=countries.name(country, turn.locale))
    _ask_where(turn, f"{refused} {turn.say('pay.elsewhere')}")


def _ask_where(turn: "Turn", text: str, *, said: str = "") -> None:
    turn.memory = replace(turn.memory, pending=Pending("address", data={"said": said[:_LONGEST]} if said else {}))
    turn.reply(FormQuestion(text=text, field="address", location=True))


def _browse(turn: "Turn") -> Action:
    return Action(id="browse", title=turn.say("action.browse"))
