"""Which open messages belong together: texts in a row, the pictures of an album, words and their correction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from bots.messages.inbound import Edited, MediaKind, MediaReceived, PersonEvent, TextReceived

BURST = timedelta(seconds=1.2)
_PIECE_WORDS = 6  # a line of more words is a thought of its own
_SENTENCE_ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMessage:
    """A message without an outcome: stored, or new and to be stored with the outcome it gets."""

    id: UUID
    event: PersonEvent
    received_at: datetime
    is_new: bool = False


def groups_of(messages: Sequence[OpenMessage]) -> list[list[OpenMessage]]:
    """Messages in order, texts in a row as one thought, and an album as one."""
    groups: list[list[OpenMessage]] = []
    for message in messages:
        if groups and _goes_on(groups[-1][-1].event, message.event):
            groups[-1].append(message)
        else:
            groups.append([message])
    return groups


def reworded(messages: Sequence[OpenMessage]) -> tuple[list[OpenMessage], list[tuple[UUID, UUID]]]:
    """Messages with the words that they were edited to; the edits that this settled, each with the message it is of."""
    kept: list[OpenMessage] = []
    settled: list[tuple[UUID, UUID]] = []
    for message in messages:
        edit = message.event
        place = _place_of(edit.target, kept) if isinstance(edit, Edited) else None
        if isinstance(edit, Edited) and place is not None:
            settled.append((message.id, kept[place].id))
            kept[place] = replace(kept[place], event=_with_words(kept[place].event, edit.text))
        else:
            kept.append(message)
    return kept, settled


def joined(texts: Sequence[str]) -> str:
    """The words of several messages as one text: pieces of a sentence on one line, sentences on lines of their own."""
    whole = ""
    for text in texts:
        piece = len(whole.rpartition("\n")[2].split()) <= _PIECE_WORDS and not whole.endswith(_SENTENCE_ENDS)
        whole += (" " if piece else "\n") * bool(whole) + text
    return whole


def may_go_on(now: datetime, messages: Sequence[OpenMessage]) -> bool:
    """Only texts or one album, the last not older than the time that the rest may take."""
    texts = all(isinstance(message.event, TextReceived) for message in messages)
    return (texts or is_album(messages)) and messages[-1].received_at + BURST > now


def is_album(messages: Sequence[OpenMessage]) -> bool:
    """Whether all were sent as one, though each file comes by itself."""
    first = messages[0].event
    return isinstance(first, MediaReceived) and first.album is not None and len(groups_of(messages)) == 1


def words_of(messages: Sequence[OpenMessage]) -> str:
    """All words of texts as one text."""
    return joined([message.event.text for message in messages if isinstance(message.event, TextReceived)])


def as_one(group: Sequence[OpenMessage]) -> tuple[PersonEvent, list[MediaReceived]]:
    """What a group says, and the files beside it: texts as one text, of an album the picture with words first."""
    events = [message.event for message in group]
    files = [one for one in events if isinstance(one, MediaReceived)]
    if len(files) > 1:
        first, *others = sorted(files, key=lambda one: (one.kind is not MediaKind.IMAGE, not one.caption))
        return first, others
    event = events[-1]
    if isinstance(event, TextReceived) and len(group) > 1:
        entry = next((one.entry for one in events if one.entry), None)
        return replace(event, text=words_of(group), entry=entry, reply_to=events[0].reply_to), []
    return event, []


def _goes_on(before: PersonEvent, event: PersonEvent) -> bool:
    if isinstance(before, MediaReceived) and isinstance(event, MediaReceived):
        return event.album is not None and event.album == before.album
    texts = isinstance(before, TextReceived) and isinstance(event, TextReceived)
    return texts and event.reply_to in (None, before.reply_to)  # another message quoted is another thought


def _place_of(provider_id: str, messages: Sequence[OpenMessage]) -> int | None:
    places = (place for place, message in enumerate(messages) if message.event.provider_id == provider_id)
    return next(places, None)


def _with_words(event: PersonEvent, words: str) -> PersonEvent:
    match event:
        case TextReceived() if words:
            return replace(event, text=words)
        case MediaReceived():
            return replace(event, caption=words)
        case _:
            return event
