"""From a message to what pages draw: content by type (text, image, product, carousel, cart, checkout, order, form …).

Everything tappable in a card is `actions: [{id, title, value?, url?}]`; answers that stand below a bubble are
`quick_replies: [{id, title}]`, at most eight of 25 characters.
"""

from collections.abc import Sequence
from typing import Any

from bots.channels.base import Envelope, MediaLinks, WireCall
from bots.channels.webchat.threads import stamp
from bots.messages.fitted import (
    FittedCard,
    FittedCarousel,
    FittedDocument,
    FittedList,
    FittedMessage,
    FittedPicture,
    FittedRich,
    FittedTemplate,
    FittedText,
    Link,
    unwrap,
)
from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    CartView,
    Choices,
    Document,
    FormQuestion,
    ImageRef,
    LineView,
    Lookbook,
    Message,
    OrderStatus,
    PaymentRequest,
    Picture,
    ProductCard,
    Text,
)
from catalog.images.renditions import RENDITIONS
from catalog.kernel.money import Money

_CARD = RENDITIONS["card.webp"]
EVENTS = "events"
TYPING = "typing"
_QUICK_REPLIES = 8
_QUICK_LENGTH = 25
_AUTHORS = {"bot": "bot", "staff": "agent", "system": "bot"}

Json = dict[str, Any]


def render(message: FittedMessage, envelope: Envelope) -> WireCall:
    """The event to store. Storing it again under the same message id changes nothing."""
    content, quick = _content(message, envelope.media)
    body: Json = {"content": content}
    if quick:
        body["quick_replies"] = quick
    return WireCall(
        method="POST",
        path=EVENTS,
        json={
            "address": envelope.address,
            "message_id": envelope.message_id,
            "author": _AUTHORS.get(envelope.author, "bot"),
            "reply_to": envelope.reply_to,
            "body": body,
        },
        repeatable=True,
    )


def typing(address: str) -> WireCall:
    """Show that the shop has read everything and is writing."""
    return WireCall(method="POST", path=TYPING, json={"address": address}, repeatable=True)


def _content(message: FittedMessage, media: MediaLinks) -> tuple[Json, list[Json]]:  # noqa: PLR0911 - one for each kind
    match message:
        case FittedRich():
            return _rich(unwrap(message), media)
        case FittedText():
            return _text(message.text, (*message.buttons, *_linked(message.links)))
        case FittedPicture():
            return _picture(message.image, message.text, (*message.buttons, *_linked(message.links)), media), []
        case FittedList():
            return _choices(message.text, message.rows), []
        case FittedCarousel():
            items = [_fitted_card(card, media) for card in message.cards]
            return {"type": "carousel", "text": message.text, "items": items, "actions": []}, []
        case FittedDocument():
            return _file(message.url, message.name, message.text), []
        case FittedTemplate():
            return {"type": "text", "format": "md", "text": message.use.text}, []


def _rich(message: Message, media: MediaLinks) -> tuple[Json, list[Json]]:
    match message:
        case Text():
            return _text(message.text, message.actions)
        case FormQuestion():
            return _form(message)
        case Choices():
            return _choices(message.text, message.options), []
        case Document():
            return _file(message.url, message.name, message.text), []
        case _:
            return _drawn(message, media), []


def _drawn(message: Message, media: MediaLinks) -> Json:  # noqa: PLR0911 - one for each kind
    match message:
        case Picture():
            return _picture(message.image, message.text, message.actions, media)
        case ProductCard():
            return {"type": "product", "text": message.text, **_card(message.card, media)}
        case Carousel():
            items = [_card(card, media) for card in message.cards]
            return {"type": "carousel", "text": message.text, "items": items, "actions": _actions(message.actions)}
        case Lookbook():
            return {
                **_picture(message.image, message.text, message.actions, media),
                "lookbook": message.code,
                "title": message.title,
                "items": [_card(card, media) for card in message.cards],
            }
        case CartView():
            return {
                "type": "cart", "cart_id": message.cart_id, "text": message.text,
                "lines": _lines(message.lines, media), "total": message.total,
                "totals": {"total": message.total}, "actions": _actions(message.actions),
            }  # fmt: skip
        case PaymentRequest():
            return _payment(message, media)
        case OrderStatus():
            return _order(message, media)
        case _:
            raise TypeError(type(message).__name__)


def _text(text: str, actions: Sequence[Action]) -> tuple[Json, list[Json]]:
    """Answers stand below the bubble while they are few, short and equal; else they are part of it."""
    content: Json = {"type": "text", "format": "md", "text": text}
    quick = len(actions) <= _QUICK_REPLIES and all(
        not action.url and not action.primary and len(action.title) <= _QUICK_LENGTH for action in actions
    )
    if quick:
        return content, _quick(actions)
    return {**content, "actions": _actions(actions)}, []


