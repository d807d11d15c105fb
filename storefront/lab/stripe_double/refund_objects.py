"""Stripe's refunds and disputes, with the fields a shop reads. Built whole, so the description fits."""

from storefront.lab.stripe_double.answers import Json

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
