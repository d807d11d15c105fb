"""The person's side: what they write, tap, share and pay, as the updates that Telegram would post."""

import secrets

from storefront.lab.double import Entry, Json
from storefront.lab.telegram_double.double import Person, TelegramDouble

# Our word for a file, its key in a message, and the folder of its path.
FILES = {
    "image": ("photo", "photos"),
    "audio": ("voice", "voice"),
    "video": ("video", "videos"),
    "sticker": ("sticker", "stickers"),
    "document": ("document", "documents"),
}


class Phone:
    """A person's phone in the bot's chat."""

    def __init__(self, double: TelegramDouble, person: Person) -> None:
        self.double = double
        self.person = person

    def start(self, payload: str = "") -> str:
        """Tap Start, perhaps from a link with a payload."""
        self.person.started = True
        words = f"/start {payload}".strip()
        entities = [{"type": "bot_command", "offset": 0, "length": 6}]
        return self.send({"text": words, "entities": entities})

    def say(self, text: str, *, reply_to: str | None = None) -> str:
        """Words, perhaps quoting a message."""
        return self.send({"text": text}, reply_to=reply_to)

    def tap(self, message_id: str, data: str) -> str:
        """Tap an inline button; the id of the query. Raises LookupError when there is none."""
        entry = next((one for one in self.person.thread if one.id == message_id and one.by == "shop"), None)
        message: Json = entry.payload["message"] if entry else {}
        rows = message.get("reply_markup", {}).get("inline_keyboard", ())
        if not any(button.get("callback_data") == data for row in rows for button in row):
            raise LookupError(data)
        query: Json = {
            "from": self.double.user(self.person),
            "message": message,
            "chat_instance": str(-self.person.id),
            "data": data,
        }
        query = {"id": self.double.query_id(query), **query}
        self.double.post("callback_query", query)
        return str(query["id"])

    def picture(self, body: bytes, mime: str, *, kind: str = "image", caption: str = "", name: str = "") -> str:
        """Send a file: image, audio, video, document or sticker."""
        key, folder = FILES[kind]
        file_id = self.double.store(body, folder)
        file: Json = {"file_id": file_id, "file_unique_id": file_id[-8:], "file_size": len(body)}
        content: Json = {key: _FACTS.get(key, {}) | file}
        if key == "photo":
            content = {"photo": [{**file, "width": 90, "height": 120}, {**file, "width": 960, "height": 1280}]}
        else:
            content[key]["mime_type"] = mime
        if key == "sticker":
            del content[key]["mime_type"]
        if name and key == "document":
            content[key]["file_name"] = name
        if caption:
            content["caption"] = caption
        return self.send(content)

    def location(self, latitude: float, longitude: float) -> str:
        """Share a place."""
        return self.send({"location": {"latitude": latitude, "longitude": longitude}})

    def contact(self, phone: str, *, own: bool = True) -> str:
        """Share a contact card, one's own or another's."""
        whose = {"user_id": self.person.id} if own else {}
        return self.send({"contact": {"phone_number": phone, "first_name": self.person.name, **whose}})

    def edit(self, message_id: str, text: str) -> None:
        """Change an own message."""
        for entry in self.person.thread:
            if entry.id == message_id and entry.by == "person":
                entry.payload = {**entry.payload, "text": text, "edit_date": self.double.now()}
                self.double.post("edited_message", entry.payload)

    def block(self) -> None:
        """Stop the bot."""
        self.person.blocked = True
        self._member("member", "kicked")

    def unblock(self) -> None:
        """Let it back in."""
        self.person.blocked = False
        self._member("kicked", "member")

    def pay(self, message_id: str) -> str:
        """Press Pay on an invoice: the bot is asked, and the money moves when it agrees. Raises LookupError."""
        invoice = self.double.invoices[int(message_id)]
        query: Json = {
            "from": self.double.user(self.person),
            "currency": invoice["currency"],
            "total_amount": invoice["total_amount"],
            "invoice_payload": invoice["payload"],
        }
        query = {"id": self.double.query_id({**query, "invoice_message_id": message_id}), **query}
        self.double.post("pre_checkout_query", query)
        return str(query["id"])

    def paid(self, message_id: str) -> str:
        """The provider took the money."""
        invoice = self.double.invoices[int(message_id)]
        payment = {
            "currency": invoice["currency"],
            "total_amount": invoice["total_amount"],
            "invoice_payload": invoice["payload"],
            "telegram_payment_charge_id": f"tpc_{secrets.token_hex(8)}",
            "provider_payment_charge_id": f"ch_{secrets.token_hex(8)}",
        }
        return self.send({"successful_payment": payment})

    def send(self, content: Json, *, reply_to: str | None = None) -> str:
        """Any message: `content` is what stands beside id, sender, chat and date. Starts the chat."""
        self.person.started = True
        message: Json = {
            "message_id": self.double.next_message_id(),
            "from": self.double.user(self.person),
            "chat": self.double.chat(self.person),
            "date": self.double.now(),
            **content,
        }
        if reply_to:
            entry = next((one for one in self.person.thread if one.id == reply_to), None)
            quoted = entry.payload.get("message", entry.payload) if entry else {}
            head = {"message_id": int(reply_to), "chat": message["chat"], "date": message["date"]}
            message["reply_to_message"] = {
                key: value for key, value in (head | quoted).items() if key != "reply_to_message"
            }
        self.person.thread.append(
            Entry(id=str(message["message_id"]), by="person", at=self.double.now(), payload=message, status="sent")
        )
        self.double.post("message", message)
        return str(message["message_id"])

    def _member(self, old: str, new: str) -> None:
        bot = self.double.bot
        self.double.post(
            "my_chat_member",
            {
                "chat": self.double.chat(self.person),
                "from": self.double.user(self.person),
                "date": self.double.now(),
                "old_chat_member": _membership(bot, old),
                "new_chat_member": _membership(bot, new),
            },
        )


def _membership(bot: Json, status: str) -> Json:
    return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}


_FACTS: dict[str, Json] = {
    "voice": {"duration": 3},
    "video": {"duration": 3, "width": 720, "height": 1280},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}
