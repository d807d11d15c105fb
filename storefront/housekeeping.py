"""What is kept only for a while, and for how long. One table, so that docs/privacy.md can be held against it."""

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storefront.bootstrap import House

# (table, condition on an instant, kept for)
KEPT: tuple[tuple[str, str, timedelta], ...] = (
    ("idempotency_key", "at < $1", timedelta(hours=24)),
    ("domain_event", "finished_at < $1", timedelta(days=30)),
    ("webhook_delivery", "at < $1", timedelta(days=30)),
    ("channel_event", "at < $1 AND kind IN ('ReceiptReceived', 'Unrecognised')", timedelta(days=30)),
    ("use_count", "window_at < $1", timedelta(hours=24)),
    # Both end this long after the visit that renewed them.
    ("webchat_session", "expires_at - interval '30 days' < $1", timedelta(days=30)),
    ("webchat_refresh", "expires_at - interval '30 days' < $1", timedelta(days=30)),
)
_AT_ONCE = 5000


async def prune(house: "House") -> None:
    """Let go of what is older, each batch in a transaction of its own, so that no lock is held for long."""
    for table, condition, kept in KEPT:
        while await _some(house, table, condition, kept) == _AT_ONCE:
            pass


async def _some(house: "House", table: str, condition: str, kept: timedelta) -> int:
    async with house.units(None) as uow:
        return await uow.execute(
            f"/* all shops */ DELETE FROM {table} WHERE ctid IN"  # noqa: S608 - names from the table above
            f" (SELECT ctid FROM {table} WHERE {condition} LIMIT {_AT_ONCE})",
            uow.now - kept,
        )
