"""The dispatcher: one event of a person in, the right dialogue out. Says nothing itself.

Order: a quoted message, entry codes, then what was offered (a title or a number typed is a tap), then the bare word
that ends promotions, then the shop's open question, then the words as the reader understands them. An interruption
parks the open question and it is asked again afterwards.
"""

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.dialogues import (
    actions,
    browse,
    cart,
    consent,
    edits,
    greet,
    info,
    invoices,
    media,
    pay,
    person,
    quotes,
    return_words,
    words,
)
from bots.messages.inbound import (
    ActionChosen,
    CartReceived,
    ContactShared,
    Edited,
    FormAnswered,
    InvoicePaid,
    Joined,
    Left,
    LocationShared,
    MediaReceived,
    PersonEvent,
    PreCheckoutAsked,
    ProductAsked,
    Reacted,
    TextReceived,
    UnsupportedReceived,
    Withdrawn,
)
from bots.turns.turn import offers_of

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_ENTRY = re.compile(r"#?\b([A-Za-z]{1,8}[-_]?\d{1,5})\b")
_LOOK = re.compile(r"(?i)\blook(?:book\s*|\s+(?=[n#]))(?:nr\.?|no\.?|nummer|number|#)?\s*(\d{1,5})\b")
_WORD = re.compile(r"\w+")
_FRAGMENT_WORDS = 4
_CONNECTORS = frozenset(
    re.split(
        " ",
        "und oder mit in von für aus dann also ähm äh ne nen einen eine den die das ich brauche suche hätte möchte "
        "will such brauch bräuchte hab hätt nehm the a an and or with of for from then um i need want wanna gimme "
        "would like looking",
    )
)


async def advance(turn: "Turn", event: PersonEvent) -> None:
    """Answer one event. Replies, memory and handover are left in the turn."""
    if isinstance(event, Left):
        consent.left(turn)
        return
    if isinstance(event, Reacted | Withdrawn):
        turn.ended, turn.reason = "ignored", type(event).__name__.lower()
        return
    await quotes.recall(turn, event)
    first = not turn.memory.greeted
    if first and isinstance(event, TextReceived):
        words.tune(turn, event.text)
    greet.introduce(turn)
    said = len(turn.replies)
    await _dispatch(turn, event, first=first)
    new = turn.replies[said:]
    if new:
        turn.memory = replace(turn.memory, offers=offers_of(new))


async def calls_bot(turn: "Turn", event: PersonEvent) -> bool:
    """Whether somebody who waits for a person wants the bot again: its button tapped, or its title typed.

    While nobody of the team is there, so does whoever wishes or taps what the bot can do itself.
    """
    alone = person.is_nobody_there(turn)
    if not isinstance(event, TextReceived):
        return isinstance(event, ActionChosen) and (event.action_id == "bot" or (alone and event.action_id != "human"))
    if (offer := actions.offered(turn, event.text)) is not None:
        return offer.id == "bot" or (alone and offer.id != "human")
    return alone and await words.is_served(turn, event.text)


def is_fragment(turn: "Turn", text: str) -> bool:
    """Whether the words are plainly the beginning of a thought: few of them, ending in a word that wants another."""
    if turn.memory.pending is not None:
        return False
    said = _WORD.findall(text.casefold())
    if not 0 < len(said) <= _FRAGMENT_WORDS:
        return False
    written = text.rstrip()
    if written.endswith(("...", "…", ",")):
        return True
    return said[-1] in _CONNECTORS and not written.endswith((".", "!", "?"))


def needs_reader(turn: "Turn", event: PersonEvent) -> bool:
    """Whether an event's words come to the reader: not a button's, a code's, an asked-for address or an aside."""
    if not isinstance(event, TextReceived) or event.entry:
        return False
    pending = turn.memory.pending
    return not (
        words.is_aside(event.text)
        or consent.is_stop(event.text)
        or (pending is not None and (pending.ask in {"address", "country"} or pending.ask.startswith("return_")))
        or _code(event.text) is not None
        or actions.offered(turn, event.text) is not None
        or is_fragment(turn, event.text)
    )


async def _dispatch(turn: "Turn", event: PersonEvent, *, first: bool) -> None:
    match event:
        case TextReceived():
            await _text(turn, event.text, event.entry, first=first)
        case Edited():
            await edits.follow(turn, event, lambda text: _text(turn, text, None, first=False))
        case ActionChosen():
            await actions.perform(turn, event.action_id, event.title)
        case Joined():
            if not (event.entry and await _entry(turn, event.entry)):
                greet.greeting(turn, first=first)
        case MediaReceived():
            await media.received(turn, event)
        case UnsupportedReceived():
            media.unsupported(turn)
        case _:
            await _given(turn, event)


async def _given(turn: "Turn", event: PersonEvent) -> None:
    """Something handed over in the provider's own form: a place, a card, a filled form, a cart."""
    match event:
        case LocationShared():
            await pay.location(turn, event.label)
        case ContactShared():
            await pay.contact(turn, event)
        case FormAnswered():
            await pay.form(turn, event.fields)
        case CartReceived():
            await actions.ordered(turn, event)
        case ProductAsked():
            await actions.asked_about(turn, event)
        case PreCheckoutAsked():
            await invoices.refused(turn)
        case InvoicePaid():
            invoices.paid(turn, event)
        case _:
            greet.unclear(turn)


async def _text(turn: "Turn", text: str, entry: str | None, *, first: bool) -> None:
    if entry and await _entry(turn, entry):
        turn.takes_for("code", entry)
        return
    code = _code(text)
    if code is not None and await browse.lookbook(turn, code[1]):
        turn.takes_for("code", code[1])
        return
    if (number := _LOOK.search(text)) is not None and await browse.numbered_look(turn, number[1]):
        turn.takes_for("code", number[1])
        return
    offered = actions.offered(turn, text)
    if offered is not None:
        turn.takes_for("offer", offered.title)
        await actions.perform(turn, offered.id, offered.title)
        return
    if consent.is_stop(text):
        turn.takes_for("unsubscribe", text)
        await consent.stop(turn)
        return
    asked = turn.memory.pending
    if asked is not None and await _open_question(turn, text):
        turn.takes_for("answer", asked.ask)
        return
    await words.read(turn, text, first=first)


def _code(text: str) -> re.Match[str] | None:
    """A lookbook's code: behind a '#', alone, or in words about the lookbook."""
    found = _ENTRY.search(text)
    told = "#" in text or "lookbook" in text.casefold()
    return found if found is not None and (told or found.group() == text.strip()) else None


async def _entry(turn: "Turn", entry: str) -> bool:
    code = entry.removeprefix("lookbook_").removeprefix("look_").lstrip("#")
    if await browse.lookbook(turn, code):
        return True
    name = entry.lower()  # handles are; a code in words comes in capitals
    if name.startswith("product_"):
        await browse.show_handle(turn, code[len("product_") :])
        return True
    if name.startswith("cart_"):  # whichever it was on the shop's site: here it is the shopper's own
        await cart.show(turn)
        return True
    return False


async def _open_question(turn: "Turn", text: str) -> bool:
    pending = turn.memory.pending
    if pending is None:
        return False
    if pending.ask == "address":
        return await pay.address_words(turn, text)
    if pending.ask == "country":
        return await info.to_country(turn, text)
    if pending.ask.startswith("return_"):
        return await return_words.words_of(turn, text)
    return False
