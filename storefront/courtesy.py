"""Courtesy calls: read marks, typing dots, answers to taps. Done beside the work, few at a time, never instead of it.

They count against the provider's own rate like messages do, so when many people write at once they are left out.
"""

import asyncio
import logging
from collections.abc import Sequence

from bots.channels.base import Channel, WireCall
from storefront.bucket import Bucket

_PER_SECOND = 15.0
_BURST = 30.0
_log = logging.getLogger(__name__)


class Courtesy:
    """Sends such calls in the background of a process."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._bucket = Bucket(per_second=_PER_SECOND, burst=_BURST)

    def offer(self, channel: Channel, calls: Sequence[WireCall]) -> None:
        """Send these soon, unless there is too much to do."""
        if calls and self._bucket.take(len(calls)):
            self.send(channel, calls)

    def send(self, channel: Channel, calls: Sequence[WireCall]) -> None:
        """Send these soon, however much there is to do: somebody waits for them."""
        task = asyncio.create_task(_send(channel, calls))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _send(channel: Channel, calls: Sequence[WireCall]) -> None:
    for call in calls:
        try:
            await channel.send(call)
        except Exception as error:  # noqa: BLE001 - a courtesy may fail in any way
            _log.debug("courtesy.failed", extra={"fields": {"error": type(error).__name__}})
