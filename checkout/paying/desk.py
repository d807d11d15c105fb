"""What paying works with; built once by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass

from catalog.kernel.unit_of_work import Units
from catalog.products.texts import pick
from checkout.orders.models import Order
from checkout.payments.gateway import Address, Gateways, LineView, OrderView


def no_picture(image_id: str) -> str | None:  # noqa: ARG001 - the form of a picture source
    """Lines without pictures."""
    return None


@dataclass(frozen=True, slots=True)
class PaymentsDesk:
    """Transactions, gateways, and where this install is reached. `picture` gives the URL of an image id."""

    units: Units
    gateways: Gateways
    public_url: str
    picture: Callable[[str], str | None] = no_picture

    def order_url(self, code: str) -> str:
        """The order's status page."""
        return f"{self.public_url}/o/{code}"

    def link_url(self, code: str) -> str:
        """The short payment link."""
        return f"{self.public_url}/p/{code}"

    def order_view(self, order: Order) -> OrderView:
        """The order as a provider needs it: a function of its frozen rows, so a retry sends the same again."""
        delivery = order.delivery
        return OrderView(
            order_id=order.id,
            number=order.number,
            locale=order.locale,
            lines=tuple(
                LineView(
                    sku=line.sku,
                    title=", ".join(part for part in (line.title, line.variant_title) if part),
                    quantity=line.quantity,
                    unit_price=order.money(line.unit_price_minor),
                    total=order.money(line.total_minor),
                    image_url=self.picture(line.image_id) if line.image_id else None,
                )
                for line in order.lines
            ),
            shipping=order.money(order.shipping_minor),
            shipping_title=pick(order.shipping["name"], order.locale, order.locale) or order.shipping["code"],
            total=order.total,
            email=delivery.get("email") or None,
            address=Address(
                delivery["name"], delivery["street"], delivery["postal_code"], delivery["city"], delivery["country"]
            ),
        )
