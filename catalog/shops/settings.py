"""What a merchant sets about the shop: its form, and what a conversation or an order would stumble over.

`ShopSettings` is also the form of the API's `/api/v1/shop`: field names are the contract.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from catalog.kernel.countries import COUNTRIES, EU
from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money

Texts = dict[str, str]
LEGAL_RETURN_DAYS = 14
_MOST_RETURN_DAYS = 3650
_LONGEST_HOLD_MINUTES = 7 * 24 * 60
_LONGEST_PREFIX = 10
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_GREETING_KNOWS = {"{name}", "{privacy}", "{shop}"}
_SPAN = re.compile(r"((?:[01]?\d|2[0-3]):[0-5]\d)-((?:[01]?\d|2[0-3]):[0-5]\d|24:00)")

# Where consumers may withdraw so long: Directive 2011/83 Art. 9 (EU, EEA), UK Consumer Contracts Regulations 2013.
_WITHDRAWAL = EU | {"GB", "IS", "LI", "NO"}


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Who speaks for the shop. `greeting` knows {name}, {shop} and {privacy}, the address of the privacy notice.

    That a bot speaks (EU AI Act, Art. 50) and the privacy notice are told with it where it leaves them out.
    """

    name: str = "Charles"
    greeting: Texts = {}


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """`oss`: the destination's VAT rate applies inside the EU; off: the shop's country's."""

    oss: bool = False


class ShippingMethod(msgspec.Struct, frozen=True, kw_only=True):
    """A way to send: gross price, free from a cart value on, countries served (ISO 3166), days from and to."""

    code: str
    name: Texts
    price: Money
    free_from: Money | None = None
    countries: tuple[str, ...] = ()
    days: tuple[int, int] = (2, 4)


class Returns(msgspec.Struct, frozen=True, kw_only=True):
    """Days of withdrawal (never under 14 for consumers in the EU, Directive 2011/83) and where to send."""

    days: int = LEGAL_RETURN_DAYS
    address: str = ""
    note: Texts = {}


class Legal(msgspec.Struct, frozen=True, kw_only=True):
    """Legal texts and links by language."""

    company: str = ""
    email: str = ""
    terms: Texts = {}
    privacy: Texts = {}
    withdrawal: Texts = {}
    imprint: Texts = {}


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """When a language model reads: set together with its account (bots/understanding/model/accounts.py)."""

    use: Literal["never", "below_threshold", "all"] = "never"


class ShopSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that a merchant sets about the shop itself."""

    persona: Persona = Persona()
    tax: Tax = Tax()
    shipping: tuple[ShippingMethod, ...] = ()
    returns: Returns = Returns()
    hours: dict[str, list[str]] = {}  # weekday "mon"… to ["09:00-18:00"], in the shop's time zone
    timezone: str = "Europe/Berlin"
    legal: Legal = Legal()
    order_prefix: str = ""
    hold_minutes: int = 45
    model: Model = Model()


def read_settings(values: dict[str, Any]) -> ShopSettings:
    """Settings from JSON values. Raises Invalid that points at the field; `check` looks at what they say."""
    try:
        settings = msgspec.convert(values, ShopSettings)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        pointer = "/" + path.rstrip("`").strip(".").replace(".", "/").replace("[", "/").replace("]", "")
        raise Invalid(sentence, pointer=pointer) from error
    _refuse_unknown(values, msgspec.to_builtins(settings), "")
    return settings


def check(settings: ShopSettings, *, currency: str, country: str) -> None:
    """Raises Invalid that points at what would make a shop of this currency and country fail later."""
    for pointer, fault in _faults(settings, currency, country):
        raise Invalid(fault, pointer=pointer)


def _refuse_unknown(given: object, read: object, pointer: str) -> None:
    """Fields that were sent and are not among what was read of them: a slip that would pass in silence."""
    if isinstance(given, dict) and isinstance(read, dict):
        for name, value in given.items():
            if name not in read:
                raise Invalid(
                    f"there is no field {name!r} here; there are {', '.join(read)}", pointer=f"{pointer}/{name}"
                )
            _refuse_unknown(value, read[name], f"{pointer}/{name}")
    elif isinstance(given, list) and isinstance(read, list | tuple):
        for index, (sent, taken) in enumerate(zip(given, read, strict=False)):
            _refuse_unknown(sent, taken, f"{pointer}/{index}")


def _faults(settings: ShopSettings, currency: str, country: str) -> Iterator[tuple[str, str]]:
    """(Pointer, sentence) of each thing that is wrong."""
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "/timezone", f"{settings.timezone!r} is no time zone; give one as Europe/Berlin"
    if not 1 <= settings.hold_minutes <= _LONGEST_HOLD_MINUTES:
        yield "/hold_minutes", f"goods are held for 1 to {_LONGEST_HOLD_MINUTES} minutes"
    if not settings.persona.name.strip():
        yield "/persona/name", "whoever speaks for the shop needs a name"
    yield from _greeting_faults(settings.persona.greeting)
    if len(settings.order_prefix) > _LONGEST_PREFIX or not settings.order_prefix.isprintable():
        yield "/order_prefix", f"order numbers begin with at most {_LONGEST_PREFIX} plain characters"
    if settings.legal.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", settings.legal.email):
        yield "/legal/email", f"{settings.legal.email!r} is no e-mail address"
    yield from _return_faults(settings.returns, country)
    yield from _hour_faults(settings.hours)
    yield from _shipping_faults(settings.shipping, currency)


def _greeting_faults(greeting: Texts) -> Iterator[tuple[str, str]]:
    for locale, words in greeting.items():
        for unknown in sorted({*_PLACEHOLDER.findall(words)} - _GREETING_KNOWS):
            known = ", ".join(sorted(_GREETING_KNOWS))
            yield f"/persona/greeting/{locale}", f"{unknown} stands for nothing; there are {known}"


def _return_faults(returns: Returns, country: str) -> Iterator[tuple[str, str]]:
    least = LEGAL_RETURN_DAYS if country in _WITHDRAWAL else 0
    if not least <= returns.days <= _MOST_RETURN_DAYS:
        yield "/returns/days", f"goods come back within {least} to {_MOST_RETURN_DAYS} days"


def _hour_faults(hours: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for day, spans in hours.items():
        if day not in _WEEKDAYS:
            yield "/hours", f"{day!r} is no weekday; there are {', '.join(_WEEKDAYS)}"
        for index, span in enumerate(spans):
            found = _SPAN.fullmatch(span)
            if found is None or found[1].zfill(5) >= found[2].zfill(5):
                yield f"/hours/{day}/{index}", f"{span!r} are no hours; write them as 09:00-18:00"


def _shipping_faults(methods: tuple[ShippingMethod, ...], currency: str) -> Iterator[tuple[str, str]]:
    codes = Counter(method.code for method in methods)
    for index, method in enumerate(methods):
        here = f"/shipping/{index}"
        if not method.code.strip() or codes[method.code] > 1:
            yield f"{here}/code", f"{method.code!r} is empty, or two ways of shipping have it"
        if not any(text.strip() for text in method.name.values()):
            yield f"{here}/name", "a way of shipping needs a name in the shop's language"
        for field, amount in (("price", method.price), ("free_from", method.free_from)):
            if amount is not None and amount.currency != currency:
                yield f"{here}/{field}/currency", f"this shop sells in {currency}, not in {amount.currency}"
            if amount is not None and amount.minor < 0:
                yield f"{here}/{field}/minor", "this cannot be less than nothing"
        for at, country in enumerate(method.countries):
            if country not in COUNTRIES:
                yield f"{here}/countries/{at}", f"{country!r} is no ISO 3166 country; use two capitals such as DE or GB"
        if not 0 <= method.days[0] <= method.days[1]:
            yield f"{here}/days", "give the fewest days first, then the most: [2, 4]"
