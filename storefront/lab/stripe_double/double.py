"""The double's state and its clockwork: objects by id, events, keys; one JSON file keeps them over restarts."""

import copy
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from storefront.lab.stripe_double import account_objects
from storefront.lab.stripe_double.answers import Json, missing
from storefront.lab.stripe_double.faults import Faults

_KEY_LIFE_S = 24 * 3600
_DELAYED_S = 60
KINDS = (
    "checkout.session", "payment_intent", "charge", "refund", "event", "coupon", "token", "payment_method", "dispute",
    "webhook_endpoint",
)  # fmt: skip


class StripeDouble:
    """One pretended Stripe account.

    `base_url` is where its payment pages are; `now` is the time it lives by (the lab's), in Unix seconds. Webhook
    signatures carry the machine's time, as receivers judge them by theirs.
    """

    def __init__(
        self,
        *,
        base_url: str = "http://127.0.0.1:8420",
        path: Path | None = None,
        now: Callable[[], float] = time.time,
        keys: frozenset[str] = frozenset(),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.now_source = now
        self.offset_s = 0
        self.keys = keys  # empty: any key of the test mode
        self.faults = Faults()
        self.in_flight: set[str] = set()
        self.objects: dict[str, dict[str, Json]] = {kind: {} for kind in KINDS}
        self.line_items: dict[str, list[Json]] = {}
        self.intent_data: dict[str, Json] = {}  # by session, until somebody pays and the intent is made
        self.idempotency: dict[str, Json] = {}
        self.deliveries: list[Json] = []
        self.due: list[Json] = []  # what happens by itself later: delayed money, pending refunds
        self.on_event: Callable[[], None] = lambda: None
        self._path = path
        self._load()

    def now(self) -> int:
        """Its time, in whole Unix seconds."""
        return int(self.now_source()) + self.offset_s

    def advance(self, seconds: int) -> None:
        """Move its time forward, as the lab moves the shop's."""
        self.offset_s += max(0, seconds)
        self.on_event()

    def new_id(self, prefix: str) -> str:
        """An id as Stripe's look."""
        return f"{prefix}_{secrets.token_hex(12)}"

    def get(self, kind: str, object_id: str) -> Json:
        """The object, or Stripe's 404."""
        found = self.objects[kind].get(object_id)
        if found is None:
            raise missing(kind, object_id)
        return found

    def configure_webhook(self, url: str, secret: str) -> None:
        """Send events to this address, signed with this secret; a path that is known moves to its new host."""
        for endpoint in self.objects["webhook_endpoint"].values():
            if urlsplit(endpoint["url"]).path == urlsplit(url).path:
                endpoint |= {"url": url, "secret": secret}
                self.save()
                return
        made = account_objects.webhook_endpoint(
            endpoint_id=self.new_id("we"), now=self.now(), params={"url": url}, secret=secret
        )
        self.objects["webhook_endpoint"][made["id"]] = made
        self.save()

    def emit(self, kind: str, obj: Json, *, key: str | None = None, previous: Json | None = None) -> Json:
        """Record an event and queue it for every endpoint that wants its type."""
        made = account_objects.event(
            event_id=self.new_id("evt"),
            now=self.now(),
            kind=kind,
            obj=copy.deepcopy(obj),
            key=key,
            previous=previous,
        )
        self.objects["event"][made["id"]] = made
        for endpoint in self.objects["webhook_endpoint"].values():
            wanted = endpoint["enabled_events"]
            if "*" in wanted or kind in wanted:
                self._queue(endpoint["id"], made["id"])
        self.on_event()
        return made

    def redeliver(self, event_id: str) -> None:
        """Send an event again to every endpoint, as by hand in the Dashboard."""
        for endpoint_id in self.objects["webhook_endpoint"]:
            self._queue(endpoint_id, event_id)
        self.on_event()

    def later(self, what: str, object_id: str, *, seconds: int = _DELAYED_S, fails: bool = False) -> None:
        """Let something happen by itself after a while."""
        self.due.append({"what": what, "id": object_id, "at": self.now() + seconds, "fails": fails})

    def forget_old_keys(self) -> None:
        """Idempotency keys live for a day."""
        oldest = self.now() - _KEY_LIFE_S
        self.idempotency = {key: kept for key, kept in self.idempotency.items() if kept["at"] > oldest}

    def save(self) -> None:
        """Write everything down, if there is a file."""
        if self._path is None:
            return
        state = {
            "objects": self.objects,
            "line_items": self.line_items,
            "intent_data": self.intent_data,
            "idempotency": self.idempotency,
            "deliveries": self.deliveries,
            "due": self.due,
            "offset_s": self.offset_s,
        }
        scratch = self._path.with_suffix(".new")
        scratch.write_bytes(msgspec.json.encode(state))
        scratch.replace(self._path)

    def reset(self) -> None:
        """Forget all but the webhook endpoints."""
        endpoints = self.objects["webhook_endpoint"]
        self.objects = {kind: {} for kind in KINDS}
        self.objects["webhook_endpoint"] = endpoints
        self.line_items, self.intent_data, self.idempotency = {}, {}, {}
        self.deliveries, self.due = [], []
        self.faults = Faults()
        self.save()

    def _queue(self, endpoint_id: str, event_id: str) -> None:
        self.deliveries.append({"endpoint": endpoint_id, "event": event_id, "tries": 0, "at": time.time()})

    def _load(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            return
        state: dict[str, Any] = msgspec.json.decode(self._path.read_bytes())
        self.objects = {kind: state["objects"].get(kind, {}) for kind in KINDS}
        self.line_items = state["line_items"]
        self.intent_data = state["intent_data"]
        self.idempotency = state["idempotency"]
        self.deliveries = state["deliveries"]
        self.due = state["due"]
        self.offset_s = state["offset_s"]
