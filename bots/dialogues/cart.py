"""The cart by words and taps: add, change, remove, empty, undo, vouchers; one question when something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus, Pending
from bots.dialogues import refusals
from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, Choices, Text
from bots.replies import cart as words
from bots.replies import goods
from bots.understanding.reading import CartOp as Wish
from bots.understanding.reading import Reading
from catalog.products.listing import Listing, VariantListing, by_sku, option_kind
from checkout.carts import service as carts
from checkout.carts.values import (
    Add,
    BareLine,
    CartChange,
    CartLine,
    CartOp,
    CartView,
    ChangeVariant,
    Clear,
    NothingToUndo,
    Remove,
    SetQuantity,
)

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_MOST_CHOICES = 10
Line = BareLine | CartLine


@dataclass(frozen=True, slots=True)
class Length:
    """A size whose length the shopper did not name: the one taken, and the others there are."""

    sku: str
    listing: Listing
    others: tuple[VariantListing, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What has to be asked before a wish can be granted."""

    listing: Listing
    kind: str  # "colour" or "size"
    variants: tuple[VariantListing, ...]
    wish: Wish


async def from_reading(turn: "Turn", reading: Reading) -> bool:
    """Do what a reading asks of the cart; False when it asks nothing that can be done or asked about."""
    if [wish.op for wish in reading.cart_ops] == ["clear"]:
        await clear(turn)
        return True
    settled = await _settled(turn, reading)
    if settled is not None:
        await change(turn, settled)
        if turn.memory.parked:
            await _ask_next(turn)
        return True
    cart = await turn.cart_lines()
    handles = list(dict.fromkeys(wish.product for wish in reading.cart_ops if wish.product))
    shelf = {listing.handle: listing for listing in await goods.load(turn, handles)}
    ops: list[CartOp] = []
    questions: list[Question] = []
    lengths: list[Length] = []
    for wish in reading.cart_ops:
        line = _line(cart, wish)
        listing = shelf.get(wish.product or (line.handle if line else ""))
        found = _translate(turn, reading, wish, line, listing)
        if isinstance(found, Question):
            questions.append(found)
        elif found is not None:
            ops.append(found)
            if isinstance(found, Add) and listing is not None:
                lengths += _other_lengths(listing, found.sku, wish, reading)
    if ops:
        await change(turn, ops, lengths=lengths, quiet=bool(questions))
    await _ask_on(turn, questions)
    return bool(ops or questions)


async def _ask_on(turn: "Turn", questions: Sequence[Question]) -> None:
    """Ask the first question and keep the others, or go on with those kept."""
    if questions:
        ask(turn, questions[0])
        turn.memory = replace(turn.memory, parked=tuple(_pending(question) for question in questions[1:]))
    elif turn.memory.parked:
        await _ask_next(turn)


async def add_all(turn: "Turn", handles: Sequence[str]) -> None:
    """One of each piece that is in stock; what has to be asked is asked one after the other."""
    there = [listing.handle for listing in await goods.load(turn, handles) if listing.available > 0]
    wishes = tuple(Wish(op="add", product=handle, quantity=1) for handle in there)
    if not wishes or not await from_reading(turn, Reading(cart_ops=wishes)):
        turn.reply(Text(text=turn.say("browse.no_more")))


async def _settled(turn: "Turn", reading: Reading) -> list[CartOp] | None:
    """Operations of a message that only adds and leaves nothing to ask: no need to read the goods first."""
    wishes = [_coloured(turn, wish) for wish in reading.cart_ops]
    if reading.size_candidates or any(wish.op != "add" or wish.product is None for wish in wishes):
        return None
    shelf = await turn.desk.shelf(turn.uow, turn.shop)
    skus = [shelf.sku(wish.product or "", colour=wish.colour, size=wish.size) for wish in wishes]
    if not skus or None in skus:
        return None
    return [Add(sku, wish.quantity or 1) for sku, wish in zip(skus, wishes, strict=True) if sku is not None]