def _form(message: FormQuestion) -> tuple[Json, list[Json]]:
    field = {"id": message.field, "type": message.field, "label": message.text, "required": True}
    content: Json = {"type": "form", "text": message.text, "fields": [field]}
    if message.location:
        content["location"] = True
    short = [action for action in message.actions if not action.url and len(action.title) <= _QUICK_LENGTH]
    rest = [action for action in message.actions if action not in short]
    if rest:
        content["actions"] = _actions(rest)
    return content, _quick(short[:_QUICK_REPLIES])


def _choices(text: str, options: Sequence[Action]) -> Json:
    return {
        "type": "choice",
        "text": text,
        "multi": False,
        "options": [
            {"id": option.id, "title": option.title, **({"subtitle": option.description} if option.description else {})}
            for option in options
            if not option.url
        ],
        "actions": _actions([option for option in options if option.url]),
    }


def _payment(message: PaymentRequest, media: MediaLinks) -> Json:
    pay = Action(id="pay", title=message.label, url=message.url, primary=True)
    rest = [action for action in message.actions if action.url != message.url]
    until = message.held_until
    return {
        "type": "checkout", "text": message.text, "url": message.url, "amount": _money(message.amount),
        "expires_at": None if until is None else stamp(until),
        "total": message.total, "methods": ["link"], "lines": _lines(message.lines, media),
        "actions": _actions((pay, *rest)),
    }  # fmt: skip


def _order(message: OrderStatus, media: MediaLinks) -> Json:
    order: Json = {
        "type": "order", "text": message.text, "order_no": message.number, "state": message.state,
        "timeline": [{"label": label, "reached": reached} for label, reached in message.timeline],
        "lines": _lines(message.lines, media), "actions": _actions(message.actions),
    }  # fmt: skip
    return {**order, "url": message.url} if message.url else order


def _picture(image: ImageRef, text: str, actions: Sequence[Action], media: MediaLinks) -> Json:
    return {
        "type": "image", "text": text, "url": media.url(image.image_id), "alt": image.alt,
        "full": media.url(image.image_id, "full.webp"), "w": image.width, "h": image.height,
        "actions": _actions(actions),
    }  # fmt: skip


def _file(url: str, name: str, text: str) -> Json:
    return {"type": "file", "url": url, "name": name, "text": text}


def _card(card: Card, media: MediaLinks) -> Json:
    drawn: Json = {
        "sku": card.sku, "handle": card.handle, "title": card.title, "subtitle": card.subtitle,
        "price": _money(card.price), "number": card.number, "sold_out": card.sold_out, "options": list(card.options),
        "image": None if card.image is None else _image(card.image, media), "actions": _actions(card.actions),
    }  # fmt: skip
    return {**drawn, "at": list(card.at)} if card.at else drawn


def _fitted_card(card: FittedCard, media: MediaLinks) -> Json:
    actions = (*card.buttons, *_linked((card.link,) if card.link else ()))
    return _card(Card(title=card.text, subtitle="", image=card.image, actions=actions), media)


def _lines(lines: Sequence[LineView], media: MediaLinks) -> list[Json]:
    return [
        {
            "title": line.title, "quantity": line.quantity, "total": line.total, "sku": line.sku,
            "image": None if line.image is None else _image(line.image, media),
        }
        for line in lines
    ]  # fmt: skip


def _image(image: ImageRef, media: MediaLinks) -> Json:
    """A picture for a card of 4:5: the size for the card, twice that for sharp screens, and the large one."""
    return {
        "url": media.url(image.image_id, _CARD.name), "url_2x": media.url(image.image_id, "card@2x.webp"),
        "full": media.url(image.image_id, "full.webp"), "alt": image.alt, "w": _CARD.width, "h": _CARD.height,
    }  # fmt: skip


def _money(amount: Money | None) -> Json | None:
    return None if amount is None else {"amount_minor": amount.minor, "currency": amount.currency}


def _linked(links: Sequence[Link]) -> list[Action]:
    return [Action(id=f"link-{number}", title=link.title, url=link.url) for number, link in enumerate(links, start=1)]


def _quick(actions: Sequence[Action]) -> list[Json]:
    return [{"id": action.id, "title": action.title} for action in actions]


def _actions(actions: Sequence[Action]) -> list[Json]:
    drawn = []
    for action in actions:
        one: Json = {"id": action.id, "title": action.title}
        one |= {"value": dict(action.value)} if action.value else {}
        one |= {"url": action.url} if action.url else {}
        one |= {"primary": True} if action.primary else {}
        drawn.append(one)
    return drawn
