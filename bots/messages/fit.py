"""The one place that degrades: a message becomes what a channel can show, and nothing in it gets lost.

Carousel, else a list, else one picture with numbers, else numbered text. What has no button is listed in the text with
the number to type (`numbering.py`); what opens an address becomes a link button or a line "Label: URL". One message
becomes one or two bubbles; more only where a text is longer than the channel takes. Pure and deterministic.
"""

from collections.abc import Sequence

from msgspec import structs

from bots.messages import fit_carousel
from bots.messages.capabilities import Capabilities
from bots.messages.fitted import FittedCarousel, FittedDocument, FittedMessage, FittedPicture, FittedText, Shown, rich
from bots.messages.numbering import cards_of
from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    CartView,
    Choices,
    Document,
    FormQuestion,
    Lookbook,
    Message,
    OrderStatus,
    PaymentRequest,
    Picture,
    ProductCard,
    Text,
)
from bots.messages.placing import as_list, as_picture, as_texts, place
from bots.messages.words import literal, prices, shorten, size


def fit(message: Message, capabilities: Capabilities) -> tuple[FittedMessage, ...]:
    """The message within the channel's limits, in the order to send."""
    fitted = (rich(message),) if capabilities.rich else tuple(_fit(message, capabilities))
    shows = _shows(message)
    return tuple(structs.replace(one, shows=shows) for one in fitted) if shows else fitted


def without_picture(message: FittedMessage) -> FittedText | None:
    """What is left of a message whose picture cannot be had, within the same limits; None when nothing is."""
    match message:
        case FittedPicture() if message.text:
            return FittedText(text=message.text, buttons=message.buttons, links=message.links, shows=message.shows)
        case FittedCarousel():
            links = [f"{card.link.title}: {card.link.url}" if card.link else "" for card in message.cards]
            cards = [f"{card.text}\n{link}".strip() for card, link in zip(message.cards, links, strict=True)]
            return FittedText(text="\n\n".join((message.text, *cards)), shows=message.shows)
        case _:
            return None


def _shows(message: Message) -> tuple[Shown, ...]:
    cards = (message.card,) if isinstance(message, ProductCard) else [card for _, card in cards_of(message)]
    return tuple(dict.fromkeys(Shown(card.handle, card.colour) for card in cards if card.handle))


def _fit(message: Message, capabilities: Capabilities) -> list[FittedMessage]:  # noqa: C901, PLR0911 - one case each
    match message:
        case Text():
            return as_texts(message.text, place(message.actions, capabilities), capabilities)
        case Picture():
            placed = place(message.actions, capabilities)
            return as_picture(message.image, message.text, placed, capabilities)
        case Choices():
            return _choices(message, capabilities)
        case ProductCard():
            return _product(message, capabilities)
        case Carousel():
            return fit_carousel.fit(message, capabilities)
        case Lookbook():
            return _lookbook(message, capabilities)
        case CartView():
            text = _with_total(message.text, message.total)
            return as_texts(text, place(message.actions, capabilities), capabilities)
        case PaymentRequest():
            return _payment(message, capabilities)
        case OrderStatus():
            return _order(message, capabilities)
        case FormQuestion():
            return _question(message, capabilities)
        case Document():
            return _document(message, capabilities)


def _choices(message: Choices, capabilities: Capabilities) -> list[FittedMessage]:
    """Buttons while there are enough, then a list, then numbers. A list also shows the options' descriptions."""
    described = any(option.description for option in message.options)
    enough = len(message.options) <= capabilities.buttons and not (described and capabilities.list_rows)
    links = any(option.url for option in message.options)
    if not enough and not links and 0 < len(message.options) <= capabilities.list_rows:
        fitted = as_list(message.text, message.options, message.button, capabilities)
        if fitted is not None:
            return fitted
    if enough:
        return as_texts(message.text, place(message.options, capabilities), capabilities)
    return as_texts(message.text, place(message.options, capabilities, whole=True), capabilities)


