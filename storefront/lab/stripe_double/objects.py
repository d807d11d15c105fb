"""Stripe's objects, version 2026-05-27.dahlia, with the fields a shop reads. Built whole, so the description fits."""

from typing import Any

from storefront.lab.stripe_double.answers import Json

VERSION = "2026-05-27.dahlia"


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


def payment_intent(*, intent_id: str, now: int, amount: int, currency: str, extra: Json) -> Json:
    """A PaymentIntent that waits for a payment method."""
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_lab",
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": None,
        "description": extra.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": extra.get("metadata") or {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card", "sepa_debit"],
        "processing": None,
        "receipt_email": extra.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": _shipping(extra.get("shipping")),
        "statement_descriptor": None,
        "statement_descriptor_suffix": extra.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(*, charge_id: str, now: int, intent: Json, method: Json, failure: Json | None) -> Json:
    """A charge of an intent, taken or refused."""
    taken = failure is None
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if taken else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": charge_id.replace("ch_", "txn_") if taken else None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "LAB SHOP",
        "captured": taken,
        "created": now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": failure["code"] if failure else None,
        "failure_message": failure["message"] if failure else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": None,
        "paid": taken,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": None,
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "succeeded" if taken else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }


def payment_method(*, method_id: str, now: int, kind: str, email: str | None, name: str | None) -> Json:
    """A card or a SEPA account; no number is kept."""
    made: Json = {
        "id": method_id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": None, "email": email, "name": name, "phone": None, "tax_id": None},
        "created": now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }
    if kind == "card":
        made["card"] = {
            "brand": "visa",
            "checks": None,
            "country": "DE",
            "display_brand": "visa",
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": "LabLabLabLabLab1",
            "funding": "credit",
            "generated_from": None,
            "last4": "4242",
            "networks": None,
            "regulated_status": None,
            "three_d_secure_usage": None,
            "wallet": None,
        }
    else:
        made["sepa_debit"] = {
            "bank_code": "37040044",
            "branch_code": None,
            "country": "DE",
            "fingerprint": "LabLabLabLabLab2",
            "generated_from": None,
            "last4": "3000",
        }
    return made


def refund(*, refund_id: str, now: int, charge_of: Json, amount: int, status: str, extra: Json) -> Json:
    """A refund of a charge."""
    return {
        "id": refund_id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": refund_id.replace("re_", "txn_"),
        "charge": charge_of["id"],
        "created": now,
        "currency": charge_of["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": extra.get("metadata") or {},
        "payment_intent": charge_of["payment_intent"],
        "reason": extra.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def dispute(*, dispute_id: str, now: int, charge_of: Json, status: str) -> Json:
    """A dispute over a whole charge."""
    return {
        "id": dispute_id,
        "object": "dispute",
        "amount": charge_of["amount"],
        "balance_transactions": [],
        "charge": charge_of["id"],
        "created": now,
        "currency": charge_of["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(_EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + 7 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": status.startswith("warning"),
        "livemode": False,
        "metadata": {},
        "payment_intent": charge_of["payment_intent"],
        "reason": "product_not_received",
        "status": status,
    }


def token(*, token_id: str, card_id: str, now: int) -> Json:
    """A single-use token of an Apple Pay card."""
    return {
        "id": token_id,
        "object": "token",
        "card": {
            "id": card_id,
            "object": "card",
            "address_city": None,
            "address_country": None,
            "address_line1": None,
            "address_line1_check": None,
            "address_line2": None,
            "address_state": None,
            "address_zip": None,
            "address_zip_check": None,
            "brand": "Visa",
            "country": "DE",
            "customer": None,
            "cvc_check": "pass",
            "dynamic_last4": "4242",
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": "LabLabLabLabLab1",
            "funding": "credit",
            "last4": "4242",
            "metadata": {},
            "name": None,
            "regulated_status": None,
            "tokenization_method": "apple_pay",
        },
        "client_ip": None,
        "created": now,
        "livemode": False,
        "type": "card",
        "used": False,
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


def webhook_endpoint(*, endpoint_id: str, now: int, params: Json, secret: str) -> Json:
    """An endpoint that events are sent to. The secret is part of the answer to its making only."""
    return {
        "id": endpoint_id,
        "object": "webhook_endpoint",
        "api_version": params.get("api_version") or VERSION,
        "application": None,
        "created": now,
        "description": params.get("description"),
        "enabled_events": params.get("enabled_events") or ["*"],
        "livemode": False,
        "metadata": params.get("metadata") or {},
        "secret": secret,
        "status": "enabled",
        "url": params["url"],
    }


def event(*, event_id: str, now: int, kind: str, obj: Json, key: str | None, previous: Json | None) -> Json:
    """News of an object, as it was at that moment."""
    data: Json = {"object": obj}
    if previous:
        data["previous_attributes"] = previous
    return {
        "id": event_id,
        "object": "event",
        "api_version": VERSION,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": key},
        "type": kind,
    }


def balance() -> Json:
    """An empty balance, for key checks."""
    none: list[Json] = [{"amount": 0, "currency": "eur", "source_types": {"card": 0}}]
    return {"object": "balance", "available": none, "livemode": False, "pending": none}


def account() -> Json:
    """The account behind the key."""
    return {
        "id": "acct_1LabLabLabLab",
        "object": "account",
        "charges_enabled": True,
        "country": "DE",
        "default_currency": "eur",
        "details_submitted": True,
        "email": None,
        "payouts_enabled": True,
        "type": "standard",
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


def _shipping(given: Any) -> Json | None:  # noqa: ANN401 - decoded form
    if not isinstance(given, dict):
        return None
    address = given.get("address") or {}
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {
        "address": {name: address.get(name) for name in names},
        "carrier": None,
        "name": given.get("name"),
        "phone": given.get("phone"),
        "tracking_number": None,
    }


_EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)