def _translate(
    turn: "Turn", reading: Reading, wish: Wish, line: Line | None, listing: Listing | None
) -> CartOp | Question | None:
    """A wish in the cart's terms, or what has to be asked first; None when it names nothing that is there."""
    if wish.op == "add" and listing is not None:
        found = _settle(listing, _coloured(turn, wish), reading)
        return found if isinstance(found, Question) else Add(found.sku, wish.quantity or 1)
    if line is None:
        return Clear() if wish.op == "clear" else None
    match wish.op:
        case "set_quantity":
            return SetQuantity(line.id, wish.quantity or 1)
        case "remove":
            return Remove(line.id)
        case "change_variant" if listing is not None:
            found = _settle(listing, wish, reading, line=line)
            return found if isinstance(found, Question) else ChangeVariant(line.id, found.sku, wish.quantity)
        case _:
            return None


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
    turn.set_cart(changed.cart)
    turn.memory = replace(turn.memory, pending=None, misses=0)
    quiet = quiet or bool(turn.memory.parked)
    for refusal in changed.refused:
        turn.reply(Text(text=await refusals.words(turn, refusal)))
    if changed.applied:
        _remember(turn, changed.cart)
        _tell(turn, changed, was_empty=was_empty, lengths=lengths, quiet=quiet)
    return changed


def ask(turn: "Turn", question: Question) -> None:
    """One question with the values that are in stock, each a tap or a word away."""
    listing, wish = question.listing, question.wish
    there = [variant for variant in question.variants if variant.available > 0]
    options = goods.values(listing, question.kind, among=there)
    if not options:
        turn.reply(Text(text=turn.say("product.stock_none", title=listing.title)))
        return
    colour = wish.colour
    turn.memory = replace(
        turn.memory, focus=Focus(listing.handle, colour, wish.size), pending=_pending(question), parked=()
    )
    title = f"{listing.title} {goods.names((colour,), turn.locale)}" if colour else listing.title
    turn.reply(
        Choices(
            text=turn.say(f"ask.{question.kind}", title=title),
            options=tuple(
                Action(id=action_id("opt", question.kind, value), title=goods.names((value,), turn.locale))
                for value in options[:_MOST_CHOICES]
            ),
            button=turn.say("action.choose"),
        )
    )


def _pending(question: Question) -> Pending:
    wish = question.wish
    return Pending(
        "option", op=wish.op, product=question.listing.handle, colour=wish.colour, size=wish.size,
        quantity=wish.quantity or 1, missing=(question.kind,), line=wish.line,
    )  # fmt: skip


async def _ask_next(turn: "Turn") -> None:
    """The next question that waited for the one just answered."""
    waiting, rest = turn.memory.parked[0], turn.memory.parked[1:]
    found = await goods.load(turn, [waiting.product or ""])
    turn.memory = replace(turn.memory, parked=rest)
    if found:
        variants = goods.choose(found[0], colour=waiting.colour, size=waiting.size)
        wish = Wish(
            op="add", product=waiting.product, colour=waiting.colour, size=waiting.size, quantity=waiting.quantity
        )
        ask(turn, Question(found[0], waiting.missing[0], variants, wish))
        turn.memory = replace(turn.memory, parked=rest)


async def buy(
    turn: "Turn", handle: str, *, colour: str | None = None, size: str | None = None, quantity: int = 1
) -> None:
    """Put a product into the cart, asking for what is not settled yet."""
    wish = Wish(op="add", product=handle, colour=colour, size=size, quantity=quantity)
    if not await from_reading(turn, Reading(cart_ops=(wish,))):
        turn.reply(Text(text=turn.say("browse.no_more")))


async def answer_option(turn: "Turn", kind: str, value: str) -> None:
    """The answer to an open question about a colour or a size."""
    pending = turn.memory.pending
    if pending is None or pending.product is None:
        focus = turn.memory.focus
        if focus is None:
            turn.reply(Text(text=turn.say("ask.product")))
            return
        pending = Pending("option", product=focus.product, colour=focus.colour, size=focus.size)
    product = pending.product or ""
    colour = value if kind == "colour" else pending.colour
    size = value if kind == "size" else pending.size
    if pending.op == "change_variant" and pending.line is not None:
        wish = Wish(op="change_variant", product=pending.product, colour=colour, size=size, line=pending.line)
        await from_reading(turn, Reading(cart_ops=(wish,)))
        return
    await buy(turn, product, colour=colour, size=size, quantity=pending.quantity)


