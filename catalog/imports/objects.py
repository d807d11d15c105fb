"""Products as JSON in the form of the merchant API; prices may also be texts or numbers in major units."""

from collections.abc import Sequence

from catalog.imports.building import STATES, Parts, handle_of, variant_of
from catalog.imports.cells import Cells, slug
from catalog.imports.values import ERROR, Candidate, Picture, Row
from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.products.validation import Rules
from catalog.products.values import ACTIVE, ProductDraft

_FIELDS = {
    name: name
    for name in ("sku", "price", "compare_at_price", "stock", "gtin", "weight_g", "content", "unit_price_base")
}


def read(rows: Sequence[Row], rules: Rules) -> Candidate:
    """The product of the first row; another one of the same handle is refused."""
    row, parts = rows[0], Parts()
    cells = Cells(row, parts.issues)
    for other in rows[1:]:
        Cells(other, parts.issues).say("handle", f"this product stands in line {row.line} already", ERROR)
    title, description = (_by_language(row.cells.get(name), rules) for name in ("title", "description"))
    named = cells.text("handle") or slug(title.get(rules.default_locale) or next(iter(title.values()), ""))
    handle = handle_of(cells, named, "handle")
    variants = row.cells.get("variants")
    options = row.cells.get("options")
    names = tuple(str(name) for name in options) if isinstance(options, list) else ()
    for index, variant in enumerate(variants if isinstance(variants, list) else ()):
        _add_variant(variant, index, parts, row.line, handle=handle, rules=rules)
    if not names and parts.variants:
        names = tuple(dict.fromkeys(name for variant in parts.variants for name in variant.options))
    attributes = row.cells.get("attributes")
    draft = ProductDraft(
        handle=handle,
        title=title,
        description=description,
        category=cells.text("category"),
        brand=cells.text("brand"),
        tags=cells.words("tags"),
        attributes=attributes if isinstance(attributes, dict) else {},
        options=names,
        variants=tuple(parts.variants),
        status=parts.status(cells.status("status", STATES, ACTIVE)),
    )
    return Candidate(
        lines=tuple(r.line for r in rows),
        draft=draft if parts.readable else None,
        variant_lines=tuple(parts.lines),
        pictures=tuple(_pictures(row)),
        names_pictures="images" in row.cells,
        issues=tuple(parts.issues),
    )


def _add_variant(value: object, index: int, parts: Parts, line: int, *, handle: str, rules: Rules) -> None:
    if not isinstance(value, dict):
        Cells(Row(line, {"variants": value}), parts.issues).say("variants", "a variant is an object", ERROR)
        return
    cells = Cells(Row(line, {name: _flat_money(cell) for name, cell in value.items()}), parts.issues)
    chosen = value.get("options")
    options = {str(k): str(v) for k, v in chosen.items()} if isinstance(chosen, dict) else {}
    parts.add(
        variant_of(cells, _FIELDS, options, handle=handle, currency=rules.currency, called=f"variant {index}"), line
    )


def _flat_money(value: object) -> object:
    """{"minor": 2490, "currency": "EUR"} as '24.90 EUR'; numbers as they are written."""
    if isinstance(value, dict) and isinstance(value.get("minor"), int):
        currency = str(value.get("currency", ""))
        try:
            return f"{Money(value['minor'], currency).decimal()} {currency}"
        except Invalid:
            return f"{value['minor']} {currency}"
    return f"{value:.2f}" if isinstance(value, float) else value


def _by_language(value: object, rules: Rules) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(locale): str(text) for locale, text in value.items() if text}
    return {rules.default_locale: str(value)} if value else {}


def _pictures(row: Row) -> list[Picture]:
    images = row.cells.get("images")
    found: list[Picture] = []
    for image in images if isinstance(images, list) else ():
        fields = image if isinstance(image, dict) else {"url": image}
        url, option = str(fields.get("url") or ""), fields.get("option")
        alt = fields.get("alt") or ""
        if isinstance(alt, dict):
            alt = next(iter(alt.values()), "")
        if url:
            tied = {str(k): str(v) for k, v in option.items()} if isinstance(option, dict) else None
            found.append(Picture(url=url, line=row.line, column="images", alt=str(alt), option=tied))
    return found
