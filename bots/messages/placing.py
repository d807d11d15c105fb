"""Where a message's actions go: reply buttons, link buttons or lines to type; how words and pictures carry them."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedList, FittedMessage, FittedPicture, FittedText, Link
from bots.messages.numbering import number_actions
from bots.messages.outbound import Action, ImageRef
from bots.messages.words import one_line, prices, shorten, size, split, split_tail

_NOTHING = "…"  # providers refuse a message without words


class Placed(msgspec.Struct, frozen=True):
    """Actions in their places. `lines` go below the text."""

    buttons: tuple[Action, ...] = ()
    links: tuple[Link, ...] = ()
    lines: tuple[str, ...] = ()


def place(actions: Sequence[Action], capabilities: Capabilities, *, after: int = 0, whole: bool = False) -> Placed:
    """Buttons for as many as the channel has, the primary ones first; a line for each other.

    `whole` lists all replies when not all of them fit, so that options of one question stand together. Numbers go on
    from `after`.
    """
    shown = list({action.id: action for action in reversed(actions)}.values())[::-1]
    replies = [action for action in shown if not action.url]
    linked = [action for action in shown if action.url]
    numbers = number_actions(shown, after=after)
    buttons = [action for action in replies if len(action.id.encode()) <= capabilities.action_id_bytes]
    buttons = sorted(buttons, key=lambda action: not action.primary)[: capabilities.buttons]
    if whole and len(buttons) < len(replies):
        buttons = []
    links = linked[: capabilities.link_buttons]
    if links and buttons and not capabilities.links_with_buttons:
        buttons, links = ([], links) if any(link.primary for link in links) else (buttons, [])
    kept = {action.id for action in buttons}
    buttons = [action for action in replies if action.id in kept]
    labels = _labels(buttons, capabilities.button_length, numbers)
    told = [
        _typed(action, numbers)
        for action in replies
        if action.id not in kept or action.description or _loses(action.title, labels[action.id])
    ]
    told += [
        f"{one_line(action.title)}: {action.url}"
        for action in linked
        if action not in links or _loses(action.title, shorten(one_line(action.title), capabilities.button_length))
    ]
    return Placed(
        buttons=tuple(replace(action, title=labels[action.id], description="") for action in buttons),
        links=tuple(
            Link(title=shorten(one_line(action.title), capabilities.button_length) or _NOTHING, url=action.url or "")
            for action in links
        ),
        lines=tuple(told),
    )


def as_texts(text: str, placed: Placed, capabilities: Capabilities) -> list[FittedMessage]:
    """Words with their buttons; a long text in several pieces, the buttons on the last."""
    body = "\n\n".join(part for part in (text.strip(), "\n".join(placed.lines)) if part) or _NOTHING
    if not placed.buttons and not placed.links:
        return [FittedText(text=piece) for piece in split(body, capabilities.text_length)]
    tail = min(capabilities.text_length, capabilities.button_text_length)
    *head, last = split_tail(body, capabilities.text_length, tail)
    return [
        *(FittedText(text=piece) for piece in head),
        FittedText(text=last, buttons=placed.buttons, links=placed.links),
    ]


def as_picture(image: ImageRef, text: str, placed: Placed, capabilities: Capabilities) -> list[FittedMessage]:
    """One bubble where words and buttons may stand beside the picture, else the picture and then the words."""
    if not capabilities.pictures:
        return as_texts(text or image.alt, placed, capabilities)
    beside = bool(placed.buttons or placed.links)
    body = "\n\n".join(part for part in (text.strip(), "\n".join(placed.lines)) if part)
    if beside and not body:
        body = image.alt.strip() or _NOTHING
    if not body:
        return [FittedPicture(image=image)]
    room = capabilities.caption_length
    if beside:
        room = min(room, capabilities.button_text_length) if capabilities.buttons_with_picture else 0
    if size(body) <= room:
        return [FittedPicture(image=image, text=body, buttons=placed.buttons, links=placed.links)]
    return [FittedPicture(image=image), *as_texts(body, replace(placed, lines=()), capabilities)]


def as_list(
    text: str, options: Sequence[Action], button: str, capabilities: Capabilities
) -> list[FittedMessage] | None:
    """The options as rows of a list, longer texts before it; None when an option cannot be a row."""
    if len({option.id for option in options}) != len(options):
        return None
    if any(len(option.id.encode()) > capabilities.action_id_bytes for option in options):
        return None
    labels = _labels(options, capabilities.list_row_length, number_actions(options))
    rows, told = [], []
    for option in options:
        title, description = one_line(option.title), one_line(option.description)
        if labels[option.id] != title and title not in description:
            description = " · ".join(part for part in (title, description) if part)
        short = shorten(description, capabilities.list_description_length)
        if _loses(description, short):
            told.append(" · ".join(part for part in (title, one_line(option.description)) if part))
        rows.append(replace(option, title=labels[option.id], description=short))
    pieces = as_texts(text, Placed(lines=tuple(told)), capabilities)
    *head, last = [piece.text for piece in pieces if isinstance(piece, FittedText)]
    *more, last = split_tail(last, capabilities.text_length, capabilities.button_text_length)
    label = shorten(one_line(button), capabilities.button_length) or f"1–{len(rows)}"
    return [
        *(FittedText(text=piece) for piece in (*head, *more)),
        FittedList(text=last, button=label, rows=tuple(rows)),
    ]


def _labels(actions: Sequence[Action], limit: int, numbers: Mapping[str, int]) -> dict[str, str]:
    """Titles within the limit. Equal ones are told apart by their number: providers refuse twins."""
    titles = {action.id: shorten(one_line(action.title), limit) or _NOTHING for action in actions}
    seen: set[str] = set()
    for position, action in enumerate(actions, start=1):
        if titles[action.id] in seen:
            number = numbers.get(action.id, position)
            titles[action.id] = shorten(f"{number} {one_line(action.title)}", limit)
        seen.add(titles[action.id])
    return titles


def _loses(whole: str, short: str) -> bool:
    """True when a price of the title is not on its label."""
    return whole != short and any(price not in short for price in prices(whole))


def _typed(action: Action, numbers: Mapping[str, int]) -> str:
    """The line that says what to type for it."""
    words = " · ".join(part for part in (one_line(action.title), one_line(action.description)) if part)
    number = numbers.get(action.id)
    return f"{number} {words}" if number else f"– {words}"
