"""How much a page, a network and a thread of the web chat may do."""

import asyncio
from uuid import UUID

import pytest

from bots.channels.webchat.rates import Limits
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from storefront.web.chat import exchange
from tests.storefront.web.house import House, open_house
from tests.storefront.web.line import line, raw_line


async def test_too_many_messages_wait_and_a_resend_costs_nothing(
    units: Units, dsn: str, shop: Shop, shop_id: UUID
) -> None:
    async with open_house(units, dsn, shop_id, limits=Limits()) as house:
        opened = await house.session()
        async with line(house, opened["access"], after=0) as page:
            for number in range(20):
                await page.text(f"{number}", f"c{number}")
                await page.until(type="ack", cid=f"c{number}")
            await page.text("0", "c0")
            await page.text("zu viel", "c20")
            refused = await page.until(type="nack", cid="c20")
        assert refused["code"] == "rate_limited"
        assert 1_000 <= refused["retry_after_ms"] <= 60_000
        assert len(house.inbox.received) == 20
        answers = [await house.post("/widget/session", {}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 4 + [429]
        assert int(answers[-1].headers["retry-after"]) >= 1
        await house.session(refresh=opened["refresh"])


async def test_pages_of_one_network_share_a_limit(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> None:
    few = Limits(sessions_per_minute=100, sends_per_minute_of_network=2)
    async with open_house(units, dsn, shop_id, limits=few) as house:
        answers = []
        for number in range(3):
            opened = await house.session()
            frame = {"type": "send", "cid": f"c{number}", "content": {"type": "text", "text": "hallo"}}
            answers.append(await house.post("/messages", frame, token=opened["access"]))
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert len(house.inbox.received) == 2


async def test_a_thread_is_followed_by_so_many_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST_LINES", 1)
    others = exchange._lines.copy()  # of houses that stood here before
    opened = await house.session()
    async with line(house, opened["access"], after=0):
        async with raw_line(house) as further:
            await further.say(type="hello", token=opened["access"])
            assert await further.closed() == 4429
        streamed = await house.get("/events", token=opened["access"])
        assert (streamed.status_code, streamed.json()["code"]) == (429, "rate_limited")
    async with asyncio.timeout(5):
        while exchange._lines - others:  # noqa: ASYNC110 - a page that left is noticed by its own task
            await asyncio.sleep(0.01)
    async with line(house, opened["access"], after=0):
        pass


async def test_a_flood_of_frames_is_sent_away(house: House) -> None:
    opened = await house.session()
    async with line(house, opened["access"], after=0) as page:
        for number in range(80):
            await page.say(type="ping", t=number)
        assert await page.closed() == 4429
