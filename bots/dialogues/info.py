"""Facts about the shop: who and where it is, shipping, payment, returns; from its settings alone."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from babel.dates import get_day_names
from msgspec.structs import replace

from bots.conversations.memory import Pending
from bots.dialogues import orders, person, sending
from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, Text
from bots.understanding import whereto
from catalog.kernel import countries
from catalog.kernel.locale import say_date
from catalog.shops.settings import ShippingMethod
from checkout.pricing.shipping import delivery_days, serving

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading
    from checkout.carts.values import CartView

_LONGEST_IMPRINT = 600  # characters that are said whole
_NOT_PROMISED = re.compile(
    r"\b(paypal|klarna|rechnung|invoice|lastschrift|direct debit|sepa|vorkasse|prepayment|überweis\w*|bank transfer"
    r"|nachnahme|bar|bargeld|cash|rate|raten\w*|instal\w*|giropay|sofortüberweisung|twint|amex|american express"
    r"|after ?pay|bitcoin|krypto\w*|crypto\w*)\b",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"\b(bezahlt|angekommen|eingegangen|durch|geklappt|abgebucht|abbuchung|abgezogen|belastet|eingezogen"
    r"|paid|(?:gone|go|come|came) through|received|charged|debited|deducted)\b",
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"\b(?:abgelehnt|fehlgeschlagen|abgebrochen|gescheitert|declined|rejected|refused|failed|fails)\b"
    r"|^(?=.*\b(?:geht|gehen|ging|klappt\w*|funktionier\w*|lädt|öffnet|tut|work\w*|open\w*|load\w*|go\w* through)\b)"
    r"(?=.*\b(?:link|\w*seite|zahlung|bezahlung|\w*link|\w*page|payment)\b)"
    r".*\b(?:nicht|net|ned|nich|not|doesn'?t|won'?t|isn'?t|didn'?t|can'?t)\b",
    re.IGNORECASE | re.DOTALL,
)
_TWICE = re.compile(r"\b(?:doppelt|zwei ?mal|2 ?mal|2x|twice|double|two times)\b", re.IGNORECASE)
_SAFE = re.compile(
    r"\b(?:sicher\w*|seriös\w*|vertrau\w*|trau\w*|verschlüsselt|betrug|safe|secure|legit|scam|trust\w*|encrypted)\b",
    re.IGNORECASE,
)
# 'ab wann ist der Versand frei' asks for a sum.
_WHEN = re.compile(
    r"(?<!\bab )\b(?:wann|when|how soon)\b"
    r"|\b(?:bis|by|before|vor) (?:zum )?(?:\w+tag|mittwoch|wochenende|weihnachten|morgen|übermorgen|heute"
    r"|\w+day|tomorrow|the weekend|christmas)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\b(?:fehl\w*|(?:wie ?viel|was) (?:\w+ )*noch|how much (?:more|else)|short of|away from|missing|need to spend)\b",
    re.IGNORECASE,
)
_FAULTY = re.compile(
    r"\b(?:garantie\w*|gewährleistung\w*|kaputt\w*|defekt\w*|mangel\w*|mängel|warranty|guarantee\w*|broken|faulty|defect\w*)\b",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(
    r"\b(?:zwei|drei|vier|mehrere|mehreren|verschiedene|verschiedenen|unterschiedliche|unterschiedlichen|getrennte"
    r"|two|three|four|several|multiple|different|separate)\s(?:\w+\s)?(?:adressen|anschriften|addresses)\b",
    re.IGNORECASE,
)


async def shipping(turn: "Turn", reading: "Reading", text: str) -> None:
    """Every shipping method with its price, days and threshold, and for a cart the choice of one.

    To a country that is named, those that go there. Without any, that the team arranges it; so with wrapping as a gift.
    """
    if one_address(turn, text):
        return
    asked = turn.memory.pending
    if asked is not None and asked.ask.startswith("return_"):  # `muss ich das Porto zahlen?`
        await return_policy(turn, reading, text)
        return
    ways = turn.shop.settings.shipping
    if reading.field == "gift_wrap":
        _by_the_team(turn, turn.say("shipping.gift_wrap"))
        return
    if not ways:
        _by_the_team(turn, turn.say("shipping.unset"))
        return
    country = whereto.country(text)
    if country is None and whereto.place(text) is not None and len(_served(ways)) != 1:
        turn.memory = replace(turn.memory, pending=Pending("country", data={"asked": text}))
        turn.reply(Text(text=turn.say("shipping.which_country")))
        return
    asks_when = _WHEN.search(text) is not None or (country is not None and whereto.how_long(text))
    await _tell_ways(turn, text, country or (await sending.home(turn) if asks_when else None), asks_when=asks_when)


async def to_country(turn: "Turn", text: str) -> bool:
    """The answer to 'to which country?'; False when the words are something else."""
    pending = turn.memory.pending
    country = whereto.country(text)
    if pending is None or country is None:
        return False
    turn.memory = replace(turn.memory, pending=None)
    asked = pending.data.get("asked", "")
    await _tell_ways(turn, asked, country, asks_when=_WHEN.search(asked) is not None or whereto.how_long(asked))
    return True


def _served(ways: Sequence[ShippingMethod]) -> frozenset[str]:
    """The countries that the shop sends to; none where a way goes everywhere."""
    everywhere = any(not way.countries for way in ways)
    return frozenset() if everywhere else frozenset(country for way in ways for country in way.countries)


async def _tell_ways(turn: "Turn", asked: str, country: str | None, *, asks_when: bool) -> None:
    ways = turn.shop.settings.shipping
    methods = ways if country is None else serving(ways, country)
    if country is not None and not methods:
        _by_the_team(turn, turn.say("shipping.not_there", country=countries.name(country, turn.locale)))
        return
    lines = _days(turn, methods) if asks_when else _prices(turn, methods)
    if _SHORT.search(asked):
        lines = _short_of(turn, methods, await turn.cart()) or lines
    options = tuple(
        Action(id=action_id("ship", way.code), title=turn.shop.text(way.name, turn.locale))
        for way in await sending.ways(turn)
    )
    turn.reply(Text(text="\n".join(lines), actions=options))


def _prices(turn: "Turn", methods: Sequence[ShippingMethod]) -> list[str]:
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
    return lines


def _short_of(turn: "Turn", methods: Sequence[ShippingMethod], cart: "CartView") -> list[str]:
    """What a cart lacks for each method that is free from a sum on."""
    if cart.is_empty:
        return []
    worth = cart.totals.items - cart.totals.discount
    return [
        turn.say(
            "shipping.to_free", name=turn.shop.text(method.name, turn.locale),
            amount=(method.free_from - worth).format(turn.locale),
        )
        for method in methods if method.free_from is not None and method.free_from > worth
    ]  # fmt: skip


def _days(turn: "Turn", methods: Sequence[ShippingMethod]) -> list[str]:
    """The day by which each method brings what is ordered today."""
    today = turn.local(turn.now).date()
    return [
        turn.say(
            "shipping.by_day",
            name=turn.shop.text(method.name, turn.locale),
            day=say_date(delivery_days(today, method.days)[1], turn.locale, weekday=True),
        )
        for method in methods
    ]


def one_address(turn: "Turn", text: str) -> bool:
    """Say that an order goes to one address where somebody asks for several; False where nobody does."""
    if not _ADDRESSES.search(text):
        return False
    turn.reply(Text(text=turn.say("order.one_address")))
    return True


def _by_the_team(turn: "Turn", words: str) -> None:
    turn.reply(Text(text=words, actions=(Action(id="human", title=turn.say("action.human")),)))


async def payment(turn: "Turn", _reading: "Reading", text: str) -> None:
    """Whether it is paid, when that is asked; else how one can pay. The payment page alone knows of other means.

    What was taken twice is for a person to look at; after a payment that failed comes the way to try again.
    """
    if _PAID.search(text) and _TWICE.search(text):
        person.hand_over(turn, "complaint", key="complaint.sorry")
    elif _FAILS.search(text):
        await orders.paid(turn, else_say="pay.failed")
    elif _PAID.search(text):
        await orders.paid(turn)
    elif _SAFE.search(text):
        turn.reply(Text(text=turn.say("pay.safe")))
    else:
        _methods(turn, text)


def _methods(turn: "Turn", text: str) -> None:
    if _NOT_PROMISED.search(text):
        _by_the_team(turn, f"{turn.say('pay.not_promised')}\n{turn.say('pay.methods')}")
    else:
        turn.reply(Text(text=turn.say("pay.methods")))


async def return_policy(turn: "Turn", _reading: "Reading", text: str) -> None:
    """The right of withdrawal, how to use it here, where goods go back to; and that faulty goods have more rights."""
    returns = turn.shop.settings.returns
    said = [turn.say("return.policy", days=returns.days), turn.shop.text(returns.note, turn.locale)]
    said += [turn.say("return.whereto", address=returns.address)] if returns.address else []
    if _FAULTY.search(text):
        _by_the_team(turn, "\n".join([turn.say("return.defects"), *(part for part in said if part)]))
        return
    turn.reply(Text(text="\n".join(part for part in said if part)))


def about_shop(turn: "Turn") -> None:
    """Who, where and when: the shop is this chat; address, e-mail and phone are those of its imprint."""
    hours, legal = turn.shop.settings.hours, turn.shop.settings.legal
    imprint = turn.shop.text(legal.imprint, turn.locale)
    told = _lines(imprint) if len(imprint) <= _LONGEST_IMPRINT else []
    told = told or [part for part in (legal.company, legal.email) if part]
    lines = [turn.say("shop.here", shop=turn.shop.name), *(told or [turn.say("shop.no_contact")])]
    if imprint:
        url = f"{turn.desk.public_url}/legal/{turn.shop.slug}/imprint"
        lines.append(turn.say("shop.imprint", url=url))
    if hours:
        lines.append(turn.say("shop.hours", hours=_hours_in_words(hours, turn.locale)))
    _by_the_team(turn, "\n".join(lines))


def _lines(imprint: str) -> list[str]:
    """A legal text without its headings."""
    return [line.strip() for line in imprint.splitlines() if line.strip() and not line.startswith("#")]


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
