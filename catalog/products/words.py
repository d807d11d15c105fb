"""A product's words as search wants them: which text counts as title, label, fact or prose, in each language."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from catalog.products import categories, colours
from catalog.products.listing import option_kind
from catalog.products.texts import pick
from catalog.products.validation import Rules
from catalog.products.values import ACTIVE, ProductDraft
from catalog.search.index import Document, Words

_NOT_SEARCHED = frozenset({"keywords", "option_titles"})


def document(
    product_id: UUID, draft: ProductDraft, category_titles: Mapping[str, Mapping[str, str]], rules: Rules
) -> Document:
    """The product's search document; one without words when it is not on sale."""
    if draft.status != ACTIVE or not draft.variants:
        return Document(product_id=product_id, handle=draft.handle)
    values = _option_values(draft)
    shades = [*values.get("colour", ()), *_leaves(draft.attributes.get("colour"))]
    return Document(
        product_id=product_id,
        handle=draft.handle,
        brand=draft.brand,
        category=draft.category,
        price_minor=min(variant.price.minor for variant in draft.variants),
        reduced=any(variant.compare_at_price for variant in draft.variants),
        colours=tuple(dict.fromkeys(slug for shade in shades for slug in _shade_and_family(shade))),
        sizes=tuple(values.get("size", ())),
        codes=tuple(code for variant in draft.variants for code in (variant.sku, variant.gtin) if code),
        words={
            locale: _words(draft, locale, [*_titles(draft.category, category_titles, locale)], rules)
            for locale in rules.locales
        },
    )


def _words(draft: ProductDraft, locale: str, category: Sequence[str], rules: Rules) -> Words:
    keywords = draft.attributes.get("keywords")
    own = keywords.get(locale, ()) if isinstance(keywords, Mapping) else keywords
    titles = draft.attributes.get("option_titles", {})
    values = [
        name
        for group in _option_values(draft).values()
        for value in group
        for name in (colours.display(value, locale), titles.get(value, {}).get(locale, ""))
        if len(value) > 1
    ]
    facts = [
        leaf
        for name, value in draft.attributes.items()
        if name not in _NOT_SEARCHED
        for leaf in _localised(value, locale)
    ]
    others = [title for other, title in draft.title.items() if other != locale]
    return Words(
        title=pick(draft.title, locale, rules.default_locale),
        labels=(draft.brand, *category, *draft.tags, *_leaves(own), *values),
        facts=(*facts, *others),
        prose=pick(draft.description, locale, rules.default_locale),
    )


def _option_values(draft: ProductDraft) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in draft.options:
        values = dict.fromkeys(variant.options[name] for variant in draft.variants if name in variant.options)
        found.setdefault(option_kind(name), []).extend(values)
    return found


def _shade_and_family(shade: str) -> Iterator[str]:
    known = colours.colour_of(shade)
    yield shade.casefold()
    if known:
        yield known.slug
        yield known.family


def _titles(path: str, titles: Mapping[str, Mapping[str, str]], locale: str) -> Iterator[str]:
    for prefix in categories.prefixes(path):
        yield titles.get(prefix, {}).get(locale, "")
        yield prefix.rpartition("/")[2]


def _localised(value: object, locale: str) -> Iterator[str]:
    """The texts inside an attribute; of a text per language, the one."""
    if isinstance(value, Mapping) and locale in value:
        yield from _leaves(value[locale])
    else:
        yield from _leaves(value)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _leaves(inner)