async def swap(turn: "Turn", old_sku: str, new_sku: str) -> None:
    """Another length or size for a line that is in the cart."""
    cart = await turn.cart()
    line = next((line for line in cart.lines if line.sku == old_sku), None)
    if line is None:
        turn.reply(Text(text=turn.say("cart.no_line")))
        return
    await change(turn, [ChangeVariant(line.id, new_sku)])


async def show(turn: "Turn") -> None:
    """The cart as it is."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.empty"), actions=(_browse(turn),)))
        return
    text = words.summary(turn, cart)
    if cart.held_until:
        text = f"{text} {turn.say('cart.held_until', until=words.held_words(turn, cart))}"
    turn.reply(words.message(turn, cart, text, words.usual_actions(turn, cart)))


async def edit(turn: "Turn") -> None:
    """What can be changed, line by line."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.empty"), actions=(_browse(turn),)))
        return
    options = tuple(
        Action(id=action_id("less", line.sku), title=f"− {words.line_title(line)}"[:60]) for line in cart.lines[:8]
    )
    empty = Action(id="clear", title=turn.say("action.empty"))
    turn.reply(Choices(text=words.summary(turn, cart), options=(*options, empty), button=turn.say("action.choose")))


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


async def less(turn: "Turn", sku: str) -> None:
    """One fewer of a line."""
    cart = await turn.cart()
    line = next((line for line in cart.lines if line.sku == sku), None)
    if line is None:
        turn.reply(Text(text=turn.say("cart.no_line")))
        return
    await change(turn, [SetQuantity(line.id, line.quantity - 1)])


async def clear(turn: "Turn") -> None:
    """Empty the cart; undo brings it back."""
    cart = await turn.cart()
    if cart.is_empty:
        turn.reply(Text(text=turn.say("cart.empty")))
        return
    changed = await carts.apply(turn.uow, turn.customer_id, [Clear()], turn.locale)
    turn.set_cart(changed.cart)
    turn.memory = replace(turn.memory, pending=None)
    turn.reply(Text(text=turn.say("cart.emptied")))


async def undo(turn: "Turn") -> None:
    """Bring back the cart before the last change."""
    changed = await carts.undo(turn.uow, turn.customer_id, turn.locale)
    turn.set_cart(changed.cart)
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


async def voucher(turn: "Turn", code: str | None) -> None:
    """Put a discount code on the cart."""
    if not code:
        turn.reply(Text(text=turn.say("cart.which_voucher")))
        return
    changed = await carts.put_discount(turn.uow, turn.customer_id, code, turn.locale)
    turn.set_cart(changed.cart)
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
            "cart.added", quantity=line.quantity, title=words.line_title(line), total=line.total.format(turn.locale),
            n=turn.say("cart.it" if line.quantity == 1 else "cart.them"), until=words.held_words(turn, cart),
        )  # fmt: skip
    else:
        text = words.summary(turn, cart)
    actions: tuple[Action, ...] = () if quiet else words.usual_actions(turn, cart)
    if lengths:
        text, actions = _length_question(turn, text, lengths[0])
    turn.reply(words.message(turn, cart, text, actions, total=total))


def _length_question(turn: "Turn", text: str, found: Length) -> tuple[str, tuple[Action, ...]]:
    """'Länge 32 ok? [Ja, 32] [30] [34]' behind the cart's words."""
    sku, others, listing = found.sku, found.others, found.listing
    name = next(name for name in listing.options if option_kind(name) == "size")
    chosen = listing.variant(sku)
    length = chosen.options[name].rpartition("/")[2] if chosen is not None else ""
    turn.memory = replace(turn.memory, pending=Pending("length", op="swap", data={"sku": sku, "length": length}))
    yes = Action(id="yes", title=turn.say("action.yes_option", value=length), primary=True)
    swaps = tuple(
        Action(id=action_id("swap", sku, other.sku), title=other.options[name].rpartition("/")[2])
        for other in others[:2]
    )
    return f"{text} {turn.say('ask.length', length=length)}", (yes, *swaps)


