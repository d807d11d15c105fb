"""The cart as a whole: shown, changed and told, emptied, brought back, given a voucher."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus
from bots.dialogues import refusals
from bots.dialogues.cart_questions import length_question
from bots.dialogues.cart_variants import Length
from bots.messages.outbound import Action, Choices, Text
from bots.replies import cart as words
from catalog.products.listing import option_kind
from checkout.carts import service as carts
from checkout.carts.values import (
    Add,
    CartChange,
    CartLine,
    CartOp,
    CartView,
    ChangeVariant,
    Clear,
    NothingToUndo,
    OutOfStock,
    Remove,
    SetQuantity,
)

if TYPE_CHECKING:
    from bots.turns.turn import Turn


async def show(turn: "Turn") -> None:
    """The cart as it is."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.empty"), actions=(_browse(turn),)))
        return
    text = f"{words.news(turn, cart)}\n{words.summary(turn, cart)}".lstrip()
    if cart.held_until and not cart.lacking:
        text = f"{text} {turn.say('cart.held_until', until=words.held_words(turn, cart))}"
    turn.reply(words.message(turn, cart, text, words.usual_actions(turn, cart)))


async def none_meant(turn: "Turn", key: str) -> None:
    """Say with a phrase why nothing was changed, then the cart as it is."""
    cart = await turn.cart()
    if cart.is_empty:
        await show(turn)
        return
    text = f"{turn.say(key)} {words.summary(turn, cart)}"
    turn.reply(words.message(turn, cart, text, words.usual_actions(turn, cart)))


async def edit(turn: "Turn") -> None:
    """What can be changed, line by line."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.empty"), actions=(_browse(turn),)))
        return
    options = tuple(words.less(line) for line in cart.lines[:8])
    empty = Action(id="clear", title=turn.say("action.empty"))
    turn.reply(Choices(text=words.summary(turn, cart), options=(*options, empty), button=turn.say("action.choose")))


async def change(
    turn: "Turn",
    ops: Sequence[CartOp],
    *,
    lengths: Sequence[Length] = (),
    quiet: bool = False,
) -> CartChange:
    """Apply operations and say what came of it."""
    was_empty = not await turn.cart_lines()
    changed = await carts.apply(turn.uow, turn.customer_id, ops, turn.locale)
    turn.set_cart(changed)
    turn.memory = replace(turn.memory, pending=None, misses=0)
    quiet = quiet or bool(turn.memory.parked)
    added = {op.sku for op in ops if isinstance(op, Add)}
    for refusal in changed.refused:
        wished = isinstance(refusal, OutOfStock) and refusal.sku in added
        turn.reply(Text(text=await refusals.words(turn, refusal, added=wished)))
    if changed.applied:
        _remember(turn, changed.cart, changed.applied[-1])
        _tell(turn, changed, was_empty=was_empty, lengths=lengths, quiet=quiet)
    return changed


async def clear(turn: "Turn") -> None:
    """Empty the cart; undo brings it back."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.empty")))
        return
    changed = await carts.apply(turn.uow, turn.customer_id, [Clear()], turn.locale)
    turn.set_cart(changed)
    turn.memory = replace(turn.memory, pending=None)
    turn.reply(Text(text=turn.say("cart.emptied")))


async def undo(turn: "Turn") -> None:
    """Bring back the cart before the last change."""
    changed = await carts.undo(turn.uow, turn.customer_id, turn.locale)
    turn.set_cart(changed)
    if any(isinstance(refusal, NothingToUndo) for refusal in changed.refused):
        turn.reply(Text(text=turn.say("cart.nothing_to_undo")))
        return
    turn.memory = replace(turn.memory, pending=None)
    text = turn.say("cart.undone")
    if changed.cart.is_empty:
        turn.reply(Text(text=f"{text} {turn.say('cart.empty')}"))
        return
    summary = f"{text} {words.summary(turn, changed.cart)}"
    turn.reply(words.message(turn, changed.cart, summary, words.usual_actions(turn, changed.cart)))


async def put_back(turn: "Turn") -> None:
    """Bring back what the last change took out; where it took nothing out, everything stays."""
    before = await carts.lines_before(turn.uow, turn.customer_id)
    if sum(before.values()) > sum(line.quantity for line in await turn.cart_lines()):
        await undo(turn)
    else:
        await none_meant(turn, "cart.nothing_out")


async def voucher(turn: "Turn", code: str | None) -> None:
    """Put a discount code on the cart."""
    if not code:
        turn.reply(Text(text=turn.say("cart.which_voucher")))
        return
    changed = await carts.put_discount(turn.uow, turn.customer_id, code, turn.locale)
    turn.set_cart(changed)
    if changed.refused:
        turn.reply(Text(text=turn.say("cart.voucher_no", code=code)))
        return
    amount = changed.cart.totals.discount.format(turn.locale)
    turn.reply(Text(text=turn.say("cart.voucher_ok", code=code, amount=amount)))
    if not changed.cart.is_empty:
        await show(turn)


def _tell(
    turn: "Turn",
    changed: CartChange,
    *,
    was_empty: bool,
    lengths: Sequence[Length],
    quiet: bool,
) -> None:
    cart = changed.cart
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.emptied")))
        return
    total = None
    if len(cart.lines) == 1 and was_empty and cart.held_until is not None:
        line = cart.lines[0]
        total = line.total
        text = turn.say(
            "cart.added", quantity=line.quantity, title=words.line_title(line), total=words.total_of(turn, line),
            n=turn.say("cart.it" if line.quantity == 1 else "cart.them"), until=words.held_words(turn, cart),
        )  # fmt: skip
    else:
        text = words.summary(turn, cart)
    actions: tuple[Action, ...] = () if quiet else words.usual_actions(turn, cart)
    if lengths:
        text, actions = length_question(turn, text, lengths[0])
    turn.reply(words.message(turn, cart, text, actions, total=total))


def _remember(turn: "Turn", cart: CartView, last: CartOp) -> None:
    """The line changed last is spoken of from now on; after one was taken out, none of those that stay."""
    if cart.is_empty:
        return
    if isinstance(last, Remove):
        turn.memory = replace(turn.memory, focus=None)
        return
    number = next((at for at, line in enumerate(cart.lines, 1) if _is_of(last, line)), len(cart.lines))
    line = cart.lines[number - 1]
    kinds = {option_kind(name): value for name, value in line.options.items()}
    turn.memory = replace(turn.memory, focus=Focus(line.handle, kinds.get("colour"), kinds.get("size"), number))


def _is_of(op: CartOp, line: CartLine) -> bool:
    match op:
        case Add() | ChangeVariant():
            return line.sku == op.sku
        case SetQuantity():
            return line.id == op.line_id
        case _:
            return False


def _browse(turn: "Turn") -> Action:
    return Action(id="browse", title=turn.say("action.browse"))
