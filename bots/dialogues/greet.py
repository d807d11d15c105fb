"""Hello, thanks, goodbye, help, small talk, and what the bot says when it did not understand."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bots.messages.outbound import Action, Choices, Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn

from msgspec.structs import replace

_GIVE_UP = 2
ASK_TEAM = "human:ask"  # the button under the question whether to ask the team, which a yes answers, too
_AWAY = timedelta(hours=6)  # whoever is silent for as long comes back
_BOT = re.compile(r"\b(?:chat|ro|shop)?bots?\b", re.IGNORECASE)


def introduce(turn: "Turn") -> None:
    """Say once who speaks, that it is a bot, how to reach a person, and where the privacy notice is."""
    if turn.memory.greeted:
        return
    turn.memory = replace(turn.memory, greeted=True)
    shop = turn.shop
    privacy = f"{turn.desk.public_url}/legal/{shop.slug}/privacy"
    own = shop.settings.persona.greeting.get(turn.locale, "")
    values = {"name": shop.settings.persona.name, "shop": shop.name, "privacy": privacy}
    turn.reply(Text(text=_lawful(turn, own, values) if own.strip() else turn.say("greet.intro", **values)))


def menu(turn: "Turn") -> tuple[Action, ...]:
    """The ways in: browse, lookbooks, a person."""
    return (
        Action(id="browse", title=turn.say("action.browse")),
        Action(id="looks", title=turn.say("action.looks")),
        Action(id="human", title=turn.say("action.human")),
    )


def greeting(turn: "Turn", *, first: bool) -> None:
    """Answer a hello; only who was away for a while is welcomed back, to others it is the question what to do."""
    key = "greet.again" if not first and _is_back(turn) else "greet.what_next"
    turn.reply(Choices(text=turn.say(key), options=menu(turn), button=turn.say("action.choose")))


def has_just_asked(turn: "Turn") -> bool:
    """Whether the ways in are what the shop said last, a moment ago."""
    asked = [offer.id for offer in turn.memory.offers] == [action.id for action in menu(turn)]
    return asked and not _is_back(turn)


def thanks(turn: "Turn") -> None:
    """You are welcome."""
    turn.reply(Text(text=turn.say("greet.thanks")))


async def goodbye(turn: "Turn") -> None:
    """See you; the cart stays, where there is one."""
    key = "greet.bye" if await turn.cart_lines() else "greet.bye_only"
    turn.reply(Text(text=turn.say(key)))


def smalltalk(turn: "Turn") -> None:
    """A friendly word and back to the matter."""
    turn.reply(Text(text=turn.say("greet.smalltalk")))


def ask_bot(turn: "Turn") -> None:
    """A bot, whether that or a human was asked for."""
    turn.reply(Text(text=turn.say("greet.bot", name=turn.shop.settings.persona.name), actions=_human(turn)))


def help_text(turn: "Turn") -> None:
    """What one can write."""
    turn.reply(Text(text=turn.say("help.text"), actions=menu(turn)))


def unclear(turn: "Turn") -> None:
    """Ask once what is meant; the second time offer a person."""
    misses = turn.memory.misses + 1
    turn.memory = replace(turn.memory, misses=misses)
    if misses >= _GIVE_UP:
        asked = Action(id=ASK_TEAM, title=turn.say("action.human"))
        turn.reply(Text(text=turn.say("unclear.twice"), actions=(asked,)))
    else:
        turn.reply(Choices(text=turn.say("unclear.once"), options=menu(turn), button=turn.say("action.choose")))


def out_of_scope(turn: "Turn") -> None:
    """Not ours; say what is."""
    turn.reply(Text(text=turn.say("unclear.scope"), actions=menu(turn)))


def insulted(turn: "Turn") -> None:
    """Stay polite, offer a person."""
    turn.reply(Text(text=turn.say("unclear.insult"), actions=_human(turn)))


def _is_back(turn: "Turn") -> bool:
    since = turn.thread.heard_before
    return since is not None and turn.now - since > _AWAY


def _human(turn: "Turn") -> tuple[Action, ...]:
    return (Action(id="human", title=turn.say("action.human")),)


def _lawful(turn: "Turn", own: str, values: dict[str, str]) -> str:
    """The merchant's greeting, and what it must tell and leaves out: that a bot speaks, and the privacy notice."""
    said = [own]
    for name, value in values.items():
        said[0] = said[0].replace("{" + name + "}", value)
    if not _BOT.search(own):
        said.append(turn.say("greet.disclosure", shop=values["shop"]))
    if "{privacy}" not in own:
        said.append(turn.say("greet.privacy", privacy=values["privacy"]))
    return "\n".join(said)
