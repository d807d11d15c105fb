"""Several products on a channel: side by side, as list rows, in one picture with numbers, or as numbered lines."""

from dataclasses import replace

from msgspec import structs

from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedCard, FittedCarousel, FittedMessage, FittedPicture, Link
from bots.messages.numbering import cards_of
from bots.messages.outbound import Action, Card, Carousel
from bots.messages.placing import as_list, as_picture, as_texts, place
from bots.messages.words import literal, one_line, prices, shorten, size

_CARD_LINES = 3  # WhatsApp: at most two line breaks in a card
Numbered = tuple[tuple[int, Card], ...]


def fit(message: Carousel, capabilities: Capabilities) -> list[FittedMessage]:
    """The best form the channel has. A card is always reachable by its number, its actions by what follows on it."""
    cards = cards_of(message)
    if not cards:
        return as_texts(message.text, place(message.actions, capabilities), capabilities)
    return (
        _side_by_side(message, cards, capabilities)
        or _listed(message, cards, capabilities)
        or _pictured(message, cards, capabilities)
    )


def line(number: int, card: Card) -> str:
    """A card in words."""
    return f"*{number}* " + " · ".join(part for part in (one_line(card.title), one_line(card.subtitle)) if part)


def _side_by_side(message: Carousel, cards: Numbered, capabilities: Capabilities) -> list[FittedMessage]:
    """Cards with pictures and alike buttons; cards beyond the channel's number are listed in the text above."""
    shown, more = cards[: capabilities.carousel_cards], cards[capabilities.carousel_cards :]
    if len(shown) < max(1, capabilities.carousel_min_cards) or any(card.image is None for _, card in shown):
        return []
    count = min(capabilities.carousel_buttons, *(len(_replies(card, capabilities)) for _, card in shown))
    linked = all(_first_link(card) is not None for _, card in shown)
    if not count and not linked:
        return []
    fitted = [_card(number, card, count, capabilities) for number, card in shown]
    placed = place(
        message.actions, replace(capabilities, buttons=0, link_buttons=0), after=max(number for number, _ in cards)
    )
    lost = [
        (number, card)
        for (number, card), side in zip(shown, fitted, strict=True)
        if any(price not in side.text for price in prices(f"{one_line(card.title)} {one_line(card.subtitle)}"))
    ]
    lines = [line(number, card) for number, card in (*lost, *more)] + list(placed.lines)
    text = "\n\n".join(part for part in (message.text.strip(), "\n".join(lines)) if part) or "…"
    *before, last = as_texts(text, place((), capabilities), replace(capabilities, text_length=_body(capabilities)))
    return [*before, FittedCarousel(text=last.text, cards=tuple(fitted))]  # type: ignore[union-attr] # texts only


def _card(number: int, card: Card, count: int, capabilities: Capabilities) -> FittedCard:
    limit = capabilities.card_text_length
    title = one_line(f"{number} {card.title}")
    subtitle = shorten(one_line(card.subtitle), limit // 2)
    room = limit - size(subtitle) - 3
    parts = [f"*{literal(shorten(title, room))}*", subtitle, one_line(" · ".join(card.options))]
    text = "\n".join(part for part in parts[:_CARD_LINES] if part)
    if size(text) > limit:
        text = "\n".join(part for part in parts[:2] if part)
    buttons = tuple(
        Action(id=action.id, title=shorten(one_line(action.title), capabilities.button_length) or "…")
        for action in _replies(card, capabilities)[:count]
    )
    link = _first_link(card) if not count else None
    assert card.image is not None  # noqa: S101 - the caller has looked
    return FittedCard(
        image=card.image,
        text=text,
        buttons=buttons,
        link=link and Link(title=shorten(link.title, capabilities.button_length) or "…", url=link.url),
    )


def _listed(message: Carousel, cards: Numbered, capabilities: Capabilities) -> list[FittedMessage]:
    """Rows to pick from, below the picture of all where there is one."""
    rows = []
    for number, card in cards:
        replies = [action for action in card.actions if not action.url]
        if not replies:
            return []
        rows.append(Action(id=replies[0].id, title=f"{number} {card.title}", description=card.subtitle))
    rows += [action for action in message.actions if not action.url]
    links = place([action for action in message.actions if action.url], replace(capabilities, link_buttons=0))
    if not 0 < len(rows) <= capabilities.list_rows:
        return []
    text = "\n\n".join(part for part in (message.text.strip(), "\n".join(links.lines)) if part)
    fitted = as_list(text, rows, "", capabilities) or []
    if fitted and message.grid is not None and capabilities.pictures:
        return [FittedPicture(image=message.grid), *fitted]
    return fitted


def _pictured(message: Carousel, cards: Numbered, capabilities: Capabilities) -> list[FittedMessage]:
    """One picture of all with numbers burned in, the numbers in words below; buttons for the cards if all fit."""
    text = "\n".join((message.text.strip(), *(line(number, card) for number, card in cards))).strip()
    tapped = [
        structs.replace(action, title=f"{number} {action.title}", description="", primary=False)
        for number, card in cards
        for action in _replies(card, replace(capabilities, card_action_id_bytes=capabilities.action_id_bytes))[:1]
    ]
    placed = place(message.actions, capabilities, after=max(number for number, _ in cards))
    ids = {action.id for action in (*tapped, *placed.buttons)}
    room = capabilities.buttons - len(placed.buttons)
    mixed = capabilities.links_with_buttons or not placed.links
    if len(tapped) <= room and len(ids) == len(tapped) + len(placed.buttons) and mixed:
        labelled = tuple(
            structs.replace(action, title=shorten(one_line(action.title), capabilities.button_length))
            for action in tapped
        )
        placed = structs.replace(placed, buttons=(*labelled, *placed.buttons))
    if message.grid is None:
        single = cards[0][1].image if len(cards) == 1 else None
        if single is None:
            return as_texts(text, placed, capabilities)
        return as_picture(single, text, placed, capabilities)
    return as_picture(message.grid, text, placed, capabilities)


def _replies(card: Card, capabilities: Capabilities) -> list[Action]:
    limit = min(capabilities.card_action_id_bytes, capabilities.action_id_bytes)
    if capabilities.card_links_only:
        return []
    return [action for action in card.actions if not action.url and len(action.id.encode()) <= limit]


def _first_link(card: Card) -> Link | None:
    return next((Link(title=one_line(action.title), url=action.url) for action in card.actions if action.url), None)


def _body(capabilities: Capabilities) -> int:
    return min(capabilities.text_length, capabilities.button_text_length)
