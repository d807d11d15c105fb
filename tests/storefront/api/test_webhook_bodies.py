"""Thousands of generated webhook bodies: nothing breaks the house, and what was answered 200 is in the database.

Bodies are recorded requests with parts replaced, random JSON, rubbish, huge and deep ones; signed well, badly or not.
WEBHOOK_BODIES sets how many.
"""

import asyncio
import copy
import hashlib
import hmac
import json
import os
import random
import string
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from litestar import Litestar

from bots.channels.base import Channel, RawRequest
from bots.messages.inbound import PersonEvent
from bots.turns import pending
from catalog.kernel.secrets import Secret
from catalog.kernel.unit_of_work import Units
from storefront.bootstrap import House
from tests.checkout import payments as checkout_samples
from tests.contracts import channels
from tests.storefront.api.conftest import Merchant

pytestmark = pytest.mark.slow
BODIES = int(os.environ.get("WEBHOOK_BODIES", "10000"))
AT_ONCE = 16
ENDS = {200, 400, 401, 403}
STRIPE_SECRET = "whsec_dGVzdHM"
STRIPE_SAMPLES = Path(checkout_samples.__file__).parent / "samples"


@dataclass
class Provider:
    """Posts to one account's webhook, as its provider or as somebody who pretends to be."""

    kind: str
    path: str
    samples: list[Any]
    secret: str
    channel: Channel | None = None
    expected: dict[str, str] = field(default_factory=dict)

    def headers(self, body: bytes, secret: str) -> dict[str, str]:
        """Signed with this secret."""
        match self.kind:
            case "whatsapp":
                return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
            case "telegram":
                return {"x-telegram-bot-api-secret-token": secret}
            case _:
                now = int(time.time())
                mark = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
                return {"stripe-signature": f"t={now},v1={mark}"}

    def people_in(self, headers: dict[str, str], body: bytes) -> set[str]:
        """The keys of what people said in it, as the adapter reads it."""
        if self.channel is None:
            return set()
        raw = RawRequest(
            method="POST", path="", headers={"content-type": "application/json", **headers}, query={}, body=body,
            received_at=datetime.now(UTC),
        )  # fmt: skip
        return {event.dedupe_key for event in self.channel.parse(raw) if isinstance(event, PersonEvent)}


@pytest.fixture
async def providers(app: Litestar, merchant: Merchant) -> list[Provider]:
    house: House = app.state.house
    found = []
    for kind in ("whatsapp", "telegram"):
        fields = {
            name: value.reveal() if isinstance(value, Secret) else value
            for name, value in channels.CREDENTIALS[kind].items()
            if name != "webhook_secret"
        }
        made = await merchant.create(
            "/channels", {"kind": kind, "name": kind, "credentials": fields, "api_base": "http://127.0.0.1:9"}
        )
        channel = await house.directory.get(UUID(made["id"]), merchant.shop_id)
        told = channel.account.credentials["app_secret" if kind == "whatsapp" else "webhook_secret"]
        samples = [json.loads(path.read_bytes()) for path in channels.samples(kind)]
        found.append(Provider(kind, f"/webhooks/{kind}/{made['id']}", samples, cast("Secret", told).reveal(), channel))
    secrets = {"secret_key": "sk_test_webhooks", "webhook_secret": STRIPE_SECRET}
    account = await merchant.create(
        "/payment-accounts", {"kind": "stripe", "credentials": secrets, "api_base": "http://127.0.0.1:9"}
    )
    events = [json.loads(path.read_bytes()) for path in sorted(STRIPE_SAMPLES.glob("event.*.json"))]
    found.append(Provider("stripe", f"/webhooks/stripe/{account['id']}", events, STRIPE_SECRET))
    return found


