"""The questions a cart asks, one at a time: which colour, which size, and whether the length taken is right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus, Pending
from bots.dialogues import browse
from bots.dialogues.cart_variants import Length, Question
from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, Choices, Text
from bots.replies import goods
from bots.understanding.reading import CartOp as Wish
from bots.understanding.reading import Unclear
from catalog.products.listing import option_kind

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

_MOST_CHOICES = 10


async def ask_on(turn: "Turn", questions: Sequence[Question]) -> None:
    """Ask the first question and keep the others, or go on with those kept."""
    if questions:
        ask(turn, questions[0])
        turn.memory = replace(turn.memory, parked=tuple(_pending(question) for question in questions[1:]))
    elif turn.memory.parked:
        await ask_next(turn)


def ask(turn: "Turn", question: Question) -> None:
    """One question with the values that are in stock, each a tap or a word away."""
    listing, wish = question.listing, question.wish
    there = [variant for variant in question.variants if variant.available > 0]
    options = goods.values(listing, question.kind, among=there)
    if not options:
        _none_left(turn, question)
        return
    colour = wish.colour
    turn.memory = replace(
        turn.memory, focus=Focus(listing.handle, colour, wish.size), pending=_pending(question), parked=()
    )
    title = f"{listing.title} {listing.called(colour)}" if colour else listing.title
    turn.reply(
        Choices(
            text=turn.say(f"ask.{question.kind}", title=title),
            options=tuple(
                Action(id=action_id("opt", question.kind, value), title=listing.called(value))
                for value in options[:_MOST_CHOICES]
            ),
            button=turn.say("action.choose"),
        )
    )


def _none_left(turn: "Turn", question: Question) -> None:
    """Nothing to choose from: what there is in other sizes or colours, or that all of it is gone."""
    listing, wish = question.listing, question.wish
    others = goods.instead(listing, colour=wish.colour, size=wish.size)
    if not others:
        turn.reply(Text(text=turn.say("product.stock_none", title=listing.title)))
        return
    turn.memory = replace(turn.memory, focus=Focus(listing.handle, None if wish.size else wish.colour))
    title = f"{listing.title} {listing.called(wish.colour)}" if wish.colour else listing.title
    name = f"{title}, {wish.size}" if wish.size else title
    turn.reply(Text(text=turn.say("product.stock_no", title=name, others=goods.named(listing, others))))


def _pending(question: Question) -> Pending:
    wish = question.wish
    return Pending(
        "option", op=wish.op, product=question.listing.handle, colour=wish.colour, size=wish.size,
        quantity=wish.quantity or 1, missing=(question.kind,), line=wish.line,
        data={"instead_of": question.instead_of} if question.instead_of else {},
    )  # fmt: skip


def unmet(reading: "Reading") -> str | None:
    """What to say of words that are to change the cart and name no one line of it, or None."""
    if reading.cart_ops or not {"remove_from_cart", "change_cart"}.intersection(reading.intents):
        return None
    if "not_in_cart" in reading.tells:
        return "cart.no_line"
    return "cart.which" if "product" in reading.missing else None


def remember_which(turn: "Turn", reading: "Reading") -> None:
    """Keep what was to become of a line while it is asked which one is meant, so that its name is the answer."""
    if "product" not in reading.missing:
        return
    if "remove_from_cart" in reading.intents:
        op = "remove"
    elif reading.colour or reading.size:
        op = "change_variant"
    elif reading.quantity:
        op = "set_quantity"
    else:
        return
    asked = Pending(
        "line", op=op, colour=reading.colour, size=reading.size, quantity=reading.quantity or 1, missing=("product",)
    )
    turn.memory = replace(turn.memory, pending=asked, parked=())


def ask_how_many(turn: "Turn", focus: Focus) -> None:
    """How many of what is spoken of, where each of some people is to have one and nobody said how many they are."""
    asked = Pending(
        "amount", op="add", product=focus.product, colour=focus.colour, size=focus.size, missing=("quantity",)
    )
    turn.memory = replace(turn.memory, pending=asked)
    turn.reply(Text(text=turn.say("ask.how_many")))


def which_product(unclear: Unclear) -> Pending:
    """The question which of several products is meant."""
    return Pending(
        "product", op="add", colour=unclear.colour, size=unclear.size, quantity=unclear.quantity or 1,
        missing=("product",), data={"products": "\n".join(unclear.products)},
    )  # fmt: skip


async def ask_next(turn: "Turn") -> None:
    """The next question that waited for the one just answered."""
    waiting, rest = turn.memory.parked[0], turn.memory.parked[1:]
    if waiting.ask == "product":
        turn.memory = replace(turn.memory, pending=waiting, parked=rest, focus=None)
        await browse.show(turn, waiting.data.get("products", "").splitlines(), turn.say("pick.which"))
        return
    found = await goods.load(turn, [waiting.product or ""])
    turn.memory = replace(turn.memory, parked=rest)
    if found:
        variants = goods.choose(found[0], colour=waiting.colour, size=waiting.size)
        wish = Wish(
            op="add", product=waiting.product, colour=waiting.colour, size=waiting.size, quantity=waiting.quantity
        )
        ask(turn, Question(found[0], waiting.missing[0], variants, wish))
        turn.memory = replace(turn.memory, parked=rest)


def length_question(turn: "Turn", text: str, found: Length) -> tuple[str, tuple[Action, ...]]:
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
