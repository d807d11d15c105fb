"""Keeps the search index true: documents are written in the transaction that changes their product."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import query, text
from catalog.search.vocabulary import ACCESSORIES, HEADS
from catalog.search.words import Given, given, learn

# Usual lengths in words, of titles, attributes and descriptions: what is longer says less with each word.
_USUAL_TITLE, _USUAL_FACTS, _USUAL_PROSE = 10, 40, 10
_LENGTH_COUNTS = 0.75  # BM25's b
_MAX_WORDS = 4000
_SHORTEST_COMPOUND = 8
_SHORTEST_TAUGHT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A product's words in one language: its title, short labels, facts (attributes) and prose (description)."""

    title: str
    labels: Sequence[str] = ()
    facts: Sequence[str] = ()
    prose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What search knows of a product that is on sale; a product that is not has no `words`."""

    product_id: UUID
    handle: str
    brand: str = ""
    category: str = ""
    price_minor: int = 0
    reduced: bool = False
    colours: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)


async def write(uow: UnitOfWork, documents: Sequence[Document]) -> None:
    """Index these products as they are now, in every language they have words in."""
    before = await _forget(uow, [document.product_id for document in documents])
    known = await _known_parts(uow, documents)
    rows = [
        _row(uow.shop_id, document, locale, known.get(locale, frozenset()))
        for document in documents
        for locale in document.words
    ]
    after = given(rows)
    await _store(uow, rows)
    await learn(uow, after, before)


async def remove(uow: UnitOfWork, product_ids: Sequence[UUID]) -> None:
    """These products are found no more."""
    before = await _forget(uow, product_ids)
    await learn(uow, Given(), before)


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A word and what else searching for it finds."""

    locale: str
    word: str
    synonyms: tuple[str, ...]


async def synonyms(uow: UnitOfWork) -> list[Synonyms]:
    """The merchant's synonyms, by language and word."""
    rows = await uow.fetch(
        "SELECT locale, word, synonyms FROM search_synonym WHERE shop_id = $1 ORDER BY locale, word", uow.shop_id
    )
    return [Synonyms(row["locale"], row["word"], tuple(row["synonyms"])) for row in rows]


async def set_synonyms(uow: UnitOfWork, locale: str, word: str, synonyms: Sequence[str]) -> None:
    """Searching for the word also finds its synonyms; none forgets it. Raises Invalid for a word without letters."""
    key = " ".join(group.word for group in query.groups_of(word))
    if not key:
        raise Invalid(f"{word!r} has no letters or digits to search for", pointer="/word", value=word)
    alike = [" ".join(text.words(text.fold(synonym))) for synonym in synonyms]
    if "" in alike:
        place = alike.index("")
        detail = f"{synonyms[place]!r} has no letters or digits to search for"
        raise Invalid(detail, pointer=f"/synonyms/{place}", value=synonyms[place])
    if not alike:
        await uow.execute(
            "DELETE FROM search_synonym WHERE shop_id = $1 AND locale = $2 AND word = $3",
            uow.shop_id,
            locale,
            key,
        )
        return
    await uow.execute(
        """INSERT INTO search_synonym (shop_id, locale, word, synonyms) VALUES ($1, $2, $3, $4)
           ON CONFLICT (shop_id, locale, word) DO UPDATE SET synonyms = excluded.synonyms""",
        uow.shop_id, locale, key, alike,
    )  # fmt: skip


async def _forget(uow: UnitOfWork, product_ids: Sequence[UUID]) -> Given:
    """Remove the documents; the words they had given to the vocabulary."""
    rows = await uow.fetch(
        "SELECT locale, words, titled FROM search_text WHERE shop_id = $1 AND product_id = ANY($2)",
        uow.shop_id, list(product_ids),
    )  # fmt: skip
    if rows:
        await uow.execute(
            "DELETE FROM search_document WHERE shop_id = $1 AND product_id = ANY($2)",
            uow.shop_id,
            list(product_ids),
        )
    return given(rows)


async def _known_parts(uow: UnitOfWork, documents: Sequence[Document]) -> dict[str, frozenset[str]]:
    """Per compounding language, the words that compounds of these documents may be made of."""
    known: dict[str, frozenset[str]] = {}
    for locale in sorted({locale for document in documents for locale in document.words if text.compounding(locale)}):
        own: set[str] = set()
        for document in documents:
            if locale in document.words:
                own.update(_lead_words(document.words[locale]))
        parts = {part for word in own if _may_split(word) for part in (*text.suffixes(word), *text.prefixes(word))}
        rows = await uow.fetch(
            "SELECT word FROM search_word WHERE shop_id = $1 AND locale = $2 AND word = ANY($3) AND documents > 0",
            uow.shop_id, locale, sorted(parts),
        )  # fmt: skip
        known[locale] = frozenset({row["word"] for row in rows} | (parts & own) | HEADS)
    return known


