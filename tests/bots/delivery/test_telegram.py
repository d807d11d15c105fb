"""Telegram's own refusals, which come as words beside a code."""

import httpx
import pytest

from bots.channels.registry import CHANNELS
from bots.conversations import thread as threads
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages.outbound import Action, ImageRef, Picture
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.bots.delivery.provider import Provider, opened
from tests.bots.delivery.test_window import tell_news
from tests.conftest import FrozenClock


@pytest.fixture
async def bot(units: Units, shop: Shop, clock: FrozenClock) -> Provider:
    made = await opened(units, shop, clock, "telegram")
    made.reply = {"ok": True, "result": {"message_id": 7}}
    return made


def refused(code: int, words: str) -> httpx.Response:
    """Telegram's no."""
    return httpx.Response(code, json={"ok": False, "error_code": code, "description": words})


async def test_who_blocked_the_bot_is_left_alone_until_they_come_back(bot: Provider) -> None:
    bot.answers = [lambda _: refused(403, "Forbidden: bot was blocked by the user")]
    await bot.phone.say("hallo")
    await bot.deliver()
    await tell_news(bot)
    await bot.deliver()
    first, *others = await bot.states()
    assert (first, set(others)) == (("failed", "opted_out"), {("refused", "opted_out")})
    assert bot.taken == []
    await bot.phone.say("hilfe")
    await bot.deliver()
    assert bot.taken


async def test_a_picture_that_cannot_be_had_is_tried_twice_and_its_words_and_buttons_go_without_it(
    bot: Provider, clock: FrozenClock
) -> None:
    await bot.phone.say("hallo")
    await bot.deliver()
    bot.taken.clear()
    bot.answers = [lambda _: refused(400, "Bad Request: failed to get HTTP URL content")] * 3
    async with bot.units(bot.phone.shop_id) as uow:
        thread = await threads.lock(uow, (await bot.phone.conversation(uow))["id"])
        scene = Picture(
            image=ImageRef(image_id="ab", alt="Tee"), text="Dein Tee", actions=(Action(id="a", title="Ja"),)
        )
        await outbox.post(uow, thread, [scene], CHANNELS["telegram"].capabilities, Posting())
    await bot.deliver()
    clock.advance(seconds=2)
    bot.answers = bot.answers[:1]
    await bot.deliver()
    (sent,) = bot.taken
    assert (sent["text"], sent["reply_markup"]["inline_keyboard"][0][0]["text"]) == ("Dein Tee", "Ja")
    assert (await bot.rows())[-1]["text"] == "Dein Tee"
