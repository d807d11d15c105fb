"""How the cart is sent: which methods there are to choose between, one taken by its button or by its name in words."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bots.dialogues import cart, pay
from bots.messages.action_ids import whole_of
from bots.messages.outbound import Text
from bots.understanding import data, stems
from catalog.shops.settings import ShippingMethod
from checkout.carts import service as carts
from checkout.customers import service as customers
from checkout.pricing.shipping import serving

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_SEVERAL = 2
_LONGEST = 60  # letters of a choice in words
_WORD = re.compile(r"[^\W_]+")
_AROUND = data.word_set("sending_around")
_KINDS = data.word_set("sending_kinds")  # what every method may be called
_PLAIN = data.word_set("sending_plain")  # what people call the standard way
_STANDARD = "standard"
_ENDS = ("versand", "lieferung")


async def ways(turn: "Turn") -> list[ShippingMethod]:
    """The methods to choose between for the cart: those that go where its person lives, where there are several."""
    methods = turn.shop.settings.shipping
    if len(methods) < _SEVERAL or not await turn.cart_lines():
        return []
    there = serving(methods, await home(turn))
    return there if len(there) >= _SEVERAL else []


async def home(turn: "Turn") -> str:
    """The country where the person lives, or most people of the shop do."""
    address = (await customers.get(turn.uow, turn.customer_id)).address
    return address.country if address else turn.shop.country


async def choose(turn: "Turn", part: str) -> None:
    """Send the cart this way, and show what it costs now; a way that is not (or no longer) there is told as such."""
    code = whole_of(part, [way.code for way in await ways(turn)])
    if code is None:
        turn.reply(Text(text=turn.say("shipping.gone")))
    else:
        await _send_by(turn, code)
        await cart.show(turn)


async def chosen_in_words(turn: "Turn", text: str) -> bool:
    """Take 'ja, Express bitte' as the choice it is: nothing but a method's name and words around it.

    False where it is anything else, a question about the method above all. An open question for the address stays.
    """
    pending = turn.memory.pending
    if len(text) > _LONGEST or "?" in text or (pending is not None and pending.ask != "address"):
        return False
    code = _named(text, turn.shop.settings.shipping)
    if code is None or code not in {way.code for way in await ways(turn)}:
        return False
    await _send_by(turn, code)
    await (cart.show(turn) if pending is None else pay.checkout(turn))
    return True


async def _send_by(turn: "Turn", code: str) -> None:
    turn.set_cart(await carts.put_shipping(turn.uow, turn.customer_id, code, turn.locale))


def _named(text: str, methods: Sequence[ShippingMethod]) -> str | None:
    """The code of the one method that the words name, where all of them name it or stand around a name."""
    said = _words(text)
    if not said or len(methods) < _SEVERAL:
        return None
    names = {method.code: _names(method) for method in methods}
    told = [code for code in names if said & _own(code, names)]
    if len(told) != 1 or not said <= names[told[0]] | _AROUND | _KINDS:
        return None
    return told[0]


def _own(code: str, names: Mapping[str, set[str]]) -> set[str]:
    """What tells this method from the others."""
    others = {word for other, words in names.items() if other != code for word in words}
    return names[code] - others - _AROUND - _KINDS


def _names(method: ShippingMethod) -> set[str]:
    names = _words(" ".join([*method.name.values(), method.code]))
    return names | _PLAIN if _STANDARD in names else names


def _words(text: str) -> set[str]:
    # 'Expressversand' is Express.
    words = {stems.fold(word) for word in _WORD.findall(text.replace("'", "").replace("’", ""))}
    return {next((word.removesuffix(end) for end in _ENDS if word.endswith(end)), word) or word for word in words}
