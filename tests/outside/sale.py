"""The first minute of journeys.md and what follows, said through any channel: the same facts in two languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.outside import payer
from tests.outside.demo import Demo, eventually
from tests.outside.people import Bubble, Person

_PAY_LINK = re.compile(r"/p/[\w-]+$")
_MOST_BUBBLES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the shopper says, and what must be read in the answers."""

    hello: str
    intro: str
    look: str
    two: str
    two_told: str
    fewer: str
    fewer_told: str
    yes: str
    where: str
    address: str
    summary: str
    button: str
    thanks: str
    shipped: str
    too_wide: str
    too_wide_told: str
    give_back: str
    approved: str
    refunded: str


# German and English, side by side.
_SAID: Mapping[str, tuple[str, str]] = {
    "hello": ("Hey Charles 👋 (#LB7)", "Hey Charles 👋 I like this (#LB7)"),
    "intro": (r"ich bin Charles, der Shop-Bot.*Mensch", r"I'm Charles, the shop bot.*human"),
    "look": (
        r"1\W+Basic-Tee grau 24,90 €.*2\W+Chino 59,90 €.*3\W+Overshirt 79,90 €.*4\W+Gürtel \(ausverkauft\)",
        r"1\W+Basic Tee gr[ae]y €24\.90.*2\W+Chinos? €59\.90.*3\W+Overshirt €79\.90.*4\W+.*Belt \(sold out\)",
    ),
    "two": ("die 1 in m, zwei", "number 1 in m, two of them please"),
    "two_told": (
        r"2 × Basic-Tee grau, M: \W*49,80 €\W* inkl\. MwSt\. Ich halte sie dir bis \d\d:\d\d",
        r"2 × Basic Tee gr[ae]y, M: \W*€49\.80\W* incl\. VAT\. .*until \d",
    ),
    "fewer": ("doch nur eins. und die hose in 32", "actually just one. and the trousers in 32"),
    "fewer_told": (
        r"1 × Basic-Tee grau, M 24,90 € · 1 × Chino, 32/32 59,90 € = \W*84,80 €\W*, Versand 0 €.*Länge 32 ok\?",
        r"1 × Basic Tee gr[ae]y, M €24\.90 · 1 × Chinos?, 32/32 €59\.90 = \W*€84\.80\W*.*€0.*Length 32 ok",
    ),
    "yes": ("Ja", "yes"),
    "where": (r"Wohin\?", r"Where to\?"),
    "address": ("lindenstr 5, 10969 berlin", "lindenstr 5, 10969 berlin"),
    "summary": (
        r"Lindenstraße 5, 10969 Berlin, Lieferung bis .*84,80 €\W* \(darin 13,54 € MwSt\.\), 14 Tage Widerruf",
        r"Lindenstraße 5, 10969 Berlin.*€84\.80\W* \(incl\. €13\.54 VAT\), 14 days",
    ),
    "button": ("bestellen", "Order and pay"),
    "thanks": (r"Danke, bezahlt ✅ Bestellung \W*(K-\d+)\W*, Beleg: .*doch nicht", r"Thank.*paid ✅ Order \W*K-\d+"),
    "shipped": (r"Dein Paket zu \W*K-\d+\W* ist unterwegs", r"Your parcel .*K-\d+\W* is on its way"),
    "too_wide": ("die hose ist zu weit", "the trousers are too wide"),
    "too_wide_told": (
        r"tut mir leid\. Chino,? 32/32 aus \W*K-\d+\W*\?.*Rückgabe möglich bis",
        r"sorry.*Chinos?,? 32/32 from \W*K-\d+",
    ),
    "give_back": ("Zurückgeben", "Return"),
    "approved": (r"Rückgabe zu \W*K-\d+\W* ist bestätigt", r"K-\d+.* (is )?(approved|confirmed)"),
    "refunded": (r"59,90 € zu \W*K-\d+\W* sind zurück", r"€59\.90"),
}
GERMAN, ENGLISH = (Words(**{name: said[place] for name, said in _SAID.items()}) for place in (0, 1))


