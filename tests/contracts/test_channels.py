"""Every channel in the registry keeps the same promises; a new folder is judged without being named here.

The great messengers are also judged by others' readings of their APIs: Telegram's machine-readable description, aiogram
and pywa; WhatsApp's outbound bodies by schemas written from Meta's pages (tests/contracts/whatsapp_schema.py).
"""

# ruff: noqa: ANN401 - bodies of JSON

import copy
import html
import json
import random
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bots.channels import registry
from bots.channels.base import Account, Channel, ChannelTools, Envelope, MediaLinks, RawRequest, WireCall
from bots.messages.fit import fit
from bots.messages.fitted import FittedDocument, FittedMessage, FittedTemplate, FittedText
from bots.messages.inbound import InboundEvent, PersonEvent
from bots.messages.outbound import Message, TemplateUse
from catalog.kernel.errors import Forged, Unreadable
from tests.bots.messages import limits, strategies
from tests.contracts import channels, telegram_api, whatsapp_schema
from tests.shared import shared

QUICK = settings(deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
KINDS = sorted(registry.CHANNELS)
SAMPLES = [(kind, path.name) for kind in KINDS for path in channels.samples(kind)]
READ_BY_PYWA = [
    "text.json", "text_bsuid_only.json", "text_reply_to.json", "text_ad_referral.json", "image.json", "order.json",
    "location.json", "reaction.json", "contacts.json",
]  # fmt: skip
ADDRESSES = {"whatsapp": "491701234567", "telegram": "70000001"}


def build(kind: str, **changes: Any) -> Channel:
    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    return registry.build(channels.account(kind, **changes), ChannelTools(http=http))


def envelope(kind: str, **changes: Any) -> Envelope:
    given_: dict[str, Any] = {
        "address": ADDRESSES.get(kind, "visitor:1"),
        "message_id": channels.ACCOUNT_ID,
        "media": MediaLinks(base="https://shop.example"),
        "locale": "de",
    }
    return Envelope(**(given_ | changes))


def sample(kind: str, name: str) -> bytes:
    return (channels.FIXTURES / kind / name).read_bytes()


def take(channel: Channel, request: RawRequest) -> list[InboundEvent]:
    channel.verify(request)
    return list(channel.parse(request))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class TestEveryChannel:
    def test_declares_itself(self, kind: str) -> None:
        channel = registry.channel_class(kind)
        assert channel.__module__ == f"bots.channels.{kind}.adapter"
        assert channel.capabilities.action_id_bytes >= 64
        assert len({field.name for field in channel.fields}) == len(channel.fields)
        assert channels.samples(kind), f"record requests of {kind} in tests/contracts/fixtures/{kind}"

    @pytest.mark.parametrize(("kind", "name"), SAMPLES)
    def test_understands_every_recorded_request(self, kind: str, name: str) -> None:
        expected = json.loads(sample(kind, name.replace(".json", ".expected.json")))
        events = take(build(kind), channels.request(kind, sample(kind, name)))
        assert [channels.as_data(event) for event in events] == expected

    @pytest.mark.parametrize(("kind", "name"), SAMPLES)
    def test_reads_the_same_request_the_same_way(self, kind: str, name: str) -> None:
        request = channels.request(kind, sample(kind, name))
        first, second = build(kind).parse(request), build(kind).parse(request)
        assert list(first) == list(second)
        keys = [event.dedupe_key for event in first]
        assert len(set(keys)) == len(keys)

    def test_refuses_requests_without_or_with_a_cut_signature(self, kind: str) -> None:
        body = channels.samples(kind)[0].read_bytes()
        signed = channels.SIGNERS[kind](body)
        for name, value in signed.items():
            for forged in ("", value[:-1], value + "0", value[:-1] + "é", value.upper() + "x"):
                request = channels.request(kind, body, headers={**signed, name: forged})
                with pytest.raises(Forged):
                    build(kind).verify(request)
        with pytest.raises(Forged):
            build(kind).verify(channels.request(kind, body, headers={}))

    @pytest.mark.parametrize("kind", sorted(channels.BODY_IS_SIGNED))
    def test_refuses_a_changed_body_under_a_good_signature(self, kind: str) -> None:
        body = channels.samples(kind)[0].read_bytes()
        for changed in (body + b" ", body[:-2], body.replace(b"wamid", b"wamie"), b""):
            with pytest.raises(Forged):
                build(kind).verify(channels.request(kind, changed, headers=channels.SIGNERS[kind](body)))

    def test_refuses_everything_when_its_secret_is_missing(self, kind: str) -> None:
        body = channels.samples(kind)[0].read_bytes()
        bare = build(kind, credentials=dict.fromkeys(channels.CREDENTIALS[kind], ""))
        with pytest.raises(Exception, match=r".") as refused:  # Forged, or Misconfigured where we sign
            bare.verify(channels.request(kind, body))
        assert refused.type.__name__ in {"Forged", "Misconfigured"}

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b"[" * 5000])
    def test_a_body_that_is_no_webhook_is_unreadable(self, kind: str, body: bytes) -> None:
        with pytest.raises(Unreadable):
            build(kind).parse(channels.request(kind, body))

    @given(kind_name=st.sampled_from(SAMPLES), seed=st.integers(0, 2**32))
    @settings(QUICK, max_examples=600)
    def test_a_mangled_body_is_read_or_unreadable_and_nothing_else(self, kind_name: tuple[str, str], seed: int) -> None:
        kind, name = kind_name
        body = mangled(json.loads(sample(kind, name)), random.Random(seed))  # noqa: S311 - repeatable
        try:
            events = build(kind).parse(channels.request(kind, body))
        except Unreadable:
            return
        for event in events:
            assert 0 < len(event.dedupe_key) <= 400
            assert "\x00" not in json.dumps(channels.as_data(event), ensure_ascii=False)
            assert event.at.tzinfo is not None
            if isinstance(event, PersonEvent):
                build(kind).acknowledge(event, typing=True)

    @given(message=strategies.messages, data=st.data())
    @settings(QUICK, max_examples=250)
    def test_renders_whatever_fits(self, message: Message, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(KINDS))
        channel = build(kind)
        for fitted in fit(message, channel.capabilities):
            assert limits.faults(fitted, channel.capabilities) == []
            to = envelope(kind, reply_to=data.draw(st.sampled_from([None, "51"])))
            call = channel.render(fitted, to)
            assert call == channel.render(fitted, to)
            judge(kind, call)

    def test_never_shows_a_credential_in_a_call(self, kind: str) -> None:
        call = build(kind).render(FittedText(text="Hallo"), envelope(kind))
        for secret in channels.CREDENTIALS[kind].values():
            if hasattr(secret, "reveal"):
                assert secret.reveal() not in repr(call)

    @pytest.mark.parametrize("words", ["<b>fett</b> & *stark* 1 < 2", "5* Hotel", "*a* *b*"])
    def test_words_survive_the_markup(self, kind: str, words: str) -> None:
        call = build(kind).render(FittedText(text=words), envelope(kind))
        judge(kind, call)
        assert words in as_read(call)


