"""How much one page or one network may do in the web chat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bots.channels.webchat.frames import Nack
from catalog.kernel import rates
from catalog.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page or one network may do. The figures are the web chat's contract; a lab may raise them.

    Sessions last for weeks, so a network is counted beside its pages: whoever gathers them can do no more with them.
    """

    sends_per_minute: int = 20
    sends_per_minute_of_network: int = 200
    sessions_per_minute: int = 5  # of a network
    uploads_per_hour: int = 10
    uploads_per_hour_of_network: int = 60


async def count(uow: UnitOfWork, account_id: UUID, limits: Mapping[str, int], *, window: timedelta) -> None:
    """Count one use under each key of an account, one that a network shares last.

    Raises Nack rate_limited, with the time until the window ends, when it is one too many.
    """
    over = await rates.count(uow, {f"{account_id}:{key}": limit for key, limit in limits.items()}, window=window)
    if over is not None:
        raise Nack(
            "rate_limited",
            f"at most {over.limit} in {int(window.total_seconds())} seconds",
            retry_after_ms=max(1_000, int(over.wait.total_seconds() * 1000)),
        )
