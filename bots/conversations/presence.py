"""What a person's page shows beside their thread: who speaks, and how much is in the cart. Of the web chat alone."""

from dataclasses import dataclass
from uuid import UUID

from bots.channels.webchat import threads as pages
from bots.conversations import lanes
from bots.conversations import thread as threads
from bots.conversations.states import Lane
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import service as carts

_READ = f"""
SELECT c.held_by = $5 AND c.needs_person IS NULL AND coalesce(c.lease_until > $4, true) AS team, {carts.UNITS} AS units
FROM conversation c
WHERE c.account_id = $1 AND c.address = $2 AND c.shop_id = $3
"""  # noqa: S608 - an expression of carts


@dataclass(frozen=True, slots=True)
class Presence:
    """`team`: a person of the team has come and holds the lane. `units`: pieces in the open cart."""

    team: bool = False
    units: int = 0


async def read(uow: UnitOfWork, account_id: UUID, address: str) -> Presence:
    """As it is now; nobody and nothing while the person has said nothing."""
    row = await uow.fetchrow(_READ, account_id, address, uow.shop_id, uow.now, Lane.STAFF.value)
    return Presence() if row is None else Presence(row["team"], row["units"])


async def show_typing(uow: UnitOfWork, conversation_id: UUID) -> None:
    """A person of the team, who holds the lane, is writing. Raises NotFound."""
    thread = await threads.lock(uow, conversation_id)
    if thread.kind == "webchat" and lanes.is_teams(thread, uow.now):
        await pages.show_typing(uow, thread.account_id, thread.address)
