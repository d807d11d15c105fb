"""What a draft must be before it is written: every fault at once, each with its JSON pointer. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.kernel.money import Money
from catalog.products import measures
from catalog.products.texts import Texts
from catalog.products.values import ACTIVE, STATUSES, Fault, ImageDraft, ProductDraft, VariantDraft

MAX_VARIANTS = 100
MAX_OPTIONS = 5
MAX_IMAGES = 100
MAX_TAGS = 100
_MAX_TITLE = 300
_MAX_DESCRIPTION = 50_000
_MAX_WORD = 200
_MAX_MINOR = 10**12
_MAX_COUNT = 2**31 - 1
_MAX_NESTING = 8

_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,190}")
_PATH = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*){0,7}")
_LOCALE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SKU = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,98}[^\s\x00-\x1f\x7f])?")
_IMAGE_ID = re.compile(r"[0-9a-f]{64}")
_BAD_CHARACTER = re.compile(r"[\x00\ud800-\udfff]")
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


@dataclass(frozen=True, slots=True)
class Rules:
    """What the shop itself demands of a draft."""

    currency: str
    default_locale: str
    locales: tuple[str, ...]


def faults_of(draft: ProductDraft, rules: Rules) -> list[Fault]:
    """All that is wrong with a draft by itself; what other products forbid is checked where they are known."""
    return [
        *_head(draft, rules),
        *_options(draft.options),
        *_variants(draft, rules),
        *_images(draft),
        *_characters(draft.attributes, "/attributes"),
        *_option_titles(draft.attributes.get("option_titles", {})),
    ]


def category_faults(path: str, title: Texts) -> Iterator[Fault]:
    """All that is wrong with a category's name."""
    yield from _category(path, "/path")
    if not any(text.strip() for text in title.values()):
        detail = "a category needs a title in at least one language, as in {'de': 'Kleider', 'en': 'Dresses'}"
        yield Fault(pointer="/title", detail=detail, value=dict(title))
    yield from _texts(title, "/title", _MAX_TITLE)


def valid_gtin(gtin: str) -> bool:
    """GTIN-8, -12, -13 or -14 with its check digit (GS1 General Specifications 7.9)."""
    if len(gtin) not in _GTIN_LENGTHS or not (gtin.isascii() and gtin.isdigit()):
        return False
    weighted = sum(int(digit) * (3 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(gtin[:-1])))
    return (10 - weighted % 10) % 10 == int(gtin[-1])


def _head(draft: ProductDraft, rules: Rules) -> Iterator[Fault]:
    if not _HANDLE.fullmatch(draft.handle):
        detail = "a handle is made of a-z, 0-9, '-', '_' and '.', begins with a letter or digit and is at most 191 long"
        yield Fault(pointer="/handle", detail=detail, value=draft.handle)
    if not draft.title.get(rules.default_locale, "").strip():
        yield Fault(
            pointer=f"/title/{rules.default_locale}",
            detail=f"the title is missing in the shop's default language ({rules.default_locale})",
        )
    yield from _texts(draft.title, "/title", _MAX_TITLE)
    yield from _texts(draft.description, "/description", _MAX_DESCRIPTION)
    if draft.category:
        yield from _category(draft.category, "/category")
    yield from _word(draft.brand, "/brand", needed=False)
    if len(draft.tags) > MAX_TAGS:
        yield Fault(pointer="/tags", detail=f"at most {MAX_TAGS} tags", value=len(draft.tags))
    for index, tag in enumerate(draft.tags):
        yield from _word(tag, f"/tags/{index}")
    if draft.status not in STATUSES:
        yield Fault(pointer="/status", detail=f"status is one of {', '.join(STATUSES)}", value=draft.status)


def _category(path: str, pointer: str) -> Iterator[Fault]:
    if len(path) > _MAX_WORD or not _PATH.fullmatch(path):
        yield Fault(pointer=pointer, detail="a category is a path of slugs such as 'women/dresses'", value=path)


