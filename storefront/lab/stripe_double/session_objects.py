"""Stripe's sessions, their lines and coupons, with the fields a shop reads. Built whole, so the description fits."""

from storefront.lab.stripe_double.answers import Json


def session(*, session_id: str, url: str, now: int, params: Json, amounts: Json) -> Json:
    """An open Checkout Session."""
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": (params.get("adaptive_pricing") or {}).get("enabled") == "true"},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "amount_subtotal": amounts["subtotal"],
        "amount_total": amounts["total"],
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": amounts["currency"],
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": None,
        "customer_account": None,
        "customer_creation": "if_required",
        "customer_details": _customer(params.get("customer_email"), None) if params.get("customer_email") else None,
        "customer_email": params.get("customer_email"),
        "discounts": [{"coupon": coupon, "promotion_code": None} for coupon in amounts["coupons"]],
        "expires_at": amounts["expires_at"],
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": params.get("metadata") or {},
        "mode": "payment",
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": amounts["shipping_cost"],
        "shipping_options": amounts["shipping_options"],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params.get("success_url"),
        "total_details": {
            "amount_discount": amounts["discount"],
            "amount_shipping": amounts["shipping"],
            "amount_tax": 0,
        },
        "ui_mode": "hosted_page",
        "url": url,
        "wallet_options": None,
    }


def line_item(*, item_id: str, price_id: str, product_id: str, now: int, line: Json) -> Json:
    """One line of a session."""
    total = line["unit_amount"] * line["quantity"]
    return {
        "id": item_id,
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": line["currency"],
        "description": line["name"],
        "metadata": line["metadata"],
        "price": {
            "id": price_id,
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": now,
            "currency": line["currency"],
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": product_id,
            "recurring": None,
            "tax_behavior": line["tax_behavior"],
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": line["unit_amount"],
            "unit_amount_decimal": str(line["unit_amount"]),
        },
        "quantity": line["quantity"],
    }


def coupon(*, coupon_id: str, now: int, params: Json) -> Json:
    """A discount."""
    percent, amount = params.get("percent_off"), params.get("amount_off")
    most = params.get("max_redemptions")
    return {
        "id": coupon_id,
        "object": "coupon",
        "amount_off": int(amount) if amount else None,
        "created": now,
        "currency": params.get("currency"),
        "duration": params.get("duration") or "once",
        "duration_in_months": None,
        "livemode": False,
        "max_redemptions": int(most) if most else None,
        "metadata": params.get("metadata") or {},
        "name": params.get("name"),
        "percent_off": float(percent) if percent else None,
        "redeem_by": None,
        "times_redeemed": 0,
        "valid": True,
    }


def finished_customer(obj: Json, *, email: str | None, name: str | None) -> Json:
    """The payer's details on a finished session."""
    return _customer(email or obj.get("customer_email"), name)


def _customer(email: str | None, name: str | None) -> Json:
    return {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
