"""Search: understand the words, find candidates by full text, rank the best of them by all that is known of them.

The ranking is BM25's idea with PostgreSQL's means: a word's weight by its field, less for every repetition and in
longer fields; an exact phrase is lifted; what is only an accessory of the thing asked for stands back. Equal scores:
the older product first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asyncpg import Record

from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import query, spelling, text
from catalog.search.query import Group
from catalog.search.values import (
    NEWEST,
    NOTHING,
    PRICE_ASC,
    PRICE_DESC,
    RELEVANCE,
    SORTS,
    Facets,
    Filters,
    Hit,
    SearchPage,
)
from catalog.search.vocabulary import ACCESSORIES
from catalog.shops import profile as profiles

MAX_LIMIT = 100
_CANDIDATES = 300
_MOST_IN_TEXTS = 2000
_ENOUGH = 30  # fewer matches in titles and labels: attributes and descriptions are looked into as well
_TOP_FACETS = 30
_HIGHEST = 2**62

# $1 shop, $2 language, $3 its configuration, $4 any word, $5 words asked for, $6 to $12 filters, $13 all words,
# $14 tenant, $15 the phrase. Weights are tuned on several catalogues; x / (x + 1.2) is BM25's saturation.
_WORDS = """
    SELECT to_tsquery($3::regconfig, $4) || to_tsquery('simple', $4) AS any_word,
           (to_tsquery($3::regconfig, $13) || to_tsquery('simple', $13)) && $14::tsquery AS wanted,
           tsvector_to_array(to_tsvector($3::regconfig, $5)) AS asked"""
_FILTERS = """
    AND ($6::text IS NULL OR d.category_path = $6 OR starts_with(d.category_path, $6 || '/'))
    AND ($7::text[] IS NULL OR d.colours && $7) AND ($8::text[] IS NULL OR d.sizes && $8)
    AND ($9::text[] IS NULL OR d.brand = ANY($9))
    AND ($10::bigint IS NULL OR d.price_minor >= $10) AND ($11::bigint IS NULL OR d.price_minor <= $11)
    AND (NOT $12 OR d.reduced)"""
_LEAD = "(2 * ts_rank('{0,0,0,1}', d.lead, w.any_word) / d.title_norm + ts_rank('{0,0,1,0}', d.lead, w.any_word))"
_STEP_BACK = "CASE WHEN cardinality(d.accessories) > 0 AND NOT d.accessories && w.asked THEN 0.7 ELSE 1 END"
_COLUMNS = "d.product_id, d.handle, d.title, d.accessories, d.category_path, d.brand, d.colours, d.sizes, d.price_minor"
_ORDER = {
    RELEVANCE: "score DESC, product_id",
    PRICE_ASC: "price_minor, score DESC, product_id",
    PRICE_DESC: "price_minor DESC, score DESC, product_id",
    NEWEST: "product_id DESC",
}


def _in_lead(sort: str) -> str:
    """Matches in titles and labels, the best by these alone."""
    return f"""
    SELECT {_COLUMNS}, {_LEAD} AS lead_rank, {_LEAD} * {_STEP_BACK} AS score, count(*) OVER () AS total
    FROM search_document d, words w
    WHERE d.shop_id = $1 AND d.locale = $2 AND d.lead @@ w.wanted {_FILTERS}
    ORDER BY {_ORDER[sort]} LIMIT {_CANDIDATES}"""  # noqa: S608 - constants only


def _in_text(sort: str) -> str:
    """Matches anywhere. There are never so many that the best could be missed, else titles would have had enough."""
    return f"""
    SELECT {_COLUMNS}, {_LEAD} AS lead_rank, 0 AS score, count(*) OVER () AS total
    FROM search_text b JOIN search_document d USING (shop_id, locale, product_id), words w
    WHERE b.shop_id = $1 AND b.locale = $2 AND b.body @@ w.wanted {_FILTERS}
    ORDER BY {_ORDER[sort].replace("score DESC", "lead_rank DESC")} LIMIT {_MOST_IN_TEXTS}"""  # noqa: S608 - constants only


def _ranked(candidates: str, sort: str) -> str:
    return f"""
    WITH words AS MATERIALIZED ({_WORDS}), d AS MATERIALIZED ({candidates}),
    e AS (SELECT d.*, d.lead_rank + 0.2 * ts_rank('{{0,1,0,0}}', b.body, w.any_word) / b.facts_norm
                      + 2 * ts_rank('{{1,0,0,0}}', b.body, w.any_word) / b.prose_norm AS x,
                 (strpos(' ' || d.title || ' ', ' ' || $15 || ' ') > 0)::int AS phrase
          FROM d JOIN search_text b ON b.shop_id = $1 AND b.locale = $2 AND b.product_id = d.product_id, words w)
    SELECT product_id, handle, category_path, brand, colours, sizes, price_minor, total,
           x / (x + 1.2) * (1 + 0.1 * phrase + 0.05 * similarity(title, $15))
               * {_STEP_BACK.replace("d.", "e.")} AS score
    FROM e, words w ORDER BY {_ORDER[sort]}"""  # noqa: S608 - constants only


_BY_LEAD = {sort: _ranked(_in_lead(sort), sort) for sort in SORTS}
_BY_TEXT = {sort: _ranked(_in_text(sort), sort) for sort in SORTS}
_BROWSE = {
    sort: f"""
    SELECT {_COLUMNS}, 0 AS score, count(*) OVER () AS total FROM search_document d
    WHERE d.shop_id = $1 AND d.locale = $2 AND $3::text IS NOT NULL AND $4::text IS NOT NULL AND $5::text IS NOT NULL
    {_FILTERS} ORDER BY {order.replace("score DESC, ", "")} LIMIT {_CANDIDATES}"""  # noqa: S608 - constants only
    for sort, order in {**_ORDER, RELEVANCE: _ORDER[NEWEST]}.items()
}


@dataclass(frozen=True, slots=True)
class _Asked:
    locale: str
    groups: tuple[Group, ...]
    words: tuple[str, ...]
    filters: Filters
    sort: str


async def search(
    uow: UnitOfWork,
    q: str,
    *,
    locale: str,
    limit: int = 20,
    filters: Filters | None = None,
    sort: str = RELEVANCE,
) -> SearchPage:
    """The active products that suit the words best; without words, those that pass the filters, newest first.

    Every word is wanted; when no product has all of them, products with some of them are found. Raises Invalid for an
    unknown `sort`.
    """
    if sort not in SORTS:
        raise Invalid(f"sort is one of {', '.join(SORTS)}", pointer="/sort", value=sort)
    spoken = (await profiles.get(uow)).locale(locale)
    chosen = filters or Filters()
    typed = query.groups_of(q)
    if not typed:
        return await _browse(uow, _Asked(spoken, (), (), chosen, sort), limit) if not q.strip() else NOTHING
    understood = await spelling.understand(uow, typed, spoken)
    asked = _Asked(spoken, understood.groups, understood.words, chosen, sort)
    rows, partial = await _find(uow, asked)
    corrected = " ".join(understood.words)
    return await _page(
        uow, rows, asked, limit, partial=partial,
        corrected=None if corrected == " ".join(group.word for group in typed) else corrected,
    )  # fmt: skip


async def _find(uow: UnitOfWork, asked: _Asked) -> tuple[list[Record], bool]:
    """The ranked rows, and whether they have only some of the words."""
    every = query.all_of(asked.groups)
    rows = await uow.fetch(_BY_LEAD[asked.sort], *_arguments(uow, asked, every))
    if len(rows) < _ENOUGH:
        rows = await uow.fetch(_BY_TEXT[asked.sort], *_arguments(uow, asked, every))
    if not rows and len(asked.groups) > 1:
        some = query.any_of(asked.groups)
        rows = await uow.fetch(_BY_LEAD[asked.sort], *_arguments(uow, asked, some))
        rows = rows or await uow.fetch(_BY_TEXT[asked.sort], *_arguments(uow, asked, some))
        return rows, bool(rows)
    return rows, False


def _arguments(uow: UnitOfWork, asked: _Asked, wanted: str) -> list[object]:
    words = query.words_of(asked.groups)
    ends = {ending for word in words for ending in ACCESSORIES if word.endswith(ending)}
    return [
        uow.shop_id,
        asked.locale,
        text.config_of(asked.locale),
        query.any_of(asked.groups),
        " ".join((*words, *sorted(ends))),
        *_filter_arguments(asked.filters),
        wanted,
        f"'{text.tenant(uow.shop_id, asked.locale)}'",
        " ".join(asked.words),
    ]


def _filter_arguments(filters: Filters) -> list[object]:
    return [
        _plain(filters.category or "") or None,
        [_plain(colour).casefold() for colour in filters.colours] or None,
        [_plain(size).casefold() for size in filters.sizes] or None,
        [text.fold(_plain(brand)) for brand in filters.brands] or None,
        None if filters.min_price is None else max(filters.min_price, -_HIGHEST),
        None if filters.max_price is None else min(filters.max_price, _HIGHEST),
        filters.reduced,
    ]


def _plain(value: str) -> str:
    """A text that PostgreSQL can be asked for; it refuses NUL."""
    return value.replace("\0", "\ufffd")


async def _browse(uow: UnitOfWork, asked: _Asked, limit: int) -> SearchPage:
    rows = await uow.fetch(
        _BROWSE[asked.sort], uow.shop_id, asked.locale, "", "", "", *_filter_arguments(asked.filters)
    )
    return await _page(uow, rows, asked, limit, corrected=None)


async def _page(
    uow: UnitOfWork, rows: Sequence[Record], asked: _Asked, limit: int, *, corrected: str | None, partial: bool = False
) -> SearchPage:
    kept = rows
    if asked.filters.keep is not None and rows:
        keep = set(await asked.filters.keep(uow, [row["product_id"] for row in rows]))
        kept = [row for row in rows if row["product_id"] in keep]
    items = tuple(
        Hit(product_id=row["product_id"], handle=row["handle"], score=round(float(row["score"]), 4))
        for row in kept[: max(1, min(limit, MAX_LIMIT))]
    )
    return SearchPage(
        items=items, corrected=corrected, total=rows[0]["total"] if rows else 0, facets=_facets(kept), partial=partial
    )


def _facets(rows: Sequence[Record]) -> Facets:
    prices = [row["price_minor"] for row in rows]
    return Facets(
        categories=_top(row["category_path"] for row in rows if row["category_path"]),
        brands=_top(row["brand"] for row in rows if row["brand"]),
        colours=_top(colour for row in rows for colour in row["colours"]),
        sizes=_top(size for row in rows for size in row["sizes"]),
        lowest_price=min(prices, default=None),
        highest_price=max(prices, default=None),
    )


def _top(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common(_TOP_FACETS))
