"""All that Stripe may tell of one page, doubled and in any order: the order ends, and its goods are sold or free."""

import random

import pytest

from checkout.inventory import service as inventory
from checkout.orders.states import OrderState
from checkout.paying import tasks
from storefront.lab.stripe_double import sessions
from tests.checkout.factories import TEE
from tests.checkout.paying.scene import Scene
from tests.conftest import FrozenClock

# What is told, in the order in which it happened; of a session with its payment_status.
_CARD = ("intent payment_failed", "intent succeeded", "session completed paid")
_DEBIT = ("intent processing", "session completed unpaid", "intent succeeded", "session async_payment_succeeded paid")
_BOUNCED = (
    "intent processing", "session completed unpaid", "intent payment_failed", "session async_payment_failed unpaid",
)  # fmt: skip
_GIVEN_UP = ("intent payment_failed", "session expired unpaid", "intent canceled")
_SLOW_AND_GIVEN_UP = ("intent processing", *_GIVEN_UP)
_SLOW_THEN_CARD = ("intent processing", *_CARD)
_INTENT = {"payment_failed": "requires_payment_method"}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("history", "end"),
    [
        (_CARD, OrderState.PAID), (_DEBIT, OrderState.PAID), (_BOUNCED, OrderState.EXPIRED),
        (_GIVEN_UP, OrderState.EXPIRED), (_SLOW_AND_GIVEN_UP, OrderState.EXPIRED), (_SLOW_THEN_CARD, OrderState.PAID),
    ],
    ids=["card", "debit", "bounced", "given up", "slow and given up", "slow then card"],
)  # fmt: skip
async def test_every_order_ends_as_its_payment_did(
    scene: Scene, clock: FrozenClock, history: tuple[str, ...], end: OrderState, seed: int
) -> None:
    await scene.to_the_page(1)
    _happen(scene, history)
    await scene.webhooks(copies=2, shuffle=random.Random(seed))  # noqa: S311 - replay, never secrets
    await scene.events_and_jobs()
    for _ in range(2):
        clock.advance(hours=2)
        await tasks.poll(scene.desk)
        await scene.events_and_jobs()
    assert (await scene.order()).state == end
    async with scene.units(scene.shop_id) as uow:
        level = (await inventory.levels(uow, [TEE]))[TEE]
        held = await uow.fetchval(
            "SELECT count(*) FROM reservation WHERE shop_id = $1 AND order_id IS NOT NULL AND state = 'held'",
            scene.shop_id,
        )
    assert (level.on_hand, held) == ((19, 0) if end == OrderState.PAID else (20, 0))


def _happen(scene: Scene, history: tuple[str, ...]) -> None:
    """Let the one page and its payment go through this, each step told."""
    (page,) = scene.double.objects["checkout.session"].values()
    intent = sessions._intent(scene.double, page)
    for step in history:
        kind, what, *paid = step.split()
        if kind == "session":
            page |= {"status": "expired" if what == "expired" else "complete", "payment_status": paid[0]}
            scene.double.emit(f"checkout.session.{what}", page)
            continue
        intent["status"] = _INTENT.get(what, what)
        if what == "succeeded":
            intent["amount_received"] = intent["amount"]
        if what == "payment_failed":
            intent["last_payment_error"] = {"code": "card_declined", "type": "card_error"}
        scene.double.emit(f"payment_intent.{what}", intent)
