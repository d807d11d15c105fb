"""What returns do when others announce something. Each may run twice."""

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments.events import RefundSucceeded
from checkout.returns import service


async def on_refund_succeeded(uow: UnitOfWork, event: RefundSucceeded) -> None:
    """The money of a return went back."""
    if event.return_id is not None:
        await service.mark_refunded(uow, event.return_id, event.refund_id)
