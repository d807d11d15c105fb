"""What the Cloud API posts, as typed events. Source: Meta, "Webhooks" and "messages webhook reference".

One malformed part never costs the rest of a batch: it becomes Unrecognised.
"""

import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from bots.channels.base import Account, Answer, RawRequest
from bots.channels.reading import Json, decode, instant, obj, objs, text, unrecognised
from bots.channels.whatsapp.messages import read_message
from bots.channels.whatsapp.reports import (
    read_account,
    read_preferences,
    read_status,
    read_template_rating,
    read_template_status,
)
from bots.messages.inbound import InboundEvent
from catalog.kernel.errors import Forged, Unreadable
from catalog.kernel.secrets import same

_STAMP = "entry time"  # no key of the provider's has a blank


def handshake(request: RawRequest, account: Account) -> Answer | None:
    """Echo the challenge when the verify token is ours. Raises Forged for any other GET."""
    if request.method != "GET":
        return None
    token, expected = request.query.get("hub.verify_token", ""), account.text("verify_token")
    if request.query.get("hub.mode") != "subscribe" or not expected or not same(token, expected):
        raise Forged("the verify token is not this account's")
    return Answer(body=request.query.get("hub.challenge", "").encode())


def verify(request: RawRequest, account: Account) -> None:
    """HMAC-SHA256 of the raw bytes under the app secret. Raises Forged."""
    secret = account.text("app_secret")
    expected = hmac.digest(secret.encode(), request.body, "sha256").hex()
    if not secret or not same(request.headers.get("x-hub-signature-256", ""), f"sha256={expected}"):
        raise Forged("the signature does not hold")


def parse(request: RawRequest, account: Account) -> Sequence[InboundEvent]:
    """Every event of a batch, in order."""
    body = decode(request.body)
    if not isinstance(body.get("entry"), list) or not isinstance(body.get("object"), str):
        raise Unreadable("not a webhook of the Graph API: no object or no entry")
    events: list[InboundEvent] = []
    for entry in objs(body, "entry"):
        at = instant(entry, "time", otherwise=request.received_at)
        stamp = text(entry, "time") or request.received_at.date().isoformat()
        for change in objs(entry, "changes"):
            events += _change(change, account.text("phone_number_id"), at, stamp)
    return events or [unrecognised("empty", body, request.received_at)]


def _change(change: Json, phone_number_id: str, at: datetime, stamp: str) -> Iterator[InboundEvent]:
    field, value = text(change, "field"), obj(change, "value")
    if field in _FIELDS:
        yield from _FIELDS[field]({**value, _STAMP: stamp}, at)
    elif field != "messages":
        what = ":".join(part for part in (field or "unnamed", text(value, "event").lower()) if part)
        yield unrecognised(what, change, at)
    elif text(obj(value, "metadata"), "phone_number_id") not in ("", phone_number_id):
        yield unrecognised("other_number", change, at)  # another number of the same WhatsApp Business Account
    else:
        yield from _messages(value, at)


def _messages(value: Json, at: datetime) -> Iterator[InboundEvent]:
    contacts = objs(value, "contacts")
    for message in objs(value, "messages"):
        yield from read_message(message, contacts, at)
    for status in objs(value, "statuses"):
        yield read_status(status, at)
    for error in objs(value, "errors"):
        yield unrecognised(f"error:{text(error, 'code')[:20]}", error, at)
    if not any(isinstance(value.get(key), list) for key in ("messages", "statuses", "errors")):
        yield unrecognised("messages:empty", value, at)


_FIELDS: Mapping[str, Callable[[Json, datetime], Iterator[InboundEvent]]] = {
    "user_preferences": read_preferences,
    "message_template_status_update": read_template_status,
    "message_template_quality_update": read_template_rating,
    "template_category_update": read_template_rating,
    "account_update": read_account,
    "account_alerts": read_account,
    "security": read_account,
}
