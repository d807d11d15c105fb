"""Stripe's account, its balance, endpoints and events, version 2026-05-27.dahlia, with the fields a shop reads.

Built whole, so the description fits.
"""

from storefront.lab.stripe_double.answers import Json

VERSION = "2026-05-27.dahlia"


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


def balance() -> Json:
    """An empty balance, for key checks."""
    none: list[Json] = [{"amount": 0, "currency": "eur", "source_types": {"card": 0}}]
    return {"object": "balance", "available": none, "livemode": False, "pending": none}


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
