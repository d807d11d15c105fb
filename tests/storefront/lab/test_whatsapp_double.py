"""The double speaks to the real adapter over loopback HTTP: what it takes, refuses, signs and tells."""

# ruff: noqa: ASYNC110 - what is waited for happens in another task's state

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bots.channels import registry
from bots.channels.base import (
    Channel,
    ChannelTools,
    Envelope,
    FailureKind,
    Linkable,
    MediaLinks,
    Rejected,
    Unreachable,
    WireCall,
)
from bots.channels.whatsapp.adapter import WhatsApp
from bots.messages.fit import fit
from bots.messages.fitted import FittedTemplate, FittedText
from bots.messages.inbound import (
    ActionChosen,
    CartReceived,
    InboundEvent,
    MarketingPreference,
    MediaReceived,
    Reacted,
    Receipt,
    ReceiptReceived,
    TemplateChanged,
    TextReceived,
)
from bots.messages.outbound import Action, Card, Carousel, Choices, ImageRef, Message, Picture, Text
from bots.messages.templates import TEMPLATES, use
from storefront.lab.whatsapp_double.app import create_app
from storefront.lab.whatsapp_double.double import Number, WhatsAppDouble
from storefront.outside import trusted
from tests.contracts import channels
from tests.storefront.lab.serving import Shop, served

ADA = "491701234567"
SCENE = ImageRef(image_id="ab" * 32, alt="Szene")


@dataclass
class Line:
    """A connected number: the double, the real channel that talks to it, and what the shop was told."""

    double: WhatsAppDouble
    channel: Channel
    shop: Shop
    lab: httpx.AsyncClient
    time: list[float]

    async def send(self, message: Message, address: str = ADA) -> str:
        """Fit, render and send; the id of the last."""
        sent = [await self.channel.send(call) for call in self.calls(message, address)]
        return sent[-1].provider_id

    def calls(self, message: Message, address: str = ADA) -> list[WireCall]:
        fitted = fit(message, self.channel.capabilities)
        return [self.channel.render(one, self.envelope(address)) for one in fitted]

    def envelope(self, address: str = ADA) -> Envelope:
        return Envelope(address=address, message_id="0192", media=MediaLinks(base="https://shop.example"), locale="de")

    async def person(self, act: str, **what: Any) -> Any:  # noqa: ANN401 - JSON
        answer = await self.lab.post(f"/_lab/person/{ADA}/{act}", json=what)
        assert answer.is_success, answer.text
        return answer.json()

    async def told(self, kind: type[InboundEvent], count: int = 1) -> list[Any]:
        async with asyncio.timeout(5):
            while len(found := [event for event in self.shop.events if isinstance(event, kind)]) < count:
                await asyncio.sleep(0.01)
        return found


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    time = [1_790_000_000.0]
    shop = Shop()
    double = WhatsAppDouble(now=lambda: time[0])
    async with (
        served(create_app(double, client=shop.client())) as base,
        httpx.AsyncClient(base_url=base, verify=trusted()) as lab,
    ):
        double.base_url = base
        double.connect(
            Number(
                phone_number_id="106540352242922",
                waba_id="102290129340398",
                app_secret="app-secret",
                access_token="EAAB-token",
                callback_url="http://shop/webhooks",
            )
        )
        account = channels.account("whatsapp", api_base=base, allow_private=True)
        async with httpx.AsyncClient(verify=trusted()) as http:
            shop.channel = registry.build(account, ChannelTools(http=http))
            yield Line(double=double, channel=shop.channel, shop=shop, lab=lab, time=time)


