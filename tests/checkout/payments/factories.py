"""Accounts, attempts and news, made through the services themselves."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments import accounts, ledger, service, stripe_reading
from checkout.payments.gateway import AttemptReport, ProviderEvent
from checkout.payments.models import PaymentEvent
from checkout.payments.service import PaymentView
from checkout.payments.states import PAYMENT, PaymentState
from tests.checkout.payments.values import euros
from tests.checkout.payments.wiring import KEY, WEBHOOK_SECRET

VAULT = Vault(Secret("a secret key of the test install"))


async def make_account(uow: UnitOfWork) -> UUID:
    """A Stripe account of the shop; the first is active."""
    made = await accounts.create_account(
        uow, VAULT, kind="stripe", credentials={"secret_key": KEY, "webhook_secret": WEBHOOK_SECRET}
    )
    return made.id


async def make_payment(
    uow: UnitOfWork, *, order_id: UUID | None = None, amount: Money | None = None, session: str | None = "cs_1"
) -> PaymentView:
    """An attempt, open at the provider unless `session` is None."""
    if not await accounts.list_accounts(uow):
        await make_account(uow)
    begun, _ = await service.begin_attempt(
        uow,
        order_id=order_id or new_id(),
        amount=amount or euros(5470),
        cart_version=1,
        success_url="https://shop.example/o/x",
        cancel_url="https://shop.example/p/x",
    )
    if session is not None:
        await hear(uow, begun.account_id, session_news(begun, session=session))
    return await service.get_payment(uow, begun.id)


async def hear(uow: UnitOfWork, account_id: UUID, event: ProviderEvent) -> None:
    """News reaches the ledger and is applied."""
    stored = await ledger.store_event(uow, account_id, event)
    if stored is not None:
        await ledger.apply_event(uow, account_id, stored)


async def state_by_ledger(uow: UnitOfWork, payment_id: UUID) -> PaymentState:
    """The state that the ledger alone gives an attempt.

    Superseding and refusals are our own doing, so they are the state that the news starts from.
    """
    payment = await service.get_payment(uow, payment_id)
    own = payment.state in {PaymentState.SUPERSEDED, PaymentState.FAILED}
    lines = await uow.session.scalars(
        select(PaymentEvent).where(PaymentEvent.payment_id == payment_id, PaymentEvent.shop_id == uow.shop_id)
    )
    reports = [ledger.read_line(line) for line in lines]
    return ledger.standing(
        payment.state if own else PAYMENT.initial, [each for each in reports if isinstance(each, AttemptReport)]
    )


def session_news(
    payment: PaymentView,
    *,
    session: str = "cs_1",
    kind: str = "look.session",
    status: str = "open",
    paid: str = "unpaid",
    intent: str | None = None,
    amount: int | None = None,
) -> ProviderEvent:
    """What a Checkout Session of the attempt says."""
    obj = {
        "id": session,
        "object": "checkout.session",
        "created": 1_790_000_000,
        "status": status,
        "payment_status": paid,
        "payment_intent": intent,
        "amount_total": payment.amount.minor if amount is None else amount,
        "currency": payment.amount.currency.lower(),
        "client_reference_id": str(payment.order_id),
        "metadata": {"order_id": str(payment.order_id), "attempt": str(payment.attempt)},
    }
    return news(kind, obj)


def captured(
    payment: PaymentView, *, session: str = "cs_1", intent: str = "pi_1", amount: int | None = None
) -> ProviderEvent:
    """The session was paid."""
    return session_news(
        payment,
        session=session,
        kind="checkout.session.completed",
        status="complete",
        paid="paid",
        intent=intent,
        amount=amount,
    )


def refund_news(
    *,
    intent: str = "pi_1",
    refund: str = "re_1",
    amount: int = 1990,
    status: str = "succeeded",
    ours: UUID | None = None,
) -> ProviderEvent:
    """What a refund says; without `ours` it was made in the Dashboard."""
    obj = {
        "id": refund,
        "object": "refund",
        "created": 1_790_000_000,
        "status": status,
        "amount": amount,
        "currency": "eur",
        "payment_intent": intent,
        "metadata": {"refund_id": str(ours)} if ours else {},
        "failure_reason": "expired_or_canceled_card" if status == "failed" else None,
    }
    return news("refund.failed" if status == "failed" else "refund.updated", obj)


def news(kind: str, obj: dict[str, Any]) -> ProviderEvent:
    """An event of Stripe about an object, as its webhook would bring it."""
    body = {
        "id": f"evt_{new_id().hex}",
        "object": "event",
        "type": kind,
        "created": 1_790_000_000,
        "livemode": False,
        "data": {"object": obj},
    }
    return stripe_reading.read_event(msgspec.json.encode(body))
