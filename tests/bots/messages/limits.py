"""Limits of a channel, checked on fitted messages by a second reading of `Capabilities`, independent of `fit`."""

from collections.abc import Iterator, Sequence

from bots.messages.capabilities import Capabilities
from bots.messages.fitted import (
    FittedCarousel,
    FittedDocument,
    FittedList,
    FittedMessage,
    FittedPicture,
    FittedRich,
    FittedTemplate,
    FittedText,
    Link,
)
from bots.messages.outbound import Action


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def faults(message: FittedMessage, limits: Capabilities) -> list[str]:
    """Every limit that the message breaks."""
    return list(_faults(message, limits))


def _faults(message: FittedMessage, limits: Capabilities) -> Iterator[str]:  # noqa: C901, PLR0912 - one case each
    match message:
        case FittedText():
            yield from _text(message.text, limits.text_length)
            yield from _controls(message.text, message.buttons, message.links, limits)
            if message.ask_location and (not limits.location_request or message.buttons or message.links):
                yield "location control not possible here"
        case FittedPicture():
            if not limits.pictures:
                yield "no pictures here"
            if units(message.text) > limits.caption_length:
                yield "caption too long"
            if (message.buttons or message.links) and not limits.buttons_with_picture:
                yield "no buttons beside pictures here"
            if (message.buttons or message.links) and not message.text:
                yield "buttons without words"
            yield from _controls(message.text, message.buttons, message.links, limits)
        case FittedList():
            yield from _list(message, limits)
        case FittedCarousel():
            yield from _carousel(message, limits)
        case FittedDocument():
            if not limits.documents:
                yield "no documents here"
            if units(message.text) > limits.caption_length:
                yield "document's words too long"
        case FittedRich():
            if not limits.rich:
                yield "not a rich channel"
        case FittedTemplate():
            if not limits.templates:
                yield "no templates here"


def _text(text: str, limit: int) -> Iterator[str]:
    if not text.strip():
        yield "empty text"
    if units(text) > limit:
        yield f"text of {units(text)} units, {limit} allowed"


def _controls(text: str, buttons: Sequence[Action], links: Sequence[Link], limits: Capabilities) -> Iterator[str]:
    if len(buttons) > limits.buttons:
        yield "too many buttons"
    if len(links) > limits.link_buttons:
        yield "too many links"
    if buttons and links and not limits.links_with_buttons:
        yield "links beside buttons"
    if (buttons or links) and units(text) > limits.button_text_length:
        yield "text beside buttons too long"
    yield from _actions(buttons, limits.button_length, limits.action_id_bytes)
    for link in links:
        yield from _text(link.title, limits.button_length)


def _actions(actions: Sequence[Action], length: int, id_bytes: int) -> Iterator[str]:
    for action in actions:
        yield from _text(action.title, length)
        if action.url:
            yield "a link among reply buttons"
        if len(action.id.encode()) > id_bytes:
            yield "id too long"
    if len({action.id for action in actions}) != len(actions):
        yield "equal ids"
    if len({action.title for action in actions}) != len(actions):
        yield "equal titles"


def _list(message: FittedList, limits: Capabilities) -> Iterator[str]:
    yield from _text(message.text, limits.button_text_length)
    yield from _text(message.button, limits.button_length)
    if not 0 < len(message.rows) <= limits.list_rows:
        yield "too many or no rows"
    yield from _actions(message.rows, limits.list_row_length, limits.action_id_bytes)
    if any(units(row.description) > limits.list_description_length for row in message.rows):
        yield "row description too long"


def _carousel(message: FittedCarousel, limits: Capabilities) -> Iterator[str]:
    yield from _text(message.text, limits.button_text_length)
    if not limits.carousel_min_cards <= len(message.cards) <= limits.carousel_cards:
        yield "too many or too few cards"
    if len({(len(card.buttons), card.link is None) for card in message.cards}) != 1:
        yield "unlike buttons"
    for card in message.cards:
        yield from _text(card.text, limits.card_text_length)
        if card.text.count("\n") > 2:
            yield "too many lines on a card"
        if len(card.buttons) > limits.carousel_buttons or bool(card.buttons) == bool(card.link):
            yield "wrong buttons on a card"
        yield from _actions(
            card.buttons, limits.button_length, min(limits.card_action_id_bytes, limits.action_id_bytes)
        )
