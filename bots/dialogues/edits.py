"""An edited message: its writer meant the new words all along, so nothing is done for both wordings.

An edit of a message that is still open does not come here: the turn reads the new words at once (bots/turns/run.py).
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations import earlier
from bots.conversations.earlier import Earlier
from bots.messages.inbound import Edited
from bots.messages.outbound import Text
from bots.replies import cart as words
from bots.turns.gathering import joined
from checkout.carts import service as carts
from checkout.carts.values import CartSpan

if TYPE_CHECKING:
    from bots.turns.turn import Turn

Read = Callable[[str], Awaitable[None]]


async def follow(turn: "Turn", event: Edited, read: Read) -> None:
    """Read the new words in place of the former; where these changed a cart that has changed since, ask."""
    former = await earlier.find(turn.uow, turn.thread.id, event.target)
    if former is None:
        await read(event.text)
    elif not event.text or _same(event.text, former.texts.get(event.target, "")):
        turn.ended, turn.reason = "ignored", "same_words"
    elif former.span is not None:
        await _instead(turn, event, former, former.span, read)
    elif former.is_cart_changed_by_others:
        await _ask(turn)
    else:
        await read(_whole(event, former))


async def _instead(turn: "Turn", event: Edited, former: Earlier, span: CartSpan, read: Read) -> None:
    """Undo what the former words did and read the new ones. Where these do nothing to the cart, it stays as it was."""
    undone = None if former.is_answer else await carts.take_back(turn.uow, turn.customer_id, span, turn.locale)
    if undone is None or undone.span is None:
        await _ask(turn)
        return
    turn.set_cart(undone)
    turn.memory = replace(turn.memory, pending=None)
    await read(_whole(event, former))
    if turn.memory.pending is not None or (turn.cart_span and turn.cart_span.after != undone.span.after):
        return
    back = CartSpan(span.cart_id, before=span.after, after=undone.span.after)
    if (restored := await carts.take_back(turn.uow, turn.customer_id, back, turn.locale)) is not None:
        turn.set_cart(restored)
    await _ask(turn)


async def _ask(turn: "Turn") -> None:
    cart = await turn.cart()
    stands = turn.say("cart.empty") if cart.is_empty else words.summary(turn, cart)
    turn.reply(Text(text=turn.say("edit.what_now", cart=stands)))


def _whole(event: Edited, former: Earlier) -> str:
    """The new words, with those of the messages that the former ones were read with."""
    return joined([text for text in (former.texts | {event.target: event.text}).values() if text])


def _same(text: str, former: str) -> bool:
    return text.casefold().split() == former.casefold().split()