def _product(message: ProductCard, capabilities: Capabilities) -> list[FittedMessage]:
    """Title, price and sizes always; the description as far as one bubble takes it."""
    card = message.card
    placed = place(card.actions, capabilities)
    head = "\n".join(part for part in (f"*{literal(card.title)}*", card.subtitle, " · ".join(card.options)) if part)
    pictured = card.image is not None and capabilities.pictures
    beside = bool(placed.buttons or placed.links)
    room = capabilities.button_text_length if beside else capabilities.text_length
    if pictured and not (beside and not capabilities.buttons_with_picture) and capabilities.caption_length:
        room = min(room, capabilities.caption_length)
    room -= size(head) + 2 + sum(size(line) + 1 for line in placed.lines) + 2
    description = message.text.strip()
    if size(description) > room:
        description = shorten(description, room) if room > _SHORTEST_DESCRIPTION else ""
    text = "\n\n".join(part for part in (head, description) if part)
    if card.image is None:
        return as_texts(text, placed, capabilities)
    return as_picture(card.image, text, placed, capabilities)


_SHORTEST_DESCRIPTION = 40


def _lookbook(message: Lookbook, capabilities: Capabilities) -> list[FittedMessage]:
    """The scene with its numbers. Pieces that the text does not name are listed behind it."""
    text = message.text if message.title in message.text else f"*{literal(message.title)}*\n{message.text}".strip()
    told = message.text
    missing = [
        (number, card)
        for number, card in cards_of(message)
        if card.title not in told or any(price not in told for price in prices(card.subtitle))
    ]
    lines = [fit_carousel.line(number, card) for number, card in missing]
    placed = place(message.actions, capabilities, after=_last_number(message))
    return as_picture(message.image, "\n".join((text, *lines)), placed, capabilities)


def _payment(message: PaymentRequest, capabilities: Capabilities) -> list[FittedMessage]:
    """The way to pay comes first: where link and reply buttons exclude each other, the replies are typed."""
    fits = len(message.label) <= capabilities.button_length or not message.short_label
    label = message.label if fits else message.short_label
    way = Action(id="link:pay", title=label, url=message.url, primary=True)
    placed = place((way, *message.actions), capabilities)
    return as_texts(_with_total(message.text, message.total), placed, capabilities)


def _order(message: OrderStatus, capabilities: Capabilities) -> list[FittedMessage]:
    """The order's page is linked unless the text already names it."""
    shown: Sequence[Action] = message.actions
    if message.url and message.url not in message.text:
        shown = (*shown, Action(id="link:order", title=message.number, url=message.url))
    return as_texts(message.text, place(shown, capabilities), capabilities)


def _question(message: FormQuestion, capabilities: Capabilities) -> list[FittedMessage]:
    """The location control stands alone, so answers that can be tapped come before it."""
    fitted = as_texts(message.text, place(message.actions, capabilities), capabilities)
    last = fitted[-1]
    if (
        message.location
        and capabilities.location_request
        and isinstance(last, FittedText)
        and not last.buttons
        and not last.links
        and size(last.text) <= capabilities.button_text_length
    ):
        fitted[-1] = FittedText(text=last.text, ask_location=True)
    return fitted


def _document(message: Document, capabilities: Capabilities) -> list[FittedMessage]:
    if not capabilities.documents:
        way = Action(id="link:document", title=message.name, url=message.url)
        return as_texts(message.text or message.name, place((way,), capabilities), capabilities)
    if size(message.text) <= capabilities.caption_length:
        return [FittedDocument(url=message.url, name=message.name, text=message.text)]
    words = as_texts(message.text, place((), capabilities), capabilities)
    return [*words, FittedDocument(url=message.url, name=message.name)]


def _with_total(text: str, total: str) -> str:
    return text if not total or total in text else f"{text}\n*{total}*".strip()


def _last_number(message: Message) -> int:
    cards: Sequence[tuple[int, Card]] = cards_of(message)
    return max((number for number, _ in cards), default=0)
