"""The double speaks to the real adapter over loopback HTTP; its updates are what aiogram and the description read."""

# ruff: noqa: ASYNC110 - what is waited for happens in another task's state

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bots.channels import registry
from bots.channels.base import Channel, ChannelTools, Envelope, FailureKind, MediaLinks, Rejected, Unreachable, WireCall
from bots.channels.telegram import outbound
from bots.messages.fit import fit
from bots.messages.inbound import (
    ActionChosen,
    ContactShared,
    Edited,
    InboundEvent,
    InvoicePaid,
    Joined,
    Left,
    LocationShared,
    MediaKind,
    MediaReceived,
    PreCheckoutAsked,
    TextReceived,
)
from bots.messages.outbound import Action, Card, Carousel, FormQuestion, ImageRef, Message, Text
from storefront.lab.telegram_double.app import create_app
from storefront.lab.telegram_double.double import TelegramDouble
from storefront.outside import trusted
from tests.contracts import channels, telegram_api
from tests.shared import shared
from tests.storefront.lab.serving import Shop, served

ADA = 70000001
SCENE = ImageRef(image_id="ab" * 32, alt="Szene")


@dataclass
class Chat:
    """A registered bot: the double, the real channel that talks to it, and what the shop was told."""

    double: TelegramDouble
    channel: Channel
    shop: Shop
    lab: httpx.AsyncClient

    async def send(self, message: Message) -> str:
        envelope = Envelope(
            address=str(ADA), message_id="0192", media=MediaLinks(base="https://shop.example"), locale="de"
        )
        fitted = fit(message, self.channel.capabilities)
        sent = [await self.channel.send(self.channel.render(one, envelope)) for one in fitted]
        return sent[-1].provider_id

    async def person(self, act: str, **what: Any) -> Any:  # noqa: ANN401 - JSON
        answer = await self.lab.post(f"/_lab/person/{ADA}/{act}", json=what)
        assert answer.is_success, answer.text
        return answer.json()

    async def thread(self) -> Any:  # noqa: ANN401 - JSON
        return (await self.lab.get(f"/_lab/person/{ADA}/thread")).json()

    async def told(self, kind: type[InboundEvent], count: int = 1) -> list[Any]:
        async with asyncio.timeout(5):
            while len(found := [event for event in self.shop.events if isinstance(event, kind)]) < count:
                await asyncio.sleep(0.01)
        return found


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    shop = Shop()
    double = TelegramDouble(token="5550001:AA-token")
    async with (
        served(create_app(double, client=shop.client())) as base,
        httpx.AsyncClient(base_url=base, verify=trusted()) as lab,
    ):
        account = channels.account("telegram", api_base=base, allow_private=True)
        async with httpx.AsyncClient(verify=trusted()) as http:
            shop.channel = registry.build(account, ChannelTools(http=http))
            await shop.channel.register()
            yield Chat(double=double, channel=shop.channel, shop=shop, lab=lab)


