"""How often: fixed windows, counted in the database so that every web process sees the same number."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bots.channels.webchat.frames import Nack
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


async def count(uow: UnitOfWork, account_id: UUID, key: str, *, limit: int, window: timedelta) -> None:
    """Count one use. Raises Nack rate_limited, with the time until the window ends, when it is one too many."""
    row = await uow.fetchrow(
        """
        INSERT INTO webchat_rate AS rate (account_id, key, shop_id, window_at, used) VALUES ($1, $2, $3, $4, 1)
        ON CONFLICT (account_id, key) DO UPDATE SET
            used = CASE WHEN rate.window_at <= $5 THEN 1 ELSE rate.used + 1 END,
            window_at = CASE WHEN rate.window_at <= $5 THEN $4 ELSE rate.window_at END
        RETURNING used, window_at
        """,
        account_id, key, uow.shop_id, uow.now, uow.now - window,
    )  # fmt: skip
    if row is not None and row["used"] > limit:
        left = row["window_at"] + window - uow.now
        raise Nack(
            "rate_limited",
            f"at most {limit} in {int(window.total_seconds())} seconds",
            retry_after_ms=max(1_000, int(left.total_seconds() * 1000)),
        )
