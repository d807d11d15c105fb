"""What the pay page shows, ready for its template: amounts in words, pictures as addresses."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from babel.numbers import format_percent

from bots.channels.base import MediaLinks
from bots.replies import prices
from catalog.kernel.countries import COUNTRIES
from catalog.kernel.countries import name as country_name
from catalog.kernel.locale import cldr, say_date, say_time
from catalog.kernel.money import Money
from catalog.search.text import fold, spelled_out
from catalog.shops.profile import ShopProfile
from checkout.carts.values import CartLine, CartView
from checkout.customers import addresses
from checkout.customers.addresses import AddressFault, FieldFault
from checkout.orders.models import OrderLine
from checkout.paying.page import FIELDS, LinkView
from checkout.pricing.shipping import delivery_days
from storefront.web.trade_phrases import PHRASES


def build(
    view: LinkView, shop: ShopProfile, locale: str, media: MediaLinks, *, today: date, faults: Sequence[FieldFault] = ()
) -> dict[str, Any]:
    """The template's `view`. `today` is the shop's day; `faults` are of fields to ask for again."""
    cart, totals, delivery = view.cart, view.cart.totals, view.delivery
    wanted = {*view.wanted, *(fault.field for fault in faults)}
    return {
        "code": view.code,
        "units": cart.units,
        "lines": [
            shown(line, prices.in_words(line.unit_price, line.price_by_measure, locale), line.total, locale, media)
            for line in cart.lines
        ],
        "rows": rows(totals.items, totals.discount, cart.discount_code, totals.shipping, locale),
        "total": totals.total.format(locale),
        "taxes": taxes([(share.rate_bp, share.tax) for share in cart.taxes], locale),
        "orderable": not cart.lacking,
        "held": _held(cart, shop, locale),
        "fields": [name for name in FIELDS if name in wanted],
        "longest": addresses.LONGEST,
        "faults": {fault.field: fault_words(fault, locale) for fault in faults},
        "address": "" if wanted & {"street", "postal_code", "city"} else address(delivery.to_dict(), shop, locale),
        "arrives": _arrives(cart, shop, locale, today),
        "country": delivery.country or shop.country,
        "countries": countries(shop, locale),
        "given": {"name": delivery.name, "email": delivery.email, "street": delivery.street,
                  "postal_code": delivery.postal_code, "city": delivery.city},
        "hidden": {"cart": str(cart.id), "version": str(cart.version), "total": str(totals.total.minor),
                   "tax": str(totals.tax.minor), "to": delivery.country},
    }  # fmt: skip


def fault_words(fault: FieldFault, locale: str) -> str:
    """What is wrong with a field and, where that helps, how a right one looks."""
    match fault.fault:
        case AddressFault.NO_HOUSE_NUMBER:
            key = "field.no_house_number"
        case AddressFault.MALFORMED if fault.field == "postal_code":
            key = "field.no_postal_code"
        case AddressFault.TOO_LONG:
            key = "field.too_long"
        case AddressFault.MISSING | AddressFault.MALFORMED | AddressFault.UNKNOWN_COUNTRY:
            key = f"field.{fault.field}"
        case _:
            assert_never(fault.fault)
    return PHRASES.say(locale, key, example=fault.example, longest=addresses.LONGEST.get(fault.field, 0))


def shown(line: CartLine | OrderLine, unit_price: str, total: Money, locale: str, media: MediaLinks) -> dict[str, Any]:
    """A line of a cart or an order as the page shows it."""
    return {
        "title": f"{line.title}, {line.variant_title}" if line.variant_title else line.title,
        "quantity": line.quantity,
        "unit_price": unit_price,
        "total": total.format(locale),
        "image": media.url(line.image_id, "thumb.webp") if line.image_id else "",
    }


def rows(items: Money, discount: Money, code: str | None, shipping: Money, locale: str) -> list[tuple[str, str]]:
    """Subtotal, discount and shipping, each with its amount."""
    found = [(PHRASES.say(locale, "pay.items"), items.format(locale))]
    if discount:
        found.append((PHRASES.say(locale, "pay.discount", code=code or ""), (-discount).format(locale)))
    free = PHRASES.say(locale, "pay.free")
    return [*found, (PHRASES.say(locale, "pay.shipping"), shipping.format(locale) if shipping else free)]


def taxes(shares: list[tuple[int, Money]], locale: str) -> list[tuple[str, str]]:
    """'darin 19 % MwSt.' with its amount, by rate."""
    return [
        (PHRASES.say(locale, "pay.tax", rate=rate(rate_bp, locale)), tax.format(locale))
        for rate_bp, tax in shares
        if rate_bp
    ]


def rate(rate_bp: int, locale: str) -> str:
    """Basis points as people read them: 1900 is '19 %' in German."""
    return str(format_percent(Decimal(rate_bp) / 10_000, locale=cldr(locale), decimal_quantization=False))


def address(delivery: dict[str, Any], shop: ShopProfile, locale: str) -> str:
    """Name and address in lines, with the country where it is not the shop's; of an erased person there are none."""
    place = f"{delivery.get('postal_code', '')} {delivery.get('city', '')}".strip()
    country = delivery.get("country") or shop.country
    abroad = country_name(country, locale) if country != shop.country else ""
    return "\n".join(part for part in (delivery.get("name"), delivery.get("street"), place, abroad) if part)


def countries(shop: ShopProfile, locale: str) -> list[tuple[str, str]]:
    """Countries that some shipping method serves (all, where one names none), by name in the reader's language."""
    methods = shop.settings.shipping
    served = {code for method in methods for code in method.countries or COUNTRIES} or {shop.country}
    return sorted(((code, country_name(code, locale)) for code in served), key=lambda pair: spelled_out(fold(pair[1])))


def _held(cart: CartView, shop: ShopProfile, locale: str) -> str:
    if cart.held_until is None or cart.lacking:
        return ""
    return say_time(cart.held_until.astimezone(ZoneInfo(shop.settings.timezone)), locale)


def _arrives(cart: CartView, shop: ShopProfile, locale: str, today: date) -> str:
    methods = shop.settings.shipping
    chosen = next((method for method in methods if method.code == cart.shipping_code), methods[0] if methods else None)
    return say_date(delivery_days(today, chosen.days)[1], locale, weekday=True) if chosen else ""
