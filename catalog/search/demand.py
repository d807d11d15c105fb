"""Unmet demand: what people asked for and the shop did not have, counted per day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from catalog.kernel.pages import Page, cut, read_cursor
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import text

NOTHING_FOUND, SOLD_OUT = "nothing_found", "sold_out"
_MOST_WORDS = 8
_LONGEST_NUMBER = 4  # longer ones are phone or order numbers, which do not belong into a report


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """How often one wish was not met on a day; `sku` is the piece that was sold out."""

    day: date
    locale: str
    reason: Literal["nothing_found", "sold_out"]
    query: str
    sku: str | None
    count: int
    last_at: datetime


async def note(uow: UnitOfWork, query: str, *, day: date, locale: str, reason: str, sku: str | None = None) -> None:
    """Count a wish that was not met. Words without anything to look for are not counted."""
    words = [word for word in text.words(text.fold(query)) if not (word.isdecimal() and len(word) > _LONGEST_NUMBER)]
    normal = " ".join(words[:_MOST_WORDS])
    if not normal:
        return
    await uow.execute(
        """INSERT INTO unmet_demand (shop_id, day, locale, reason, query, sku, count, last_at)
           VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
           ON CONFLICT (shop_id, day, locale, reason, query)
           DO UPDATE SET count = unmet_demand.count + 1, last_at = excluded.last_at, sku = excluded.sku""",
        uow.shop_id, day, locale, reason, normal, sku, uow.now,
    )  # fmt: skip


async def page(
    uow: UnitOfWork, *, first: date | None = None, last: date | None = None, cursor: str | None = None, limit: int = 200
) -> Page[Unmet]:
    """What was not met from the first to the last day, newest day first, the most frequent first."""
    before = read_cursor(cursor, tuple[date, int, str, str, str])
    rows = await uow.fetch(
        """SELECT day, locale, reason, query, sku, count, last_at FROM unmet_demand
           WHERE shop_id = $1 AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day <= $3)
             AND ($4::date IS NULL OR (day, count, query, locale, reason) < ($4, $5, $6, $7, $8))
           ORDER BY day DESC, count DESC, query DESC, locale DESC, reason DESC LIMIT $9""",
        uow.shop_id, first, last, *(before or (None,) * 5), limit + 1,
    )  # fmt: skip
    found = [Unmet(**dict(row)) for row in rows]
    return cut(found, limit, key=lambda each: (each.day, each.count, each.query, each.locale, each.reason))
