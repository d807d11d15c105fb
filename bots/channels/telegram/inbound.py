"""Updates of the Bot API as typed events. Source: core.telegram.org/bots/api, "Getting updates".

One update comes per request and exactly one key beside `update_id` says what it is. Telegram signs nothing: the secret
given to `setWebhook` comes back in a header. Only private chats are a shop's threads; groups are kept for the operator.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bots.channels.base import Account, RawRequest
from bots.channels.reading import Json, decode, instant, name_of, number, obj, objs, text, unrecognised
from bots.channels.telegram.messages import is_private, read_message, sender_of
from bots.messages.inbound import (
    ActionChosen,
    Edited,
    InboundEvent,
    Joined,
    Left,
    PreCheckoutAsked,
    Reacted,
)
from catalog.kernel.errors import Forged, Unreadable
from catalog.kernel.secrets import same


def verify(request: RawRequest, account: Account) -> None:
    """The header must be the secret that we gave to setWebhook. Raises Forged."""
    secret = account.text("webhook_secret")
    if not secret or not same(request.headers.get("x-telegram-bot-api-secret-token", ""), secret):
        raise Forged("the secret token is not this account's")


def parse(request: RawRequest, account: Account) -> Sequence[InboundEvent]:  # noqa: ARG001 - as every channel's
    """The one event of the request."""
    update = decode(request.body)
    update_id = update.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or abs(update_id) >> 63:
        raise Unreadable("not an update of the Bot API: no update_id")
    key = f"update:{update_id}"
    for name, read in _UPDATES.items():
        if isinstance(update.get(name), dict):
            event = read(update[name], key, request.received_at)
            return (event or unrecognised(name, update, request.received_at, key=key),)
    names = sorted(name for name in update if name != "update_id")
    return (unrecognised(names[0] if names else "empty", update, request.received_at, key=key),)


def _edited(message: Json, key: str, at: datetime) -> InboundEvent | None:
    sender, target = sender_of(message), name_of(message, "message_id")
    words = text(message, "text") or text(message, "caption")
    if sender is None or not target or not words or not is_private(message):
        return None
    at = instant(message, "edit_date", otherwise=instant(message, "date", otherwise=at))
    return Edited(dedupe_key=key, at=at, sender=sender, provider_id=target, target=target, text=words)


def _callback(query: Json, key: str, at: datetime) -> InboundEvent | None:
    """A tap carries no time. Its id is what `acknowledge` answers, the tapped message what it replies to."""
    sender, query_id, action_id = sender_of(query), name_of(query, "id"), name_of(query, "data")
    if sender is None or not query_id or not action_id:
        return None
    message = obj(query, "message")
    if message and not is_private(message):
        return None
    return ActionChosen(
        dedupe_key=key,
        at=at,
        sender=sender,
        provider_id=query_id,
        reply_to=name_of(message, "message_id") or None,
        action_id=action_id,
        title=_label(message, action_id),
    )


def _label(message: Json, action_id: str) -> str:
    rows = obj(message, "reply_markup").get("inline_keyboard")
    for row in rows if isinstance(rows, list) else ():
        for button in row if isinstance(row, list) else ():
            if isinstance(button, dict) and button.get("callback_data") == action_id:
                return text(button, "text")
    return ""


def _reaction(reaction: Json, key: str, at: datetime) -> InboundEvent | None:
    sender, target = sender_of(reaction, "user"), name_of(reaction, "message_id")
    if sender is None or not target or not is_private(reaction):
        return None
    emoji = [text(one, "emoji") for one in objs(reaction, "new_reaction")]
    return Reacted(
        dedupe_key=key,
        at=instant(reaction, "date", otherwise=at),
        sender=sender,
        provider_id=key,
        emoji=next(filter(None, emoji), None),
        target=target,
    )


def _member(change: Json, key: str, at: datetime) -> InboundEvent | None:
    """The person blocked the bot, or let it back in."""
    sender = sender_of(change)
    if sender is None or not is_private(change):
        return None
    status = text(obj(change, "new_chat_member"), "status")
    at = instant(change, "date", otherwise=at)
    match status:
        case "kicked" | "left":
            return Left(dedupe_key=key, at=at, sender=sender, provider_id=key)
        case "member":
            return Joined(dedupe_key=key, at=at, sender=sender, provider_id=key)
        case _:
            return None


def _pre_checkout(query: Json, key: str, at: datetime) -> InboundEvent | None:
    sender, query_id, total = sender_of(query), name_of(query, "id"), number(query, "total_amount")
    if sender is None or not query_id or total is None:
        return None
    return PreCheckoutAsked(
        dedupe_key=key,
        at=at,
        sender=sender,
        provider_id=query_id,
        query_id=query_id,
        payload=text(query, "invoice_payload"),
        total_minor=int(total),
        currency=text(query, "currency"),
    )


_UPDATES: Mapping[str, Callable[[Json, str, datetime], InboundEvent | None]] = {
    "message": read_message,
    "edited_message": _edited,
    "callback_query": _callback,
    "pre_checkout_query": _pre_checkout,
    "my_chat_member": _member,
    "message_reaction": _reaction,
    # shipping_query comes for flexible invoices only, which we never send: it is kept as unrecognised.
}
# What we ask Telegram for; kinds not named here are not sent.
ALLOWED_UPDATES = (
    "message", "edited_message", "callback_query", "shipping_query", "pre_checkout_query", "my_chat_member",
    "message_reaction",
)  # fmt: skip
