"""An answer that quotes a message of ours: what that message showed is meant, whatever was spoken of since."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations import quoted
from bots.conversations.memory import Focus, Memory
from bots.messages.inbound import PersonEvent, TextReceived

if TYPE_CHECKING:
    from bots.messages.fitted import Shown
    from bots.turns.turn import Turn


async def recall(turn: "Turn", event: PersonEvent) -> None:
    """Speak of the quoted message's product again, or have its products to pick from.

    A message that shows none, or is not known, changes nothing; words without a quote cost no look.
    """
    if isinstance(event, TextReceived) and event.reply_to:
        shows = await quoted.goods(turn.uow, turn.thread, event.reply_to)
        if shows:
            turn.memory = _recalled(turn.memory, shows)


def _recalled(memory: Memory, shows: "tuple[Shown, ...]") -> Memory:
    """The memory as if the message had been sent last. What was asked or offered of other goods since is over."""
    products = tuple(dict.fromkeys(one.product for one in shows))
    colours = {one.product: one.colour for one in shows if one.colour}
    others = {product: colour for product, colour in memory.shown_colours.items() if product not in products}
    memory = replace(memory, shown_colours=others | colours)
    if memory.pending is not None and memory.pending.product not in (None, *products):
        memory = replace(memory, pending=None, parked=())
    return _focused(memory, products[0], colours) if len(products) == 1 else _listed(memory, products)


def _focused(memory: Memory, product: str, colours: Mapping[str, str]) -> Memory:
    focus, offers = memory.focus, memory.offers
    if focus is None or focus.product != product:
        focus, offers = Focus(product), ()
    shown = memory.shown if product in memory.shown else (product,)
    focus = replace(focus, colour=colours.get(product, focus.colour))
    return replace(memory, shown=shown, focus=focus, offers=offers)


def _listed(memory: Memory, products: tuple[str, ...]) -> Memory:
    focus = memory.focus if memory.focus is not None and memory.focus.product in products else None
    offers = memory.offers if memory.shown == products else ()
    return replace(memory, shown=products, focus=focus, offers=offers)
