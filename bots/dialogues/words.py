"""Words as the reader understands them: language follows the message, the reading's why is kept for who asks."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.dialogues import consent, intents
from bots.dialogues.context import context_of
from bots.messages.outbound import Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_WHY = frozenset({"warum", "wieso", "weshalb", "why", "how come"})
_SWITCH = {
    "english please": "en", "in english please": "en", "english": "en", "englisch bitte": "en", "speak english": "en",
    "deutsch bitte": "de", "auf deutsch bitte": "de", "deutsch": "de", "german please": "de", "auf deutsch": "de",
}  # fmt: skip


async def read(turn: "Turn", text: str, *, first: bool) -> None:
    """Understand and follow."""
    plain = " ".join(text.casefold().strip(" ?!.").split())
    if plain in _WHY:
        _explain(turn)
        return
    if (locale := _SWITCH.get(plain)) is not None and locale in turn.shop.locales:
        consent.switch_language(turn, locale)
        return
    reader = await turn.desk.reader(turn.uow, turn.shop)
    context = await context_of(turn)
    reading = reader.read(text, context, lang=turn.locale if turn.memory.language_fixed else None)
    language = reading.language
    if language and not turn.memory.language_fixed and language in turn.shop.locales:
        turn.locale = language
    turn.memory = replace(turn.memory, why=reading.why)
    await intents.follow(turn, reading, text, first=first)


def _explain(turn: "Turn") -> None:
    if turn.memory.why:
        turn.reply(Text(text=turn.say("why.because", reasons="; ".join(turn.memory.why))))
    else:
        turn.reply(Text(text=turn.say("why.none")))
