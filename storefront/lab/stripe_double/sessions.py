"""Checkout Sessions: made from lines, paid on the test page, closed by time or by the shop."""

from storefront.lab.stripe_double import intents, session_objects
from storefront.lab.stripe_double.answers import Json, Refused, bad, whole
from storefront.lab.stripe_double.double import StripeDouble

_SHORTEST_S, _LONGEST_S = 30 * 60, 24 * 3600
# The caller's clock is a moment behind ours when the request arrives.
_SLACK_S = 60
_MOST_LINES = 100
_LEAST = {"eur": 50, "usd": 50, "chf": 50, "gbp": 30, "sek": 300, "nok": 300, "dkk": 250, "pln": 200, "jpy": 50}
_LARGEST = 99_999_999
_KNOWN = frozenset((
    "adaptive_pricing", "after_expiration", "allow_promotion_codes", "automatic_tax", "billing_address_collection",
    "branding_settings", "cancel_url", "client_reference_id", "consent_collection", "currency", "custom_fields",
    "custom_text", "customer", "customer_account", "customer_creation", "customer_email", "customer_update",
    "discounts", "excluded_payment_method_types", "expand", "expires_at", "integration_identifier",
    "invoice_creation", "line_items", "locale", "managed_payments", "metadata", "mode", "name_collection",
    "optional_items", "origin_context", "payment_intent_data", "payment_method_collection",
    "payment_method_configuration", "payment_method_data", "payment_method_options", "payment_method_types",
    "permissions", "phone_number_collection", "redirect_on_completion", "return_url", "saved_payment_method_options",
    "setup_intent_data", "shipping_address_collection", "shipping_options", "submit_type", "subscription_data",
    "success_url", "tax_id_collection", "ui_mode", "wallet_options",
))  # fmt: skip


def create(double: StripeDouble, params: Json) -> Json:
    """POST /v1/checkout/sessions."""
    _check(params)
    now = double.now()
    lines = [_line(line, index) for index, line in enumerate(params.get("line_items") or [])]
    if not 1 <= len(lines) <= _MOST_LINES:
        raise bad("line_items", "A session in payment mode has 1 to 100 line items", "parameter_missing")
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise bad("line_items", "All line items have to use the same currency")
    amounts = _amounts(double, params, lines, currencies.pop())
    amounts["expires_at"] = _expiry(params, now)
    session_id = f"cs_test_{double.new_id('a1').replace('_', '')}"
    made = session_objects.session(
        session_id=session_id,
        url=f"{double.base_url}/c/pay/{session_id}#fidkdWxOYHwnPyd1blpxYHZxWjA0",
        now=now,
        params=params,
        amounts=amounts,
    )
    double.objects["checkout.session"][session_id] = made
    double.line_items[session_id] = [
        session_objects.line_item(
            item_id=double.new_id("li"),
            price_id=double.new_id("price"),
            product_id=double.new_id("prod"),
            now=now,
            line=line,
        )
        for line in lines
    ]
    double.intent_data[session_id] = dict(params.get("payment_intent_data") or {})
    return made


def expire(double: StripeDouble, session_id: str, *, key: str | None = None) -> Json:
    """POST /v1/checkout/sessions/{id}/expire: only while it is open."""
    found = double.get("checkout.session", session_id)
    if found["status"] != "open":
        raise Refused(
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of {found['status']}.",
            param="session",
        )
    _close(found, "expired")
    double.emit("checkout.session.expired", found, key=key)
    return found


def expire_due(double: StripeDouble) -> bool:
    """Close every page whose time is over."""
    now = double.now()
    due = [
        found
        for found in double.objects["checkout.session"].values()
        if found["status"] == "open" and found["expires_at"] <= now
    ]
    for found in due:
        _close(found, "expired")
        double.emit("checkout.session.expired", found)
    return bool(due)


def pay(double: StripeDouble, session_id: str, *, method: str, email: str | None, name: str | None) -> str:
    """Pay on the page: `method` is card, wallet, sepa, sepa_fails, or declined:<code>.

    Returns paid, pending, declined, or the session's status when it is not open.
    """
    found = double.get("checkout.session", session_id)
    if found["status"] != "open":
        return str(found["status"])
    if found["amount_total"] == 0:
        _finish(found, email=email, name=name, payment_status="no_payment_required")
        double.emit("checkout.session.completed", found)
        return "paid"
    intent = _intent(double, found)
    if method.startswith("declined:"):
        intents.decline(double, intent, code=method.partition(":")[2], email=email, name=name)
        return "declined"
    if method.startswith("sepa"):
        intents.start_delayed(double, intent, email=email, name=name)
        _finish(found, email=email, name=name, payment_status="unpaid")
        double.emit("checkout.session.completed", found)
        double.later("money", session_id, fails=method == "sepa_fails")
        return "pending"
    intents.succeed(double, intent, kind="card", email=email, name=name)
    _finish(found, email=email, name=name, payment_status="paid")
    double.emit("checkout.session.completed", found)
    return "paid"


def money_arrives(double: StripeDouble, session_id: str, *, fails: bool) -> None:
    """The end of a delayed method."""
    found = double.get("checkout.session", session_id)
    intent = double.objects["payment_intent"][found["payment_intent"]]
    if found["payment_status"] != "unpaid" or intent["status"] != "processing":
        return
    if fails:
        intents.decline(double, intent, code="payment_method_not_available", email=None, name=None)
        double.emit("checkout.session.async_payment_failed", found)
        return
    intents.succeed(double, intent, kind="sepa_debit", email=None, name=None)
    found["payment_status"] = "paid"
    double.emit("checkout.session.async_payment_succeeded", found)


