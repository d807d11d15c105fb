"""Orders as messages."""

from bots.replies import orders as words
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.orders import service as orders
from checkout.orders.states import CancelledBy
from tests.checkout.factories import make_order, make_variant


async def test_the_card_of_a_cancelled_order_promises_no_more_steps(uow: UnitOfWork) -> None:
    await make_variant(uow)
    order = await make_order(uow, paid=True)
    told = words.timeline(order, "de")
    assert told == (("Bezahlt", True), ("Unterwegs", False), ("Abgeschlossen", False))
    cancelled = await orders.cancel(uow, order.id, by=CancelledBy.SHOPPER)
    assert words.timeline(cancelled, "de") == (("Bezahlt", True), ("Storniert", True))
    unpaid = await orders.cancel(uow, (await make_order(uow)).id, by=CancelledBy.SHOPPER)
    assert words.timeline(unpaid, "de") == ()
