"""Refunds and disputes. A refund above what is left is refused, as Stripe does."""

from storefront.lab.stripe_double import refund_objects
from storefront.lab.stripe_double.answers import Json, Refused, bad, whole
from storefront.lab.stripe_double.double import StripeDouble

_REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})
_GONE = frozenset({"failed", "canceled"})


def create(double: StripeDouble, params: Json, *, key: str | None) -> Json:
    """POST /v1/refunds: of a charge or of a payment intent's charge; without an amount the rest."""
    charge = _charge(double, params)
    left = charge["amount"] - charge["amount_refunded"]
    if left <= 0:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = whole(params["amount"], "amount") if "amount" in params else left
    if amount < 1:
        raise bad("amount", "This value must be greater than or equal to 1.", "parameter_invalid_integer")
    if amount > left:
        raise Refused(
            f"Refund amount ({amount / 100:.2f}) is greater than unrefunded amount on charge ({left / 100:.2f})",
            param="amount",
        )
    if params.get("reason") not in {None, *_REASONS}:
        raise bad("reason", "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer")
    return _sent(double, charge, amount, params, key=key)


def settles(double: StripeDouble, refund_id: str, *, fails: bool) -> None:
    """The end of a refund that took a while, or the return of one that was sent."""
    found = double.get("refund", refund_id)
    if found["status"] in _GONE or (found["status"] == "succeeded" and not fails):
        return
    before = found["status"]
    if not fails:
        found["status"] = "succeeded"
        found.pop("pending_reason", None)
        double.emit("refund.updated", found, previous={"status": before})
        return
    found["status"] = "failed"
    found["failure_reason"] = "expired_or_canceled_card"
    charge = double.objects["charge"][found["charge"]]
    charge["amount_refunded"] -= found["amount"]
    charge["refunded"] = False
    double.emit("refund.updated", found, previous={"status": before})
    double.emit("refund.failed", found, previous={"status": before})


def dispute(double: StripeDouble, intent_id: str) -> Json:
    """The payer's bank asks for the money back."""
    charge = _charge(double, {"payment_intent": intent_id})
    made = refund_objects.dispute(
        dispute_id=double.new_id("du"), now=double.now(), charge_of=charge, status="needs_response"
    )
    charge["disputed"] = True
    double.objects["dispute"][made["id"]] = made
    double.emit("charge.dispute.created", made)
    return made


def close_dispute(double: StripeDouble, dispute_id: str, status: str) -> Json:
    """The bank decides: won or lost."""
    found = double.get("dispute", dispute_id)
    before, found["status"] = found["status"], status
    double.emit("charge.dispute.closed", found, previous={"status": before})
    return found


def _charge(double: StripeDouble, params: Json) -> Json:
    charge_id = params.get("charge")
    if "payment_intent" in params:
        intent = double.get("payment_intent", str(params["payment_intent"]))
        charge_id = intent["latest_charge"]
        if intent["status"] != "succeeded":
            raise Refused(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return double.get("charge", str(charge_id))


def _sent(double: StripeDouble, charge: Json, amount: int, params: Json, *, key: str | None) -> Json:
    slow = double.faults.refund_pending
    made = refund_objects.refund(
        refund_id=double.new_id("re"),
        now=double.now(),
        charge_of=charge,
        amount=amount,
        status="pending" if slow else "succeeded",
        extra=params,
    )
    if slow:
        made["pending_reason"] = "processing"
    double.objects["refund"][made["id"]] = made
    before = charge["amount_refunded"]
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    double.emit("refund.created", made, key=key)
    double.emit("charge.refunded", charge, key=key, previous={"amount_refunded": before})
    if slow or double.faults.refund_fails:
        double.later("refund", made["id"], fails=double.faults.refund_fails)
    return made
