"""Our own columns, in English or German, and products as JSON in the form of the merchant API.

CSV: one row a variant; rows with the same handle (or none) are one product. `title_de`, `title.en` are texts by
language, `option:length` is an option, `attribute:care` an attribute.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from catalog.imports.building import Parts, handle_of, option_name, overflow, prices, with_sku
from catalog.imports.cells import Cells, category_path, slug
from catalog.imports.reading import OVERFLOW
from catalog.imports.values import ERROR, QUESTION, Candidate, Picture, Row
from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from catalog.products.validation import Rules
from catalog.products.values import ACTIVE, ARCHIVED, DRAFT, ProductDraft, VariantDraft

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
    "images": ("images", "bilder", "image", "bild", "image_url", "bild_url"),
    "image_alt": ("image_alt", "bild_text", "alt"),
}
_OPTIONS = ("colour", "color", "farbe", "size", "größe", "groesse", "grösse")
_ATTRIBUTES = {
    "gender": "gender", "geschlecht": "gender", "material": "material", "care": "care", "pflege": "care",
    "fit": "fit", "passform": "fit", "keywords": "keywords", "stichworte": "keywords",
}  # fmt: skip
_STATES = {
    "active": ACTIVE, "aktiv": ACTIVE, "ja": ACTIVE, "yes": ACTIVE, "true": ACTIVE, "1": ACTIVE, "online": ACTIVE,
    "draft": DRAFT, "entwurf": DRAFT, "nein": DRAFT, "no": DRAFT, "false": DRAFT, "0": DRAFT, "offline": DRAFT,
    "archived": ARCHIVED, "archiviert": ARCHIVED,
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
    parts = Parts()
    if "variants" in rows[0].cells:
        return _read_object(rows[0], rows, rules, parts)
    columns = {field: column for row in reversed(rows) for field, column in _columns(row).items()}
    first = Cells(rows[0], parts.issues)
    texts = _texts(rows[0], columns, rules)
    title = texts["title"].get(rules.default_locale) or next(iter(texts["title"].values()), "")
    handle = handle_of(first, first.text(columns.get("handle", "")) or slug(title), columns.get("handle", "handle"))
    options = _option_columns(rows)
    for row in rows:
        cells = Cells(row, parts.issues)
        overflow(cells, OVERFLOW)
        _variant(cells, parts, columns, handle=handle, options=options, rules=rules)
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


def _variant(
    cells: Cells,
    parts: Parts,
    columns: Mapping[str, str],
    *,
    handle: str,
    options: Mapping[str, str],
    rules: Rules,
) -> None:
    chosen = {name: value for name, column in options.items() if (value := cells.text(column))}
    column = columns.get("price", "price")
    price, former = prices(cells, column, columns.get("compare_at_price", ""), rules.currency)
    if price is None:
        if not cells.text(column):
            cells.say(column, "a variant needs a price such as 24.90", ERROR)
        return
    weight = columns.get("weight_g", "")
    parts.add(
        VariantDraft(
            sku=with_sku(cells, columns.get("sku", "sku"), handle, chosen),
            price=price,
            options=chosen,
            compare_at_price=former,
            stock=cells.count(columns.get("stock", "")),
            gtin=cells.gtin(columns.get("gtin", "")),
            weight_g=cells.grams(weight),
        ),
        cells.row.line,
    )


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
    status = first.status(columns.get("status", ""), _STATES, ACTIVE)
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
        status=DRAFT if status == ACTIVE and parts.doubtful else status,
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


def _read_object(row: Row, rows: Sequence[Row], rules: Rules, parts: Parts) -> Candidate:
    """A product in the merchant API's form; prices may also be texts or numbers in major units."""
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
        _object_variant(variant, index, parts, row.line, handle=handle, rules=rules)
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
        status=cells.status("status", _STATES, ACTIVE),
    )
    return Candidate(
        lines=tuple(r.line for r in rows),
        draft=draft if parts.readable else None,
        variant_lines=tuple(parts.lines),
        pictures=tuple(_object_pictures(row)),
        names_pictures="images" in row.cells,
        issues=tuple(parts.issues),
    )


def _object_variant(value: object, index: int, parts: Parts, line: int, *, handle: str, rules: Rules) -> None:
    if not isinstance(value, dict):
        Cells(Row(line, {"variants": value}), parts.issues).say("variants", "a variant is an object", ERROR)
        return
    cells = Cells(Row(line, {name: _flat_money(cell) for name, cell in value.items()}), parts.issues)
    price, former = prices(cells, "price", "compare_at_price", rules.currency)
    if price is None:
        if not cells.text("price"):
            cells.say("price", f"variant {index} needs a price", ERROR)
        return
    chosen = value.get("options")
    options = {str(k): str(v) for k, v in chosen.items()} if isinstance(chosen, dict) else {}
    parts.add(
        VariantDraft(
            sku=with_sku(cells, "sku", handle, options),
            price=price,
            options=options,
            compare_at_price=former,
            stock=cells.count("stock"),
            gtin=cells.gtin("gtin"),
            weight_g=cells.grams("weight_g"),
        ),
        line,
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


def _object_pictures(row: Row) -> list[Picture]:
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
