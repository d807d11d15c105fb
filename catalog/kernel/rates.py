"""How often: fixed windows, counted in the database so that every web process sees the same number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from catalog.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Over:
    """A limit that is passed, and how long until its window ends."""

    limit: int
    wait: timedelta


async def count(uow: UnitOfWork, limits: Mapping[str, int], *, window: timedelta) -> Over | None:
    """Count one use under each key of the shop; the first limit that this use passes, or None.

    Who names a key that many share (a network) names it last: it is locked until the transaction ends.
    """
    rows = await uow.fetch(
        """
        INSERT INTO use_count AS known (shop_id, key, window_at, used) SELECT $1, key, $3, 1 FROM unnest($2::text[]) key
        ON CONFLICT (shop_id, key) DO UPDATE SET
            used = CASE WHEN known.window_at <= $4 THEN 1 ELSE known.used + 1 END,
            window_at = CASE WHEN known.window_at <= $4 THEN $3 ELSE known.window_at END
        RETURNING key, used, window_at
        """,
        uow.shop_id, list(limits), uow.now, uow.now - window,
    )  # fmt: skip
    found = {row["key"]: row for row in rows}
    for key, limit in limits.items():
        if found[key]["used"] > limit:
            return Over(limit, found[key]["window_at"] + window - uow.now)
    return None
