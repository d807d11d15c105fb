"""Orders in words and as messages: number, lines, where they stand, tracking, receipts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bots.messages.outbound import Action, ImageRef, LineView, OrderStatus
from bots.replies.phrases import PHRASES
from catalog.kernel.money import Money
from checkout.orders.models import Order, OrderLine
from checkout.orders.states import OrderState, steps

if TYPE_CHECKING:
    from bots.turns.turn import Turn


def line_title(line: OrderLine) -> str:
    """'Basic-Tee grau, M', or 'Chino 32/32'."""
    if not line.variant_title:
        return line.title
    first, _, rest = line.variant_title.partition(", ")
    return f"{line.title} {first}, {rest}" if rest else f"{line.title} {first}"


def lines_in_words(lines: Sequence[OrderLine], locale: str) -> str:
    """'2 × Basic-Tee grau, M 49,80 €'."""
    return PHRASES.say(locale, "cart.join").join(
        PHRASES.say(
            locale, "cart.line", quantity=line.quantity, title=line_title(line), total=_total(line).format(locale)
        )
        for line in lines
    )


def timeline(order: Order, locale: str) -> tuple[tuple[str, bool], ...]:
    """The steps of an order's life and which of them it has reached."""
    found = steps(OrderState(order.state), was_paid=order.paid_at is not None)
    return tuple((PHRASES.say(locale, f"order.step.{step}"), reached) for step, reached in found)


def status(order: Order, text: str, *, locale: str, public_url: str, actions: Sequence[Action] = ()) -> OrderStatus:
    """An order as a message, with its status page."""
    return OrderStatus(
        text=text,
        number=order.number,
        state=PHRASES.say(locale, f"order.state.{order.state}"),
        timeline=timeline(order, locale),
        lines=tuple(
            LineView(
                title=line_title(line), quantity=line.quantity, total=_total(line).format(locale), sku=line.sku,
                image=ImageRef(image_id=line.image_id, alt=line.title) if line.image_id else None,
            )
            for line in order.lines
        ),
        url=page_of(order, public_url),
        actions=tuple(actions),
    )  # fmt: skip


def page_of(order: Order, public_url: str) -> str:
    """The order's status page and receipt."""
    return f"{public_url}/o/{order.code}"


def state_words(turn: "Turn", order: Order) -> str:
    """The order's number and where it stands, as a sentence."""
    return turn.say("order.status", number=order.number, state=turn.say(f"order.state.{order.state}"))


def _total(line: OrderLine) -> Money:
    return Money(line.total_minor, line.currency)
