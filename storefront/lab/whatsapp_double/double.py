"""The double's state: numbers, people with their threads, media and templates; and the webhooks it owes the shop."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from storefront.lab.double import Courier, Entry, Faults, Json, Webhook

WINDOW_S = 24 * 3600
_MEDIA_URL_S = 300


@dataclass(slots=True, kw_only=True)
class Number:
    """A business phone number with the app behind it. An empty token takes any."""

    phone_number_id: str
    waba_id: str
    app_secret: str
    callback_url: str
    access_token: str = ""
    display: str = "4930901820"
    quality: str = "GREEN"
    status: str = "CONNECTED"
    subscribed: bool = False


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with the app. `hides_number`: their webhooks carry the business-scoped user id only."""

    wa_id: str
    name: str
    user_id: str
    hides_number: bool = False
    last_inbound_at: int = 0
    typing_at: int = 0
    blocked: bool = False
    thread: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A stored file."""

    body: bytes
    mime: str


class WhatsAppDouble:
    """One pretended Graph API. `now` is the time it lives by (the lab's), in Unix seconds."""

    def __init__(self, *, base_url: str = "http://127.0.0.1:8421", now: Callable[[], float] = time.time) -> None:
        self.base_url = base_url.rstrip("/")
        self.now_source = now
        self.faults = Faults()
        self.courier: Courier | None = None
        self.numbers: dict[str, Number] = {}
        self.people: dict[str, Person] = {}
        self.files: dict[str, File] = {}
        self.file_urls: dict[str, tuple[str, float]] = {}
        self.templates: dict[tuple[str, str, str], Json] = {}
        self.sent: dict[str, Json] = {}  # our messages by id: number, person, opaque data
        self.review = "approve"  # or reject, hold
        self._count = 0

    def now(self) -> int:
        """Its time, in whole Unix seconds."""
        return int(self.now_source())

    def connect(self, number: Number) -> None:
        """Add a number, or change what is known of it."""
        self.numbers[number.phone_number_id] = number

    def person(self, wa_id: str, name: str = "") -> Person:
        """Somebody by number or business-scoped user id; made on first sight."""
        for known in self.people.values():
            if wa_id in {known.wa_id, known.user_id}:
                known.name = name or known.name
                return known
        digits = str(int(hashlib.sha256(wa_id.encode()).hexdigest()[:14], 16))
        made = Person(wa_id=wa_id, name=name or f"+{wa_id}", user_id=f"DE.{digits}")
        self.people[wa_id] = made
        return made

    def find(self, address: str) -> Person | None:
        """Somebody who has the app, by number or user id."""
        bare = address.removeprefix("+")
        return next((one for one in self.people.values() if bare in {one.wa_id, one.user_id}), None)

    def new_id(self, prefix: str = "wamid.") -> str:
        """An id as Meta's look."""
        self._count += 1
        return f"{prefix}HBg{self._count:06d}{secrets.token_hex(8).upper()}"

    def store(self, body: bytes, mime: str) -> str:
        """Keep a file; its media id."""
        media_id = str(10**15 + secrets.randbelow(10**15))
        self.files[media_id] = File(body=body, mime=mime)
        return media_id

    def file_url(self, media_id: str) -> str:
        """A fresh address of a file; it lives five minutes."""
        key = secrets.token_urlsafe(18)
        self.file_urls[key] = (media_id, time.time() + _MEDIA_URL_S)
        return f"{self.base_url}/attachments/{key}"

    def file_at(self, key: str) -> File | None:
        """The file behind an address that still lives."""
        media_id, until = self.file_urls.get(key, ("", 0.0))
        return self.files.get(media_id) if until > time.time() else None

    def post(self, number: Number, field_name: str, value: Json) -> None:
        """Queue a signed webhook for the number's app."""
        change = {"value": value, "field": field_name}
        entry: Json = {"id": number.waba_id, "changes": [change]}
        if field_name != "messages":
            entry["time"] = self.now()
        # Meta escapes non-ASCII: whoever signs a body that was read and written again finds out here.
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, ensure_ascii=True).encode()
        mark = hmac.new(number.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": f"sha256={mark}"}
        if self.courier is not None and number.callback_url:
            self.courier.put(Webhook(number.callback_url, headers, body))

    def metadata(self, number: Number) -> Json:
        """What every message webhook begins with."""
        return {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": number.display, "phone_number_id": number.phone_number_id},
        }

    def contact(self, person: Person) -> Json:
        """How a webhook introduces somebody."""
        about: Json = {"profile": {"name": person.name}, "user_id": person.user_id}
        if person.hides_number:
            about["profile"]["username"] = person.name.lower().replace(" ", ".")
        else:
            about["wa_id"] = person.wa_id
        return about

    def tell_status(self, message_id: str, status: str, error: Json | None = None) -> None:
        """A message of the shop came further: noted in the thread and told by webhook."""
        sent = self.sent[message_id]
        number, person = self.numbers[sent["number"]], self.people[sent["person"]]
        for entry in person.thread:
            if entry.id == message_id:
                entry.status = status
        if self.faults.drop_receipts:
            return
        told: Json = {"id": message_id, "status": status, "timestamp": str(self.now()), "recipient_id": person.wa_id}
        if person.hides_number:
            del told["recipient_id"]
            told["recipient_user_id"] = person.user_id
        if sent["opaque"]:
            told["biz_opaque_callback_data"] = sent["opaque"]
        if error is not None:
            self.post(number, "messages", {**self.metadata(number), "statuses": [{**told, "errors": [error]}]})
            return
        if status in {"sent", "delivered"}:
            free = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
            paid = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "utility"}
            told["pricing"] = paid if sent["template"] else free
        value = {**self.metadata(number), "contacts": [self.contact(person)], "statuses": [told]}
        self.post(number, "messages", value)

    def within_window(self, person: Person) -> bool:
        """Whether free words may reach the person now."""
        return bool(person.last_inbound_at) and self.now() - person.last_inbound_at < WINDOW_S
