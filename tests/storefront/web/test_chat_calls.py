"""The web chat's HTTP calls: events without a WebSocket, uploads, the page's own headers."""

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
from PIL import Image

from bots.channels.webchat.rates import Limits
from bots.messages.inbound import MediaReceived, TextReceived
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from storefront.outside import trusted
from storefront.web.assets import ASSETS
from tests.storefront.web.house import House, open_house
from tests.storefront.web.line import Frame, line

_GPS = 0x8825


async def test_events_come_without_a_socket_and_resume_where_they_broke(house: House) -> None:
    opened = await house.session()
    async with _stream(house, f"?ticket={opened['ticket']}&after=0") as events:
        assert (await anext(events))[1]["type"] == "welcome"
        sent = await house.post("/messages", _text("c1", "ohne Draht"), token=opened["access"])
        assert sent.json() == {"type": "ack", "cid": "c1", "seq": 1}
        assert [(await anext(events))[0] for _ in range(2)] == ["1", "2"]
    async with _stream(house, "", token=opened["access"], last="1") as events:
        assert (await anext(events))[1]["resumed"] is True
        number, event = await anext(events)
    assert (number, event["content"]["text"]) == ("2", "echo: ohne Draht")


async def test_a_ticket_opens_one_stream(house: House) -> None:
    opened = await house.session()
    async with _stream(house, f"?ticket={opened['ticket']}") as events:
        await anext(events)
    assert (await house.get(f"/events?ticket={opened['ticket']}")).status_code == 401
    assert (await house.get("/events")).status_code == 401
    assert (await house.get(f"/events?ticket={opened['access']}")).status_code == 401


async def test_an_action_by_post_is_checked_like_one_by_socket(house: House) -> None:
    opened = await house.session()
    tap = {"type": "action", "cid": "c1", "of_seq": 1, "action_id": "buy", "value": {}}
    assert (await house.post("/actions", tap, token=opened["access"])).json()["code"] == "invalid"
    assert (await house.post("/actions", {**tap, "action_id": "start"}, token=opened["access"])).status_code == 200
    assert (await house.post("/actions", tap)).status_code == 401
    assert (await house.post("/messages", {"type": "hello"}, token=opened["access"])).status_code == 415


@pytest.mark.parametrize(
    ("entry", "words", "told"),
    [
        ({"product": "COAT-17"}, "Hallo", "product_COAT-17"),
        ({"cart": "c_9f2"}, "Hallo", "cart_c_9f2"),
        (None, "Hey Mia (#product_COAT-17)", "PRODUCT_COAT-17"),
    ],
)
async def test_a_turn_learns_what_brought_the_shopper(
    house: House, entry: dict[str, str] | None, words: str, told: str
) -> None:
    opened = await house.session(entry=entry)
    await house.post("/messages", _text("c1", words), token=opened["access"])
    (received,) = house.inbox.received
    assert isinstance(received, TextReceived)
    assert received.entry == told


async def test_a_picture_is_cleaned_kept_and_sent(house: House) -> None:
    opened = await house.session()
    answer = await _upload(house, opened["access"], _photo(), "naht.jpg")
    assert answer.status_code == 201
    given = answer.json()
    assert (given["w"], given["h"]) == (40, 60)
    async with line(house, opened["access"], after=0) as page:
        await page.say(
            type="send", cid="c1", kind="message",
            content={"type": "image", "upload_id": given["upload_id"], "alt": "offene Naht"},
        )  # fmt: skip
        await page.until(type="ack", cid="c1")
        event = await page.until(type="event", cid="c1")
    async with httpx.AsyncClient(verify=trusted()) as anybody:
        seen = [await anybody.get(event["content"][name]) for name in ("url", "full")]
        assert [answer.status_code for answer in seen] == [200, 200]
        assert (await anybody.get(given["url"].partition("?")[0])).status_code == 404
    past = (await house.get("/history", token=opened["access"])).json()["events"]
    again = (await house.session(refresh=opened["refresh"]))["history"]
    pictures = [one["content"]["url"] for one in (event, *past, *again) if one["content"]["type"] == "image"]
    assert len(pictures) == 3
    assert {url.partition("=")[0] for url in pictures} == {given["url"].partition("=")[0]}
    (received,) = house.inbox.received
    assert isinstance(received, MediaReceived)
    assert (received.caption, received.media_id) == ("offene Naht", given["upload_id"])
    media = await house.inbox.channel.fetch_media(received.media_id)
    with Image.open(io.BytesIO(media.body)) as cleaned:
        assert cleaned.size == (40, 60)
        assert not cleaned.getexif().get_ifd(_GPS)


