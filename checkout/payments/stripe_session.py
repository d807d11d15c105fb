"""What Stripe is asked for to open a payment page: the session's parameters, made of stored rows alone."""

from typing import Any
from urllib.parse import urlsplit

from checkout.payments import stripe_amounts
from checkout.payments.gateway import AttemptView, OrderView

# Stripe's page speaks these; a regional form of ours maps onto its language, anything else lets the browser decide.
_LOCALES = frozenset(
    ("bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id",
     "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th",
     "tr", "vi", "zh", "zh-HK", "zh-TW")
)  # fmt: skip
_LOCALE_ALIASES = {"no": "nb", "nn": "nb", "zh-hant": "zh-TW", "zh-hans": "zh", "tl": "fil"}


def session_params(attempt: AttemptView, order: OrderView) -> dict[str, Any]:
    """The session's parameters, a pure function of stored rows: a retry compares equal at Stripe."""
    metadata = {
        "order_id": str(order.order_id),
        "order_number": order.number,
        "payment_id": str(attempt.payment_id),
        "attempt": str(attempt.attempt),
    }
    intent: dict[str, Any] = {"metadata": metadata, "description": order.number}
    if order.address is not None:
        intent["shipping"] = {
            "name": order.address.name,
            "address": {
                "line1": order.address.street,
                "postal_code": order.address.postal_code,
                "city": order.address.city,
                "country": order.address.country,
            },
        }
    params: dict[str, Any] = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "locale": stripe_locale(order.locale),
        "client_reference_id": str(order.order_id),
        "metadata": metadata,
        "payment_intent_data": intent,
        "line_items": [_line_item(line, order.total.currency) for line in stripe_amounts.priced_lines(order)],
        "submit_type": "pay",
        # In another currency the shopper would see a total that is not the one he agreed to.
        "adaptive_pricing": {"enabled": False},
        "expires_at": int(attempt.expires_at.timestamp()),
        "success_url": attempt.success_url,
        "cancel_url": attempt.cancel_url,
    }
    if order.email:
        params["customer_email"] = order.email
    return params


def stripe_locale(locale: str) -> str:
    """Stripe's name for a language of ours; `auto` when it has none."""
    tag = locale.replace("_", "-")
    for known in _LOCALES:
        if known.lower() == tag.lower():
            return known
    if alias := _LOCALE_ALIASES.get(tag.lower()):
        return alias
    language = tag.partition("-")[0].lower()
    return _LOCALE_ALIASES.get(language, language if language in _LOCALES else "auto")


def _line_item(line: stripe_amounts.PricedLine, currency: str) -> dict[str, Any]:
    product: dict[str, Any] = {"name": line.name or line.sku or "—"}
    if line.image_url and urlsplit(line.image_url).scheme == "https":  # Stripe fetches it from outside
        product["images"] = [line.image_url]
    if line.sku:
        product["metadata"] = {"sku": line.sku[:500]}
    return {
        "quantity": line.quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": line.unit,
            "tax_behavior": "inclusive",
            "product_data": product,
        },
    }
