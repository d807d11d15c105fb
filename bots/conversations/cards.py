"""The cards of a stored message as the desk shows them: number, title, price line and picture."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from bots.messages.fitted import FittedCard, FittedCarousel, FittedRich, load, unwrap
from bots.messages.numbering import cards_of
from bots.messages.outbound import Card, ProductCard

_HEADLINE = re.compile(r"\*?(\d+) (.+?)\*?")  # as `bots.messages.fit_carousel` writes it: "*2 Linen shirt*"


def shown(body: str) -> Iterator[dict[str, Any]]:
    """The cards, none for a message of words alone; number 0 is that of a card that stands by itself."""
    try:
        message = load(body)
        drawn = unwrap(message) if isinstance(message, FittedRich) else None
    except (msgspec.ValidationError, KeyError):  # an older release stored it in another form: its words still stand
        return
    if isinstance(message, FittedCarousel):
        yield from map(_fitted, message.cards)
    elif isinstance(drawn, ProductCard):
        yield _card(0, drawn.card)
    elif drawn is not None:
        yield from (_card(number, card) for number, card in cards_of(drawn))


def _card(number: int, card: Card) -> dict[str, Any]:
    image_id = card.image.image_id if card.image else None
    return {"number": number, "title": card.title, "subtitle": card.subtitle, "image_id": image_id}


def _fitted(card: FittedCard) -> dict[str, Any]:
    headline, *more = card.text.split("\n")
    found = _HEADLINE.fullmatch(headline)
    number, title = (int(found[1]), found[2]) if found else (0, headline)
    return {"number": number, "title": title, "subtitle": more[0] if more else "", "image_id": card.image.image_id}
