"""A person takes over: when asked for, on complaints, on privacy requests, and when the bot cannot go on."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.states import Outcome
from bots.dialogues import greet
from bots.messages.outbound import Action, Text
from catalog.kernel.locale import say_date, say_time

if TYPE_CHECKING:
    from bots.turns.turn import Turn

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD = 8
PATIENCE = timedelta(minutes=30)  # of a shopper who waits for a person
_WAITING = frozenset({"asked", "complaint", "change_order"})  # what somebody of the team shall speak about


def hand_over(turn: "Turn", reason: str, *, key: str | None = None) -> None:
    """Give the team a task and say honestly when somebody is there.

    The bot is silent then, but not for ever: it may be called back, and when nobody has come within PATIENCE it answers
    again. While nobody is there, a wish that it can fulfil itself calls it back (`advance.calls_bot`).
    """
    turn.needs_person = reason
    turn.lane_until = turn.now + PATIENCE
    turn.memory = replace(turn.memory, misses=0)
    words = [turn.say(key)] if key else []
    back = turn.say("action.bot", name=turn.shop.settings.persona.name)
    opens = next_opening(turn.shop.settings.hours, turn.local(turn.now))
    if opens is None:
        words.append(turn.say("person.coming", back=back))
    else:
        when = f"{say_date(opens.date(), turn.locale, weekday=True)} {say_time(opens, turn.locale)}"
        words.append(turn.say("person.coming_later", when=when))
    turn.reply(Text(text="\n".join(words), actions=(Action(id="bot", title=back),)))


def awaited(turn: "Turn") -> bool:
    """Whether somebody speaks to the bot who waits for a person: nobody of the team has taken the thread."""
    return turn.thread.needs_person in _WAITING


def is_nobody_there(turn: "Turn") -> bool:
    """Whether somebody waits for a person, and the shop's hours say that nobody is there."""
    return awaited(turn) and next_opening(turn.shop.settings.hours, turn.local(turn.now)) is not None


def noted(turn: "Turn") -> None:
    """Leave to the team what somebody who waits for it writes and the bot has no answer to; said once for one story."""
    turn.ended, turn.reason = Outcome.HANDED_OVER.value, turn.thread.needs_person or ""
    before = turn.thread.heard_before
    if not turn.memory.misses or (before is not None and before + PATIENCE < turn.now):
        turn.reply(Text(text=turn.say("person.noted")))
    turn.memory = replace(turn.memory, misses=turn.memory.misses + 1)


def call_back(turn: "Turn") -> None:
    """The bot speaks again, because the shopper asked it to; the team's task stays."""
    turn.reply(Text(text=turn.say("person.back"), actions=greet.menu(turn)))


def privacy_request(turn: "Turn") -> None:
    """Access and erasure are a person's to grant; say where the notice is."""
    url = f"{turn.desk.public_url}/legal/{turn.shop.slug}/privacy"
    turn.needs_person = "privacy_request"
    turn.reply(Text(text=turn.say("privacy.info", url=url)))


def next_opening(hours: dict[str, list[str]], local: datetime) -> datetime | None:
    """When the team is next there; None while it is, or when no hours are set.

    Spans are 'HH:MM-HH:MM'; '24:00' is the day's end, and one that ends before it begins goes on after midnight.
    """
    yesterday = local - timedelta(days=1)
    spans = [span for ahead in range(_LOOK_AHEAD + 1) for span in _spans(hours, yesterday + timedelta(days=ahead))]
    if any(opens <= local < closes for opens, closes in spans):
        return None
    return min((opens for opens, _ in spans if opens > local), default=None)


def _spans(hours: dict[str, list[str]], day: datetime) -> Iterator[tuple[datetime, datetime]]:
    for span in hours.get(DAYS[day.weekday()], ()):
        opens, closes = (_at(day, clock) for clock in span.split("-"))
        yield opens, closes if closes > opens else closes + timedelta(days=1)


def _at(day: datetime, clock: str) -> datetime:
    hour, _, minute = clock.strip().partition(":")
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=int(hour), minutes=int(minute or 0))
