"""Facts about the shop: shipping, payment, returns; from its settings, never from anything else."""

from typing import TYPE_CHECKING

from bots.messages.outbound import Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading


async def shipping(turn: "Turn", _reading: "Reading", _text: str) -> None:
    """Every shipping method with its price, days and threshold."""
    lines = []
    for method in turn.shop.settings.shipping:
        price = method.price.format(turn.locale) if method.price else turn.say("shipping.free")
        low, high = method.days
        name = turn.shop.text(method.name, turn.locale)
        lines.append(turn.say("shipping.info", name=name, price=price, **{"from": low, "to": high}))
        if method.free_from is not None:
            lines.append(turn.say("shipping.free_from", amount=method.free_from.format(turn.locale)))
    turn.reply(Text(text="\n".join(lines) or turn.say("shipping.free")))


async def payment(turn: "Turn", _reading: "Reading", _text: str) -> None:
    """How one can pay, and where the present payment stands."""
    turn.reply(Text(text=turn.say("pay.methods")))


async def return_policy(turn: "Turn", _reading: "Reading", _text: str) -> None:
    """The right of withdrawal and how to use it here."""
    turn.reply(Text(text=turn.say("return.policy", days=turn.shop.settings.returns.days)))