async def test_what_is_no_picture_is_refused(house: House) -> None:
    opened = await house.session()
    assert (await _upload(house, opened["access"], b"%PDF-1.7 ...", "a.pdf")).json()["code"] == "unsupported"
    assert (await _upload(house, opened["access"], b"<svg xmlns='x'/>", "a.svg")).status_code == 415
    assert (await _upload(house, "nonsense", _photo(), "a.jpg")).status_code == 401
    assert (await house.post("/uploads", {}, token=opened["access"])).status_code == 400
    too_much = await _upload(house, opened["access"], bytes(16 * 1024 * 1024), "a.jpg")
    assert too_much.status_code == 413


async def test_ten_pictures_an_hour_are_enough(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> None:
    async with open_house(units, dsn, shop_id, limits=Limits(uploads_per_hour=1)) as house:
        opened = await house.session()
        assert (await _upload(house, opened["access"], _photo(), "a.jpg")).status_code == 201
        refused = await _upload(house, opened["access"], _photo(), "b.jpg")
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")


async def test_pictures_are_counted_for_a_network_too(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> None:
    few = Limits(sessions_per_minute=100, uploads_per_hour_of_network=1)
    async with open_house(units, dsn, shop_id, limits=few) as house:
        answers = [await _upload(house, (await house.session())["access"], _photo(), "a.jpg") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]


async def test_a_preflight_answers_allowed_origins_only(house: House) -> None:
    async with httpx.AsyncClient(verify=trusted()) as client:
        for origin, status in (("https://shop.example", 204), ("https://evil.example", 403)):
            answer = await client.options(f"{house.base}/messages", headers={"Origin": origin})
            assert answer.status_code == status
            assert ("access-control-allow-origin" in answer.headers) is (status == 204)


async def test_a_proof_that_cannot_be_read_is_refused(house: House) -> None:
    for head in (b'{"alg":"\xff"}', b'{"alg":' + b"[" * 20_000):
        garbled = base64.urlsafe_b64encode(head).decode().rstrip("=")
        answer = await house.post("/widget/session", {"user_jwt": f"{garbled}.e30.c2ln"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


async def test_a_proof_that_never_expires_is_refused_and_the_way_to_one_that_does_is_named(house: House) -> None:
    answer = await house.post("/widget/session", {"identifier": "customer-7", "identifier_hash": "ab" * 32})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "user_jwt" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [b'{"locale": "\xff"}', b'{"entry": {"code": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}", b"[]", b"{"],
    ids=["no UTF-8", "nested", "a list", "cut off"],
)
async def test_a_session_is_asked_for_in_json(house: House, body: bytes) -> None:
    async with httpx.AsyncClient(verify=trusted()) as client:
        answer = await client.post(f"{house.base}/widget/session", content=body, headers={"Origin": house.url})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


async def test_the_id_of_a_request_may_hold_any_sign(house: House) -> None:
    opened = await house.session()
    again = await house.session(refresh=opened["refresh"], request_id="a\x00b")
    assert again["thread"] == opened["thread"]


async def test_calls_are_bounded_before_they_are_read(house: House) -> None:
    opened = await house.session()
    for path in ("/widget/session", "/messages", "/read"):
        answer = await house.post(path, {"entry": {"page": "x" * 1_000_000}}, token=opened["access"])
        assert answer.status_code == 413, path


async def test_an_action_nested_without_end_is_refused(house: House) -> None:
    opened = await house.session()
    for depth in (500, 900, 5_000):
        body = b'{"type":"action","cid":"c%d","action_id":"form.submit","value":{"fields":{"a":' % depth
        headers = {"Origin": house.url, "Authorization": f"Bearer {opened['access']}"}
        async with httpx.AsyncClient(verify=trusted()) as client:
            answer = await client.post(
                f"{house.base}/messages", content=body + b"[" * depth + b"]" * depth + b"}}}", headers=headers
            )
        assert answer.status_code in {200, 400}, (depth, answer.text)


async def test_an_origin_that_is_no_address_is_a_foreign_one(house: House) -> None:
    async with httpx.AsyncClient(verify=trusted()) as client:
        answer = await client.options(f"{house.base}/messages", headers={"Origin": "http://[1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_the_page_lets_no_foreign_code_in_and_only_the_shop_frame_it(house: House) -> None:
    async with httpx.AsyncClient(verify=trusted()) as client:
        page = await client.get(f"{house.url}/chat/linden", headers={"Accept-Language": "en-GB,de;q=0.5"})
        widget = await client.get(f"{house.url}/chat/w/{house.account_id}?embed=1&lang=de")
        missing = await client.get(f"{house.url}/chat/nobody", headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"})
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'self' https://shop.example"
    assert "Start chatting" in page.text
    assert "Chat starten" in widget.text
    assert " style=" not in page.text
    assert missing.status_code == 404
    assert "Hier ist kein Chat" in missing.text


async def test_static_files_never_expire_under_their_version(house: House) -> None:
    async with httpx.AsyncClient(verify=trusted()) as client:
        present = await client.get(house.url + ASSETS.url("chat/main.js"))
        older = await client.get(f"{house.url}/static/0123456789ab/chat/main.js")
        absent = await client.get(f"{house.url}/static/{ASSETS.version}/../pages.py")
    assert "immutable" in present.headers["cache-control"]
    assert older.headers["cache-control"] == "no-cache"
    assert absent.status_code == 404


async def test_scripts_say_their_type_once_and_come_packed(house: House) -> None:
    async with httpx.AsyncClient(verify=trusted()) as client:
        for address in ("/widget.js", ASSETS.url("chat/main.js")):
            script = await client.get(house.url + address)
            assert script.headers["content-type"] == "text/javascript; charset=utf-8"
            assert (script.headers["content-encoding"], script.headers["vary"]) == ("gzip", "Accept-Encoding")


def _text(cid: str, words: str) -> Frame:
    return {"type": "send", "cid": cid, "kind": "message", "content": {"type": "text", "text": words}}


def _photo() -> bytes:
    """Sideways, with a place in it, as phones make them."""
    picture = Image.new("RGB", (60, 40), "#8899aa")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif.get_ifd(_GPS)[1] = "N"
    body = io.BytesIO()
    picture.save(body, "JPEG", exif=exif)
    return body.getvalue()


async def _upload(house: House, token: str, body: bytes, name: str) -> httpx.Response:
    async with httpx.AsyncClient(verify=trusted()) as client:
        return await client.post(
            f"{house.base}/uploads", files={"file": (name, body)},
            headers={"Authorization": f"Bearer {token}", "Origin": house.url},
        )  # fmt: skip


async def test_a_stream_begins_anew_after_a_number_that_is_none(house: House) -> None:
    opened = await house.session()
    async with _stream(house, "", token=opened["access"], last="9" * 5_000) as events:
        _, welcome = await anext(events)
    assert (welcome["type"], welcome["resumed"]) == ("welcome", False)


async def test_streams_and_sockets_end_in_order_when_the_server_restarts(house: House) -> None:
    opened = await house.session()
    async with _stream(house, "", token=opened["access"]) as events, line(house, opened["access"]) as page:
        await anext(events)
        house.tools.listener.dismiss()
        assert [event async for event in events] == []
        assert await page.closed() == 1012


@asynccontextmanager
async def _stream(
    house: House, query: str, *, token: str | None = None, last: str | None = None
) -> AsyncIterator[AsyncIterator[tuple[str | None, Frame]]]:
    """The id and the frame of each event of a stream."""
    headers = {"Origin": house.url}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    headers |= {"Last-Event-ID": last} if last else {}
    async with (
        httpx.AsyncClient(verify=trusted()) as client,
        client.stream("GET", f"{house.base}/events{query}", headers=headers) as got,
    ):
        assert got.headers["content-type"].startswith("text/event-stream")
        assert got.headers["x-accel-buffering"] == "no"
        yield _events(got)


async def _events(answer: httpx.Response) -> AsyncIterator[tuple[str | None, Frame]]:
    number = None
    lines = answer.aiter_lines()
    while True:
        text = await asyncio.wait_for(anext(lines, None), 5)
        if text is None:
            return
        if text.startswith("id: "):
            number = text.removeprefix("id: ")
        elif text.startswith("data: "):
            yield number, json.loads(text.removeprefix("data: "))
            number = None