def _settle(listing: Listing, wish: Wish, reading: Reading, *, line: Line | None = None) -> VariantListing | Question:
    """The variant a wish means, or what has to be asked. A product with one value of an option needs no question."""
    colour, size = wish.colour, wish.size
    if line is not None:
        colour = colour or goods.kind_of(line.options, "colour")
        size = size or goods.kind_of(line.options, "size")
    found = goods.choose(listing, colour=colour, size=size)
    if size is None and reading.size_candidates:
        among = [
            v
            for v in found
            if goods.values(listing, "size", among=[v])[:1] and _size(listing, v) in reading.size_candidates
        ]
        if among:
            return _one_of(listing, among, wish)
    if size is not None and "/" not in size and len({_size(listing, v) for v in found}) > 1:
        return _middle_length(listing, list(found))
    if len(found) == 1:
        return found[0]
    pool = found or listing.variants
    if colour is None and len(goods.values(listing, "colour", among=pool)) > 1:
        return Question(listing, "colour", tuple(pool), wish)
    if len(goods.values(listing, "size", among=pool)) > 1:
        return Question(listing, "size", tuple(pool), wish)
    return pool[0]


def _one_of(listing: Listing, among: Sequence[VariantListing], wish: Wish) -> VariantListing | Question:
    """Lengths of one width need no question: the likely one is taken, the others are offered. Other sizes do."""
    if all("/" in _size(listing, variant) for variant in among):
        return _middle_length(listing, among)
    return Question(listing, "size", tuple(among), wish)


def _coloured(turn: "Turn", wish: Wish) -> Wish:
    """A product that was shown or spoken of in one colour is meant in that colour, unless another one is named."""
    if wish.colour is not None or wish.product is None:
        return wish
    focus = turn.memory.focus
    shown = turn.memory.shown_colours.get(wish.product)
    spoken = focus.colour if focus is not None and focus.product == wish.product else None
    return changed(wish, colour=shown or spoken) if shown or spoken else wish


def _middle_length(listing: Listing, among: Sequence[VariantListing]) -> VariantListing:
    """Of sizes like 32/30, 32/32, 32/34 the one as long as wide, else the middle one; one in stock if any is."""
    there = [variant for variant in among if variant.available > 0] or list(among)
    square = [v for v in there if len(set(_size(listing, v).split("/"))) == 1]
    return square[0] if square else there[len(there) // 2]


def _other_lengths(listing: Listing, sku: str, wish: Wish, reading: Reading) -> list[Length]:
    """Other lengths of the same width, when the shopper named only the width."""
    chosen = listing.variant(sku)
    size = _size(listing, chosen) if chosen is not None else ""
    if chosen is None or "/" not in size or (wish.size and "/" in wish.size and not reading.size_candidates):
        return []
    width = size.partition("/")[0]
    same = {name: value for name, value in chosen.options.items() if option_kind(name) != "size"}
    others = tuple(
        variant
        for variant in listing.matching(same)
        if variant.sku != sku and variant.available > 0 and _size(listing, variant).startswith(f"{width}/")
    )
    return [Length(sku, listing, others)] if others else []


def _size(listing: Listing, variant: VariantListing) -> str:
    name = next((name for name in listing.options if option_kind(name) == "size"), "")
    return variant.options.get(name, "")


def _line(cart: Sequence[Line], wish: Wish) -> Line | None:
    if wish.line is not None and 0 < wish.line <= len(cart):
        return cart[wish.line - 1]
    if wish.product and wish.op != "add":
        return next((line for line in reversed(cart) if line.handle == wish.product), None)
    return None


def _remember(turn: "Turn", cart: CartView) -> None:
    if not cart.is_empty:
        line = cart.lines[-1]
        kinds = {option_kind(name): value for name, value in line.options.items()}
        turn.memory = replace(
            turn.memory, focus=Focus(line.handle, kinds.get("colour"), kinds.get("size"), len(cart.lines))
        )


def _browse(turn: "Turn") -> Action:
    return Action(id="browse", title=turn.say("action.browse"))