def _options(options: Sequence[str]) -> Iterator[Fault]:
    if len(options) > MAX_OPTIONS:
        yield Fault(pointer="/options", detail=f"at most {MAX_OPTIONS} options", value=len(options))
    if len({option.casefold() for option in options}) < len(options):
        yield Fault(pointer="/options", detail="an option is named twice", value=list(options))
    for index, option in enumerate(options):
        yield from _word(option, f"/options/{index}")


def _variants(draft: ProductDraft, rules: Rules) -> Iterator[Fault]:
    if len(draft.variants) > MAX_VARIANTS:
        detail = f"at most {MAX_VARIANTS} variants; make several products of it"
        yield Fault(pointer="/variants", detail=detail, value=len(draft.variants))
    if not draft.variants and draft.status == ACTIVE:
        detail = "an active product has at least one variant; add one, or keep it a draft"
        yield Fault(pointer="/variants", detail=detail)
    skus: dict[str, int] = {}
    combinations: dict[tuple[str, ...], int] = {}
    for index, variant in enumerate(draft.variants):
        pointer = f"/variants/{index}"
        yield from _variant(variant, pointer, rules)
        if skus.setdefault(variant.sku, index) != index:
            detail = f"SKU {variant.sku!r} is used twice: variants {skus[variant.sku]} and {index}"
            yield Fault(pointer=f"{pointer}/sku", detail=detail, value=variant.sku)
        if set(variant.options) != set(draft.options):
            yield Fault(
                pointer=f"{pointer}/options",
                detail=_mismatch(variant, draft.options),
                value=dict(variant.options),
            )
        elif combinations.setdefault(key := _combination(variant, draft.options), index) != index:
            detail = f"variants {combinations[key]} and {index} have the same options"
            yield Fault(pointer=f"{pointer}/options", detail=detail, value=dict(variant.options))


def _variant(variant: VariantDraft, pointer: str, rules: Rules) -> Iterator[Fault]:
    if not _SKU.fullmatch(variant.sku) or _BAD_CHARACTER.search(variant.sku):
        detail = "a SKU has 1 to 100 printable characters and no spaces at its ends"
        yield Fault(pointer=f"{pointer}/sku", detail=detail, value=variant.sku)
    for name, value in variant.options.items():
        yield from _word(value, f"{pointer}/options/{escape(name)}")
    yield from _amount(variant.price, f"{pointer}/price", rules)
    if variant.compare_at_price is not None:
        yield from _amount(variant.compare_at_price, f"{pointer}/compare_at_price", rules)
        if variant.compare_at_price.minor <= variant.price.minor:
            detail = (
                "compare_at_price is the former price and must be above the price; leave it out without a reduction"
            )
            yield Fault(pointer=f"{pointer}/compare_at_price", detail=detail, value=variant.compare_at_price.minor)
    if variant.gtin is not None and not valid_gtin(variant.gtin):
        detail = "a GTIN has 8, 12, 13 or 14 digits and ends with the right check digit"
        yield Fault(pointer=f"{pointer}/gtin", detail=detail, value=variant.gtin)
    for name, count in (("weight_g", variant.weight_g), ("stock", variant.stock)):
        if count is not None and not 0 <= count <= _MAX_COUNT:
            yield Fault(pointer=f"{pointer}/{name}", detail=f"{name} is between 0 and {_MAX_COUNT}", value=count)
    for name, error in measures.faults(variant.content, variant.unit_price_base):
        yield Fault(pointer=f"{pointer}/{name}", detail=error.detail, value=getattr(variant, name))


def _amount(amount: Money, pointer: str, rules: Rules) -> Iterator[Fault]:
    if not 0 <= amount.minor <= _MAX_MINOR:
        detail = "an amount counts the smallest unit and is between 0 and 10^12"
        yield Fault(pointer=f"{pointer}/minor", detail=detail, value=amount.minor)
    if amount.currency != rules.currency:
        detail = f"this shop sells in {rules.currency}, not in {amount.currency}"
        yield Fault(pointer=f"{pointer}/currency", detail=detail, value=amount.currency)


