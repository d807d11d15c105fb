"""Stripe's objects and events, read into our reports. Pure; knows no client. API version 2026-05-27.dahlia.

The table of events is https://docs.stripe.com/api/events/types, reduced to what changes something in a shop.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel.errors import Invalid, Unreadable
from catalog.kernel.money import Money
from checkout.payments.gateway import (
    AttemptReport,
    DisputeReport,
    FraudReport,
    Outcome,
    ProviderEvent,
    RefundReport,
    Report,
    Unconcerned,
)
from checkout.payments.states import RefundState
from checkout.payments.stripe_amounts import from_units

Json = Mapping[str, Any]

_REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,  # the payer has to give an account; the money is still ours to send
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELED,
}
# What an object tells of the payer and their means of payment, wherever in it. Nothing here is decided by it.
_OF_THE_PAYER = frozenset(
    {
        "address", "billing_details", "collected_information", "custom_fields", "customer", "customer_account",
        "customer_details", "customer_email", "email", "evidence", "name", "payment_method", "payment_method_details",
        "phone", "receipt_email", "receipt_url", "shipping", "shipping_details",
    }
)  # fmt: skip
_DISPUTE_ENDS = frozenset({"won", "lost", "warning_closed", "prevented"})


def read_event(raw: bytes) -> ProviderEvent:
    """The news in a verified body. Raises Unreadable when it is no snapshot event; unknown types are kept."""
    try:
        raw = raw.replace(rb"\u0000", rb"\ufffd")  # PostgreSQL stores no NUL
        body = msgspec.json.decode(raw)
        if body["object"] != "event":
            raise Unreadable(f"a Stripe event has object 'event', not {body['object']!r}")
        return ProviderEvent(
            event_id=_text(body["id"]),
            kind=_text(body["type"]),
            occurred_at=_instant(body["created"]),
            livemode=bool(body["livemode"]),
            report=read_report(body["type"], body["data"]["object"]),
            raw=msgspec.json.encode(_without_payer(body)),
        )
    except (
        msgspec.DecodeError,
        UnicodeDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
        Invalid,
    ) as error:
        raise Unreadable(f"the webhook body is not a Stripe event: {type(error).__name__}") from error


def look(kind: str, obj: Json, *, livemode: bool) -> ProviderEvent:
    """An object we asked for, as news: the same standing twice has the same id, so the ledger keeps it once.

    `kind` is look.session, look.session_failed, look.session_gone or look.refund.
    """
    standing = ":".join(str(obj.get(name)) for name in ("status", "payment_status") if obj.get(name))
    return ProviderEvent(
        event_id=f"{kind}:{obj['id']}:{standing}",
        kind=kind,
        occurred_at=_instant(obj.get("created") or 0),
        livemode=livemode,
        report=read_report(kind, obj),
        raw=msgspec.json.encode(_without_payer({"object": "look", "type": kind, "data": {"object": obj}})),
    )


def reread(raw: bytes) -> Report:
    """The report in a body that the ledger kept, event or look-up."""
    body = msgspec.json.decode(raw)
    return read_report(body["type"], body["data"]["object"])


def read_report(kind: str, obj: Json) -> Report:
    """What an event of this type says. Types we do not act on give Unconcerned."""
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(obj)
    intent = obj.get("payment_intent")
    return Unconcerned(intent_id=intent if isinstance(intent, str) else None)


def _without_payer(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case Mapping():
            return {key: None if key in _OF_THE_PAYER else _without_payer(item) for key, item in value.items()}
        case list():
            return [_without_payer(item) for item in value]
        case _:
            return value


def _session(obj: Json) -> AttemptReport:
    status, paid = obj.get("status"), obj.get("payment_status")
    outcome: Outcome | None = None
    if paid in {"paid", "no_payment_required"} and status != "open":
        outcome = Outcome.CAPTURED
    elif status == "complete":
        outcome = Outcome.PENDING
    return _from_session(obj, outcome, payable=status == "open")


def _session_failed(obj: Json) -> AttemptReport:
    return _from_session(obj, Outcome.FAILED, payable=False)


def _session_gone(obj: Json) -> AttemptReport:
    return _from_session(obj, None, payable=False)


def _from_session(obj: Json, outcome: Outcome | None, *, payable: bool) -> AttemptReport:
    metadata = obj.get("metadata") or {}
    return AttemptReport(
        session_id=_text(obj["id"]),
        intent_id=_id(obj.get("payment_intent")),
        order_id=_uuid(metadata.get("order_id")) or _uuid(obj.get("client_reference_id")),
        attempt=_number(metadata.get("attempt")),
        outcome=outcome,
        payable=payable,
        amount=_money(obj.get("amount_total"), obj.get("currency")),
        reason=None,
    )


def _intent(obj: Json) -> AttemptReport:
    status = obj["status"]
    # A page's intent that is under way, or fails, leaves the page open; only the page itself says that the shopper is
    # done, and only the page, or a cancelled intent, ends it.
    outcome = Outcome.CAPTURED if status == "succeeded" else None
    error = obj.get("last_payment_error") or {}
    if outcome is None and error:
        outcome = Outcome.FAILED
    metadata = obj.get("metadata") or {}
    received = obj.get("amount_received") if outcome is Outcome.CAPTURED else obj.get("amount")
    return AttemptReport(
        intent_id=_text(obj["id"]),
        order_id=_uuid(metadata.get("order_id")),
        attempt=_number(metadata.get("attempt")),
        outcome=None if status == "canceled" else outcome,
        payable=status != "canceled",
        amount=_money(received, obj.get("currency")),
        reason=error.get("decline_code") or error.get("code"),
    )


def _refund(obj: Json) -> RefundReport:
    metadata = obj.get("metadata") or {}
    amount = _money(obj["amount"], obj["currency"])
    if amount is None:
        raise Unreadable("a refund without an amount")
    return RefundReport(
        provider_id=_text(obj["id"]),
        state=_REFUND_STATES.get(obj.get("status") or "pending", RefundState.PENDING),
        amount=amount,
        intent_id=_id(obj.get("payment_intent")),
        order_id=_uuid(metadata.get("order_id")),
        refund_id=_uuid(metadata.get("refund_id")),
        failure=obj.get("failure_reason"),
    )


def _dispute(obj: Json) -> DisputeReport:
    amount = _money(obj["amount"], obj["currency"])
    if amount is None:
        raise Unreadable("a dispute without an amount")
    due_by = (obj.get("evidence_details") or {}).get("due_by")
    return DisputeReport(
        dispute_id=_text(obj["id"]),
        status=_text(obj["status"]),
        closed=obj["status"] in _DISPUTE_ENDS,
        amount=amount,
        intent_id=_id(obj.get("payment_intent")),
        reason=obj.get("reason"),
        due_by=_instant(due_by) if due_by else None,
    )


def _warning(obj: Json) -> FraudReport:
    return FraudReport(intent_id=_id(obj.get("payment_intent")))


_READERS: Mapping[str, Callable[[Json], Report]] = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": _session,
    "payment_intent.succeeded": _intent,
    "payment_intent.payment_failed": _intent,
    "payment_intent.processing": _intent,
    "payment_intent.canceled": _intent,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
    "radar.early_fraud_warning.created": _warning,
    "look.session": _session,
    "look.session_failed": _session_failed,
    "look.session_gone": _session_gone,
    "look.refund": _refund,
}
EVENTS: tuple[str, ...] = (*(name for name in _READERS if not name.startswith("look.")), "charge.refunded")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable(f"expected text, found {type(value).__name__}")
    return value


def _id(value: object) -> str | None:
    """An id, or the id of an expanded object."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return value if isinstance(value, str) and value else None


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None


def _money(units: object, currency: object) -> Money | None:
    if not isinstance(units, int) or not isinstance(currency, str):
        return None
    return from_units(units, currency)


def _instant(seconds: object) -> datetime:
    if not isinstance(seconds, int):
        raise Unreadable("expected a Unix time")
    return datetime.fromtimestamp(seconds, UTC)
