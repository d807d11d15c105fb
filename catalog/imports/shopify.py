"""Shopify's product CSV: one row a variant or a picture; the product's own cells stand in its first row."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from catalog.imports.building import Parts, handle_of, option_name, overflow, variant_of
from catalog.imports.cells import Cells, category_path, plain_text
from catalog.imports.reading import OVERFLOW
from catalog.imports.values import Candidate, Picture, Row
from catalog.products.validation import Rules
from catalog.products.values import ACTIVE, ARCHIVED, DRAFT, ProductDraft

_NEEDED = frozenset({"handle", "title", "variant price"})
_STATES = {"active": ACTIVE, "draft": DRAFT, "archived": ARCHIVED, "unlisted": ACTIVE}
_NO_OPTION = ("title", "default title")
_ATTRIBUTES = {
    "gender": "Google Shopping / Gender",
    "age_group": "Google Shopping / Age Group",
}
_COLUMNS = {
    "handle": "Handle", "title": "Title", "description": "Body (HTML)", "brand": "Vendor", "category": "Type",
    "tags": "Tags", "status": "Status", "sku": "Variant SKU", "price": "Variant Price",
    "compare_at_price": "Variant Compare At Price", "gtin": "Variant Barcode", "weight_g": "Variant Grams",
    "stock": "Variant Inventory Qty", "options": "Option1 Name", "images": "Image Src",
    "content": "Unit Price Total Measure", "content_unit": "Unit Price Total Measure Unit",
    "unit_price_base": "Unit Price Base Measure", "base_unit": "Unit Price Base Measure Unit",
}  # fmt: skip


def fits(columns: Collection[str]) -> bool:
    """Whether a file with such columns (folded) is one."""
    return set(columns) >= _NEEDED


def key(row: Row) -> str | None:
    """The handle; rows without one belong to the row before."""
    return str(row.cells.get("Handle", "")) or None


def read(rows: Sequence[Row], rules: Rules) -> Candidate:
    """The product of these rows."""
    parts = Parts()
    first = Cells(rows[0], parts.issues)
    handle = handle_of(first, first.text("Handle"), "Handle")
    names = [name for number in (1, 2, 3) if (name := first.text(f"Option{number} Name"))]
    if [name.casefold() for name in names] == [_NO_OPTION[0]] and _is_plain(first):
        names = []
    options = tuple(option_name(name) for name in names)
    for row in rows:
        cells = Cells(row, parts.issues)
        overflow(cells, OVERFLOW)
        if row is rows[0] or cells.text("Variant Price") or cells.text("Variant SKU") or cells.text("Option1 Value"):
            _variant(cells, parts, handle, options, rules)
    return Candidate(
        lines=tuple(row.line for row in rows),
        draft=_draft(first, parts, handle, options, rules) if parts.readable else None,
        variant_lines=tuple(parts.lines),
        columns=_COLUMNS,
        pictures=tuple(_pictures(rows, parts, options)),
        names_pictures=True,
        issues=tuple(parts.issues),
    )


def _is_plain(first: Cells) -> bool:
    return first.text("Option1 Value").casefold() in {"", _NO_OPTION[1]}


def _variant(cells: Cells, parts: Parts, handle: str, options: Sequence[str], rules: Rules) -> None:
    chosen = {
        name: value for number, name in enumerate(options, start=1) if (value := cells.text(f"Option{number} Value"))
    }
    variant = variant_of(cells, _COLUMNS, chosen, handle=handle, currency=rules.currency, called="a variant")
    # Shopify writes 0 where nobody weighed.
    parts.add(replace(variant, weight_g=variant.weight_g or None) if variant else None, cells.row.line)


def _draft(first: Cells, parts: Parts, handle: str, options: tuple[str, ...], rules: Rules) -> ProductDraft:
    locale = rules.default_locale
    status = first.status("Status", _STATES, ACTIVE)
    if status == ACTIVE and first.text("Published").casefold() in {"false", "no", "0"}:
        status = DRAFT
    description = plain_text(first.text("Body (HTML)"))
    attributes = {name: value for name, column in _ATTRIBUTES.items() if (value := first.text(column))}
    return ProductDraft(
        handle=handle,
        title={locale: first.text("Title")},
        description={locale: description} if description else {},
        category=category_path(first.text("Type") or first.text("Product Category")),
        brand=first.text("Vendor"),
        tags=first.words("Tags", ","),
        attributes=attributes,
        options=options,
        variants=tuple(parts.variants),
        status=parts.status(status),
    )


def _pictures(rows: Sequence[Row], parts: Parts, options: Sequence[str]) -> list[Picture]:
    """Pictures of the product; one that is also a variant's picture belongs to that variant's colour."""
    by_line = dict(zip(parts.lines, parts.variants, strict=True))
    tied: dict[str, dict[str, str]] = {}
    for row in rows:
        url, variant = str(row.cells.get("Variant Image", "")), by_line.get(row.line)
        if url and variant and "colour" in options and "colour" in variant.options:
            tied.setdefault(url, {"colour": variant.options["colour"]})
    found: dict[str, Picture] = {}
    for row in rows:
        for column in ("Image Src", "Variant Image"):
            url = str(row.cells.get(column, ""))
            if url and url not in found:
                alt = str(row.cells.get("Image Alt Text", "")) if column == "Image Src" else ""
                found[url] = Picture(url=url, line=row.line, column=column, alt=alt, option=tied.get(url))
    return list(found.values())
