"""From rows to the cart as a shopper sees it: goods, prices of now, totals, and what changed since."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.money import Money, total
from catalog.products.measures import unit_price
from catalog.products.texts import pick
from catalog.shops.profile import ShopProfile
from checkout.carts.changes import Goods, Line
from checkout.carts.display import variant_title
from checkout.carts.values import CartLine, CartNews, CartView, NotSoldAnyMore, PriceChanged, ShortNow
from checkout.pricing import shipping, totals
from checkout.pricing.discounts import DiscountRefusal, DiscountRule, Uses, reduction, refuse
from checkout.pricing.lines import PricedLine
from checkout.pricing.tax import tax_country

_json = msgspec.json.Decoder(dict[str, Any])


class Discount(msgspec.Struct, frozen=True):
    """The cart's code with its rule (None: unknown) and former uses."""

    code: str
    rule: DiscountRule | None
    uses: Uses


class Terms(msgspec.Struct, frozen=True):
    """What the totals of a cart hang on besides its lines."""

    profile: ShopProfile
    now: datetime
    country: str
    discount: Discount | None
    shipping_code: str | None


class Reading(msgspec.Struct, frozen=True):
    """A cart as stored: its header, its lines, the goods by variant, and how much of each it holds until when."""

    cart_id: UUID | None
    version: int
    currency: str
    country: str | None
    discount_code: str | None
    shipping_code: str | None
    ordered_version: int | None
    lines: tuple[Line, ...]
    goods: dict[UUID, Goods]
    holds: dict[UUID, tuple[int, datetime]]

    def by_sku(self) -> dict[str, Goods]:
        """Goods by SKU; where a retired variant shares its SKU with its successor, the one that is sold."""
        ordered = sorted(self.goods.values(), key=lambda goods: goods.is_sold)
        return {goods.sku: goods for goods in ordered}


class _Words(msgspec.Struct, frozen=True):
    title: str
    variant_title: str
    options: dict[str, str]


def read(rows: Sequence[Record], profile: ShopProfile, locale: str) -> Reading:
    """Make sense of the rows of `repository.read`."""
    head = rows[0]
    goods: dict[UUID, Goods] = {}
    holds: dict[UUID, tuple[int, datetime]] = {}
    lines = []
    for row in rows:
        variant_id = row["variant_id"]
        if variant_id is None:
            continue
        if variant_id not in goods:
            goods[variant_id] = _goods(row, profile, locale)
            if row["own"]:
                holds[variant_id] = (row["own"], row["held_until"])
        if row["line_id"] is not None:
            seen = Money(row["seen_minor"], row["currency"])
            lines.append(Line(row["line_id"], variant_id, row["sku"], row["quantity"], seen))
    return Reading(
        cart_id=head["cart_id"], version=head["version"] or 0, currency=head["shop_currency"], country=head["country"],
        discount_code=head["discount_code"], shipping_code=head["shipping_code"],
        ordered_version=head["ordered_version"], lines=tuple(lines), goods=goods, holds=holds,
    )  # fmt: skip


def show(reading: Reading, terms: Terms) -> CartView:
    """The cart as shown, with everything computed from what is true now."""
    lines = tuple(_line(line, reading.goods[line.variant_id]) for line in reading.lines)
    priced_lines = [PricedLine(line.sku, line.quantity, line.unit_price, line.tax_class) for line in lines]
    items = total([line.total for line in lines], reading.currency)
    off, refusal = discount_off(terms, items)
    ways = terms.profile.settings.shipping
    way = shipping.choose(ways, country=terms.country, goods=items - off, code=terms.shipping_code)
    priced = totals.price(
        priced_lines,
        currency=reading.currency,
        country=tax_country(shop=terms.profile.country, destination=terms.country, oss=terms.profile.settings.tax.oss),
        on=terms.profile.day(terms.now),
        discount=off,
        shipping=way.price if way and lines else items * 0,
    )
    return CartView(
        id=reading.cart_id, version=reading.version, currency=reading.currency, lines=lines, totals=priced.totals,
        held_until=_held_until(reading), taxes=priced.taxes,
        news=tuple(news for line in reading.lines if (news := _news(line, reading.goods[line.variant_id]))),
        discount_code=reading.discount_code, discount_refusal=refusal, shipping_code=way.code if way else None,
        # A shop that has set up no way yet arranges each delivery itself, and charges nothing that it has not told.
        deliverable=way is not None or not ways,
    )  # fmt: skip


def discount_off(terms: Terms, items: Money) -> tuple[Money, DiscountRefusal | None]:
    """What the cart's code takes off, and why nothing if so."""
    if terms.discount is None:
        return items * 0, None
    if terms.discount.rule is None:
        return items * 0, DiscountRefusal.UNKNOWN
    refusal = refuse(terms.discount.rule, items=items, uses=terms.discount.uses, now=terms.now)
    return (items * 0, refusal) if refusal else (reduction(terms.discount.rule, items), None)


def _goods(row: Record, profile: ShopProfile, locale: str) -> Goods:
    words = _words(
        row["title"], row["options"], tuple(row["option_order"]), row["option_titles"], locale, profile.default_locale
    )
    price = Money(row["price_minor"], row["currency"])
    return Goods(
        variant_id=row["variant_id"],
        sku=row["sku"],
        handle=row["handle"],
        title=words.title,
        variant_title=words.variant_title,
        options={**words.options},
        price=price,
        image_id=row["image_id"],
        tax_class=row["tax_class"],
        is_sold=row["is_sold"],
        free=max(0, row["on_hand"] - row["others"]),
        price_by_measure=unit_price(price, row["content"], row["unit_price_base"]),
    )


@lru_cache(maxsize=16_384)
def _words(
    title: str, options: str, order: tuple[str, ...], option_titles: str | None, locale: str, default_locale: str
) -> _Words:
    """What a variant is called, from the JSON of its rows: the same text always gives the same words."""
    values: dict[str, str] = _json.decode(options)
    titles = _json.decode(option_titles) if option_titles else {}
    return _Words(
        pick(_json.decode(title), locale, default_locale),
        variant_title(values, order=order, titles=titles, locale=locale, default_locale=default_locale),
        values,
    )


def _line(line: Line, goods: Goods) -> CartLine:
    return CartLine(
        id=line.id, variant_id=line.variant_id, sku=goods.sku, handle=goods.handle, title=goods.title,
        variant_title=goods.variant_title, options=goods.options, quantity=line.quantity, unit_price=goods.price,
        total=goods.price * line.quantity, image_id=goods.image_id,
        available=goods.free if goods.is_sold else 0, tax_class=goods.tax_class,
        price_by_measure=goods.price_by_measure,
    )  # fmt: skip


def _news(line: Line, goods: Goods) -> CartNews | None:
    if not goods.is_sold:
        return NotSoldAnyMore(line.id, line.sku)
    if line.quantity > goods.free:
        return ShortNow(line.id, line.sku, line.quantity, goods.free)
    if line.seen != goods.price:
        return PriceChanged(line.id, line.sku, line.seen, goods.price)
    return None


def _held_until(reading: Reading) -> datetime | None:
    ends = []
    for line in reading.lines:
        units, until = reading.holds.get(line.variant_id, (0, None))
        if until is None or units < line.quantity:
            return None
        ends.append(until)
    return min(ends, default=None)
