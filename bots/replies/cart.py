"""The cart in words and as a message."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, assert_never

from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, CartView, ImageRef, LineView
from bots.replies import prices
from bots.turns.turn import Turn
from catalog.kernel.locale import say_time
from catalog.kernel.money import Money
from checkout.carts.values import NotSoldAnyMore, PriceChanged, ShortNow

if TYPE_CHECKING:
    from checkout.carts.values import CartLine, CartNews
    from checkout.carts.values import CartView as Cart

_MOST_LACKING = 3  # taps beside the cart


def line_title(line: "CartLine") -> str:
    """'Basic-Tee grau, M'."""
    first, _, rest = line.variant_title.partition(", ")
    if not first:
        return line.title
    if rest:
        return f"{line.title} {first}, {rest}"
    return f"{line.title}, {first}" if _is_size(line) else f"{line.title} {first}"


def total_of(turn: Turn, line: "CartLine") -> str:
    """What a line costs; of goods sold by measure with their unit price."""
    return prices.in_words(line.total, line.price_by_measure, turn.locale)


def line_views(turn: Turn, cart: "Cart") -> tuple[LineView, ...]:
    """Every line as rich channels draw it."""
    return tuple(
        LineView(
            title=line_title(line),
            quantity=line.quantity,
            total=total_of(turn, line),
            sku=line.sku,
            image=ImageRef(image_id=line.image_id, alt=line.title) if line.image_id else None,
        )
        for line in cart.lines
    )


def lines_in_words(turn: Turn, cart: "Cart") -> str:
    """'1 × Basic-Tee grau, M 24,90 € · 1 × Chino 32/32 59,90 €'."""
    return turn.say("cart.join").join(
        turn.say("cart.line", quantity=line.quantity, title=line_title(line), total=total_of(turn, line))
        for line in cart.lines
    )


def shipping_in_words(turn: Turn, amount: Money) -> str:
    """An amount, or the short words for nothing; without any way of sending, that it is arranged."""
    if not turn.shop.settings.shipping:
        return turn.say("shipping.by_arrangement")
    return amount.format(turn.locale) if amount else turn.say("shipping.free")


def held_words(turn: Turn, cart: "Cart") -> str:
    """'14:32' of the shop's day; empty when nothing is held."""
    return say_time(turn.local(cart.held_until), turn.locale) if cart.held_until else ""


def summary(turn: Turn, cart: "Cart") -> str:
    """The whole cart in one sentence: what stands before the '=' adds up to the total behind it."""
    totals, lines = cart.totals, lines_in_words(turn, cart)
    if totals.discount:
        discount = turn.say("cart.discount", amount=(-totals.discount).format(turn.locale))
        lines = turn.say("cart.join").join((lines, discount))
    return turn.say(
        "cart.summary_with_shipping" if totals.shipping else "cart.summary",
        lines=lines,
        total=totals.total.format(turn.locale),
        shipping=shipping_in_words(turn, totals.shipping),
    )


def news(turn: Turn, cart: "Cart") -> str:
    """What changed since the shopper was last told, a sentence a line, and what to do; empty when nothing did."""
    titles = {line.id: line_title(line) for line in cart.lines}
    said = [_news(turn, one, titles[one.line_id]) for one in cart.news]
    return " ".join((*said, turn.say("cart.settle_first")) if cart.lacking else said)


def message(turn: Turn, cart: "Cart", text: str, actions: Sequence[Action], *, total: Money | None = None) -> CartView:
    """The cart as a message; its total is that of the goods where only they are spoken of."""
    amount = (total or cart.totals.total).format(turn.locale)
    return CartView(
        text=text, lines=line_views(turn, cart), total=amount, cart_id="" if cart.id is None else str(cart.id),
        actions=tuple(actions),
    )  # fmt: skip


def usual_actions(turn: Turn, cart: "Cart") -> tuple[Action, ...]:
    """Pay, look closer, change; take out first what cannot be had any more."""
    last = cart.lines[-1]
    if cart.lacking:
        lines = {one.line_id for one in cart.lacking}
        return tuple(less(line) for line in cart.lines if line.id in lines)[:_MOST_LACKING]
    return (
        Action(id="pay", title=turn.say("action.pay"), primary=True),
        Action(id=action_id("pics", last.handle), title=turn.say("action.more_pictures")),
        Action(id="edit", title=turn.say("action.change")),
    )


def less(line: "CartLine") -> Action:
    """A tap for one fewer of a line."""
    return Action(id=action_id("less", line.sku), title=f"− {line_title(line)}"[:60])


def _news(turn: Turn, one: "CartNews", title: str) -> str:
    match one:
        case NotSoldAnyMore():
            return turn.say("cart.gone", title=title)
        case ShortNow(available=0):
            return turn.say("cart.out_of_stock", title=title)
        case ShortNow():
            return turn.say("cart.short", title=title, wanted=one.wanted, available=one.available)
        case PriceChanged():
            before, now = one.before.format(turn.locale), one.now.format(turn.locale)
            return turn.say("cart.price_now", title=title, before=before, now=now)
        case _:
            assert_never(one)


def _is_size(line: "CartLine") -> bool:
    return "colour" not in line.options and "color" not in line.options and "farbe" not in line.options