async def test_no_body_breaks_the_house_or_goes_unrecorded(
    app: Litestar, providers: list[Provider], units: Units, shop_id: UUID
) -> None:
    chance = random.Random(20_261_122)  # noqa: S311 - a test's own
    answers: Counter[tuple[str, bool, int]] = Counter()
    recorded: set[str] = set()
    wrong: list[str] = []

    async def post_some(count: int) -> None:
        for _ in range(count):
            provider = chance.choices(providers, weights=(45, 45, 10))[0]
            body, good = make_body(chance, provider.samples), chance.random() < 0.75
            secret = provider.secret if good else chance.choice(["", "wrong", provider.secret[:-1]])
            headers = provider.headers(body, secret) if good or chance.random() < 0.7 else {}
            status = await post(app, provider.path, headers, body)
            answers[provider.kind, good, status] += 1
            if status not in ENDS or (not good and status == 200):
                wrong.append(f"{provider.kind} {status} good={good}: {body[:300]!r}")
            elif status == 200:
                recorded.update(provider.people_in(headers, body))

    await asyncio.gather(*(post_some(BODIES // AT_ONCE) for _ in range(AT_ONCE)))
    assert not wrong, wrong[:5]
    assert answers.total() >= BODIES - AT_ONCE
    assert len(recorded) > BODIES // 20, answers
    house: House = app.state.house
    for _ in range(20):
        if not await pending.step(house.turns, limit=500):
            break
    async with units(shop_id) as uow:
        rows = await uow.fetch("SELECT dedupe_key, outcome FROM inbound_message WHERE shop_id = $1", shop_id)
    kept = {row["dedupe_key"] for row in rows}
    assert not recorded - kept, [*recorded - kept][:5]
    faults = Counter(row["outcome"] for row in rows)
    assert not faults["failed"], faults


async def post(app: Litestar, path: str, headers: dict[str, str], body: bytes) -> int:
    """One request by ASGI's own form; the status of its answer."""
    status = 0
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:  # noqa: ANN401 - ASGI
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        nonlocal status
        status = message.get("status", status)

    sent = {"content-type": "application/json", "content-length": str(len(body)), "host": "shop.test", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("shop.test", 80), "state": {},
        "headers": [(name.encode(), value.encode("utf-8", "ignore")) for name, value in sent.items()],
    }  # fmt: skip
    await app(cast("Any", scope), receive, send)
    return status


def make_body(chance: random.Random, samples: list[Any]) -> bytes:
    """A body: mostly a recorded one with some of its parts replaced."""
    roll = chance.random()
    if roll < 0.05:
        return chance.randbytes(chance.randrange(200))
    if roll < 0.12:
        return json.dumps(anything(chance, 3)).encode()
    if roll < 0.125:
        return b"[" * 50_000
    body = copy.deepcopy(chance.choice(samples))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 5])):
        _change(chance, body)
    if chance.random() < 0.7:
        _renew(chance, body)
    raw = json.dumps(body, ensure_ascii=chance.random() < 0.5).encode("utf-8", "replace")
    return raw[: chance.randrange(len(raw))] if roll > 0.97 else raw


def anything(chance: random.Random, depth: int) -> Any:  # noqa: ANN401, PLR0911 - JSON, one return a kind
    """Any JSON value."""
    kind = chance.randrange(9 if depth else 7)
    match kind:
        case 0:
            return None
        case 1:
            return chance.choice([True, False])
        case 2:
            return chance.choice([0, -1, 2**31, 2**63, 10**30, chance.randrange(10**6)])
        case 3:
            return chance.choice([0.5, -1e308, 1e-300])
        case 4:
            return "".join(chance.choices(string.printable + "äß€👋\u202e\ud83d\x00", k=chance.randrange(40)))
        case 5:
            return chance.choice(["", "x" * 20_000, "text", "\x00", "1" * 400, "🙂" * 2000])
        case 6:
            return str(chance.randrange(10**12))
        case 7:
            return [anything(chance, depth - 1) for _ in range(chance.randrange(5))]
        case _:
            return {str(anything(chance, 0)): anything(chance, depth - 1) for _ in range(chance.randrange(5))}


def _change(chance: random.Random, body: Any) -> None:  # noqa: ANN401 - JSON
    """Replace, drop, double or wrap one part, anywhere."""
    places = [*_places(body)]
    if not places:
        return
    holder, key = chance.choice(places)
    match chance.randrange(5):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        case 2:
            holder[key] = [holder[key]]
        case _:
            holder[key] = anything(chance, 2)


def _renew(chance: random.Random, body: Any) -> None:  # noqa: ANN401 - JSON
    """Give its ids new values, so that it is no repeat."""
    for holder, key in [*_places(body)]:
        if key in {"id", "update_id", "message_id"} and isinstance(holder[key], str | int):
            fresh = chance.randrange(1, 2**40)
            holder[key] = fresh if isinstance(holder[key], int) else f"wamid.{fresh}"


def _places(value: Any) -> Any:  # noqa: ANN401 - an iterator over JSON
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
