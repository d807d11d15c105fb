"""What orders do when others announce something. Each may run twice."""

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.customers.events import CustomerErased
from checkout.orders import repository


async def on_customer_erased(uow: UnitOfWork, event: CustomerErased) -> None:
    """Orders that came to nothing forget the person; the others keep what tax law wants (AO § 147) and no more."""
    await repository.erase_person(uow, event.customer_id)
