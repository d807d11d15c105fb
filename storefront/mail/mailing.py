"""Letters on their way: stored as jobs with the change they tell of, tried again while the server does not take them.

A job that has succeeded never runs again. One whose worker died in its midst does, and its letter has the Message-ID of
the first: mailboxes know such a copy. What a server refuses for good fails for good: the doctor shows it to the
operator, `undelivered` to the merchant.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from catalog.kernel import jobs
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from checkout.orders import service as orders
from checkout.orders.events import OrderPaid
from checkout.orders.states import PAID_FOR, OrderState
from checkout.returns import withdrawals
from checkout.returns.withdrawals import Withdrawal
from storefront.mail import letters
from storefront.mail.letters import Letter
from storefront.mail.transport import MailFault
from storefront.schedule import NotDone

if TYPE_CHECKING:
    from storefront.bootstrap import House

ACKNOWLEDGE = "mail.acknowledge_withdrawal"
CONFIRM = "mail.confirm_order"
# Servers are away for hours, seldom for days.
_WAITS_S = tuple(
    int(timedelta(minutes=minutes).total_seconds()) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440)
)
_log = logging.getLogger(__name__)
_KINDS = {CONFIRM: "confirmation", ACKNOWLEDGE: "acknowledgement"}
UNDELIVERED = """
    SELECT job.task_name, declared.id AS withdrawal_id,
           coalesce((job.args->>'order_id')::uuid, declared.order_id) AS order_id
    FROM procrastinate_jobs job LEFT JOIN withdrawal declared
         ON declared.shop_id = $1 AND declared.id = (job.args->>'withdrawal_id')::uuid
    WHERE job.status = 'failed' AND job.task_name = ANY($2::text[]) AND job.args->>'shop_id' = $1::uuid::text
    ORDER BY job.id
"""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Letters of a shop that will not arrive: their kinds by order, and the declarations nobody got acknowledged."""

    by_order: Mapping[UUID, Sequence[str]]
    withdrawals: frozenset[UUID]


async def acknowledge(uow: UnitOfWork, made: Withdrawal, locale: str) -> bool:
    """Have a declaration's arrival acknowledged by letter after commit; False when none may go to that address."""
    if letters.mailbox(made.email) is None or not await withdrawals.may_be_mailed(uow, made):
        return False
    what = {"shop_id": str(uow.shop_id), "withdrawal_id": str(made.id), "locale": locale}
    await jobs.defer(uow, ACKNOWLEDGE, what)
    return True


async def confirm(uow: UnitOfWork, event: OrderPaid) -> None:
    """Have a paid order confirmed by letter."""
    await jobs.defer(uow, CONFIRM, {"shop_id": str(uow.shop_id), "order_id": str(event.order_id)})


async def undelivered(uow: UnitOfWork) -> Undelivered:
    """What was refused for good or given up; known for as long as failed jobs are kept, 30 days."""
    rows = await uow.fetch(UNDELIVERED, uow.shop_id, list(_KINDS))
    by_order: dict[UUID, list[str]] = {}
    for row in rows:
        if row["order_id"] is not None:
            by_order.setdefault(row["order_id"], []).append(_KINDS[row["task_name"]])
    return Undelivered(by_order, frozenset(row["withdrawal_id"] for row in rows if row["withdrawal_id"] is not None))


async def send_acknowledgement(house: "House", *, shop_id: str, withdrawal_id: str, locale: str) -> None:
    """Send the letter about a declaration."""
    async with house.units(UUID(shop_id)) as uow:
        shop = await profiles.get(uow)
        letter = letters.acknowledgement(await withdrawals.get(uow, UUID(withdrawal_id)), shop, locale)
    if letter.to:  # a person who was forgotten meanwhile has no address
        await _send(house, shop, letter, at=uow.now)


async def send_confirmation(house: "House", *, shop_id: str, order_id: str) -> None:
    """Send the letter about a paid order, unless nobody gave an address or it is off by now."""
    async with house.units(UUID(shop_id)) as uow:
        shop = await profiles.get(uow)
        order = await orders.get(uow, UUID(order_id))
        letter = letters.confirmation(order, shop, house.settings.public_url)
    if letter.to and OrderState(order.state) in PAID_FOR:
        await _send(house, shop, letter, at=uow.now)


async def _send(house: "House", shop: ShopProfile, letter: Letter, *, at: datetime) -> None:
    """Raises NotDone."""
    if house.mailer is None:
        raise NotDone("no mail server is set any more: STOREFRONT_MAIL_URL")
    try:
        message = letters.sealed(letter, shop, sender=house.mailer.sender, at=at)
    except ValueError as error:
        raise NotDone(str(error)) from None
    try:
        await house.mailer.send(message)
    except MailFault as fault:
        _log.warning("mail.not_sent", extra={"fields": {"letter": letter.key, "cause": fault.detail}})
        raise NotDone(fault.detail, _WAITS_S if fault.passing else ()) from None
    _log.info("mail.sent", extra={"fields": {"letter": letter.key}})
