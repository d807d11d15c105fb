"""What carts do when a person turns out to be another one, or wants to be forgotten. Each may run twice."""

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import service
from checkout.carts.values import Add, CartView, Clear, SetQuantity
from checkout.customers.events import CustomerErased, CustomersMerged, CustomersParted

_ANY = ""  # no words are shown here


async def on_customers_merged(uow: UnitOfWork, event: CustomersMerged) -> None:
    """The lines of the one cart go into the other; what is not there any more stays behind."""
    source = await service.view(uow, event.from_id, _ANY)
    if source.is_empty:
        return
    await service.apply(uow, event.from_id, [Clear()], _ANY)
    await service.apply(uow, event.into_id, [Add(line.sku, line.quantity) for line in source.lines], _ANY)
    if source.discount_code:
        await service.put_discount(uow, event.into_id, source.discount_code, _ANY)


async def on_customers_parted(uow: UnitOfWork, event: CustomersParted) -> None:
    """The one cart gets back what it gave, and the other gives back as much of it as it still has."""
    source = await service.view(uow, event.from_id, _ANY)
    if source.id is None or not source.is_empty:
        return
    before = await service.lines_before(uow, event.from_id)
    target = await service.view(uow, event.into_id, _ANY)
    await service.apply(uow, event.into_id, _less(target, before), _ANY)
    await service.undo(uow, event.from_id, _ANY)


async def on_customer_erased(uow: UnitOfWork, event: CustomerErased) -> None:
    """A forgotten person holds nothing."""
    if not (await service.view(uow, event.customer_id, _ANY)).is_empty:
        await service.apply(uow, event.customer_id, [Clear()], _ANY)


def _less(cart: CartView, quantities: dict[str, int]) -> list[SetQuantity]:
    return [
        SetQuantity(line.id, max(0, line.quantity - quantities[line.sku]))
        for line in cart.lines
        if line.sku in quantities
    ]
