"""Our own columns, in English or German; products as JSON in the form of the merchant API are read by objects.py.

One row a variant; rows with the same handle (or none) are one product. `title_de`, `title.en` are texts by
language, `option:length` is an option, `attribute:care` an attribute.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from catalog.imports import objects
from catalog.imports.building import STATES, Parts, handle_of, option_name, overflow, variant_of
from catalog.imports.cells import Cells, category_path, slug
from catalog.imports.reading import OVERFLOW
from catalog.imports.values import QUESTION, Candidate, Picture, Row
from catalog.products.validation import Rules
from catalog.products.values import ACTIVE, ProductDraft

_ALIASES = {
    "handle": ("handle", "produkt", "product", "slug", "id"),
    "title": ("title", "titel", "name", "produktname", "bezeichnung"),
    "description": ("description", "beschreibung"),
    "category": ("category", "kategorie", "warengruppe"),
    "brand": ("brand", "marke", "hersteller", "vendor"),
    "tags": ("tags", "schlagworte", "schlagwörter"),
    "status": ("status", "zustand"),
    "sku": ("sku", "artikelnummer", "artikelnr", "art.-nr.", "artnr"),
    "price": ("price", "preis", "vk", "verkaufspreis", "bruttopreis"),
    "compare_at_price": ("compare_at_price", "compare at price", "uvp", "streichpreis", "alter preis", "former price"),
    "stock": ("stock", "bestand", "menge", "lagerbestand", "quantity", "inventory"),
    "gtin": ("gtin", "ean", "barcode", "upc"),
    "weight_g": ("weight_g", "gewicht_g", "weight", "gewicht"),
    "content": ("content", "inhalt", "füllmenge", "nennfüllmenge"),
    "unit_price_base": ("unit_price_base", "grundpreis_basis", "grundpreiseinheit"),
    "images": ("images", "bilder", "image", "bild", "image_url", "bild_url"),
    "image_alt": ("image_alt", "bild_text", "alt"),
}
_OPTIONS = ("colour", "color", "farbe", "size", "größe", "groesse", "grösse")
_ATTRIBUTES = {
    "gender": "gender", "geschlecht": "gender", "material": "material", "care": "care", "pflege": "care",
    "fit": "fit", "passform": "fit", "keywords": "keywords", "stichworte": "keywords",
}  # fmt: skip
_LOCALISED = re.compile(r"(title|titel|description|beschreibung|keywords|stichworte)[ _.:-]([a-z]{2})", re.IGNORECASE)
_TEXTS = {"titel": "title", "beschreibung": "description", "stichworte": "keywords"}


def fits(columns: Collection[str]) -> bool:
    """Whether a file with such columns (folded) is one: a title and either a price or, in JSON, variants."""
    titled = any(name in columns for name in _ALIASES["title"]) or any(_LOCALISED.fullmatch(c) for c in columns)
    return titled and ("variants" in columns or any(name in columns for name in _ALIASES["price"]))


def key(row: Row) -> str | None:
    """The handle, else the title; a row with neither belongs to the one before."""
    columns = _columns(row)
    for field in ("handle", "title"):
        if (column := columns.get(field)) and (value := row.cells.get(column)):
            return str(value)
    titled = next((str(cell) for name, cell in row.cells.items() if _LOCALISED.fullmatch(name) and cell), "")
    return titled or None


def read(rows: Sequence[Row], rules: Rules) -> Candidate:
    """The product of these rows."""
    if "variants" in rows[0].cells:
        return objects.read(rows, rules)
    parts = Parts()
    columns = {field: column for row in reversed(rows) for field, column in _columns(row).items()}
    first = Cells(rows[0], parts.issues)
    texts = _texts(rows[0], columns, rules)
    title = texts["title"].get(rules.default_locale) or next(iter(texts["title"].values()), "")
    handle = handle_of(first, first.text(columns.get("handle", "")) or slug(title), columns.get("handle", "handle"))
    options = _option_columns(rows)
    for row in rows:
        cells = Cells(row, parts.issues)
        overflow(cells, OVERFLOW)
        chosen = {name: value for name, column in options.items() if (value := cells.text(column))}
        parts.add(
            variant_of(cells, columns, chosen, handle=handle, currency=rules.currency, called="a variant"), row.line
        )
    return Candidate(
        lines=tuple(row.line for row in rows),
        draft=_draft(first, parts, columns, texts, handle=handle, options=tuple(options), rules=rules)
        if parts.readable
        else None,
        variant_lines=tuple(parts.lines),
        columns={**columns, "options": next(iter(options.values()), "options")},
        pictures=tuple(_pictures(rows, columns, options)),
        names_pictures="images" in columns,
        issues=tuple(parts.issues),
    )


def _columns(row: Row) -> dict[str, str]:
    """Which cell of the row holds which field."""
    by_name = {name.strip().casefold(): name for name in row.cells}
    found: dict[str, str] = {}
    for field, aliases in _ALIASES.items():
        for alias in aliases:
            if alias in by_name:
                found[field] = by_name[alias]
                break
    return found


def _option_columns(rows: Sequence[Row]) -> dict[str, str]:
    """Option names with their columns, in the order of the file, for options that any row has."""
    found: dict[str, str] = {}
    for row in rows:
        for column in row.cells:
            folded = column.strip().casefold()
            if folded in _OPTIONS:
                found.setdefault(option_name(folded), column)
            elif folded.startswith("option:"):
                found.setdefault(option_name(folded.removeprefix("option:")), column)
    return found


def _texts(row: Row, columns: Mapping[str, str], rules: Rules) -> dict[str, dict[str, Any]]:
    """Title, description and keywords by language."""
    found: dict[str, dict[str, Any]] = {"title": {}, "description": {}, "keywords": {}}
    for field in ("title", "description"):
        if (column := columns.get(field)) and (text := str(row.cells.get(column, "")).strip()):
            found[field][rules.default_locale] = text
    for column, cell in row.cells.items():
        if (match := _LOCALISED.fullmatch(column.strip())) and str(cell).strip():
            field = match[1].casefold()
            found[_TEXTS.get(field, field)][match[2].lower()] = str(cell).strip()
    return found


def _draft(
    first: Cells,
    parts: Parts,
    columns: Mapping[str, str],
    texts: Mapping[str, Mapping[str, Any]],
    *,
    handle: str,
    options: tuple[str, ...],
    rules: Rules,
) -> ProductDraft:
    title = dict(texts["title"])
    if title and rules.default_locale not in title:
        other, text = next(iter(title.items()))
        title[rules.default_locale] = text
        reason = f"there is no title in {rules.default_locale}; the one in {other} stands for it"
        first.say(columns.get("title", f"title_{rules.default_locale}"), reason, QUESTION)
    return ProductDraft(
        handle=handle,
        title=title,
        description=dict(texts["description"]),
        category=category_path(first.text(columns.get("category", ""))),
        brand=first.text(columns.get("brand", "")),
        tags=first.words(columns.get("tags", "")),
        attributes=_attributes(first, texts["keywords"]),
        options=options,
        variants=tuple(parts.variants),
        status=parts.status(first.status(columns.get("status", ""), STATES, ACTIVE)),
    )


def _attributes(first: Cells, keywords: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in first.row.cells:
        folded = column.strip().casefold()
        if folded.startswith("attribute:"):
            found[folded.removeprefix("attribute:").strip()] = first.text(column)
        elif (name := _ATTRIBUTES.get(folded)) and name != "keywords":
            found[name] = first.text(column)
        elif name:
            found[name] = list(first.words(column))
    if keywords:
        found["keywords"] = {
            locale: [word.strip() for word in re.split(r"[,;|]", text) if word.strip()]
            for locale, text in keywords.items()
        }
    return {name: value for name, value in found.items() if value}


def _pictures(rows: Sequence[Row], columns: Mapping[str, str], options: Mapping[str, str]) -> list[Picture]:
    column = columns.get("images")
    if column is None:
        return []
    by_url: dict[str, tuple[Row, set[str]]] = {}
    for row in rows:
        colour = str(row.cells.get(options.get("colour", ""), ""))
        for url in re.split(r"[\s|]+", str(row.cells.get(column, ""))):
            if url:
                by_url.setdefault(url, (row, set()))[1].add(colour)
    colours = {str(row.cells.get(options.get("colour", ""), "")) for row in rows}
    return [
        Picture(
            url=url,
            line=row.line,
            column=column,
            alt=str(row.cells.get(columns.get("image_alt", ""), "")),
            # A picture that stands beside one of several colours shows that colour.
            option={"colour": next(iter(shown))} if len(colours) > 1 and len(shown) == 1 and all(shown) else None,
        )
        for url, (row, shown) in by_url.items()
    ]