def as_read(call: WireCall) -> list[str]:
    """The texts of a call as a person reads them, with `*` around what is emphasised."""
    texts = [holder[key] for holder, key in _places(call.json) if isinstance(holder[key], str)]
    if call.json is not None and call.json.get("parse_mode") == "HTML":
        return [html.unescape(re.sub(r"</?b>", "*", text)) for text in texts]
    return texts


def judge(kind: str, call: WireCall) -> None:
    """What the provider would say to the call, as far as somebody else wrote it down."""
    if kind == "whatsapp":
        whatsapp_schema.check(call.json)
    elif kind == "telegram":
        telegram_api.check_limits(call)


def mangled(value: Any, chance: random.Random) -> bytes:
    """The body with up to three parts lost, doubled or replaced."""
    value = copy.deepcopy(value)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(value))
        if not places:
            break
        holder, key = chance.choice(places)
        odd: list[Any] = [
            None,
            True,
            -1,
            10**30,
            1e300,
            "",
            "x" * 5000,
            "\x00",
            "é\u2028",
            [],
            {},
            [[]],
            {"id": 1},
            "1",
            [1],
        ]
        match chance.randint(0, 2):
            case 0:
                del holder[key]
            case 1:
                holder[key] = chance.choice(odd)
            case _:
                holder[key] = [holder[key], holder[key]]
    body = json.dumps(value).encode()
    return body if chance.random() < 0.95 else body[: chance.randint(0, len(body))]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from _places(value[key])


