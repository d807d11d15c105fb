"""What a language reader has to know of the goods: one row per active product, streamed by one query."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from asyncpg import Record

from catalog.kernel.money import Money
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.listing import option_kind
from catalog.products.rows import decode_object, decode_texts, in_order
from catalog.products.texts import Texts

_PREFETCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconRow:
    """A product's words. Colours and sizes are the merchant's own option values, in his order."""

    handle: str
    titles: Texts
    category: str
    gender: str
    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    variants: tuple[tuple[str, Mapping[str, str]], ...]  # (SKU, option values), in order
    price: Money  # the lowest of its variants
    material: str
    keywords: Mapping[str, tuple[str, ...]]
    tags: tuple[str, ...]


class _Variant(msgspec.Struct, array_like=True, frozen=True):
    sku: str
    options: dict[str, str]
    price: int
    currency: str


_decode_variants = msgspec.json.Decoder(list[_Variant]).decode

_SELECT = """
    SELECT p.handle, p.title, p.category_path, p.tags, p.attributes, p.options, v.variants
    FROM product p JOIN (
        SELECT product_id, json_agg(json_build_array(sku, options, price_minor, currency) ORDER BY position) AS variants
        FROM variant WHERE shop_id = $1 AND retired_at IS NULL GROUP BY product_id) v ON v.product_id = p.id
    WHERE p.shop_id = $1 AND p.status = 'active' AND p.deleted_at IS NULL
    ORDER BY p.id"""


async def lexicon_rows(uow: UnitOfWork) -> AsyncIterator[LexiconRow]:
    """All active products, oldest first, through a cursor: memory stays flat whatever the catalogue's size."""
    async for row in uow.driver.cursor(_SELECT, uow.shop_id, prefetch=_PREFETCH):
        yield _row(row)


def _row(row: Record) -> LexiconRow:
    attributes = decode_object(row["attributes"])
    variants = _decode_variants(row["variants"])
    options = {
        name: tuple(dict.fromkeys(variant.options[name] for variant in variants if name in variant.options))
        for name in row["options"]
    }
    kinds = {option_kind(name): values for name, values in options.items()}
    return LexiconRow(
        handle=row["handle"],
        titles=decode_texts(row["title"]),
        category=row["category_path"],
        gender=_word(attributes.get("gender")),
        colours=kinds.get("colour") or _words(attributes.get("colour", attributes.get("color"))),
        sizes=kinds.get("size") or _words(attributes.get("size")),
        variants=tuple((variant.sku, in_order(variant.options, row["options"])) for variant in variants),
        price=Money(min(variant.price for variant in variants), variants[0].currency),
        material=_word(attributes.get("material")),
        keywords=_keywords(attributes.get("keywords")),
        tags=tuple(row["tags"]),
    )


def _word(value: object) -> str:
    """An attribute as one text: merchants write a word, a list of words or a word per language."""
    if isinstance(value, Mapping):
        return _word(value.get("en") or next(iter(value.values()), ""))
    return ", ".join(_words(value))


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, Sequence):
        return tuple(word for word in value if isinstance(word, str))
    return ()


def _keywords(value: object) -> dict[str, tuple[str, ...]]:
    if isinstance(value, Mapping):
        return {str(locale): _words(words) for locale, words in value.items()}
    return {"": _words(value)} if value else {}