def _may_split(word: str) -> bool:
    return len(word) >= _SHORTEST_COMPOUND and word.isalpha()


def _lead_words(found: Words) -> list[str]:
    folded = [text.fold(part) for part in (found.title, *found.labels)]
    return [word for part in folded for word in (*text.words(part), *text.joined(part))]


def _row(shop_id: UUID, document: Document, locale: str, known: frozenset[str]) -> dict[str, Any]:
    found = document.words[locale]
    title = text.fold(found.title)
    title_words = text.words(title)
    labels = [word for label in found.labels for word in text.words(text.fold(label))]
    labels += [word for part in (found.title, *found.labels) for word in text.joined(text.fold(part))]
    facts = [word for fact in found.facts for word in text.words(text.fold(fact))]
    prose = text.words(text.fold(found.prose))[:_MAX_WORDS]
    heads, parts = _compounds((*title_words, *labels), known)
    codes = [word for code in document.codes for word in _code_words(code)]
    return {
        "locale": locale,
        "config": text.config_of(locale),
        "tenant": f"'{text.tenant(shop_id, locale)}'",
        "product_id": document.product_id,
        "handle": document.handle,
        "title": " ".join(title_words),
        "labels": " ".join((*labels, *heads)),
        "codes": " ".join(codes),
        "facts": " ".join((*facts[:_MAX_WORDS], *parts)),
        "prose": " ".join(prose),
        "brand": text.fold(document.brand),
        "category": document.category,
        "price": document.price_minor,
        "reduced": document.reduced,
        "colours": document.colours,
        "sizes": [size.casefold() for size in document.sizes],
        "accessories": " ".join(sorted(ACCESSORIES.intersection((*title_words, *heads)))),
        "title_norm": _norm(len(title_words), _USUAL_TITLE),
        "facts_norm": _norm(len(facts), _USUAL_FACTS),
        "prose_norm": _norm(len(prose), _USUAL_PROSE),
        "titled": sorted({*title_words, *labels}),
        "words": sorted({*title_words, *labels, *heads, *(word for word in (*facts, *prose) if _teaches(word))}),
    }


def _compounds(found: Iterable[str], known: frozenset[str]) -> tuple[list[str], list[str]]:
    heads: list[str] = []
    parts: list[str] = []
    for word in dict.fromkeys(found):
        if known and _may_split(word) and (pieces := text.split(word, known)):
            first, head = pieces
            heads.append(head)
            parts.append(first)
    return heads, parts


def _teaches(word: str) -> bool:
    """Whether a word of attributes or descriptions joins the vocabulary: numbers and codes do not."""
    return len(word) >= _SHORTEST_TAUGHT and word.isalpha()


def _code_words(code: str) -> list[str]:
    """A SKU or GTIN as one word and as its parts."""
    found = text.words(text.fold(code))
    return found if len(found) == 1 else [*found, "".join(found)]


def _norm(length: int, usual: int) -> float:
    return 1 - _LENGTH_COUNTS + _LENGTH_COUNTS * length / usual


async def _store(uow: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    payload = msgspec.json.encode(rows).decode()
    await uow.execute(
        """INSERT INTO search_document (shop_id, locale, product_id, handle, title, brand, category_path, price_minor,
                                        reduced, colours, sizes, accessories, title_norm, lead)
           SELECT $1, r.locale, r.product_id, r.handle, r.title, r.brand, r.category, r.price, r.reduced, r.colours,
                  r.sizes, tsvector_to_array(to_tsvector(r.config::regconfig, r.accessories)), r.title_norm,
                  setweight(to_tsvector(r.config::regconfig, r.title), 'A')
                  || setweight(to_tsvector(r.config::regconfig, r.labels), 'B')
                  || setweight(to_tsvector('simple', r.codes), 'B')
                  || r.tenant::tsvector
           FROM jsonb_to_recordset($2) AS r(locale text, config text, tenant text, product_id uuid, handle text,
                title text, labels text, codes text, brand text, category text, price bigint, reduced boolean,
                colours text[], sizes text[], accessories text, title_norm real)""",
        uow.shop_id, payload,
    )  # fmt: skip
    await uow.execute(
        """INSERT INTO search_text (shop_id, locale, product_id, facts_norm, prose_norm, body, words, titled)
           SELECT $1, r.locale, r.product_id, r.facts_norm, r.prose_norm,
                  d.lead || setweight(to_tsvector(r.config::regconfig, r.facts), 'C')
                  || setweight(to_tsvector(r.config::regconfig, r.prose), 'D'), r.words, r.titled
           FROM jsonb_to_recordset($2) AS r(locale text, config text, product_id uuid, facts text, prose text,
                facts_norm real, prose_norm real, words text[], titled text[])
           JOIN search_document d ON d.shop_id = $1 AND d.locale = r.locale AND d.product_id = r.product_id""",
        uow.shop_id, payload,
    )  # fmt: skip
