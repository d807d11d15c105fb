"""The person's side: what they write, tap and send, as the webhooks that Meta would post."""

from typing import Any

from storefront.lab.double import Entry, Json
from storefront.lab.whatsapp_double.double import Number, Person, WhatsAppDouble


class Phone:
    """A person's phone, writing to one business number."""

    def __init__(self, double: WhatsAppDouble, number: Number, person: Person) -> None:
        self.double = double
        self.number = number
        self.person = person

    def say(self, text: str, *, reply_to: str | None = None, more: Json | None = None) -> str:
        """Words, perhaps quoting a message or coming from an ad (`more`: referral)."""
        return self.send({"type": "text", "text": {"body": text}, **(more or {})}, reply_to=reply_to)

    def tap(self, message_id: str, action_id: str) -> str:
        """Tap a button or row of a message of the shop. Raises LookupError when there is none."""
        payload = next((entry.payload for entry in self.person.thread if entry.id == message_id), {})
        kind, title, description = find_tap(payload, action_id)
        if kind == "button":
            return self.send({"type": "button", "button": {"payload": action_id, "text": title}}, reply_to=message_id)
        chosen = {"id": action_id, "title": title}
        if description:
            chosen["description"] = description
        return self.send({"type": "interactive", "interactive": {"type": kind, kind: chosen}}, reply_to=message_id)

    def picture(self, body: bytes, mime: str, *, kind: str = "image", caption: str = "", name: str = "") -> str:
        """Send a file: image, audio, video, document or sticker."""
        media_id = self.double.store(body, mime)
        media: Json = {"id": media_id, "mime_type": mime, "url": self.double.file_url(media_id)}
        if caption:
            media["caption"] = caption
        if name:
            media["filename"] = name
        return self.send({"type": kind, kind: media})

    def location(self, latitude: float, longitude: float, *, name: str = "", address: str = "") -> str:
        """Share a place."""
        place: Json = {"latitude": latitude, "longitude": longitude}
        if name:
            place |= {"name": name, "address": address or name}
        return self.send({"type": "location", "location": place})

    def order(self, lines: list[Json], text: str = "") -> str:
        """Send a cart from the catalogue: lines of product_retailer_id, quantity, item_price, currency."""
        return self.send({"type": "order", "order": {"catalog_id": "1", "text": text, "product_items": lines}})

    def react(self, message_id: str, emoji: str) -> str:
        """React to a message; an empty emoji takes it back."""
        reaction = {"message_id": message_id, **({"emoji": emoji} if emoji else {})}
        for entry in self.person.thread:
            if entry.id == message_id:
                entry.reaction = emoji
        return self.send({"type": "reaction", "reaction": reaction})

    def read(self) -> None:
        """Look at the thread: what the shop sent is read."""
        for entry in self.person.thread:
            if entry.by == "shop" and entry.status in {"sent", "delivered"}:
                self.double.tell_status(entry.id, "read")

    def prefer(self, value: str) -> None:
        """Stop or resume marketing."""
        preference: Json = {
            "user_id": self.person.user_id,
            "detail": f"User requested to {value} marketing messages",
            "category": "marketing_messages",
            "value": value,
            "timestamp": self.double.now(),
        }
        if not self.person.hides_number:
            preference["wa_id"] = self.person.wa_id
        told = {
            **self.double.metadata(self.number),
            "contacts": [self.double.contact(self.person)],
            "user_preferences": [preference],
        }
        self.double.post(self.number, "user_preferences", told)

    def send(self, message: Json, *, reply_to: str | None = None) -> str:
        """Any message: `message` has its type and part; ids, sender and time are added. Opens the window."""
        message_id = self.double.new_id()
        now = self.double.now()
        self.person.last_inbound_at = now
        head: Json = {"from_user_id": self.person.user_id, "id": message_id, "timestamp": str(now)}
        if not self.person.hides_number:
            head["from"] = self.person.wa_id
        if reply_to:
            head["context"] = {"from": self.number.display, "id": reply_to}
        whole = {**head, **message}
        if message.get("type") not in {"reaction", "system"}:
            self.person.thread.append(Entry(id=message_id, by="person", at=now, payload=whole, status="sent"))
        value: dict[str, Any] = {**self.double.metadata(self.number), "messages": [whole]}
        if message.get("type") != "system":
            value["contacts"] = [self.double.contact(self.person)]
        self.double.post(self.number, "messages", value)
        return message_id


def find_tap(payload: Json, action_id: str) -> tuple[str, str, str]:  # noqa: C901 - one loop for each kind
    """Kind of reply, title and description of something tappable. Raises LookupError."""
    action = payload.get("interactive", {}).get("action", {})
    for button in action.get("buttons", ()):
        if button["reply"]["id"] == action_id:
            return "button_reply", button["reply"]["title"], ""
    for section in action.get("sections", ()):
        for row in section["rows"]:
            if row["id"] == action_id:
                return "list_reply", row["title"], row.get("description", "")
    for card in action.get("cards", ()):
        for button in card["action"].get("buttons", ()):
            if button["quick_reply"]["id"] == action_id:
                return "button_reply", button["quick_reply"]["title"], ""
    for component in payload.get("template", {}).get("components", ()):
        if component.get("sub_type") == "quick_reply" and component["parameters"][0]["payload"] == action_id:
            return "button", action_id, ""
    raise LookupError(action_id)