class TestPeople:
    async def test_words_arrive_signed_and_open_the_window(self, line: Line) -> None:
        await line.person("say", text="Hey Charles 👋 (#LB7)", name="Ada Ruiz")
        (event,) = await line.told(TextReceived)
        assert (event.text, event.entry, event.sender.name) == ("Hey Charles 👋 (#LB7)", "LB7", "Ada Ruiz")
        assert event.sender.address.startswith("DE.")
        assert event.sender.aliases == (ADA,)

    async def test_what_was_offered_can_be_tapped(self, line: Line) -> None:
        await line.person("say", text="Hi")
        yes = Action(id="yes", title="Ja")
        few = await line.send(Text(text="Passt das?", actions=(yes,)))
        many = await line.send(
            Choices(text="Was?", options=tuple(Action(id=f"o{n}", title=f"Wort {n}") for n in "abcd"))
        )
        cards = tuple(
            Card(title=f"Tee {n}", subtitle="24,90 €", image=SCENE, actions=(Action(id=f"show:{n}", title="Ansehen"),))
            for n in (1, 2)
        )
        side_by_side = await line.send(Carousel(text="Für dich", cards=cards))
        for message_id, action_id in ((few, "yes"), (many, "oc"), (side_by_side, "show:2")):
            await line.person("tap", message_id=message_id, id=action_id)
        taps = await line.told(ActionChosen, 3)
        assert [(tap.action_id, tap.reply_to) for tap in taps] == [
            ("yes", few),
            ("oc", many),
            ("show:2", side_by_side),
        ]

    async def test_pictures_come_by_an_address_that_dies(self, line: Line) -> None:
        await line.lab.post(
            f"/_lab/person/{ADA}/picture?caption=So%20was%3F",
            content=b"\xff\xd8jpeg",
            headers={"content-type": "image/jpeg"},
        )
        (event,) = await line.told(MediaReceived)
        media = await line.channel.fetch_media(event.media_id)
        assert (media.body, media.mime, event.caption) == (b"\xff\xd8jpeg", "image/jpeg", "So was?")

    async def test_carts_reactions_and_preferences_arrive(self, line: Line) -> None:
        item = {"product_retailer_id": "TEE-GREY-M", "quantity": 2, "item_price": 24.9, "currency": "EUR"}
        await line.person("order", lines=[item])
        await line.person("react", message_id="wamid.X", emoji="❤️")
        await line.person("preference", value="stop")
        assert [(one.sku, one.quantity) for one in (await line.told(CartReceived))[0].lines] == [("TEE-GREY-M", 2)]
        assert (await line.told(Reacted))[0].emoji == "❤️"
        assert (await line.told(MarketingPreference))[0].allowed is False

    async def test_somebody_without_a_number_is_answered_by_id(self, line: Line) -> None:
        about = await line.person("hide-number")
        await line.person("say", text="Hi")
        (event,) = await line.told(TextReceived)
        assert (event.sender.address, event.sender.aliases) == (about["user_id"], ())
        await line.send(Text(text="Hallo"), event.sender.address)
        thread = (await line.lab.get(f"/_lab/person/{ADA}/thread")).json()
        assert [entry["by"] for entry in thread["messages"]] == ["person", "shop"]


class TestSending:
    async def test_statuses_follow_and_reading_is_told(self, line: Line) -> None:
        await line.person("say", text="Hi")
        sent = await line.send(Picture(image=SCENE, text="Bitte", actions=(Action(id="a", title="Ja"),)))
        await line.person("read")
        receipts = await line.told(ReceiptReceived, 3)
        assert [(one.receipt, one.provider_id) for one in receipts] == [
            (Receipt.SENT, sent),
            (Receipt.DELIVERED, sent),
            (Receipt.READ, sent),
        ]

    async def test_words_after_the_window_fail_later_with_the_reason(self, line: Line) -> None:
        await line.person("say", text="Hi")
        line.time[0] += 24 * 3600
        await line.send(Text(text="Noch da?"))
        (receipt,) = await line.told(ReceiptReceived)
        assert (receipt.receipt, receipt.code) == (Receipt.FAILED, "131047")
        assert registry.refusal("whatsapp", receipt.code).kind is FailureKind.WINDOW

    async def test_templates_are_handed_in_approved_and_then_go_out(self, line: Line) -> None:
        assert isinstance(line.channel, WhatsApp)
        states = await line.channel.sync_templates(public_url="https://shop.example", at=channels.RECEIVED)
        assert len(states) == 2 * len(TEMPLATES)
        assert {state.status for state in states} == {"pending"}
        approved = await line.told(TemplateChanged, 2 * len(TEMPLATES))
        assert {event.status for event in approved} == {"approved"}
        again = await line.channel.sync_templates(public_url="https://shop.example", at=channels.RECEIVED)
        assert {state.status for state in again} == {"approved"}
        line.double.person(ADA)
        template = use("order_shipped", "de", order="K-1042", carrier="DHL", tracking="0034", link="A7K-2QX")
        await line.channel.send(line.channel.render(FittedTemplate(use=template), line.envelope()))
        (entry,) = line.double.people[ADA].thread
        assert entry.payload["rendered"] == {
            "text": template.text,
            "buttons": [{"text": "Bestellung ansehen", "url": "https://shop.example/o/A7K-2QX"}],
        }

    async def test_a_template_that_does_not_exist_is_refused_as_such(self, line: Line) -> None:
        call = line.channel.render(FittedTemplate(use=use("reply_waiting", "de", shop="Linden")), line.envelope())
        with pytest.raises(Rejected) as refused:
            await line.channel.send(call)
        assert (refused.value.kind, refused.value.provider_code) == (FailureKind.TEMPLATE, "132001")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"text": {"body": "x" * 4097}}, "131009"),
            ({"text": {}}, "131008"),
            ({"type": "telepathy"}, "100"),
            ({"messaging_product": "sms"}, "100"),
        ],
    )
    async def test_malformed_messages_are_refused_as_bugs(self, line: Line, change: dict[str, Any], code: str) -> None:
        (call,) = line.calls(Text(text="Hi"))
        with pytest.raises(Rejected) as refused:
            await line.channel.send(WireCall(method="POST", path=call.path, json={**(call.json or {}), **change}))
        assert (refused.value.kind, refused.value.provider_code) == (FailureKind.BUG, code)

    async def test_the_read_mark_shows_that_we_type(self, line: Line) -> None:
        await line.person("say", text="Hi")
        (event,) = await line.told(TextReceived)
        for call in line.channel.acknowledge(event, typing=True):
            await line.channel.send(call)
        assert (await line.lab.get(f"/_lab/person/{ADA}/thread")).json()["typing"] is True

    async def test_doctor_finds_what_is_wrong(self, line: Line) -> None:
        (finding,) = await line.channel.check()
        assert "webhooks" in finding
        await line.channel.register()
        assert await line.channel.check() == []
        line.double.numbers["106540352242922"].quality = "RED"
        assert "RED" in (await line.channel.check())[0]

    async def test_the_number_is_told_as_links_have_it(self, line: Line) -> None:
        shown = line.double.numbers["106540352242922"].display
        assert isinstance(line.channel, Linkable)
        assert await line.channel.public_name() == shown.replace(" ", "").removeprefix("+")

    async def test_a_wrong_token_is_told_apart(self, line: Line) -> None:
        line.double.numbers["106540352242922"].access_token = "another"
        with pytest.raises(Rejected) as refused:
            await line.send(Text(text="Hi"))
        assert refused.value.kind is FailureKind.TOKEN


