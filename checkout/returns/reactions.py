"""What returns do when others announce something. Each may run twice."""

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers.events import CustomerErased
from checkout.payments.events import RefundSucceeded
from checkout.returns import repository, service


async def on_refund_succeeded(uow: UnitOfWork, event: RefundSucceeded) -> None:
    """The money of a return went back, or the last of an order's."""
    if event.return_id is not None:
        await service.mark_refunded(uow, event.return_id)
    await service.end_refunded(uow, event.order_id)


async def on_customer_erased(uow: UnitOfWork, event: CustomerErased) -> None:
    """Photos and labels are the person's; what came back and why is the order's."""
    await repository.forget_pictures_and_labels(uow, event.customer_id)