def _check(params: Json) -> None:
    if unknown := sorted(set(params) - _KNOWN):
        raise bad(unknown[0], f"Received unknown parameter: {unknown[0]}", "parameter_unknown")
    if params.get("mode") != "payment":
        raise bad("mode", "The double knows the payment mode only")
    if not params.get("success_url"):
        raise bad("success_url", "Missing required param: success_url.", "parameter_missing")
    if len(params.get("client_reference_id") or "") > 200:  # noqa: PLR2004 - Stripe's limit
        raise bad("client_reference_id", "Invalid string: at most 200 characters")
    if "discounts" in params and "allow_promotion_codes" in params:
        raise bad("discounts", "You may only specify one of these parameters: allow_promotion_codes, discounts.")
    for name, value in (params.get("metadata") or {}).items():
        if len(name) > 40 or len(str(value)) > 500:  # noqa: PLR2004 - Stripe's limits
            raise bad("metadata", "Metadata keys have at most 40, values at most 500 characters")


def _line(given: Json, index: int) -> Json:
    here = f"line_items[{index}]"
    data = given.get("price_data")
    if not isinstance(data, dict):
        raise bad(f"{here}[price_data]", "The double knows lines with price_data only", "parameter_missing")
    product = data.get("product_data") or {}
    if not product.get("name"):
        raise bad(f"{here}[price_data][product_data][name]", "Missing required param: name.", "parameter_missing")
    amount = whole(data.get("unit_amount"), f"{here}[price_data][unit_amount]")
    quantity = whole(given.get("quantity", 1), f"{here}[quantity]")
    if amount < 0 or quantity < 1:
        raise bad(f"{here}[price_data][unit_amount]", "This value must be greater than or equal to 0.")
    return {
        "unit_amount": amount,
        "quantity": quantity,
        "currency": str(data.get("currency", "")).lower(),
        "name": product["name"],
        "metadata": given.get("metadata") or {},
        "tax_behavior": data.get("tax_behavior") or "unspecified",
    }


def _amounts(double: StripeDouble, params: Json, lines: list[Json], currency: str) -> Json:
    subtotal = sum(line["unit_amount"] * line["quantity"] for line in lines)
    coupons, discount = _discount(double, params, subtotal)
    options, shipping = _shipping(double, params)
    total = subtotal - discount + shipping
    if 0 < total < _LEAST.get(currency, 1):
        raise Refused(
            "The Checkout Session's total amount must convert to at least 50 cents.",
            code="amount_too_small",
            param="line_items",
        )
    if total > _LARGEST:
        raise Refused("The total amount is too large.", code="amount_too_large", param="line_items")
    cost = None
    if options:
        cost = {"amount_subtotal": shipping, "amount_tax": 0, "amount_total": shipping}
        cost["shipping_rate"] = options[0]["shipping_rate"]
    return {
        "subtotal": subtotal,
        "discount": discount,
        "shipping": shipping,
        "total": total,
        "currency": currency,
        "coupons": coupons,
        "shipping_options": options,
        "shipping_cost": cost,
    }


def _discount(double: StripeDouble, params: Json, subtotal: int) -> tuple[list[str], int]:
    coupons: list[str] = []
    discount = 0
    for entry in (params.get("discounts") or [])[:1]:
        coupon = double.get("coupon", str(entry.get("coupon")))
        part = coupon["amount_off"] or round(subtotal * (coupon["percent_off"] or 0) / 100)
        coupons.append(coupon["id"])
        discount = min(subtotal, part)
    return coupons, discount


def _shipping(double: StripeDouble, params: Json) -> tuple[list[Json], int]:
    options: list[Json] = []
    for index, entry in enumerate(params.get("shipping_options") or []):
        fixed = (entry.get("shipping_rate_data") or {}).get("fixed_amount") or {}
        amount = whole(fixed.get("amount"), f"shipping_options[{index}][shipping_rate_data][fixed_amount][amount]")
        options.append({"shipping_amount": amount, "shipping_rate": double.new_id("shr")})
    return options, int(options[0]["shipping_amount"]) if options else 0


def _expiry(params: Json, now: int) -> int:
    if "expires_at" not in params:
        return now + _LONGEST_S
    wanted = whole(params["expires_at"], "expires_at")
    if not now + _SHORTEST_S - _SLACK_S <= wanted <= now + _LONGEST_S + _SLACK_S:
        raise bad(
            "expires_at",
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from"
            " Checkout Session creation.",
        )
    return wanted


def _intent(double: StripeDouble, found: Json) -> Json:
    if found["payment_intent"]:
        return double.objects["payment_intent"][found["payment_intent"]]
    extra = double.intent_data.pop(found["id"], {})
    made = intents.make(double, amount=found["amount_total"], currency=found["currency"], extra=extra)
    found["payment_intent"] = made["id"]
    return made


def _finish(found: Json, *, email: str | None, name: str | None, payment_status: str) -> None:
    found["customer_details"] = session_objects.finished_customer(found, email=email, name=name)
    found["payment_status"] = payment_status
    _close(found, "complete")


def _close(found: Json, status: str) -> None:
    found["status"] = status
    found["url"] = None