def first_minute(demo: Demo, jana: Person, words: Words) -> Any:  # noqa: ANN401 - JSON
    """Hello to paid; the order. Every step's facts, two bubbles at most and one question are held."""
    intro, look = _two(jana.say(words.hello))
    says(intro, words.intro)
    says(look, words.look)
    assert look.picture
    says(_last(jana.say(words.two)), words.two_told)
    says(_last(jana.say(words.fewer)), words.fewer_told)
    says(_last(jana.say(words.yes)), words.where)
    summary = jana.say(words.address)
    says(_last(summary), words.summary)
    assert words.button in _last(summary).words
    page = payer.look(link_in(summary))
    assert re.search(r"84[,.]80", page.text)
    assert re.search(r"13[,.]54", page.text)
    payment = payer.order(page, **{name: given for name, given in _PAYER.items() if name in page.asked})
    back = payer.pay(payment)
    assert back.is_success
    thanks = jana.hears(words.thanks)
    number = re.search(r"K-\d+", thanks.words)
    assert number is not None
    order = _order_numbered(demo, number[0])
    assert (order["state"], order["totals"]["total"]["minor"], order["totals"]["tax"]["minor"]) == ("paid", 8480, 1354)
    assert [one["state"] for one in order["payments"]] == ["captured"]
    assert [one["type"] for one in order["events"]].count("paid") == 1
    return order


def ship(demo: Demo, order: Any) -> None:  # noqa: ANN401 - JSON
    """Everything in one parcel."""
    demo.post(f"/orders/{order['id']}/fulfilments", {"carrier": "DHL", "tracking_code": "00340434161094042557"})
    assert demo.order(order["id"])["state"] == "fulfilled"


def sent_back(demo: Demo, jana: Person, order: Any, words: Words) -> None:  # noqa: ANN401 - JSON
    """The trousers are too wide: a week later they go back, and the money with them."""
    trousers = next(line for line in order["lines"] if line["unit_price"]["minor"] == 5990)
    stock = demo.get(f"/stock/{trousers['sku']}")["on_hand"]
    demo.advance(days=7)
    asked = _last(jana.say(words.too_wide))
    says(asked, words.too_wide_told)
    assert words.give_back in asked.taps, asked.taps
    jana.tap(words.give_back)
    wanted = next(one for one in demo.all("/returns") if one["order_id"] == order["id"])
    assert [(line["sku"], line["quantity"]) for line in wanted["lines"]] == [(trousers["sku"], 1)]
    demo.post(f"/returns/{wanted['id']}/approve")
    jana.hears(words.approved)
    demo.post(f"/returns/{wanted['id']}/receive")
    jana.hears(words.refunded)
    done = eventually(lambda: _refunded(demo, order["id"]), what="the refund")
    assert [(one["amount"]["minor"], one["state"]) for one in done["refunds"]] == [(5990, "succeeded")]
    eventually(lambda: demo.get(f"/returns/{wanted['id']}")["state"] in {"refunded", "closed"}, what="the return's end")
    assert demo.get(f"/stock/{trousers['sku']}")["on_hand"] == stock + 1
    demo.api.post(f"/returns/{wanted['id']}/receive")
    assert demo.get(f"/stock/{trousers['sku']}")["on_hand"] == stock + 1
    assert len(demo.order(order["id"])["refunds"]) == 1


def says(bubble: Bubble, pattern: str) -> None:
    """The bubble's words match."""
    assert re.search(pattern, bubble.words.replace("\xa0", " "), re.DOTALL | re.IGNORECASE), bubble.words


def link_in(bubbles: Sequence[Bubble]) -> str:
    """The payment link."""
    return next(link for bubble in bubbles for link in bubble.links if _PAY_LINK.search(link))


def sku_of(demo: Demo, handle: str, **options: str) -> str:
    """The SKU of a variant."""
    found = next(one for one in demo.all("/products") if one["handle"] == handle)
    return str(next(one["sku"] for one in found["variants"] if one["options"].items() >= options.items()))


def _last(bubbles: Sequence[Bubble]) -> Bubble:
    assert 0 < len(bubbles) <= _MOST_BUBBLES, [bubble.words for bubble in bubbles]
    assert sum(bubble.words.count("?") for bubble in bubbles) <= 1, [bubble.words for bubble in bubbles]
    return bubbles[-1]


def _two(bubbles: Sequence[Bubble]) -> tuple[Bubble, Bubble]:
    _last(bubbles)
    first, second = bubbles
    return first, second


def _order_numbered(demo: Demo, number: str) -> Any:  # noqa: ANN401 - JSON
    listed = next(one for one in demo.all("/orders") if one["number"] == number)
    return demo.order(listed["id"])


def _refunded(demo: Demo, order_id: str) -> Any:  # noqa: ANN401 - JSON
    order = demo.order(order_id)
    return order if order["refunds"] and order["refunds"][0]["state"] == "succeeded" else None


_PAYER = {"name": "Jana Muster", "email": "jana@example.org"}
