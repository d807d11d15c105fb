"""The double's state: the bot, people with their threads, files; and the updates it owes the shop."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from storefront.lab.double import Courier, Entry, Faults, Json, Webhook

_EPOCH = 1_700_000_000  # keeps message ids small, as Telegram's are


@dataclass(slots=True, kw_only=True)
class Hook:
    """Where updates go, as setWebhook said."""

    url: str = ""
    secret_token: str = ""
    allowed_updates: list[str] = field(default_factory=list)
    max_connections: int = 40


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with the app. A bot may write to them only once they have started it."""

    id: int
    name: str
    language: str = "de"
    started: bool = False
    blocked: bool = False
    typing_at: int = 0
    thread: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A stored file and the name in its path."""

    body: bytes
    path: str


class TelegramDouble:
    """One pretended Bot API with one bot. `now` is the time it lives by (the lab's); an empty token takes any."""

    def __init__(self, *, token: str = "", username: str = "charles_bot", now: Callable[[], float] = time.time) -> None:
        self.token = token
        self.username = username
        self.now_source = now
        self.faults = Faults()
        self.courier: Courier | None = None
        self.hook = Hook()
        self.people: dict[int, Person] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, Json] = {}  # callback and pre-checkout queries that wait for an answer
        self.invoices: dict[int, Json] = {}
        self.answered: list[Json] = []
        self.updates: list[tuple[str, Json]] = []  # by kind, until a webhook is set
        # A double that starts again must not count from the same number: the shop would take news for repeats.
        self._update_id = int(time.time())
        self._message_id = self._update_id - _EPOCH

    @property
    def bot(self) -> Json:
        """The bot, as `from` of its messages."""
        head = self.token.partition(":")[0]
        number = int(head) if head.isdecimal() else 5_550_001
        return {"id": number, "is_bot": True, "first_name": "Charles", "username": self.username}

    def now(self) -> int:
        """Its time, in whole Unix seconds."""
        return int(self.now_source())

    def person(self, person_id: int, name: str = "") -> Person:
        """Somebody; made on first sight."""
        known = self.people.setdefault(person_id, Person(id=person_id, name=name or f"Person {person_id}"))
        known.name = name or known.name
        return known

    def user(self, person: Person) -> Json:
        """A person as `from`."""
        return {
            "id": person.id,
            "is_bot": False,
            "first_name": person.name,
            "language_code": person.language,
        }

    def chat(self, person: Person) -> Json:
        """A person's private chat."""
        return {"id": person.id, "first_name": person.name, "type": "private"}

    def next_message_id(self) -> int:
        """Ids rise over all chats of the bot."""
        self._message_id += 1
        return self._message_id

    def store(self, body: bytes, path: str) -> str:
        """Keep a file; its file id."""
        file_id = f"AgAC{secrets.token_urlsafe(12)}"
        self.files[file_id] = File(body=body, path=f"{path}/file_{len(self.files)}.{_SUFFIXES.get(path, 'bin')}")
        return file_id

    def query_id(self, query: Json) -> str:
        """Remember a query that wants an answer."""
        made = str(10**17 + secrets.randbelow(10**17))
        self.queries[made] = {**query, "asked_at": time.monotonic()}
        return made

    def post(self, kind: str, value: Json) -> int:
        """Queue an update; its id. While no webhook is set it waits, as at Telegram."""
        self._update_id += 1
        self.updates.append((kind, {"update_id": self._update_id, kind: value}))
        self.hand_over()
        return self._update_id

    def hand_over(self) -> None:
        """Give the courier what waits, of the kinds that the bot asked for."""
        if self.courier is None or not self.hook.url:
            return
        headers = {"content-type": "application/json"}
        if self.hook.secret_token:
            headers["x-telegram-bot-api-secret-token"] = self.hook.secret_token
        for kind, update in self.updates:
            if not self.hook.allowed_updates or kind in self.hook.allowed_updates:
                body = json.dumps(update, ensure_ascii=True).encode()
                self.courier.put(Webhook(self.hook.url, headers, body))
        self.updates.clear()


_SUFFIXES = {"photos": "jpg", "voice": "oga", "stickers": "webp", "videos": "mp4", "documents": "pdf"}
