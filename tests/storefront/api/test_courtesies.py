"""What a webhook lets people see at once: a read mark, a tap that was heard, and dots where the bot will answer."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from litestar import Litestar

from bots.channels.base import Channel, WireCall
from storefront.courtesy import Courtesy
from tests.contracts import channels
from tests.storefront.api.conftest import Merchant

ADA, BEN = "491700000001", "491700000002"


class Seen(Courtesy):
    """Notes what would be sent: the message read, and whether dots show."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[str, bool]] = []

    def offer(self, channel: Channel, calls: Sequence[WireCall]) -> None:
        """Note it."""
        self.marks += [(call.json["message_id"], "typing_indicator" in call.json) for call in calls if call.json]


class WhatsApp:
    """Posts to the webhook of an account."""

    def __init__(self, app: Litestar, merchant: Merchant) -> None:
        self.app, self.merchant = app, merchant
        self.seen = Seen()
        app.state.house = replace(app.state.house, courtesy=self.seen)

    async def open(self) -> None:
        """Make the account."""
        given = {
            name: value if isinstance(value, str) else value.reveal()
            for name, value in channels.CREDENTIALS["whatsapp"].items()
        }
        made = await self.merchant.create(
            "/channels", {"kind": "whatsapp", "name": "WA", "credentials": given, "api_base": "http://127.0.0.1:9"}
        )
        self.path = f"http://shop.test/webhooks/whatsapp/{made['id']}"

    async def post(self, messages: Sequence[Any] = (), statuses: Sequence[Any] = ()) -> list[tuple[str, bool]]:
        """One request; what people see of it."""
        value = {
            "metadata": {"phone_number_id": "106540352242922"},
            "messages": list(messages), "statuses": list(statuses),
        }  # fmt: skip
        body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}
        raw = json.dumps(body).encode()
        self.seen.marks.clear()
        answer = await self.merchant.api.post(self.path, content=raw, headers=channels.SIGNERS["whatsapp"](raw))
        assert answer.status_code == 200
        return sorted(self.seen.marks)


@pytest.fixture
async def whatsapp(app: Litestar, merchant: Merchant) -> WhatsApp:
    made = WhatsApp(app, merchant)
    await made.open()
    return made


def text(number: int, sender: str = ADA) -> dict[str, Any]:
    return {
        "from": sender, "id": f"wamid.{number}", "timestamp": "1790000000", "type": "text", "text": {"body": "hallo"},
    }  # fmt: skip


async def test_a_message_is_marked_read_and_the_bot_types(whatsapp: WhatsApp) -> None:
    assert await whatsapp.post([text(1)]) == [("wamid.1", True)]


async def test_the_same_message_again_shows_nothing(whatsapp: WhatsApp) -> None:
    await whatsapp.post([text(1)])
    assert await whatsapp.post([text(1)]) == []


async def test_the_last_message_of_everybody_in_a_request_is_marked_read(whatsapp: WhatsApp) -> None:
    marks = await whatsapp.post([text(1), text(2, BEN), text(3)], statuses=[{"id": "wamid.x", "status": "read"}])
    assert marks == [("wamid.2", True), ("wamid.3", True)]


async def test_nobody_types_while_a_person_of_the_team_has_the_word(whatsapp: WhatsApp) -> None:
    await whatsapp.post([text(1)])
    (conversation,) = (await whatsapp.merchant.api.get("/conversations")).json()["items"]
    await whatsapp.merchant.create(f"/conversations/{conversation['id']}/messages", {"text": "Hier das Team."})
    assert await whatsapp.post([text(2)]) == [("wamid.2", False)]
    assert await whatsapp.post([text(3), text(4)]) == [("wamid.4", False)]


async def test_an_invoice_of_telegrams_is_refused_with_the_way_to_our_page(app: Litestar, merchant: Merchant) -> None:
    sent: list[WireCall] = []

    class Busy(Courtesy):
        """Has no call left for courtesies."""

        def offer(self, channel: Channel, calls: Sequence[WireCall]) -> None:
            """Leave it out."""

        def send(self, channel: Channel, calls: Sequence[WireCall]) -> None:
            """Note it."""
            sent.extend(calls)

    app.state.house = replace(app.state.house, courtesy=Busy())
    given = {"bot_token": "5550001:AA-token", "webhook_secret": "hook-secret_1"}
    made = await merchant.create(
        "/channels", {"kind": "telegram", "name": "TG", "credentials": given, "api_base": "http://127.0.0.1:9"}
    )
    raw = (channels.FIXTURES / "telegram" / "pre_checkout_query.json").read_bytes().replace(b'"es"', b'"en"')
    path = f"http://shop.test/webhooks/telegram/{made['id']}"
    await merchant.api.post(path, content=raw, headers=channels.SIGNERS["telegram"](raw))
    (call,) = sent
    assert call.path == "/answerPreCheckoutQuery"
    assert call.json is not None
    assert call.json["ok"] is False
    assert "only on our own page" in call.json["error_message"]