class TestTelegramByOthers:
    """The Bot API's machine-readable description, and aiogram."""

    @pytest.mark.parametrize("name", [name for kind, name in SAMPLES if kind == "telegram"])
    def test_recorded_updates_are_what_others_read_too(self, name: str) -> None:
        from aiogram.types import Update  # noqa: PLC0415 - slow to import

        update = Update.model_validate(json.loads(sample("telegram", name)))
        (event,) = build("telegram").parse(channels.request("telegram", sample("telegram", name)))
        assert event.dedupe_key == f"update:{update.update_id}"
        telegram_api.Description(shared("channels/schemas/telegram-bot-api.json")).check_type(
            "Update", json.loads(sample("telegram", name))
        )
        if update.message is not None and update.message.from_user is not None:
            assert event.sender.address == str(update.message.from_user.id)  # type: ignore[union-attr]

    @given(message=strategies.messages)
    @settings(QUICK, max_examples=150)
    def test_calls_follow_the_description(self, message: Message) -> None:
        description = telegram_api.Description(shared("channels/schemas/telegram-bot-api.json"))
        channel = build("telegram")
        for fitted in fit(message, channel.capabilities):
            call = channel.render(fitted, envelope("telegram", reply_to="50"))
            description.check_method(call.path.lstrip("/"), call.json)

    def test_all_other_calls_follow_it_too(self) -> None:
        from bots.channels.telegram import outbound  # noqa: PLC0415 - used here only

        description = telegram_api.Description(shared("channels/schemas/telegram-bot-api.json"))
        for call in (
            outbound.typing("70000001"),
            outbound.answer_callback("301"),
            outbound.refuse_pre_checkout("303", "Hier leider nicht."),
            build("telegram").render(
                FittedDocument(url="https://shop.example/K.pdf", name="K.pdf"), envelope("telegram")
            ),
        ):
            description.check_method(call.path.lstrip("/"), call.json)


class TestWhatsAppByOthers:
    """pywa reads what we read; Meta's pages, as schemas, judge what we send."""

    @pytest.mark.parametrize("name", READ_BY_PYWA)
    def test_recorded_messages_are_what_others_read_too(self, name: str) -> None:
        from pywa.client import WhatsApp as Pywa  # noqa: PLC0415 - slow to import
        from pywa.types.message import Message as PywaMessage  # noqa: PLC0415 - as above

        body = json.loads(sample("whatsapp", name))
        read = PywaMessage.from_update(Pywa(phone_id="106540352242922", token="none"), body)
        (event,) = build("whatsapp").parse(channels.request("whatsapp", sample("whatsapp", name)))
        assert event.dedupe_key == f"message:{read.id}"
        assert event.at == read.timestamp.astimezone(event.at.tzinfo)
        if hasattr(event, "text"):
            assert event.text in {read.text, read.caption or "", getattr(read.order, "text", None)}

    def test_signatures_are_what_others_accept(self) -> None:
        from pywa.utils import webhook_updates_validator  # noqa: PLC0415 - slow to import

        body = sample("whatsapp", "text.json")
        header = channels.SIGNERS["whatsapp"](body)["x-hub-signature-256"]
        assert webhook_updates_validator("app-secret", body, header)

    @pytest.mark.parametrize(
        "fitted",
        [
            FittedTemplate(
                use=TemplateUse(
                    name="order_shipped",
                    locale="de",
                    parameters={"order": "K-1042", "carrier": "DHL"},
                    text="…",
                    button_value="A7K-2QX",
                )
            ),
            FittedTemplate(use=TemplateUse(name="reply_waiting", locale="en", parameters={}, text="…")),
            FittedDocument(url="https://shop.example/K.pdf", name="K-1042.pdf", text="Beleg"),
            FittedText(text="Wohin?", ask_location=True),
        ],
    )
    def test_kinds_that_fit_rarely_makes_follow_the_schema(self, fitted: FittedMessage) -> None:
        whatsapp_schema.check(build("whatsapp").render(fitted, envelope("whatsapp")).json)

    def test_people_without_a_number_are_written_to_by_their_id(self) -> None:
        bsuid = "DE.13491208655302741918"
        bare = build("whatsapp").render(FittedText(text="Hi"), envelope("whatsapp", address=bsuid))
        known = build("whatsapp").render(
            FittedText(text="Hi"), envelope("whatsapp", address=bsuid, aliases=("491701234567",))
        )
        assert bare.json is not None
        assert known.json is not None
        assert (bare.json["recipient"], "to" in bare.json) == (bsuid, False)
        assert (known.json["to"], "recipient" in known.json) == ("491701234567", False)