class TestPeople:
    async def test_a_deep_link_starts_the_chat(self, chat: Chat) -> None:
        await chat.person("start", payload="LB7", name="Ada")
        (event,) = await chat.told(Joined)
        assert (event.entry, event.sender.address, event.sender.name) == ("LB7", str(ADA), "Ada")

    async def test_what_is_written_before_the_webhook_is_set_arrives_then(self, chat: Chat) -> None:
        async with httpx.AsyncClient(base_url=f"{chat.lab.base_url}/bot5550001:AA-token") as bot:
            await bot.post("/deleteWebhook")
            await chat.person("say", text="Hallo?")
            assert (await bot.get("/getWebhookInfo")).json()["result"]["pending_update_count"] == 1
        assert not chat.shop.events
        await chat.channel.register()
        (event,) = await chat.told(TextReceived)
        assert event.text == "Hallo?"

    async def test_buttons_can_be_tapped_and_stop_spinning(self, chat: Chat) -> None:
        await chat.person("start")
        cards = tuple(
            Card(title=f"Tee {n}", subtitle="24,90 €", image=SCENE, actions=(Action(id=f"show:{n}", title="Ansehen"),))
            for n in (1, 2)
        )
        sent = await chat.send(Carousel(text="*Für dich* & <alle>", cards=cards, grid=SCENE))
        await chat.person("tap", message_id=sent, id="show:2")
        (event,) = await chat.told(ActionChosen)
        assert (event.action_id, event.title, event.reply_to) == ("show:2", "2 Ansehen", sent)
        for call in chat.channel.acknowledge(event, typing=True):
            await chat.channel.send(call)
        assert [query["data"] for query in chat.double.answered] == ["show:2"]
        thread = await chat.thread()
        assert thread["typing"] is True
        message = thread["messages"][-1]["payload"]["message"]
        assert message["caption"].startswith("Für dich & <alle>\n1 Tee 1 · 24,90 €")
        assert message["caption_entities"][0] == {"type": "bold", "offset": 0, "length": 8}
        with pytest.raises(Rejected) as late:
            await chat.channel.send(outbound.answer_callback(event.provider_id))
        assert late.value.kind is FailureKind.STALE

    async def test_files_places_cards_and_edits_arrive(self, chat: Chat) -> None:
        words = (await chat.person("say", text="Hi"))["id"]
        await chat.lab.post(f"/_lab/person/{ADA}/picture?caption=So", content=b"\xff\xd8jpeg")
        await chat.lab.post(
            f"/_lab/person/{ADA}/picture?kind=audio", content=b"Ogg", headers={"content-type": "audio/ogg"}
        )
        await chat.person("location", latitude=52.5, longitude=13.4)
        await chat.person("contact", phone="+491701234567")
        await chat.person("edit", message_id=words, text="Hallo")
        picture, voice = await chat.told(MediaReceived, 2)
        assert (picture.kind, picture.caption, voice.kind) == (MediaKind.IMAGE, "So", MediaKind.AUDIO)
        media = await chat.channel.fetch_media(picture.media_id)
        assert media.body == b"\xff\xd8jpeg"
        assert (await chat.told(LocationShared))[0].latitude == 52.5
        assert (await chat.told(ContactShared))[0].own is True
        assert (await chat.told(Edited))[0].target == words

    async def test_who_blocks_is_not_reached_until_they_come_back(self, chat: Chat) -> None:
        await chat.person("start")
        await chat.person("block")
        await chat.told(Left)
        with pytest.raises(Rejected) as refused:
            await chat.send(Text(text="Noch da?"))
        assert refused.value.kind is FailureKind.OPTED_OUT
        await chat.person("unblock")
        await chat.told(Joined, 2)
        assert await chat.send(Text(text="Willkommen zurück"))

    async def test_who_never_started_the_bot_is_not_written_to(self, chat: Chat) -> None:
        for known in (False, True):
            if known:
                chat.double.person(ADA)
            with pytest.raises(Rejected) as refused:
                await chat.send(Text(text="Hi"))
            assert refused.value.kind is FailureKind.UNREACHABLE

    async def test_an_invoice_is_paid_when_the_bot_agrees_in_time(self, chat: Chat) -> None:
        await chat.person("start")
        prices = [{"label": "Basic-Tee", "amount": 2490}, {"label": "Versand", "amount": 490}]
        bill = {
            "chat_id": ADA, "title": "Bestellung K-1042", "description": "1 × Basic-Tee", "payload": "K-1042",
            "provider_token": "284685063:TEST:abc", "currency": "EUR", "prices": prices,
        }  # fmt: skip
        sent = await chat.channel.send(WireCall(method="POST", path="/sendInvoice", json=bill))
        await chat.person("pay", message_id=sent.provider_id)
        (asked,) = await chat.told(PreCheckoutAsked)
        assert (asked.payload, asked.total_minor, asked.currency) == ("K-1042", 2980, "EUR")
        agreed = {"pre_checkout_query_id": asked.query_id, "ok": True}
        await chat.channel.send(WireCall(method="POST", path="/answerPreCheckoutQuery", json=agreed))
        (paid,) = await chat.told(InvoicePaid)
        assert (paid.payload, paid.total_minor) == ("K-1042", 2980)


class TestOthers:
    async def test_every_update_is_what_others_read_too(self, chat: Chat) -> None:
        from aiogram.types import Update  # noqa: PLC0415 - slow to import

        description = telegram_api.Description(shared("channels/schemas/telegram-bot-api.json"))
        posted: list[Any] = []
        original = chat.double.post
        chat.double.post = lambda kind, value: posted.append({"update_id": 1, kind: value}) or original(kind, value)  # type: ignore[method-assign, func-returns-value]
        await chat.person("start", payload="LB7")
        sent = await chat.send(Text(text="Passt das?", actions=(Action(id="yes", title="Ja"),)))
        await chat.person("tap", message_id=sent, id="yes")
        await chat.person("say", text="Ja", reply_to=sent)
        for kind in ("image", "audio", "video", "document", "sticker"):
            await chat.lab.post(f"/_lab/person/{ADA}/picture?kind={kind}", content=b"x")
        await chat.person("location", latitude=1, longitude=2)
        await chat.person("contact", phone="+4917")
        await chat.person("block")
        await chat.person("unblock")
        assert len(posted) == 12
        for update in posted:
            Update.model_validate(update)
            description.check_type("Update", update)


