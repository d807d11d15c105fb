"""Words as the reader understands them: language follows the message, the reading's why is kept for who asks."""

import re
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bots.dialogues import cart_wishes, consent, intents, pay, sending
from bots.dialogues.context import context_of
from bots.messages.outbound import Text
from bots.understanding.language import detect, telling
from bots.understanding.normalise import normalise

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

_CODE = re.compile(r"#\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_TELLING = 4
_QUOTED = 60  # characters of a message that are said back
_WHY = frozenset({"warum", "wieso", "weshalb", "why", "how come"})
_ALL = frozenset({"alles", "alle", "alles bitte", "alle bitte", "all", "everything", "all of them", "all please"})
_LANGUAGES = {"english": "en", "englisch": "en", "german": "de", "deutsch": "de"}
_WISHED = frozenset(
    re.split(
        " ",
        "please pls plz bitte speak talk write answer reply continue switch change go back again now instead to in can "
        "could would you u we i do lets ok okay hi hey and the language auf zu sprich sprechen spricht sprecht schreib "
        "schreiben rede reden antworte wieder jetzt lieber doch weiter mal nochmal kannst könntest können könnt du ihr "
        "sie wir und die sprache wechseln wechsel",
    )
)  # what may stand beside a language that is wished for

_CLAUSE = re.compile(r"[,.;:!?\n–-]+")
_SAYS_NO_MORE = frozenset({"unclear", "out_of_scope", "help", *intents.SMALL})  # 'mein deutsch ist nicht so gut'


def tune(turn: "Turn", text: str) -> None:
    """Take up the language of somebody's first words, before anything is said. A bare hello tells none."""
    said = _WORD.findall(_CODE.sub(" ", text))
    normal = normalise(" ".join(said))
    language = telling(normal) if len(said) < _TELLING else detect(normal, turn.locale)
    if language in turn.shop.locales:
        turn.locale = language


def is_aside(text: str) -> bool:
    """Whether the words are to the bot itself: why it did something, or which language to speak."""
    plain = " ".join(text.casefold().strip(" ?!.").split())
    return plain in _WHY or _wished(plain) is not None


async def read(turn: "Turn", text: str, *, first: bool) -> None:
    """Understand and follow."""
    plain = " ".join(text.casefold().strip(" ?!.").split())
    if plain in _WHY:
        _explain(turn)
        return
    if (locale := _wished(plain)) is not None and locale in turn.shop.locales:
        consent.switch_language(turn, locale)
        return
    if (rest := _after_switch(turn, text)) is not None:
        await _read_rest(turn, rest)
        return
    if plain in _ALL and turn.memory.shown:
        await cart_wishes.add_all(turn, turn.memory.shown)
        return
    if (
        await sending.chosen_in_words(turn, text)
        or await pay.to_known_address(turn, text)
        or await pay.other_number(turn, text)
    ):
        turn.takes_for("offer", text[:_QUOTED])
        return
    await intents.follow(turn, await understand(turn, text), text, first=first)


def _wished(plain: str) -> str | None:
    """The language of words that wish for one and nothing else ('speak german please')."""
    said = _WORD.findall(plain)
    found = [_LANGUAGES[word] for word in said if word in _LANGUAGES]
    rest = {word for word in said if word not in _LANGUAGES}
    return found[0] if len(found) == 1 and rest <= _WISHED else None


def _after_switch(turn: "Turn", text: str) -> str | None:
    """What follows the wish for another language ('english please, …'), fulfilled; None where there is none."""
    wish, _, rest = (part.strip() for part in _CLAUSE.sub("\n", text, count=1).partition("\n"))
    locale = _wished(wish.casefold())
    if locale is None or not rest or " " not in wish or locale not in turn.shop.locales:
        return None
    consent.switch_language(turn, locale)
    return rest


async def _read_rest(turn: "Turn", rest: str) -> None:
    reading = await understand(turn, rest)
    if not _SAYS_NO_MORE.issuperset(reading.intents):
        await intents.follow(turn, reading, rest, first=False)


async def understand(turn: "Turn", text: str) -> "Reading":
    """What the words mean now. The person's language follows them, and their why is kept."""
    reading = await _read(turn, text)
    if not reading.address_like:  # where somebody lives is in the language of the place
        _follow(turn, reading.language)
    turn.reading = _kept(reading)
    turn.memory = replace(turn.memory, said=text[:_QUOTED], meant=reading.intents[:2], model=reading.model or "")
    return reading


async def is_served(turn: "Turn", text: str) -> bool:
    """Whether the words wish for something that the bot does itself."""
    return intents.is_served(await _read(turn, text))


async def _read(turn: "Turn", text: str) -> "Reading":
    reader = await turn.desk.reader(turn.uow, turn.shop)
    return reader.read(text, await context_of(turn), lang=turn.locale)


def _kept(reading: "Reading") -> dict[str, Any]:
    """What stays of a reading: all but the products that a search fits, which may be many."""
    kept = reading.to_json()
    if reading.search is not None:
        kept["search"] = {"filters": reading.search.filters, "sort": reading.search.sort}
    return kept


def _follow(turn: "Turn", language: str | None) -> None:
    """A person's language follows the message, unless they chose one."""
    if language and not turn.memory.language_fixed and language in turn.shop.locales:
        turn.locale = language


def _explain(turn: "Turn") -> None:
    if turn.memory.meant:
        meant = "; ".join(turn.say(f"meant.{intent}") for intent in turn.memory.meant)
        lines = [turn.say("why.because", said=turn.memory.said, meant=meant)]
        lines += [turn.say("why.model", model=turn.memory.model)] if turn.memory.model else []
        turn.reply(Text(text="\n".join(lines)))
    else:
        turn.reply(Text(text=turn.say("why.none")))
