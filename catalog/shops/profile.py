"""A shop's settings as one frozen value, read once per revision and process.

`ShopSettings` is also the form of the API's `/api/v1/shop`: field names are the contract.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork

Texts = dict[str, str]
_LONGEST_HOLD_MINUTES = 7 * 24 * 60
_MOST_RETURN_DAYS = 3650
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]?\d|2[0-3]):[0-5]\d-(([01]?\d|2[0-3]):[0-5]\d|24:00)")


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Who speaks for the shop. The greeting discloses that it is a bot (EU AI Act, Art. 50)."""

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

    days: int = 14
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


class ShopProfile(msgspec.Struct, frozen=True, kw_only=True):
    """A shop as the rest of the house sees it."""

    id: UUID
    slug: str
    name: str
    currency: str
    country: str
    default_locale: str
    locales: tuple[str, ...]
    settings: ShopSettings
    revision: int
    catalog_revision: int

    def locale(self, wanted: str | None) -> str:
        """The best of the shop's languages for a wanted one ('en-GB' finds 'en'), else its default."""
        for candidate in (wanted, (wanted or "").replace("_", "-").split("-")[0]):
            if candidate and candidate in self.locales:
                return candidate
        return self.default_locale

    def text(self, texts: Mapping[str, str], locale: str) -> str:
        """A text in the locale, else in the default language, else in any, else empty."""
        return texts.get(locale) or texts.get(self.default_locale) or next(iter(texts.values()), "")

    def day(self, moment: datetime) -> date:
        """The day that it is where the shop is."""
        return moment.astimezone(ZoneInfo(self.settings.timezone)).date()

    @property
    def order_prefix(self) -> str:
        """What order numbers begin with: set by the merchant, else the shop's initial."""
        return self.settings.order_prefix or self.name[:1].upper()


_COLUMNS = "id, slug, name, currency, country, default_locale, locales, settings, revision, catalog_revision"
_cache: dict[UUID, ShopProfile] = {}
_settings = msgspec.json.Decoder(ShopSettings)


def read_settings(values: dict[str, Any]) -> ShopSettings:
    """Settings from JSON values. Raises Invalid that points at the field."""
    try:
        settings = msgspec.convert(values, ShopSettings)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$")
        pointer = "/" + path.rstrip("`").strip(".").replace(".", "/").replace("[", "/").replace("]", "")
        raise Invalid(sentence, pointer=pointer) from error
    _check(settings)
    return settings


def _check(settings: ShopSettings) -> None:
    """What a form cannot say, and a conversation would stumble over."""
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(
            f"{settings.timezone!r} is no time zone; give one as Europe/Berlin", pointer="/timezone"
        ) from error
    if not 1 <= settings.hold_minutes <= _LONGEST_HOLD_MINUTES:
        raise Invalid(f"goods are held for 1 to {_LONGEST_HOLD_MINUTES} minutes", pointer="/hold_minutes")
    if not 0 <= settings.returns.days <= _MOST_RETURN_DAYS:
        raise Invalid(f"goods come back within 0 to {_MOST_RETURN_DAYS} days", pointer="/returns/days")
    for day, spans in settings.hours.items():
        if day not in _WEEKDAYS:
            raise Invalid(f"{day!r} is no weekday; there are {', '.join(_WEEKDAYS)}", pointer="/hours")
        for index, span in enumerate(spans):
            if not _SPAN.fullmatch(span):
                raise Invalid(f"{span!r} are no hours; write them as 09:00-18:00", pointer=f"/hours/{day}/{index}")


async def get(uow: UnitOfWork) -> ShopProfile:
    """The profile of this transaction's shop, from the cache when its revisions are still right."""
    return await _present(uow, "SELECT revision, catalog_revision FROM shop WHERE id = $1 /* shop_id */")


async def lock(uow: UnitOfWork) -> ShopProfile:
    """The same for whoever changes a part of it: nobody else changes another before this transaction ends."""
    return await _present(
        uow, "SELECT revision, catalog_revision FROM shop WHERE id = $1 /* shop_id */ FOR NO KEY UPDATE"
    )


async def _present(uow: UnitOfWork, revisions: str) -> ShopProfile:
    row = await uow.fetchrow(revisions, uow.shop_id)
    if row is None:
        raise NotFound("this shop does not exist any more", shop_id=str(uow.shop_id))
    return await at_revision(uow, row["revision"], row["catalog_revision"])


async def at_revision(uow: UnitOfWork, revision: int, catalog_revision: int) -> ShopProfile:
    """The profile, when the caller's own query has just read both revisions."""
    cached = _cache.get(uow.shop_id)
    if cached is not None and (cached.revision, cached.catalog_revision) == (revision, catalog_revision):
        return cached
    profile = _cache[uow.shop_id] = await changed(uow)
    return profile


async def changed(uow: UnitOfWork) -> ShopProfile:
    """The profile as this transaction has just changed it: kept by nobody, as the transaction may yet roll back."""
    row = await uow.fetchrow(f"SELECT {_COLUMNS} FROM shop WHERE id = $1 /* shop_id */", uow.shop_id)  # noqa: S608 - constant
    if row is None:
        raise NotFound("this shop does not exist any more", shop_id=str(uow.shop_id))
    return ShopProfile(**{**dict(row), "locales": tuple(row["locales"]), "settings": _settings.decode(row["settings"])})
