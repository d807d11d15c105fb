"""Facts about the shop: shipping, payment, returns; from its settings, never from anything else."""

import re
from typing import TYPE_CHECKING

from babel.dates import get_day_names

from bots.dialogues import cart, orders, person
from bots.messages.action_ids import action_id, whole_of
from bots.messages.outbound import Action, Text
from catalog.kernel import countries
from catalog.shops.settings import ShippingMethod
from checkout.carts import service as carts
from checkout.customers import service as customers

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading


_SEVERAL = 2
_PAID = re.compile(
    r"\b(bezahlt|angekommen|eingegangen|durch|geklappt|paid|gone through|go through|received)\b", re.IGNORECASE
)


async def shipping(turn: "Turn", reading: "Reading", text: str) -> None:
    """Every shipping method with its price, days and threshold, and for a cart the choice of one.

    To a country that is named, those that go there. Without any, that the team arranges it; so with wrapping as a gift.
    """
    country = countries.named_in(text)
    ways = turn.shop.settings.shipping
    methods = [one for one in ways if country is None or not one.countries or country in one.countries]
    if reading.field == "gift_wrap":
        _by_the_team(turn, turn.say("shipping.gift_wrap"))
        return
    if not ways:
        _by_the_team(turn, turn.say("shipping.unset"))
        return
    if country is not None and not methods:
        _by_the_team(turn, turn.say("shipping.not_there", country=countries.name(country, turn.locale)))
        return
    lines = []
    for method in methods:
        price = method.price.format(turn.locale) if method.price else turn.say("shipping.free")
        low, high = method.days
        name = turn.shop.text(method.name, turn.locale)
        key = "shipping.info" if low != high else "shipping.info_day" if high == 1 else "shipping.info_days"
        lines.append(turn.say(key, name=name, price=price, **{"from": low, "to": high}))
        if method.free_from is not None:
            free = "shipping.free_from" if len(methods) == 1 else "shipping.free_from_of"
            lines.append(turn.say(free, name=name, amount=method.free_from.format(turn.locale)))
    options = tuple(
        Action(id=action_id("ship", way.code), title=turn.shop.text(way.name, turn.locale)) for way in await _ways(turn)
    )
    turn.reply(Text(text="\n".join(lines), actions=options))


def _by_the_team(turn: "Turn", words: str) -> None:
    turn.reply(Text(text=words, actions=(Action(id="human", title=turn.say("action.human")),)))


async def choose_shipping(turn: "Turn", part: str) -> None:
    """Send the cart this way, and show what it costs now; a way that is not (or no longer) there is told as such."""
    code = whole_of(part, [way.code for way in await _ways(turn)])
    if code is None:
        turn.reply(Text(text=turn.say("shipping.gone")))
        return
    turn.set_cart(await carts.put_shipping(turn.uow, turn.customer_id, code, turn.locale))
    await cart.show(turn)


async def _ways(turn: "Turn") -> list[ShippingMethod]:
    """The methods to choose between for the cart: those that go where its person lives, where there are several."""
    methods = turn.shop.settings.shipping
    if len(methods) < _SEVERAL or not await turn.cart_lines():
        return []
    address = (await customers.get(turn.uow, turn.customer_id)).address
    country = address.country if address else turn.shop.country
    serving = [method for method in methods if not method.countries or country in method.countries]
    return serving if len(serving) >= _SEVERAL else []


async def payment(turn: "Turn", _reading: "Reading", text: str) -> None:
    """Whether it is paid, when that is asked; else how one can pay."""
    if _PAID.search(text):
        await orders.paid(turn)
        return
    turn.reply(Text(text=turn.say("pay.methods")))


async def return_policy(turn: "Turn", _reading: "Reading", _text: str) -> None:
    """The right of withdrawal and how to use it here."""
    returns = turn.shop.settings.returns
    said = (turn.say("return.policy", days=returns.days), turn.shop.text(returns.note, turn.locale))
    turn.reply(Text(text="\n".join(part for part in said if part)))


def about_shop(turn: "Turn") -> None:
    """Where and when: the shop is this chat, and the team's hours are those of its settings."""
    hours = turn.shop.settings.hours
    lines = [turn.say("shop.here", shop=turn.shop.name)]
    if hours:
        lines.append(turn.say("shop.hours", hours=_hours_in_words(hours, turn.locale)))
    turn.reply(Text(text="\n".join(lines), actions=(Action(id="human", title=turn.say("action.human")),)))


def _hours_in_words(hours: dict[str, list[str]], locale: str) -> str:
    """'Mo–Fr 09:00–18:00, Sa 10:00–14:00': days in a row with the same hours together."""
    names = get_day_names("abbreviated", locale=locale.replace("-", "_"))
    runs: list[tuple[int, int, str]] = []
    for number, day in enumerate(person.DAYS):
        spans = ", ".join(span.replace("-", "–") for span in hours.get(day, ()))
        if runs and runs[-1][1] == number - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], number, spans)
        elif spans:
            runs.append((number, number, spans))
    return ", ".join(
        f"{names[first].rstrip('.')} {spans}" if first == last
        else f"{names[first].rstrip('.')}–{names[last].rstrip('.')} {spans}"
        for first, last, spans in runs
    )  # fmt: skip