def test_a_thousand_updates_in_one_request_are_all_read_in_order() -> None:
    body = json.loads(sample("whatsapp", "text.json"))
    (change,) = body["entry"][0]["changes"]
    (message,) = change["value"]["messages"]
    change["value"]["messages"] = [{**message, "id": f"wamid.{number}"} for number in range(999)]
    change["value"]["messages"].insert(500, "not an object")
    change["value"]["messages"].insert(600, {"type": "text"})
    events = build("whatsapp").parse(channels.request("whatsapp", json.dumps(body).encode()))
    assert len(events) == 1000
    assert [event.provider_id for event in events[:3]] == ["wamid.0", "wamid.1", "wamid.2"]  # type: ignore[union-attr]


@pytest.mark.parametrize("half", [b"\\ud83d", b"\\uDC57", b"\\ud83d\\ud83d"])
def test_half_an_emoji_in_one_message_costs_none_of_its_request(half: bytes) -> None:
    body = json.loads(sample("whatsapp", "text.json"))
    value = body["entry"][0]["changes"][0]["value"]
    (message,) = value["messages"]
    value["messages"] = [message, message | {"id": "wamid.CUT", "text": {"body": "a CUT b"}}]
    cut = json.dumps(body).encode().replace(b"CUT b", half + b"b")
    whole, mended = take(build("whatsapp"), channels.request("whatsapp", cut))
    assert (whole.provider_id, mended.text) == (message["id"], "a b")  # type: ignore[union-attr]  # both are texts


def test_what_only_looks_like_half_an_emoji_is_still_no_json() -> None:
    with pytest.raises(Unreadable):
        take(build("telegram"), channels.request("telegram", b'{"update_id": NaN, "message": "\\ud83d"}'))


def test_messages_to_another_number_of_the_same_business_are_not_ours() -> None:
    body = sample("whatsapp", "text.json").replace(b"106540352242922", b"999")
    (event,) = build("whatsapp").parse(channels.request("whatsapp", body))
    assert channels.as_data(event)["what"] == "other_number"


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ({"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify-me"}, b"1158201444"),
        ({"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify-m"}, None),
        ({"hub.mode": "unsubscribe", "hub.challenge": "1", "hub.verify_token": "verify-me"}, None),
        ({}, None),
    ],
)
def test_whatsapps_handshake_echoes_only_for_the_right_token(query: dict[str, str], answer: bytes | None) -> None:
    request = channels.request("whatsapp", b"", method="GET", query=query)
    if answer is None:
        with pytest.raises(Forged):
            build("whatsapp").handshake(request)
        return
    told = build("whatsapp").handshake(request)
    assert told is not None
    assert (told.status, told.body) == (200, answer)


def test_an_account_never_shows_its_secrets() -> None:
    account: Account = channels.account("whatsapp")
    assert "app-secret" not in repr(account)
