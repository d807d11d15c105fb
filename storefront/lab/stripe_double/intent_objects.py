"""Stripe's PaymentIntents, charges, methods and tokens, with the fields a shop reads.

Built whole, so the description fits.
"""

from typing import Any

from storefront.lab.stripe_double.answers import Json


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
