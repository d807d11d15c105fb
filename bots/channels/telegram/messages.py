"""What people send in a private chat, each kind of message as its event. Source: core.telegram.org/bots/api#message."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypedDict

import msgspec

from bots.channels.reading import Json, entry_code, instant, media_kind, name_of, number, obj, objs, text
from bots.messages.inbound import (
    ContactShared,
    FormAnswered,
    InboundEvent,
    InvoicePaid,
    Joined,
    LocationShared,
    MediaKind,
    MediaReceived,
    Sender,
    TextReceived,
    UnsupportedReceived,
)

# Key of a message, our kind, the type when the message does not say it.
MEDIA: Mapping[str, tuple[MediaKind, str]] = {
    "animation": (MediaKind.VIDEO, "video/mp4"),  # before document: an animation carries both
    "video": (MediaKind.VIDEO, "video/mp4"),
    "video_note": (MediaKind.VIDEO, "video/mp4"),
    "voice": (MediaKind.AUDIO, "audio/ogg"),
    "audio": (MediaKind.AUDIO, "audio/mpeg"),
    "sticker": (MediaKind.STICKER, "image/webp"),
    "document": (MediaKind.DOCUMENT, "application/octet-stream"),
}
# Keys that every message may have; the first other one names a kind that we do not take.
_ENVELOPE = frozenset({
    "message_id", "message_thread_id", "from", "sender_chat", "sender_boost_count", "sender_business_bot", "date",
    "chat", "forward_origin", "is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply",
    "quote", "reply_to_story", "via_bot", "edit_date", "has_protected_content", "is_from_offline", "media_group_id",
    "author_signature", "entities", "caption_entities", "caption", "link_preview_options", "effect_id",
    "reply_markup", "business_connection_id", "show_caption_above_media", "has_media_spoiler",
    "direct_messages_topic", "paid_star_count",
})  # fmt: skip
# Notes of Telegram about the chat itself: nobody said anything.
_SERVICE = (
    "pinned_message", "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "users_shared",
    "delete_chat_photo", "message_auto_delete_timer_changed", "chat_shared", "chat_background_set", "refunded_payment",
    "connected_website", "boost_added", "proximity_alert_triggered", "forum_topic_created", "video_chat_started",
)  # fmt: skip


class _Common(TypedDict):
    dedupe_key: str
    at: datetime
    sender: Sender
    provider_id: str
    reply_to: str | None
    entry: str | None


def read_message(message: Json, key: str, at: datetime) -> InboundEvent | None:
    """The event of one message; None when nobody said anything to the shop."""
    sender, message_id = sender_of(message), name_of(message, "message_id")
    if sender is None or not message_id or not is_private(message):
        return None
    common = _Common(
        dedupe_key=key,
        at=instant(message, "date", otherwise=at),
        sender=sender,
        provider_id=message_id,
        reply_to=name_of(obj(message, "reply_to_message"), "message_id") or None,
        entry=None,
    )
    for name, read in _CONTENT.items():
        if name in message and (event := read(message, common)) is not None:
            return event
    if any(name in message for name in _SERVICE):
        return None
    unknown = sorted(name for name in message if name not in _ENVELOPE)
    return UnsupportedReceived(**common, what=(unknown[0] if unknown else "empty")[:40])


def sender_of(value: Json, key: str = "from") -> Sender | None:
    """The person under a key; None when there is none, or a bot."""
    person = obj(value, key)
    address = name_of(person, "id")
    if not address or person.get("is_bot") is True:
        return None
    name = f"{text(person, 'first_name')} {text(person, 'last_name')}".strip()
    return Sender(address=address, name=name or None, locale=text(person, "language_code") or None)


def is_private(value: Json) -> bool:
    """Whether it stands in a thread with one person."""
    return text(obj(value, "chat"), "type") == "private"


def _text(message: Json, common: _Common) -> InboundEvent | None:
    """Words. `/start x` is the deep link's payload, other commands are words without their slash."""
    words = message.get("text")
    if not isinstance(words, str):
        return None
    command, _, rest = words.partition(" ")
    name = command.partition("@")[0]
    if name == "/start":
        common["entry"] = rest.strip()[:64] or None
        return Joined(**common)
    if name.startswith("/") and name[1:].replace("_", "").isalnum():
        words = f"{name[1:]} {rest}".strip()
    common["entry"] = entry_code(words)
    return TextReceived(**common, text=words)


