"""What a person allows: promotions stopped, a thread left, a language chosen."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.messages.outbound import Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn


_STOP = frozenset({"stop", "stopp", "stop all", "unsubscribe", "abmelden", "ende", "end", "quit", "arret"})


def is_stop(text: str) -> bool:
    """Whether a message is nothing but the word, or the command, that ends promotions."""
    return " ".join(text.casefold().strip(" ./!").split()) in _STOP


def left(turn: "Turn") -> None:
    """The person blocked us: nothing is sent any more until they write again (bots/turns/run.py)."""
    turn.ended, turn.reason = "ignored", "left"


async def stop(turn: "Turn") -> None:
    """No promotions from now on; news about orders still come. An open question is dropped with them."""
    turn.memory = replace(turn.memory, pending=None)
    await turn.uow.execute(
        "UPDATE conversation SET marketing = false, marketing_at = $3 WHERE id = $1 AND shop_id = $2",
        turn.thread.id, turn.uow.shop_id, turn.now,
    )  # fmt: skip
    turn.reply(Text(text=turn.say("stop.done")))


def switch_language(turn: "Turn", locale: str) -> None:
    """Speak this language from now on, whatever language the messages are in."""
    turn.locale = locale
    turn.memory = replace(turn.memory, language_fixed=True)
    turn.reply(Text(text=turn.say("language.switched")))
