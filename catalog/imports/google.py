"""Google's product feed (CSV or TSV): one row a variant; rows of one `item_group_id` are one product."""

from collections.abc import Collection, Sequence

from catalog.imports.building import Parts, common_title, handle_of, measures_of, overflow, prices
from catalog.imports.cells import Cells, category_path, plain_text, slug
from catalog.imports.reading import OVERFLOW
from catalog.imports.values import ERROR, QUESTION, Candidate, Picture, Row
from catalog.products.validation import Rules
from catalog.products.values import ACTIVE, ProductDraft, VariantDraft

_NEEDED = frozenset({"id", "title", "price", "availability"})
_OPTIONS = {"colour": "color", "size": "size", "pattern": "pattern"}
_ATTRIBUTES = ("gender", "material", "age_group", "size_system", "size_type", "pattern", "condition")
_QUANTITIES = ("quantity", "sell_on_google_quantity", "inventory")
_COLUMNS = {
    "handle": "item_group_id", "title": "title", "description": "description", "brand": "brand",
    "category": "product_type", "sku": "id", "price": "price", "compare_at_price": "sale_price", "gtin": "gtin",
    "weight_g": "shipping_weight", "stock": "quantity", "options": "color", "images": "image_link",
    "content": "unit_pricing_measure", "unit_price_base": "unit_pricing_base_measure",
}  # fmt: skip


def fits(columns: Collection[str]) -> bool:
    """Whether a file with such columns (folded) is one. Feeds write 'image link' and 'image_link'."""
    return {column.replace(" ", "_").removeprefix("g:") for column in columns} >= _NEEDED


def key(row: Row) -> str | None:
    """The group, else the row by itself."""
    cells = _plain(row).cells
    return str(cells.get("item_group_id", "")) or str(cells.get("id", "")) or f"line {row.line}"


def read(rows: Sequence[Row], rules: Rules) -> Candidate:
    """The product of these rows."""
    plain = [_plain(row) for row in rows]
    parts = Parts()
    first = Cells(plain[0], parts.issues)
    named = first.text("item_group_id") or first.text("id")
    handle = slug(named) if slug(named) == named.lower() else handle_of(first, named, "item_group_id")
    options = {name: column for name, column in _OPTIONS.items() if any(row.cells.get(column) for row in plain)}
    if "pattern" in options and len({row.cells.get("pattern") for row in plain}) == 1:
        del options["pattern"]
    for row in plain:
        cells = Cells(row, parts.issues)
        overflow(cells, OVERFLOW)
        _variant(cells, parts, options, rules)
    return Candidate(
        lines=tuple(row.line for row in rows),
        draft=_draft(plain, parts, handle, tuple(options), rules) if parts.readable else None,
        variant_lines=tuple(parts.lines),
        columns=_COLUMNS,
        pictures=tuple(_pictures(plain, options)),
        names_pictures=True,
        issues=tuple(parts.issues),
    )


def _plain(row: Row) -> Row:
    return Row(
        row.line, {name.casefold().replace(" ", "_").removeprefix("g:"): cell for name, cell in row.cells.items()}
    )


def _variant(cells: Cells, parts: Parts, options: dict[str, str], rules: Rules) -> None:
    reduced = bool(cells.text("sale_price"))
    price, former = prices(cells, "sale_price" if reduced else "price", "price" if reduced else "", rules.currency)
    if price is None:
        if not cells.text("price"):
            cells.say("price", "a product needs a price such as '24.90 EUR'", ERROR)
        return
    content, base = measures_of(cells, _COLUMNS)
    parts.add(
        VariantDraft(
            sku=cells.text("id"),
            price=price,
            options={name: value for name, column in options.items() if (value := cells.text(column))},
            compare_at_price=former,
            stock=_stock(cells),
            gtin=cells.gtin("gtin"),
            weight_g=cells.grams("shipping_weight"),
            content=content,
            unit_price_base=base,
        ),
        cells.row.line,
    )


def _stock(cells: Cells) -> int | None:
    for column in _QUANTITIES:
        if cells.text(column):
            return cells.count(column)
    available = cells.text("availability").casefold().replace(" ", "_")
    if available in {"out_of_stock", "discontinued"}:
        return 0
    cells.say(
        "availability", "says nothing about how many; set the stock of this SKU, or add a column 'quantity'", QUESTION
    )
    return None


def _draft(rows: Sequence[Row], parts: Parts, handle: str, options: tuple[str, ...], rules: Rules) -> ProductDraft:
    locale = rules.default_locale
    first = Cells(rows[0], parts.issues)
    titles = [str(row.cells.get("title", "")) for row in rows]
    description = plain_text(first.text("description"))
    attributes = {
        name: value for name in _ATTRIBUTES if name not in options and (value := first.text(name)) and value != "new"
    }
    return ProductDraft(
        handle=handle,
        title={locale: common_title(titles)},
        description={locale: description} if description else {},
        category=category_path(first.text("product_type") or first.text("google_product_category")),
        brand=first.text("brand"),
        attributes=attributes,
        options=options,
        variants=tuple(parts.variants),
        status=parts.status(ACTIVE),
    )


def _pictures(rows: Sequence[Row], options: dict[str, str]) -> list[Picture]:
    found: dict[str, Picture] = {}
    for row in rows:
        colour = str(row.cells.get("color", "")) if "colour" in options else ""
        urls = [("image_link", str(row.cells.get("image_link", "")))]
        more = str(row.cells.get("additional_image_link", ""))
        urls += [("additional_image_link", url.strip()) for url in more.split(",")]
        for column, url in urls:
            if url and url not in found:
                option = {"colour": colour} if colour else None
                found[url] = Picture(url=url, line=row.line, column=column, option=option)
    return list(found.values())
