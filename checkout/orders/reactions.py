"""What orders do when others announce something. Each may run twice."""

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import service as carts
from checkout.carts.events import CartSuperseded
from checkout.customers.events import CustomerErased
from checkout.orders import paying, repository
from checkout.orders.states import ExpiryReason, OrderState


async def on_cart_superseded(uow: UnitOfWork, event: CartSuperseded) -> None:
    """The cart is another one now: an order of an earlier version that nobody has paid runs out.

    Money under way is left alone. Money that comes all the same still finds its order, while the goods are there.
    """
    await carts.lock_cart(uow, event.cart_id)
    for order in await repository.of_cart(uow, event.cart_id):
        if order.state == OrderState.AWAITING_PAYMENT and order.cart_version < event.version:
            await paying.expire_locked(uow, order, ExpiryReason.SUPERSEDED)


async def on_customer_erased(uow: UnitOfWork, event: CustomerErased) -> None:
    """Orders that came to nothing forget the person; the others keep what tax law wants (AO § 147) and no more."""
    await repository.erase_person(uow, event.customer_id)