class TestFaults:
    async def test_too_fast_is_refused_and_names_the_account(self, line: Line) -> None:
        await line.lab.post("/_lab/faults", json={"rate_limit_next": 1})
        with pytest.raises(Rejected) as refused:
            await line.send(Text(text="Hi"))
        assert (refused.value.kind, refused.value.scope) == (FailureKind.RATE, "account")
        await line.send(Text(text="Hi"))

    async def test_a_cut_connection_may_have_arrived(self, line: Line) -> None:
        await line.person("say", text="Hi")
        line.double.faults.cut_next = 1
        with pytest.raises(Unreachable) as lost:
            await line.send(Text(text="Angekommen?"))
        assert lost.value.may_have_arrived
        assert line.double.people[ADA].thread[-1].payload["text"]["body"] == "Angekommen?"

    async def test_a_server_that_is_away_has_taken_nothing(self, line: Line) -> None:
        nowhere = channels.account("whatsapp", api_base="http://127.0.0.1:9", allow_private=True)
        async with httpx.AsyncClient(verify=trusted()) as http:
            channel = registry.build(nowhere, ChannelTools(http=http))
            with pytest.raises(Unreachable) as lost:
                await channel.send(channel.render(FittedText(text="Hi"), line.envelope()))
        assert not lost.value.may_have_arrived

    async def test_webhooks_come_doubled_shuffled_and_again_until_answered(self, line: Line) -> None:
        line.double.faults.set({"webhook_copies": 2, "webhook_reorder": True})
        await line.person("say", text="eins")
        await line.person("say", text="zwei")
        events = await line.told(TextReceived, 4)
        assert [event.text for event in events] == ["zwei", "zwei", "eins", "eins"]
        assert len({event.dedupe_key for event in events}) == 2
        line.double.faults.set({"webhook_copies": 1, "webhook_reorder": False})
        line.shop.statuses = [503, 200]
        await line.person("say", text="drei")
        assert (await line.told(TextReceived, 5))[-1].text == "drei"

    async def test_receipts_can_be_withheld_and_switches_reset(self, line: Line) -> None:
        await line.person("say", text="Hi")
        await line.told(TextReceived)
        await line.lab.post("/_lab/faults", json={"drop_receipts": True})
        await line.send(Text(text="Hallo"))
        await line.lab.post("/_lab/faults", json={"drop_receipts": False})
        await line.send(Text(text="Noch da?"))
        told = await line.told(ReceiptReceived, 2)
        assert len({event.provider_id for event in told}) == 1
        await line.lab.post("/_lab/faults", json={"drop_receipts": True})
        answer = await line.lab.delete("/_lab/faults")
        assert json.loads(answer.content)["drop_receipts"] is False
        assert (await line.lab.post("/_lab/faults", json={"gremlins": 1})).status_code == 400
