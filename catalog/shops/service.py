"""Making shops, changing their settings, and the keys that speak for them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from babel.core import Locale, UnknownLocaleError

from catalog.kernel import chance
from catalog.kernel.countries import COUNTRIES
from catalog.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from catalog.kernel.ids import ShopId, new_id
from catalog.kernel.money import exponent
from catalog.kernel.secrets import fingerprint
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops import settings as forms
from catalog.shops.models import ApiKey, Shop
from catalog.shops.profile import ShopProfile
from catalog.shops.settings import ShopSettings

SCOPES = ("catalog", "orders", "conversations", "settings", "read")
_KEY_PREFIX = "sk_shop_"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_FOLDED: dict[int, str | int | None] = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks through an API key."""

    shop_id: ShopId
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        """Raises Forbidden when the key lacks the scope."""
        if scope not in self.scopes:
            raise Forbidden(
                f"this key may not do that: it lacks the scope {scope!r}; make one that has it", scope=scope
            )


def slug_of(name: str) -> str:
    """A name as part of an address: 'Linden & Loom' is 'linden-loom', 'X' is 'shop-x'."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower().translate(_FOLDED)).strip("-")[:60]
    return slug if _SLUG.fullmatch(slug) else f"shop-{slug}".rstrip("-")


async def create_shop(
    uow: UnitOfWork,
    *,
    name: str,
    currency: str,
    country: str,
    locales: Sequence[str],
    slug: str | None = None,
    settings: ShopSettings | None = None,
) -> ShopProfile:
    """A new shop; its first locale is the default. Raises Invalid for a wrong value, Conflict for a taken slug.

    The unit of work is the install's (no shop yet).
    """
    exponent(currency)
    if country not in COUNTRIES:
        raise Invalid(f"{country!r} is no ISO 3166 country; use two capitals such as DE, GB or GR", pointer="/country")
    for locale in locales:
        _check_locale(locale, "/locales")
    if not name.strip():
        raise Invalid("a shop needs a name", pointer="/name")
    if slug and not _SLUG.fullmatch(slug):
        raise Invalid(f"{slug!r} is no slug; use 2 to 63 small letters, digits and hyphens", pointer="/slug")
    if settings is not None:
        forms.check(settings, currency=currency, country=country)
    shop = Shop(
        id=new_id(), slug=slug or slug_of(name), name=name.strip(), currency=currency, country=country,
        default_locale=locales[0], locales=list(locales), settings=msgspec.to_builtins(settings or ShopSettings()),
        revision=1, catalog_revision=1, next_order_number=1001, created_at=uow.now,
    )  # fmt: skip
    taken = await uow.fetchval("SELECT 1 FROM shop WHERE slug = $1 /* all shops */", shop.slug)
    if taken:
        raise Conflict(f"the slug {shop.slug!r} is taken; choose another", slug=shop.slug)
    uow.session.add(shop)
    await uow.flush()
    return ShopProfile(
        id=shop.id, slug=shop.slug, name=shop.name, currency=currency, country=country,
        default_locale=shop.default_locale, locales=tuple(locales), settings=settings or ShopSettings(),
        revision=1, catalog_revision=1,
    )  # fmt: skip


async def find_shop(uow: UnitOfWork, slug: str) -> ShopId:
    """The shop's id by its slug. Raises NotFound."""
    found = await uow.fetchval("SELECT id FROM shop WHERE slug = $1 /* all shops */", slug)
    if found is None:
        raise NotFound(f"there is no shop {slug!r}", slug=slug)
    return ShopId(found)


async def list_shops(uow: UnitOfWork) -> list[tuple[ShopId, str, str]]:
    """(id, slug, name) of every shop of the install, oldest first."""
    rows = await uow.fetch("SELECT id, slug, name FROM shop ORDER BY created_at, id /* all shops */")
    return [(ShopId(row["id"]), row["slug"], row["name"]) for row in rows]


async def change_settings(
    uow: UnitOfWork,
    settings: ShopSettings,
    *,
    name: str | None = None,
    locales: Sequence[str] | None = None,
    expected_revision: int | None = None,
) -> ShopProfile:
    """Replace the settings; name, languages too when given. Raises Invalid, and Conflict when somebody was quicker."""
    shop = await profiles.get(uow)
    forms.check(settings, currency=shop.currency, country=shop.country)
    if name is not None and not name.strip():
        raise Invalid("a shop needs a name", pointer="/name")
    if locales is not None and not locales:
        raise Invalid("a shop speaks at least one language", pointer="/languages")
    for locale in locales or ():
        _check_locale(locale, "/languages")
    changed = await uow.execute(
        "UPDATE shop SET settings = $2, revision = revision + 1, name = coalesce($3, name),"
        " locales = coalesce($4, locales), default_locale = coalesce($5, default_locale)"
        " WHERE id = $1 /* shop_id */ AND ($6::int IS NULL OR revision = $6)",
        uow.shop_id, msgspec.json.encode(settings).decode(), name, list(locales) if locales else None,
        locales[0] if locales else None, expected_revision,
    )  # fmt: skip
    if not changed:
        raise Conflict("the shop was changed meanwhile; read it again and repeat the change", pointer="/revision")
    return await profiles.changed(uow)


async def create_key(uow: UnitOfWork, *, name: str, scopes: Sequence[str] = SCOPES) -> tuple[UUID, str]:
    """A new API key: (id, the key itself). The key is shown this once; only its hash is kept."""
    if unknown := set(scopes) - set(SCOPES):
        raise Invalid(f"unknown scope {min(unknown)!r}; there are {', '.join(SCOPES)}", pointer="/scopes")
    key = _KEY_PREFIX + chance.token(32)
    row = ApiKey(
        id=new_id(), shop_id=uow.shop_id, name=name, hint=key[: len(_KEY_PREFIX) + 4], fingerprint=fingerprint(key),
        scopes=list(scopes), created_at=uow.now, revoked_at=None,
    )  # fmt: skip
    uow.session.add(row)
    await uow.flush()
    return row.id, key


async def list_keys(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The shop's keys without the keys themselves, oldest first."""
    rows = await uow.fetch(
        "SELECT id, name, hint, scopes, created_at, revoked_at FROM api_key WHERE shop_id = $1 ORDER BY created_at, id",
        uow.shop_id,
    )
    return [dict(row) for row in rows]


async def revoke_key(uow: UnitOfWork, key_id: UUID) -> None:
    """The key stops working at once; again changes nothing. Raises NotFound."""
    changed = await uow.execute(
        "UPDATE api_key SET revoked_at = coalesce(revoked_at, $3) WHERE id = $1 AND shop_id = $2",
        key_id, uow.shop_id, uow.now,
    )  # fmt: skip
    if not changed:
        raise NotFound(f"there is no key {key_id}", key_id=str(key_id))


async def authenticate(uow: UnitOfWork, key: str) -> Caller:
    """Who the key belongs to. Raises Forbidden for an unknown or revoked one; says the same for both."""
    row = await uow.fetchrow(
        "SELECT shop_id, scopes FROM api_key WHERE fingerprint = $1 AND revoked_at IS NULL /* all shops */",
        fingerprint(key),
    )
    if row is None:
        raise Forbidden("this API key is unknown or revoked")
    return Caller(ShopId(row["shop_id"]), frozenset(row["scopes"]))


def _check_locale(locale: str, pointer: str) -> None:
    try:
        Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise Invalid(f"{locale!r} is no language; use a code such as de or en", pointer=pointer) from error
