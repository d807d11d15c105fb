"""The web chat's wire: nothing is lost, nothing is doubled, nobody foreign gets in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from asyncpg import CannotConnectNowError, InterfaceError
from asyncpg.exceptions import AdminShutdownError
from litestar.connection import ASGIConnection
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from bots.channels.base import Envelope, MediaLinks, WireCall
from bots.channels.webchat import frames, tokens
from bots.messages.fitted import rich
from bots.messages.inbound import (
    ActionChosen,
    AddressChanged,
    FormAnswered,
    Introduced,
    Joined,
    ReceiptReceived,
    TextReceived,
)
from bots.messages.outbound import Action, Choices, Message, Text
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from storefront.web.chat import exchange, gate
from tests.storefront.web.house import House, identity_of, open_house
from tests.storefront.web.line import Frame, Line, line, raw_line

FOREIGN = "https://evil.example"


async def test_a_page_of_a_foreign_origin_gets_no_session_and_no_socket(house: House) -> None:
    assert (await house.post("/widget/session", {}, origin=FOREIGN)).status_code == 403
    assert (await house.post("/widget/session", {}, origin="")).status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        async with connect(house.ws, origin=FOREIGN):  # type: ignore[arg-type]  # a NewType of str
            pass
    assert refused.value.response.status_code == 403


async def test_the_same_page_may_be_opened_as_localhost(house: House) -> None:
    local = house.url.replace("127.0.0.1", "localhost")
    async with httpx.AsyncClient() as client:
        url = f"{local}/webhooks/webchat/{house.account_id}/widget/session"
        assert (await client.post(url, json={}, headers={"Origin": local})).status_code == 200
        assert (await client.post(url, json={}, headers={"Origin": "http://localhost:1"})).status_code == 403


async def test_an_allowed_shop_may_talk_across_origins_and_its_token_is_for_it_alone(house: House) -> None:
    answer = await house.post("/widget/session", {"widget_id": house.account_id}, origin="https://shop.example")
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    access = answer.json()["access"]
    async with line(house, access, origin="https://shop.example") as page:
        assert page.socket.subprotocol == "shopchat.v1"
    async with raw_line(house) as elsewhere:
        await elsewhere.say(type="hello", token=access, resume_after=0)
        assert await elsewhere.closed() == 4403


@pytest.mark.parametrize(
    "first",
    [
        {"type": "hello", "token": "nonsense", "resume_after": None},
        {"type": "hello", "token": "eyJ9.AAAA"},
        {"type": "hello"},
        {"type": "ping", "t": 1},
        {"type": "send", "cid": "1", "content": {"type": "text", "text": "no hello"}},
    ],
)
async def test_without_a_good_token_the_line_is_closed_with_4401(house: House, first: dict[str, object]) -> None:
    async with raw_line(house) as page:
        await page.say(**first)
        assert await page.closed() == 4401
        assert page.frames == [{"type": "bye", "code": 4401, "reason": page.frames[0]["reason"]}]
    assert not house.inbox.received


async def test_a_message_is_numbered_acknowledged_and_answered(house: House) -> None:
    opened = await house.session(locale="en-GB")
    async with line(house, opened["access"], after=0) as page:
        cid = await page.text("Hallo\u0000 Charles")
        ack = await page.until(type="ack", cid=cid)
        own = await page.until(type="event", cid=cid)
        answer = await page.until_said("echo: Hallo Charles")
    assert ack["seq"] == own["seq"] == 1
    assert answer["seq"] == 2
    assert answer["author"] == {"type": "bot"}
    assert own["ts"].endswith("Z")
    (event,) = house.inbox.received
    assert isinstance(event, TextReceived)
    assert (event.text, event.sender.locale) == ("Hallo Charles", "en")


async def test_a_resent_cid_gets_the_same_ack_and_another_body_is_a_conflict(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as page:
        await page.text("once", "c1")
        first = await page.until(type="ack", cid="c1")
        page.frames.clear()
        await page.text("once", "c1")
        assert await page.until(type="ack", cid="c1") == first
        await page.text("something else", "c1")
        assert (await page.until(type="nack", cid="c1"))["code"] == "conflict"
    assert len(house.inbox.received) == 1


@pytest.mark.parametrize("cut", range(7))
async def test_a_line_cut_at_any_frame_loses_and_doubles_nothing(house: House, cut: int) -> None:
    opened = await house.session()
    said = [("a", "eins"), ("b", "zwei"), ("c", "drei")]
    seen: dict[int, str] = {}
    waiting = dict(said)
    for attempt in range(3):
        async with line(house, opened["access"], after=max(seen, default=0)) as page:
            for cid, words in list(waiting.items()):
                await page.text(words, cid)
            try:
                for _ in range(cut if attempt == 0 else 20):
                    frame = await asyncio.wait_for(page.next(), 0.4)
                    if frame["type"] == "ack":
                        waiting.pop(frame["cid"], None)
                    if frame.get("kind") == "message":
                        assert seen.setdefault(frame["seq"], frame["content"]["text"]) == frame["content"]["text"]
            except TimeoutError:
                pass
            page.socket.transport.abort()
    assert not waiting
    assert sorted(seen) == list(range(1, 7))
    assert sorted(seen.values()) == sorted([words for _, words in said] + [f"echo: {words}" for _, words in said])
    assert len(house.inbox.received) == 3


async def test_a_message_whose_turn_was_lost_is_refused_then_made_good(house: House) -> None:
    opened = await house.session()
    house.inbox.fail_next = 1
    async with line(house, opened["access"], after=0) as page:
        await page.text("halt", "c1")
        assert (await page.until(type="nack", cid="c1"))["code"] == "unavailable"
    async with line(house, opened["access"], after=0) as page:
        await page.until_said("echo: halt")
        await page.text("halt", "c1")
        assert (await page.until(type="ack", cid="c1"))["seq"] == 1
    assert len(house.inbox.received) == 1


@pytest.mark.parametrize("fault", [AdminShutdownError, CannotConnectNowError, InterfaceError])
async def test_a_frame_that_a_stopping_database_refuses_is_to_be_sent_again(
    house: House, fault: type[Exception]
) -> None:
    async def away(*_: object) -> None:
        raise fault("terminating connection")

    opened = await house.session()
    claims = tokens.read(house.chat.account, opened["access"], now=datetime.now(UTC))
    frame = frames.read_answered(msgspec.json.encode(_text("c1", "halt")))
    with pytest.raises(frames.Nack) as refused:
        await exchange.accept(replace(house.tools, inbox=away), house.chat, claims, frame, network="here")
    assert refused.value.word == "unavailable"


async def test_what_a_crash_kept_from_the_turn_is_handed_over_without_the_page(house: House) -> None:
    opened = await house.session()
    house.inbox.fail_next = 1
    refused = await house.post("/messages", _text("c1", "weiter"), token=opened["access"])
    assert refused.status_code == 503
    assert await exchange.hand_over_rest(house.tools, house.chat) == 1
    assert await exchange.hand_over_rest(house.tools, house.chat) == 0
    assert len(house.inbox.received) == 1


async def test_two_tabs_show_the_same_thread(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as left, line(house, opened["access"], after=0) as right:
        await left.text("von links")
        await right.text("von rechts")
        for tab in (left, right):
            await tab.until_said("echo: von links")
            await tab.until_said("echo: von rechts")
        await _quiet(left)
        await _quiet(right)
    assert left.seqs == right.seqs == [1, 2, 3, 4]


async def test_a_thread_outlives_the_server(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as page:
        await page.text("vorher", "c1")
        await page.until_said("echo: vorher")
        await house.stop()
        assert await page.closed() == 1012
    await house.start()
    async with line(house, opened["access"], after=1) as page:
        assert (await page.until(type="welcome"))["resumed"] is True
        await page.until_said("echo: vorher")
        await page.text("vorher", "c1")
        assert (await page.until(type="ack"))["seq"] == 1
    assert len(house.inbox.received) == 1


async def test_a_token_that_ends_mid_send_costs_a_renewal_and_no_message(house: House) -> None:
    opened = await house.session()
    soon = _reissued(house, opened["access"], seconds=1)
    async with line(house, soon, after=0) as page:
        assert (await page.until(type="reauth"))["reason"] == "expiring"
        assert await page.closed() == 4401
    renewed = await house.session(refresh=opened["refresh"])
    async with line(house, renewed["access"], after=0) as page:
        await page.text("kam doch an", "c1")
        await page.until(type="ack", cid="c1")
    stale = await house.post("/messages", _text("c2", "zu alt"), token=_reissued(house, opened["access"], seconds=-1))
    assert (stale.status_code, stale.json()["code"]) == (401, "unauthorized")


async def test_a_page_renews_its_token_on_the_open_line(house: House) -> None:
    opened = await house.session()
    async with line(house, _reissued(house, opened["access"], seconds=2), after=0) as page:
        await page.until(type="reauth")
        await page.say(type="hello", token=opened["access"], resume_after=0)
        await asyncio.sleep(2.2)
        await page.text("noch da")
        await page.until_said("echo: noch da")


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(house: House) -> None:
    opened = await house.session()
    renewed = await house.session(refresh=opened["refresh"])
    assert renewed["thread"] == opened["thread"]
    async with line(house, renewed["access"], after=0) as page:
        assert (await house.post("/widget/session", {"refresh": opened["refresh"]})).status_code == 401
        assert await page.closed() == 4401
    assert (await house.post("/widget/session", {"refresh": renewed["refresh"]})).status_code == 401
    answer = await house.post("/messages", _text("c1", "?"), token=renewed["access"])
    assert answer.json()["code"] == "unauthorized"


async def test_a_renewal_whose_answer_was_lost_may_be_asked_for_again(house: House) -> None:
    opened = await house.session()
    once = await house.session(refresh=opened["refresh"], request_id="r1")
    again = await house.session(refresh=opened["refresh"], request_id="r1")
    assert once["refresh"] == again["refresh"] != opened["refresh"]
    await house.session(refresh=again["refresh"], request_id="r2")


async def test_a_customer_of_the_shops_site_keeps_one_thread_on_all_devices(house: House) -> None:
    home = await house.session(user_jwt=identity_of(house, "customer-7"))
    async with line(house, home["access"], after=0) as page:
        await page.text("zu Hause")
        await page.until_said("echo: zu Hause")
    (written,) = [event for event in house.inbox.received if isinstance(event, TextReceived)]
    assert (written.sender.name, written.sender.email) == ("Cleo", "c@shop.example")
    phone = await house.session()
    async with line(house, phone["access"], after=0) as page:
        await page.text("unterwegs")
        await page.until_said("echo: unterwegs")
        joined = await house.session(refresh=phone["refresh"], user_jwt=identity_of(house, "customer-7"))
        assert await page.closed() == 4401
        assert page.frames[-2] == {"type": "reauth", "reason": "moved"}
    assert joined["thread"] == home["thread"] != phone["thread"]
    said = [event.get("content", {}).get("text") for event in joined["history"]]
    assert said == ["zu Hause", "echo: zu Hause", "unterwegs", "echo: unterwegs", None]
    assert [event["seq"] for event in joined["history"]] == [1, 2, 3, 4, 5]
    told = [event for event in house.inbox.received if isinstance(event, Introduced)]
    assert [(event.address, event.name, event.email) for event in told] == [
        (home["thread"], "Cleo", "c@shop.example")
    ] * 2
    moved = [event for event in house.inbox.received if isinstance(event, AddressChanged)]
    assert [(event.old, event.new, event.proof) for event in moved] == [(phone["thread"], home["thread"], "signed_in")]
    late = await house.inbox.channel.send(spoken(house, phone["thread"], "späte Antwort"))
    assert late.provider_id
    resumed = await house.session(refresh=joined["refresh"])
    assert resumed["history"][-1]["content"]["text"] == "späte Antwort"


@pytest.mark.parametrize("returning", [False, True])
async def test_another_customer_on_the_same_device_has_a_thread_of_their_own(house: House, *, returning: bool) -> None:
    """`returning`: the second one has a thread from another device already."""
    theirs = await house.session(user_jwt=identity_of(house, "customer-8")) if returning else None
    first = await house.session(user_jwt=identity_of(house, "customer-7"))
    async with line(house, first["access"], after=0) as page:
        await page.text("ganz privat")
        await page.until_said("echo: ganz privat")
    second = await house.session(refresh=first["refresh"], user_jwt=identity_of(house, "customer-8"))
    assert second["thread"] != first["thread"]
    assert theirs is None or second["thread"] == theirs["thread"]
    assert not [event for event in second["history"] if event.get("content")]
    again = await house.session(user_jwt=identity_of(house, "customer-7"))
    assert (again["thread"], again["history"][0]["content"]["text"]) == (first["thread"], "ganz privat")


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"exp": 3600},
        {"exp": -1},
        {"nonce": ""},
        {"sub": ""},
        {"secret": "guessed"},
        {"alg": "none"},
    ],
)
async def test_an_identity_that_does_not_hold_is_refused(house: House, wrong: dict[str, object]) -> None:
    answer = await house.post("/widget/session", {"user_jwt": identity_of(house, "customer-7", **wrong)})
    assert answer.status_code == 401
    assert not house.inbox.received


async def test_an_identity_token_is_good_for_one_session(house: House) -> None:
    vouched = identity_of(house, "customer-7")
    await house.session(user_jwt=vouched)
    assert (await house.post("/widget/session", {"user_jwt": vouched})).status_code == 401


async def test_frames_that_nobody_can_read_are_refused_and_the_line_stays(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as page:
        for raw, word in (
            ("{", "invalid"),
            ('["a"]', "invalid"),
            ('{"type":"dance","cid":"x"}', "unsupported"),
            ('{"type":"send","cid":"x","content":{"type":"text","text":"  "}}', "invalid"),
            ('{"type":"send","cid":"x","content":{"type":"poll"}}', "unsupported"),
            ('{"type":"send","cid":"x","content":{"type":"image","upload_id":"up_51x"}}', "invalid"),
            (msgspec.json.encode(_text("x", "a" * 4_001)).decode(), "too_large"),
            (msgspec.json.encode(_text("x", "a" * 70_000)).decode(), "too_large"),
            ('{"type":"action","cid":"x","of_seq":99,"action_id":"buy"}', "invalid"),
        ):
            page.frames.clear()
            await page.socket.send(raw)
            refused = await page.until(type="nack")
            assert (refused["code"], refused["cid"]) == (
                word,
                "x" if '"cid":"x"' in raw and len(raw) < 65_000 else None,
            )
        await page.say(type="ping", t=17)
        assert await page.until(type="pong") == {"type": "pong", "t": 17}
    assert not house.inbox.received


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.5", "203.0.113.6", False),
        ("203.0.113.5", "::ffff:203.0.113.5", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one household's
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("testclient", "testclient", True),
    ],
)
def test_a_network_is_what_one_subscriber_has(one: str, other: str, *, same: bool) -> None:
    scopes: list[Any] = [{"type": "http", "client": (host, 1)} for host in (one, other)]
    names = [gate.network(ASGIConnection(scope)) for scope in scopes]
    assert (names[0] == names[1]) is same
    assert one not in names


def _menu(event: object) -> list[Message]:
    if isinstance(event, Joined):
        return [
            Text(text="Hallo", actions=(Action(id="browse", title="Stöbern"),)),
            Choices(text="Welche?", options=(Action(id="size:m", title="M"),)),
            Text(text="Bestellen?", actions=(Action(id="pay", title="Zahlungspflichtig bestellen", primary=True),)),
        ]
    return []


async def test_taps_carry_our_own_id_and_words(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> None:
    async with open_house(units, dsn, shop_id, replies=_menu) as house:
        opened = await house.session(entry={"code": "LB7", "page": "https://shop.example/"})
        async with line(house, opened["access"], after=0) as page:
            await page.say(type="action", cid="c0", action_id="start", of_seq=None, value={})
            hello = await page.until_said("Hallo")
            choice = await page.until_said("Welche?")
            pay = await page.until_said("Bestellen?")
            assert hello["quick_replies"] == [{"id": "browse", "title": "Stöbern"}]
            assert pay["content"]["actions"] == [{"id": "pay", "title": "Zahlungspflichtig bestellen", "primary": True}]
            taps: tuple[tuple[str, Frame, str, Frame], ...] = (
                ("c1", hello, "quick_reply", {"id": "browse"}), ("c2", choice, "choice", {"id": "size:m"}),
                ("c3", pay, "pay", {}),
            )  # fmt: skip
            for cid, event, action, value in taps:
                await page.say(type="action", cid=cid, of_seq=event["seq"], action_id=action, value=value)
                await page.until(type="ack", cid=cid)
            await page.until_said("Zahlungspflichtig bestellen")
            await page.say(type="action", cid="c4", of_seq=hello["seq"], action_id="pay", value={})
            assert (await page.until(type="nack", cid="c4"))["code"] == "stale_action"
            await page.say(
                type="action", cid="c5", of_seq=choice["seq"], action_id="form.submit",
                value={"fields": {"reason": "too_small", "note": "Ärmel zu kurz"}},
            )  # fmt: skip
            await page.until_said("too_small, Ärmel zu kurz")
            await page.until(type="ack", cid="c5")
        joined, *chosen, form = house.inbox.received
        assert isinstance(joined, Joined)
        assert joined.entry == "LB7"
        assert [(event.action_id, event.title, event.entry) for event in chosen if isinstance(event, ActionChosen)] == [
            ("browse", "Stöbern", None), ("size:m", "M", None), ("pay", "Zahlungspflichtig bestellen", None),
        ]  # fmt: skip
        assert isinstance(form, FormAnswered)
        assert form.fields == {"reason": "too_small", "note": "Ärmel zu kurz"}


async def test_typing_shows_only_when_the_answer_takes_a_moment(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as page:
        await page.text("schnell")
        await page.until_said("echo: schnell")
        assert not [frame for frame in page.frames if frame.get("kind") in {"typing", "read"}]
        house.inbox.pause_s = 1.2
        await page.text("langsam")
        assert (await page.until(kind="read"))["upto_seq"] == 3
        assert (await page.until(kind="typing"))["on"] is True
        await page.until_said("echo: langsam")
    assert page.seqs == [1, 2, 3, 4]


async def test_reading_gives_receipts_once(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as page:
        await page.text("gelesen?")
        await page.until_said("echo: gelesen?")
        for upto in (2, 2, 1, 9_000):
            await page.say(type="read", upto_seq=upto)
        await page.say(type="ping", t=1)
        await page.until(type="pong")
    receipts = [event for event in house.inbox.received if isinstance(event, ReceiptReceived)]
    assert [receipt.receipt for receipt in receipts] == ["read"]
    assert (await house.session(refresh=opened["refresh"]))["read_seq"] == 2


async def test_a_page_that_missed_too_much_is_told_to_reload(house: House) -> None:
    opened = await house.session()
    for number in range(505):
        await house.inbox.channel.send(spoken(house, opened["thread"], f"Nachricht {number}"))
    async with line(house, opened["access"], after=4) as page:
        assert page.frames[0]["resumed"] is False
    async with line(house, opened["access"], after=5) as page:
        assert page.frames[0]["resumed"] is True
        await page.until_said("Nachricht 504")
        assert page.seqs == list(range(6, 506))
    tail = (await house.get("/history?limit=3", token=opened["access"])).json()
    assert [event["seq"] for event in tail["events"]] == [503, 504, 505]
    assert tail["has_more"] is True
    first = (await house.get("/history?before=3&limit=50", token=opened["access"])).json()
    assert ([event["seq"] for event in first["events"]], first["has_more"]) == ([1, 2], False)


def spoken(house: House, address: str, words: str) -> WireCall:
    """The call that sends these words to an address."""
    envelope = Envelope(address=address, message_id=str(uuid4()), media=MediaLinks(base=house.url), locale="de")
    return house.inbox.channel.render(rich(Text(text=words)), envelope)


def _text(cid: str, words: str) -> dict[str, object]:
    return {"type": "send", "cid": cid, "kind": "message", "content": {"type": "text", "text": words}}


def _reissued(house: House, access: str, *, seconds: float) -> str:
    claims = tokens.read(house.chat.account, access, now=datetime.now(UTC))
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    return tokens.sign(house.chat.account, msgspec.structs.replace(claims, exp=int(until.timestamp())))


async def _quiet(page: Line) -> None:
    try:
        while True:
            await asyncio.wait_for(page.next(), 0.2)
    except TimeoutError:
        return
