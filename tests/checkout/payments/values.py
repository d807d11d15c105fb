"""Valid values of payments; a test states only what matters."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from checkout.payments.gateway import Address, AttemptView, LineView, OrderView


def euros(minor: int) -> Money:
    """An amount in cents."""
    return Money(minor, "EUR")


def make_line(
    minor: int = 2490, *, quantity: int = 2, currency: str = "EUR", sku: str = "TEE-GREY-M", title: str = "Basic-Tee"
) -> LineView:
    """Two grey T-shirts."""
    unit = Money(minor, currency)
    return LineView(sku=sku, title=title, quantity=quantity, unit_price=unit, total=unit * quantity)


def make_order(
    *lines: LineView,
    shipping: int = 490,
    total: int | None = None,
    currency: str = "EUR",
    locale: str = "de",
    order_id: UUID | None = None,
) -> OrderView:
    """An order of the lines, with shipping; `total` differs from their sum when a discount applies."""
    chosen = lines or (make_line(),)
    plain = sum(line.total.minor for line in chosen) + shipping
    return OrderView(
        order_id=order_id or new_id(),
        number="K-1042",
        locale=locale,
        lines=chosen,
        shipping=Money(shipping, currency),
        shipping_title="Versand",
        total=Money(plain if total is None else total, currency),
        email="mia.muster@example.com",
        address=Address("Mia Muster", "Lindenstraße 5", "10969", "Berlin", "DE"),
    )


def make_attempt(order: OrderView, *, attempt: int = 1, now: datetime | None = None) -> AttemptView:
    """The first attempt to pay an order."""
    return AttemptView(
        payment_id=new_id(),
        order_id=order.order_id,
        attempt=attempt,
        amount=order.total,
        expires_at=((now or datetime.now(UTC)) + timedelta(minutes=45)).replace(microsecond=0),
        idempotency_key=f"{order.order_id}:checkout:1:{attempt}",
        success_url="https://shop.example/o/K7A-2QX?session_id={CHECKOUT_SESSION_ID}",
        cancel_url="https://shop.example/p/abc",
    )
