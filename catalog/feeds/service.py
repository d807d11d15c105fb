"""The shop's feed in one dialect and form, as pieces of bytes."""

from collections.abc import AsyncIterator

from catalog.feeds.formats import DIALECTS, Addresses, as_csv, as_xml
from catalog.feeds.offers import Available, Opened, offers
from catalog.kernel.errors import NotFound
from catalog.shops import profile as profiles

CONTENT_TYPES = {"csv": "text/csv", "xml": "application/rss+xml"}  # UTF-8


async def feed(
    opened: Opened, *, dialect: str, form: str, locale: str, addresses: Addresses, available: Available
) -> AsyncIterator[bytes]:
    """The feed of all that is on sale. Raises NotFound for a dialect or form that we do not have."""
    _check(dialect, form)
    async with opened() as uow:
        shop = await profiles.get(uow)
    found = offers(opened, locale=shop.locale(locale), available=available)
    if form == "csv":
        return as_csv(found, DIALECTS[dialect], addresses)
    return as_xml(found, DIALECTS[dialect], addresses, title=shop.name)


def _check(dialect: str, form: str) -> None:
    """Raise NotFound, naming what there is, for a dialect or form that we do not have."""
    if dialect not in DIALECTS or form not in CONTENT_TYPES:
        raise NotFound(f"there is no feed {dialect}.{form}; there are google and meta, as csv and xml", feed=dialect)
