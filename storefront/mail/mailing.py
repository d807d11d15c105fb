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
from checkout.fulfilment import service as fulfilment
from checkout.fulfilment.events import ParcelShipped
from checkout.orders import service as orders
from checkout.orders.events import OrderPaid
from checkout.orders.states import PAID_FOR, OrderState
from checkout.payments import refunds
from checkout.payments.events import RefundSucceeded
from checkout.payments.states import RefundState
from checkout.returns import service as returns
from checkout.returns import withdrawals
from checkout.returns.events import ReturnApproved, ReturnReceived
from checkout.returns.states import ReturnState
from checkout.returns.withdrawals import Withdrawal
from storefront.mail import letters
from storefront.mail.letters import Letter
from storefront.mail.transport import MailFault
from storefront.schedule import NotDone

if TYPE_CHECKING:
    from storefront.bootstrap import House

ACKNOWLEDGE = "mail.acknowledge_withdrawal"
CONFIRM = "mail.confirm_order"
SHIPPED, RETURN_APPROVED, RETURN_RECEIVED, REFUNDED = (
    "mail.tell_shipped", "mail.tell_return_approved", "mail.tell_return_received", "mail.tell_refunded"
)  # fmt: skip
# Servers are away for hours, seldom for days.
_WAITS_S = tuple(
    int(timedelta(minutes=minutes).total_seconds()) for minutes in (1, 5, 15, 60, 180, 360, 720, 1440, 1440)
)
_log = logging.getLogger(__name__)
_KINDS = {CONFIRM: "confirmation", ACKNOWLEDGE: "acknowledgement"} | dict.fromkeys(
    (SHIPPED, RETURN_APPROVED, RETURN_RECEIVED, REFUNDED), "news"
)
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


async def tell_shipped(uow: UnitOfWork, event: ParcelShipped) -> None:
    """Have a parcel told of by letter."""
    await jobs.defer(uow, SHIPPED, _of(uow, event.order_id, fulfilment_id=event.fulfilment_id))


async def tell_return_approved(uow: UnitOfWork, event: ReturnApproved) -> None:
    """Have an expected return told of by letter."""
    await jobs.defer(uow, RETURN_APPROVED, _of(uow, event.order_id, return_id=event.return_id))


async def tell_return_received(uow: UnitOfWork, event: ReturnReceived) -> None:
    """Have a return that has arrived told of by letter."""
    await jobs.defer(uow, RETURN_RECEIVED, _of(uow, event.order_id, return_id=event.return_id))


async def tell_refunded(uow: UnitOfWork, event: RefundSucceeded) -> None:
    """Have money on its way back told of by letter."""
    await jobs.defer(uow, REFUNDED, _of(uow, event.order_id, refund_id=event.refund_id))


def _of(uow: UnitOfWork, order_id: UUID, **what: UUID) -> dict[str, str]:
    return {name: str(value) for name, value in {"shop_id": uow.shop_id, "order_id": order_id, **what}.items()}


async def undelivered(uow: UnitOfWork) -> Undelivered:
    """What was refused for good or given up; known for as long as failed jobs are kept, 30 days."""
    rows = await uow.fetch(UNDELIVERED, uow.shop_id, list(_KINDS))
    by_order: dict[UUID, dict[str, None]] = {}
    for row in rows:
        if row["order_id"] is not None:
            by_order.setdefault(row["order_id"], {})[_KINDS[row["task_name"]]] = None
    kinds = {order_id: tuple(found) for order_id, found in by_order.items()}
    return Undelivered(kinds, frozenset(row["withdrawal_id"] for row in rows if row["withdrawal_id"] is not None))


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


async def send_shipped(house: "House", *, shop_id: str, order_id: str, fulfilment_id: str) -> None:
    """Send the letter about a parcel."""
    async with house.units(UUID(shop_id)) as uow:
        shop, order = await profiles.get(uow), await orders.get(uow, UUID(order_id))
        parcel = await fulfilment.get(uow, order.id, UUID(fulfilment_id))
        letter = letters.shipped(order, parcel, shop, house.settings.public_url) if parcel is not None else None
    await _send_news(house, shop, letter, at=uow.now)


async def send_return_approved(house: "House", *, shop_id: str, order_id: str, return_id: str) -> None:
    """Send the letter about an expected return, unless it is expected no more."""
    async with house.units(UUID(shop_id)) as uow:
        shop, order = await profiles.get(uow), await orders.get(uow, UUID(order_id))
        found = await returns.get(uow, UUID(return_id))
        letter = letters.return_approved(order, found, shop) if found.state == ReturnState.APPROVED else None
    await _send_news(house, shop, letter, at=uow.now)


async def send_return_received(house: "House", *, shop_id: str, order_id: str, return_id: str) -> None:
    """Send the letter about a return that has arrived."""
    async with house.units(UUID(shop_id)) as uow:
        shop, order = await profiles.get(uow), await orders.get(uow, UUID(order_id))
        letter = letters.return_received(order, await returns.get(uow, UUID(return_id)), shop)
    await _send_news(house, shop, letter, at=uow.now)


async def send_refunded(house: "House", *, shop_id: str, order_id: str, refund_id: str) -> None:
    """Send the letter about money on its way back, unless it came back to the shop."""
    async with house.units(UUID(shop_id)) as uow:
        shop, order = await profiles.get(uow), await orders.get(uow, UUID(order_id))
        refund = await refunds.get_refund(uow, UUID(refund_id))
        letter = letters.refunded(order, refund, shop) if refund.state == RefundState.SUCCEEDED else None
    await _send_news(house, shop, letter, at=uow.now)


async def _send_news(house: "House", shop: ShopProfile, letter: Letter | None, *, at: datetime) -> None:
    """Where nobody gave an address, or who did was forgotten meanwhile, nothing is sent. Raises NotDone."""
    if letter is not None and letter.to:
        await _send(house, shop, letter, at=at)


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
