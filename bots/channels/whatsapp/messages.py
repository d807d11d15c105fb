"""What people send, each kind of message as its event. Source: Meta, "messages webhook reference".

A person's address is the business-scoped user id (BSUID) where the webhook carries one, else the phone number; the
other of the two is an alias. Neither is ever derived from the other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypedDict

import msgspec

from bots.channels.reading import (
    Json,
    entry_code,
    instant,
    media_kind,
    name_of,
    number,
    obj,
    objs,
    text,
    unrecognised,
)
from bots.messages.inbound import (
    ActionChosen,
    AddressChanged,
    CartReceived,
    ContactShared,
    Edited,
    FormAnswered,
    InboundEvent,
    Joined,
    LocationShared,
    MediaKind,
    MediaReceived,
    OrderedLine,
    ProductAsked,
    Reacted,
    Sender,
    TextReceived,
    UnsupportedReceived,
    Withdrawn,
)

MEDIA: Mapping[str, MediaKind] = {
    "image": MediaKind.IMAGE,
    "video": MediaKind.VIDEO,
    "audio": MediaKind.AUDIO,
    "document": MediaKind.DOCUMENT,
    "sticker": MediaKind.STICKER,
}


class _Common(TypedDict):
    dedupe_key: str
    at: datetime
    sender: Sender
    provider_id: str
    reply_to: str | None
    entry: str | None


def read_message(message: Json, contacts: Sequence[Json], at: datetime) -> Iterator[InboundEvent]:
    """The event of one message; of a changed number two."""
    kind, message_id, sender = text(message, "type"), name_of(message, "id"), _sender(message, contacts)
    at = instant(message, "timestamp", otherwise=at)
    if not message_id or sender is None:
        yield unrecognised(f"message:{kind[:40]}", message, at)
        return
    if kind == "system":
        yield from _system(message, message_id, at)
        return
    common = _Common(
        dedupe_key=f"message:{message_id}",
        at=at,
        sender=sender,
        provider_id=message_id,
        reply_to=name_of(obj(message, "context"), "id") or None,
        entry=_entry(message),
    )
    read = _KINDS.get(kind)
    event = read(message, common) if read else None
    # A person wrote something: even what we cannot read deserves an answer.
    yield event or UnsupportedReceived(**common, what=_unsupported(message) or kind[:40] or "unknown")


def _sender(message: Json, contacts: Sequence[Json]) -> Sender | None:
    bsuid, phone = name_of(message, "from_user_id"), name_of(message, "from")
    contact = next(
        (
            one
            for one in contacts
            if (bsuid and text(one, "user_id") == bsuid) or (phone and text(one, "wa_id") == phone)
        ),
        contacts[0] if len(contacts) == 1 else {},
    )
    if not bsuid and (not phone or text(contact, "wa_id") in ("", phone)):
        bsuid = name_of(contact, "user_id")
    phone = phone or name_of(contact, "wa_id")
    address = bsuid or phone
    if not address:
        return None
    profile = obj(contact, "profile")
    aliases = (phone,) if bsuid and phone else ()
    return Sender(address=address, aliases=aliases, name=text(profile, "name") or text(profile, "username") or None)


def _entry(message: Json) -> str | None:
    """A code in the words of a prefilled link, else the ad or post that was clicked."""
    referral = obj(message, "referral")
    source = name_of(referral, "source_id")
    kind = "post" if text(referral, "source_type") == "post" else "ad"
    return entry_code(text(obj(message, "text"), "body")) or (f"{kind}:{source}" if source else None)


def _system(message: Json, message_id: str, at: datetime) -> Iterator[InboundEvent]:
    """A changed number is a new phone number and a new BSUID of the same person: both are told."""
    system = obj(message, "system")
    moves = (
        (name_of(message, "from_user_id"), name_of(system, "user_id"), ""),
        (name_of(message, "from"), name_of(system, "wa_id"), ":number"),
    )
    known = [move for move in moves if move[0] and move[1]]
    if text(system, "type") not in {"user_changed_number", "user_changed_user_id"} or not known:
        yield unrecognised(f"system:{text(system, 'type')[:40]}", message, at)
    for old, new, suffix in known:
        yield AddressChanged(dedupe_key=f"message:{message_id}{suffix}", at=at, old=old, new=new)


def _unsupported(message: Json) -> str:
    kind = text(obj(message, "unsupported"), "type")
    codes = [text(error, "code") for error in objs(message, "errors")]
    return (kind or (codes[0] if codes else ""))[:40]


def _text(message: Json, common: _Common) -> InboundEvent | None:
    body = obj(message, "text").get("body")
    if not isinstance(body, str):
        return None
    sku = name_of(obj(obj(message, "context"), "referred_product"), "product_retailer_id")
    return ProductAsked(**common, sku=sku, text=body) if sku else TextReceived(**common, text=body)


def _media(message: Json, common: _Common) -> InboundEvent | None:
    kind = text(message, "type")
    media = obj(message, kind)
    media_id = name_of(media, "id")
    if not media_id:
        return None
    return MediaReceived(
        **common,
        kind=media_kind(MEDIA[kind], text(media, "mime_type")),
        media_id=media_id,
        mime=text(media, "mime_type") or None,
        name=text(media, "filename") or None,
        caption=text(media, "caption"),
    )


def _interactive(message: Json, common: _Common) -> InboundEvent | None:
    interactive = obj(message, "interactive")
    kind = text(interactive, "type")
    if kind == "nfm_reply":
        return _form(obj(interactive, "nfm_reply"), common)
    if kind not in {"button_reply", "list_reply"} or not name_of(obj(interactive, kind), "id"):
        return None
    chosen = obj(interactive, kind)
    return ActionChosen(**common, action_id=name_of(chosen, "id"), title=text(chosen, "title"))


def _form(reply: Json, common: _Common) -> InboundEvent | None:
    try:
        answer = msgspec.json.decode(text(reply, "response_json"))
    except (msgspec.DecodeError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    inner = answer.pop("values", None)  # the address form nests its fields
    fields = {**answer, **(inner if isinstance(inner, dict) else {})}
    return FormAnswered(**common, fields={str(key): _as_text(value) for key, value in fields.items()})


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _template_button(message: Json, common: _Common) -> InboundEvent | None:
    button = obj(message, "button")
    payload, title = name_of(button, "payload"), text(button, "text")
    if payload:
        return ActionChosen(**common, action_id=payload, title=title)
    return TextReceived(**common, text=title) if title else None


def _order(message: Json, common: _Common) -> InboundEvent | None:
    """A cart of the catalogue. Its prices are what the shopper saw, never ours: they are not read."""
    order = obj(message, "order")
    lines = []
    for line in objs(order, "product_items"):
        sku, quantity = name_of(line, "product_retailer_id"), number(line, "quantity")
        if sku and quantity and quantity >= 1:
            lines.append(OrderedLine(sku=sku, quantity=int(quantity)))
    return CartReceived(**common, lines=tuple(lines), text=text(order, "text")) if lines else None


def _location(message: Json, common: _Common) -> InboundEvent | None:
    place = obj(message, "location")
    latitude, longitude = number(place, "latitude"), number(place, "longitude")
    if latitude is None or longitude is None:
        return None
    name, address = text(place, "name"), text(place, "address")
    label = address if address.startswith(name) else f"{name}, {address}".strip(", ")
    return LocationShared(**common, latitude=latitude, longitude=longitude, label=label)


def _contact(message: Json, common: _Common) -> InboundEvent | None:
    """The first card and its first number. Own: asked for by us, or the number is the one that writes."""
    cards = objs(message, "contacts")
    if not cards:
        return None
    phones = objs(cards[0], "phones")
    phone = phones[0] if phones else {}
    known = {common["sender"].address, *common["sender"].aliases}
    own = "contact_request" in {text(message, "origin"), text(cards[0], "origin")}
    return ContactShared(
        **common,
        phone=text(phone, "phone") or None,
        name=text(obj(cards[0], "name"), "formatted_name"),
        own=own or text(phone, "wa_id") in known,
    )


def _reaction(message: Json, common: _Common) -> InboundEvent | None:
    reaction = obj(message, "reaction")
    target = name_of(reaction, "message_id")
    return Reacted(**common, emoji=text(reaction, "emoji") or None, target=target) if target else None


def _edit(message: Json, common: _Common) -> InboundEvent | None:
    edit = obj(message, "edit")
    inner = obj(edit, "message")
    words = text(obj(inner, "text"), "body") or text(obj(inner, text(inner, "type")), "caption")
    target = name_of(edit, "original_message_id")
    return Edited(**common, target=target, text=words) if target else None


def _revoke(message: Json, common: _Common) -> InboundEvent | None:
    target = name_of(obj(message, "revoke"), "original_message_id")
    return Withdrawn(**common, target=target) if target else None


def _welcome(_message: Json, common: _Common) -> InboundEvent | None:
    return Joined(**common)


_KINDS: Mapping[str, Callable[[Json, _Common], InboundEvent | None]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "interactive": _interactive,
    "button": _template_button,  # a quick reply of a template, unlike button_reply
    "order": _order,
    "location": _location,
    "contacts": _contact,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _welcome,
}
