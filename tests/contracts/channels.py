"""What the channel contract needs of each kind: an account, how its provider signs, and its recorded requests.

A new kind adds its entry to `SIGNERS` and a folder of fixtures; the suite does the rest.
"""

# ruff: noqa: ANN401 - bodies of JSON

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bots.channels.base import Account, RawRequest
from bots.channels.webchat import tokens
from bots.messages.inbound import InboundEvent
from catalog.kernel.secrets import Secret

FIXTURES = Path(__file__).parent / "fixtures"
RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ACCOUNT_ID = "0192f0a0-0000-7000-8000-000000000001"
CREDENTIALS: Mapping[str, Mapping[str, Any]] = {
    "whatsapp": {
        "phone_number_id": "106540352242922",
        "waba_id": "102290129340398",
        "access_token": Secret("EAAB-token"),
        "app_secret": Secret("app-secret"),
        "verify_token": Secret("verify-me"),
    },
    "telegram": {"bot_token": Secret("5550001:AA-token"), "webhook_secret": Secret("hook-secret_1")},
    "webchat": {"allowed_origins": ["https://shop.example"], "token_secret": Secret("token-secret")},
}


def account(kind: str, **changes: Any) -> Account:
    """The account whose requests were recorded."""
    given: dict[str, Any] = {
        "id": ACCOUNT_ID,
        "shop_id": ACCOUNT_ID,
        "kind": kind,
        "name": kind,
        "credentials": CREDENTIALS[kind],
        "webhook_url": f"https://shop.example/webhooks/{kind}/{ACCOUNT_ID}",
    }
    return Account(**(given | changes))


def _meta(body: bytes) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()}


def _telegram(_body: bytes) -> dict[str, str]:
    return {"x-telegram-bot-api-secret-token": "hook-secret_1"}


def _webchat(_body: bytes) -> dict[str, str]:
    claims = tokens.Claims(
        sid=UUID(ACCOUNT_ID),
        address="visitor:1",
        account=ACCOUNT_ID,
        origin="https://shop.example",
        exp=int(RECEIVED.timestamp()) + 600,
    )
    return {"authorization": f"Bearer {tokens.sign(account('webchat'), claims)}"}


SIGNERS: Mapping[str, Callable[[bytes], dict[str, str]]] = {
    "whatsapp": _meta,
    "telegram": _telegram,
    "webchat": _webchat,
}
BODY_IS_SIGNED = frozenset({"whatsapp"})


def request(kind: str, body: bytes, **changes: Any) -> RawRequest:
    """A request as the provider would post it."""
    given: dict[str, Any] = {
        "method": "POST",
        "path": "",
        "headers": {"content-type": "application/json", **SIGNERS[kind](body)},
        "query": {},
        "body": body,
        "received_at": RECEIVED,
    }
    return RawRequest(**(given | changes))


def samples(kind: str) -> list[Path]:
    """The recorded requests of a kind."""
    return sorted(path for path in (FIXTURES / kind).glob("*.json") if not path.name.endswith(".expected.json"))


def as_data(event: InboundEvent) -> dict[str, Any]:
    """An event as it stands in an `.expected.json`: its kind and every field that is not empty."""
    fields: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(asdict(event)))
    sender = {key: value for key, value in (fields.get("sender") or {}).items() if value}
    told = {key: value for key, value in {**fields, "sender": sender}.items() if value not in (None, "", {}, [])}
    return {"event": type(event).__name__, **told}
