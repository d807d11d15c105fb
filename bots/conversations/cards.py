"""What a stored message shows beside its words, for the desk: its picture, and its goods as cards."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from bots.messages.fitted import FittedCarousel, FittedList, FittedMessage, FittedPicture, FittedRich, load, unwrap
from bots.messages.numbering import cards_of
from bots.messages.outbound import Carousel, ImageRef, Lookbook, Message, Picture, ProductCard

_HEADLINE = re.compile(r"\*?(\d+) (.+?)\*?")  # as `bots.messages.fit_carousel` writes it: "*2 Linen shirt*"


def shown(body: str) -> dict[str, Any]:
    """`picture`: {image_id, alt} or None. `cards`: {number, title, subtitle, image_id}; a lone one has number 0."""
    try:
        fitted = load(body)
        message = unwrap(fitted) if isinstance(fitted, FittedRich) else fitted
    except (msgspec.ValidationError, KeyError):  # an older release stored it in another form: its words still stand
        return {"picture": None, "cards": []}
    return {"picture": _picture(message), "cards": list(_cards(message))}


def _picture(message: Message | FittedMessage) -> dict[str, Any] | None:
    if not isinstance(message, FittedPicture | Picture | Lookbook):
        return None
    return {"image_id": message.image.image_id, "alt": message.image.alt}


def _cards(message: Message | FittedMessage) -> Iterator[dict[str, Any]]:
    match message:
        case FittedCarousel():
            for card in message.cards:
                headline, *more = card.text.split("\n")
                yield _numbered(headline, more[0] if more else "", card.image)
        case FittedList():  # rows with a number and a price are goods, the others answers
            rows = (row for row in message.rows if row.description and _HEADLINE.fullmatch(row.title))
            yield from (_numbered(row.title, row.description, None) for row in rows)
        case ProductCard():
            yield _card(0, message.card.title, message.card.subtitle, message.card.image)
        case Carousel() | Lookbook():
            yield from (_card(number, card.title, card.subtitle, card.image) for number, card in cards_of(message))


def _numbered(headline: str, subtitle: str, image: ImageRef | None) -> dict[str, Any]:
    found = _HEADLINE.fullmatch(headline)
    return _card(int(found[1]) if found else 0, found[2] if found else headline, subtitle, image)


def _card(number: int, title: str, subtitle: str, image: ImageRef | None) -> dict[str, Any]:
    return {"number": number, "title": title, "subtitle": subtitle, "image_id": image.image_id if image else None}
