"""Google's and Meta's product feeds, as CSV and as RSS 2.0.

Sources: Google Merchant Center Help "Product data specification", "Unit pricing measure", "Unit pricing base measure";
Meta for Developers "Product catalog: supported fields".
Both read the same columns; they differ in how they spell availability, gender and extra pictures.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from catalog.feeds.offers import Offer
from catalog.kernel.money import Money
from catalog.products.measures import Measure, base_of

_GENDERS = {"women": "female", "female": "female", "men": "male", "male": "male", "unisex": "unisex"}
_UNITS = {"m2": "sqm", "m3": "cbm"}
_BASES = frozenset({"1", "2", "4", "8", "10", "100"})
_METRIC_BASES = frozenset({"75 cl", "750 ml", "50 kg", "1000 kg"})
_MAX_TITLE = 150
_MAX_DESCRIPTION = 5000
_MAX_IMAGES = 10
_FLUSH_AT = 1 << 15
_NO_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Addresses:
    """How the shop's things are addressed from outside: a product by its handle, a picture by its id."""

    shop: str
    product: Callable[[str], str]
    picture: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One reader's way to spell a feed."""

    name: str
    in_stock: str
    out_of_stock: str
    quantity: str


GOOGLE = Dialect("google", "in_stock", "out_of_stock", "")
META = Dialect("meta", "in stock", "out of stock", "quantity_to_sell_on_facebook")
DIALECTS = {dialect.name: dialect for dialect in (GOOGLE, META)}


def columns(dialect: Dialect) -> tuple[str, ...]:
    """The feed's columns in their order."""
    extra = (dialect.quantity,) if dialect.quantity else ()
    return (
        "id", "title", "description", "link", "image_link", "additional_image_link", "availability", "price",
        "sale_price", "brand", "gtin", "identifier_exists", "condition", "item_group_id", "product_type", "color",
        "size", "gender", "material", "shipping_weight", "unit_pricing_measure", "unit_pricing_base_measure", *extra,
    )  # fmt: skip


def row(offer: Offer, dialect: Dialect, addresses: Addresses) -> dict[str, str]:
    """An offer's cells by column."""
    pictures = [addresses.picture(image_id) for image_id in offer.image_ids[: _MAX_IMAGES + 1]]
    cells = {
        "id": offer.sku,
        "title": offer.title[:_MAX_TITLE],
        "description": offer.description[:_MAX_DESCRIPTION],
        "link": addresses.product(offer.handle),
        "image_link": pictures[0] if pictures else "",
        "additional_image_link": ",".join(pictures[1:]),
        "availability": dialect.in_stock if offer.available else dialect.out_of_stock,
        "price": _amount(offer.former_price or offer.price),
        "sale_price": _amount(offer.price) if offer.former_price else "",
        "brand": offer.brand,
        "gtin": offer.gtin,
        "identifier_exists": "" if offer.gtin else "no",
        "condition": "new",
        "item_group_id": offer.group,
        "product_type": offer.category,
        "color": offer.colour,
        "size": offer.size,
        "gender": _GENDERS.get(offer.gender.casefold(), ""),
        "material": offer.material,
        "shipping_weight": f"{offer.weight_g} g" if offer.weight_g else "",
        "unit_pricing_measure": _measure(offer.content),
        "unit_pricing_base_measure": _base(offer),
    }
    return cells | ({dialect.quantity: str(offer.available)} if dialect.quantity else {})


async def as_csv(offers: AsyncIterator[Offer], dialect: Dialect, addresses: Addresses) -> AsyncIterator[bytes]:
    """The feed as CSV (UTF-8), in pieces."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns(dialect), lineterminator="\n")
    writer.writeheader()
    async for offer in offers:
        writer.writerow(row(offer, dialect, addresses))
        if buffer.tell() > _FLUSH_AT:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


async def as_xml(
    offers: AsyncIterator[Offer], dialect: Dialect, addresses: Addresses, *, title: str
) -> AsyncIterator[bytes]:
    """The feed as RSS 2.0 with Google's namespace, in pieces; both read it."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rss version="2.0" xmlns:g={quoteattr("http://base.google.com/ns/1.0")}>\n<channel>\n'
        f"<title>{_clean(title)}</title>\n<link>{_clean(addresses.shop)}</link>\n"
        f"<description>{_clean(title)}</description>\n"
    ).encode()
    async for offer in offers:
        yield _item(row(offer, dialect, addresses).items())
    yield b"</channel>\n</rss>\n"


def _item(cells: Iterable[tuple[str, str]]) -> bytes:
    lines = ["<item>"]
    for name, value in cells:
        if value:
            parts = value.split(",") if name == "additional_image_link" else [value]
            lines.extend(f"  <g:{name}>{_clean(part)}</g:{name}>" for part in parts)
    return ("\n".join((*lines, "</item>")) + "\n").encode()


def _clean(text: str) -> str:
    """Text for XML 1.0, which knows no control characters and no half ones."""
    return escape(_NO_XML.sub("", text))


def _measure(measure: Measure | None) -> str:
    """'750 ml'; square and cubic metres as these readers write them."""
    return f"{measure.amount:f} {_UNITS.get(measure.unit, measure.unit)}" if measure else ""


def _base(offer: Offer) -> str:
    """The base of the unit price, where the readers know it; else they choose one."""
    base = _measure(offer.unit_price_base or (offer.content and base_of(offer.content)))
    return base if base.partition(" ")[0] in _BASES or base in _METRIC_BASES else ""


def _amount(price: Money) -> str:
    return f"{price.decimal()} {price.currency}"
