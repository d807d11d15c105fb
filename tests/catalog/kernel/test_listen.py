"""A subscription waits for news, and stops waiting when it is told to."""

import asyncio

import pytest

from catalog.kernel.listen import Subscription


async def test_who_is_told_to_stop_as_news_comes_stops() -> None:
    async def follow() -> None:
        while True:
            await news.wait(60)

    news = Subscription()
    following = asyncio.create_task(follow())
    await asyncio.sleep(0.01)
    news.wake()
    following.cancel()
    done, _ = await asyncio.wait([following], timeout=5)
    following.cancel()
    assert done == {following}
    with pytest.raises(asyncio.CancelledError):
        await following


async def test_news_that_came_before_are_not_waited_for() -> None:
    news = Subscription()
    news.wake()
    assert await news.wait(0)
    assert not await news.wait(0.01)