def _images(draft: ProductDraft) -> Iterator[Fault]:
    if len(draft.images) > MAX_IMAGES:
        yield Fault(pointer="/images", detail=f"at most {MAX_IMAGES} images", value=len(draft.images))
    for index, image in enumerate(draft.images):
        yield from _image(image, f"/images/{index}", draft)


def _image(image: ImageDraft, pointer: str, draft: ProductDraft) -> Iterator[Fault]:
    if not _IMAGE_ID.fullmatch(image.image_id):
        yield Fault(pointer=pointer, detail="no such picture; upload it first", value=image.image_id)
    yield from _texts(image.alt, f"{pointer}/alt", _MAX_TITLE)
    for name, value in (image.option or {}).items():
        if name not in draft.options:
            detail = f"{name!r} is no option of this product ({', '.join(draft.options) or 'it has none'})"
            yield Fault(pointer=f"{pointer}/option/{escape(name)}", detail=detail, value=value)
        elif all(variant.options.get(name) != value for variant in draft.variants):
            detail = f"no variant has {name} {value!r}"
            yield Fault(pointer=f"{pointer}/option/{escape(name)}", detail=detail, value=value)


def _texts(texts: Texts, pointer: str, longest: int) -> Iterator[Fault]:
    for locale, text in texts.items():
        at = f"{pointer}/{escape(locale)}"
        if not _LOCALE.fullmatch(locale):
            yield Fault(pointer=at, detail="a language is a code such as 'de' or 'pt-BR'", value=locale)
        if len(text) > longest:
            yield Fault(pointer=at, detail=f"at most {longest} characters", value=len(text))
        if _BAD_CHARACTER.search(text):
            yield Fault(pointer=at, detail="holds a character that cannot be stored (NUL or half a surrogate)")


def _word(word: str, pointer: str, *, needed: bool = True) -> Iterator[Fault]:
    if (needed and not word.strip()) or len(word) > _MAX_WORD:
        yield Fault(pointer=pointer, detail=f"between 1 and {_MAX_WORD} characters", value=word[:_MAX_WORD])
    elif _BAD_CHARACTER.search(word):
        yield Fault(pointer=pointer, detail="holds a character that cannot be stored (NUL or half a surrogate)")


def _option_titles(titles: object) -> Iterator[Fault]:
    """What an option's values are called: shoppers read it, so it has to be texts by language."""
    pointer = "/attributes/option_titles"
    detail = "option_titles gives texts by language for an option's value, as in {'oak': {'de': 'Eiche', 'en': 'Oak'}}"
    if not isinstance(titles, Mapping):
        yield Fault(pointer=pointer, detail=detail, value=titles)
        return
    for value, texts in titles.items():
        if not isinstance(texts, Mapping) or not all(isinstance(text, str) for text in texts.values()):
            yield Fault(pointer=f"{pointer}/{escape(value)}", detail=detail, value=texts)


def _characters(value: object, pointer: str, depth: int = 0) -> Iterator[Fault]:
    if depth > _MAX_NESTING:
        yield Fault(pointer=pointer, detail=f"nested deeper than {_MAX_NESTING} levels")
    elif isinstance(value, str):
        if _BAD_CHARACTER.search(value):
            yield Fault(pointer=pointer, detail="holds a character that cannot be stored (NUL or half a surrogate)")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _characters(name, pointer)
            yield from _characters(inner, f"{pointer}/{escape(name)}", depth + 1)
    elif isinstance(value, Sequence):
        for index, inner in enumerate(value):
            yield from _characters(inner, f"{pointer}/{index}", depth + 1)


def _combination(variant: VariantDraft, options: Sequence[str]) -> tuple[str, ...]:
    return tuple(variant.options[name].strip().casefold() for name in options)


def _mismatch(variant: VariantDraft, options: Sequence[str]) -> str:
    missing = [name for name in options if name not in variant.options]
    surplus = [name for name in variant.options if name not in options]
    parts = [f"lacks {', '.join(missing)}"] if missing else []
    parts += [f"names {', '.join(surplus)}, which the product does not have"] if surplus else []
    return f"variant {variant.sku!r} {' and '.join(parts)}"


def escape(name: str) -> str:
    """A key inside a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
