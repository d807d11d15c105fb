"""A shop with its settings as one frozen value, read once per revision and process."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.settings import ShopSettings


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