class TestApi:
    async def test_webhooks_carry_our_secret_and_only_what_we_asked_for(self, chat: Chat) -> None:
        assert chat.double.hook.secret_token == "hook-secret_1"
        assert "callback_query" in chat.double.hook.allowed_updates
        assert await chat.channel.check() == []
        chat.double.hook.url = "https://elsewhere.example"
        (finding,) = await chat.channel.check()
        assert "elsewhere" in finding

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({"text": ""}, "empty"),
            ({"text": "x" * 4097}, "too long"),
            ({"text": "<b>offen", "parse_mode": "HTML"}, "can't parse entities"),
            ({"text": "<blink>x</blink>", "parse_mode": "HTML"}, "can't parse entities"),
            ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}}, "DATA"),
            ({"text": "x", "reply_markup": {"inline_keyboard": [{"text": "a", "callback_data": "b"}]}}, "markup"),
        ],
    )
    async def test_malformed_messages_are_refused_as_bugs(self, chat: Chat, body: dict[str, Any], words: str) -> None:
        await chat.person("start")
        (fitted,) = fit(Text(text="x"), chat.channel.capabilities)
        call = chat.channel.render(
            fitted,
            Envelope(address=str(ADA), message_id="1", media=MediaLinks(base="https://shop.example"), locale="de"),
        )
        with pytest.raises(Rejected, match=words) as refused:
            await chat.channel.send(type(call)(method="POST", path=call.path, json={"chat_id": ADA, **body}))
        assert refused.value.kind is FailureKind.BUG

    async def test_a_place_is_asked_by_a_keyboard(self, chat: Chat) -> None:
        await chat.person("start")
        await chat.send(FormQuestion(text="Wohin?", field="address", location=True))
        (entry,) = [one for one in (await chat.thread())["messages"] if one["by"] == "shop"]
        assert entry["payload"]["reply_markup"]["keyboard"] == [
            [{"text": "📍 Standort senden", "request_location": True}]
        ]

    async def test_a_wrong_token_is_told_apart(self, chat: Chat) -> None:
        chat.double.token = "5550001:other"
        with pytest.raises(Rejected) as refused:
            await chat.send(Text(text="Hi"))
        assert refused.value.kind is FailureKind.TOKEN


class TestFaults:
    async def test_flood_control_says_how_long_to_wait(self, chat: Chat) -> None:
        await chat.person("start")
        await chat.lab.post("/_lab/faults", json={"rate_limit_next": 1, "retry_after_s": 7})
        with pytest.raises(Rejected) as refused:
            await chat.send(Text(text="Hi"))
        assert (refused.value.kind, refused.value.retry_after) == (FailureKind.RATE, 7)

    async def test_a_cut_connection_may_have_arrived(self, chat: Chat) -> None:
        await chat.person("start")
        chat.double.faults.cut_next = 1
        with pytest.raises(Unreachable) as lost:
            await chat.send(Text(text="Angekommen?"))
        assert lost.value.may_have_arrived
        assert (await chat.thread())["messages"][-1]["payload"]["text"] == "Angekommen?"

    async def test_a_500_may_have_arrived_or_not_and_is_tried_by_its_words(self, chat: Chat) -> None:
        await chat.person("start")
        chat.double.faults.error_500_next = 1
        with pytest.raises(Rejected) as refused:
            await chat.send(Text(text="Hi"))
        assert refused.value.kind is FailureKind.RETRY

    async def test_updates_are_posted_again_until_answered(self, chat: Chat) -> None:
        chat.shop.statuses = [500, 200]
        await chat.person("say", text="Hi")
        assert (await chat.told(TextReceived))[0].text == "Hi"
        assert any("Wrong response" in finding for finding in await chat.channel.check())

    async def test_no_log_line_shows_the_token(self, chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        await chat.person("start")
        await chat.send(Text(text="Hi"))
        assert "sendMessage" in caplog.text
        assert "AA-token" not in caplog.text