def _photo(message: Json, common: _Common) -> InboundEvent | None:
    """The last size is the largest."""
    sizes = [size for size in objs(message, "photo") if name_of(size, "file_id")]
    if not sizes:
        return None
    return MediaReceived(
        **common,
        kind=MediaKind.IMAGE,
        media_id=name_of(sizes[-1], "file_id"),
        mime="image/jpeg",
        caption=text(message, "caption"),
        album=name_of(message, "media_group_id") or None,
    )


def _media(message: Json, common: _Common) -> InboundEvent | None:
    for name, (kind, mime) in MEDIA.items():
        file = obj(message, name)
        if name_of(file, "file_id"):
            return MediaReceived(
                **common,
                kind=media_kind(kind, text(file, "mime_type")),
                media_id=name_of(file, "file_id"),
                mime=text(file, "mime_type") or mime,
                name=text(file, "file_name") or None,
                caption=text(message, "caption") or (text(file, "emoji") if name == "sticker" else ""),
                album=name_of(message, "media_group_id") or None,
            )
    return None


def _location(message: Json, common: _Common) -> InboundEvent | None:
    venue = obj(message, "venue")
    place = obj(venue, "location") or obj(message, "location")
    latitude, longitude = number(place, "latitude"), number(place, "longitude")
    if latitude is None or longitude is None:
        return None
    label = ", ".join(part for part in (text(venue, "title"), text(venue, "address")) if part)
    return LocationShared(**common, latitude=latitude, longitude=longitude, label=label)


def _contact(message: Json, common: _Common) -> InboundEvent | None:
    """Own only if Telegram says that the card belongs to the sender: anybody can share anybody's card."""
    contact = obj(message, "contact")
    phone = text(contact, "phone_number")
    if not phone:
        return None
    name = f"{text(contact, 'first_name')} {text(contact, 'last_name')}".strip()
    return ContactShared(**common, phone=phone, name=name, own=text(contact, "user_id") == common["sender"].address)


def _web_app(message: Json, common: _Common) -> InboundEvent | None:
    """What a mini app sent. It comes from the person's device: as trustworthy as typed words."""
    data = text(obj(message, "web_app_data"), "data")
    try:
        fields = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return FormAnswered(**common, fields={"data": data})
    return FormAnswered(**common, fields={str(key): _as_text(value) for key, value in fields.items()})


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _paid(message: Json, common: _Common) -> InboundEvent | None:
    paid = obj(message, "successful_payment")
    total, charge = number(paid, "total_amount"), name_of(paid, "telegram_payment_charge_id")
    if total is None or not charge:
        return None
    return InvoicePaid(
        **common,
        payload=text(paid, "invoice_payload"),
        total_minor=int(total),
        currency=text(paid, "currency"),
        charge_id=charge,
        provider_charge_id=name_of(paid, "provider_payment_charge_id"),
    )


def _allowed(message: Json, common: _Common) -> InboundEvent | None:
    return Joined(**common) if isinstance(message.get("write_access_allowed"), dict) else None


_CONTENT: Mapping[str, Callable[[Json, _Common], InboundEvent | None]] = {
    "successful_payment": _paid,
    "text": _text,
    "photo": _photo,
    **dict.fromkeys(MEDIA, _media),
    "venue": _location,
    "location": _location,
    "contact": _contact,
    "web_app_data": _web_app,
    "write_access_allowed": _allowed,
}
