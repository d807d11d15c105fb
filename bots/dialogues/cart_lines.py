"""Taps on one line of the cart: one fewer, another size, another length."""

from typing import TYPE_CHECKING

from bots.dialogues.cart import change
from bots.dialogues.cart_questions import ask
from bots.dialogues.cart_variants import Question
from bots.messages.outbound import Text
from bots.replies import goods
from bots.understanding.reading import CartOp as Wish
from catalog.products.listing import by_sku
from checkout.carts.values import ChangeVariant, Remove, SetQuantity

if TYPE_CHECKING:
    from bots.turns.turn import Turn


async def less(turn: "Turn", sku: str) -> None:
    """One fewer of a line; none, when there is none to be had."""
    cart = await turn.cart()
    line = next((line for line in cart.lines if line.sku == sku), None)
    if line is None:
        turn.reply(Text(text=turn.say("cart.no_line")))
        return
    await change(turn, [SetQuantity(line.id, line.quantity - 1) if line.available > 0 else Remove(line.id)])


async def other_size(turn: "Turn", sku: str) -> None:
    """Ask which size a line should have instead."""
    cart = await turn.cart()
    number = next((number for number, line in enumerate(cart.lines, start=1) if line.sku == sku), 0)
    found = (await by_sku(turn.uow, [sku], turn.locale)).get(sku)
    if not number or found is None:
        turn.reply(Text(text=turn.say("cart.no_line")))
        return
    listing = (await goods.on_shelf(turn.uow, [found]))[0]
    line = cart.lines[number - 1]
    colour = goods.kind_of(line.options, "colour")
    wish = Wish(op="change_variant", product=listing.handle, colour=colour, quantity=line.quantity, line=number)
    ask(turn, Question(listing, "size", goods.choose(listing, colour=colour, size=None), wish))


async def swap(turn: "Turn", old_sku: str, new_sku: str) -> None:
    """Another length or size for a line that is in the cart."""
    cart = await turn.cart()
    line = next((line for line in cart.lines if line.sku == old_sku), None)
    if line is None:
        turn.reply(Text(text=turn.say("cart.no_line")))
        return
    await change(turn, [ChangeVariant(line.id, new_sku)])
