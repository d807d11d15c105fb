"""Fitted messages as bodies of `POST /{phone number id}/messages`. Source: Meta, "Messages", "Interactive …" pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from bots.channels.base import Account, Envelope, WireCall
from bots.messages.fitted import (
    FittedCarousel,
    FittedDocument,
    FittedList,
    FittedMessage,
    FittedPicture,
    FittedTemplate,
    FittedText,
    Link,
)
from bots.messages.outbound import Action, ImageRef, TemplateUse

VERSION = "v26.0"
# Our locales as WhatsApp names template languages; others are taken as they are.
LANGUAGES: Mapping[str, str] = {"en-GB": "en_GB", "en-US": "en_US", "pt-BR": "pt_BR", "pt-PT": "pt_PT"}
_LONGEST_OPAQUE = 512

Body = dict[str, Any]


def render(message: FittedMessage, envelope: Envelope, account: Account) -> WireCall:
    """The one call that sends it."""
    body: Body = {"messaging_product": "whatsapp", "recipient_type": "individual", **_recipient(envelope)}
    if envelope.reply_to:
        body["context"] = {"message_id": envelope.reply_to}
    body["biz_opaque_callback_data"] = envelope.message_id[:_LONGEST_OPAQUE]
    body |= _content(message, envelope)
    return WireCall(method="POST", path=f"/{VERSION}/{account.text('phone_number_id')}/messages", json=body)


def read_mark(message_id: str, account: Account, *, typing: bool) -> WireCall:
    """Blue ticks for all up to this message and, if we will answer, the typing dots (25 seconds at most)."""
    body: Body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    if typing:
        body["typing_indicator"] = {"type": "text"}
    path = f"/{VERSION}/{account.text('phone_number_id')}/messages"
    return WireCall(method="POST", path=path, json=body, repeatable=True)


def _recipient(envelope: Envelope) -> Body:
    """The phone number while it is surely theirs, else the business-scoped user id."""
    for address in (envelope.address, *envelope.aliases):
        if address.removeprefix("+").isdecimal():
            return {"to": address}
    return {"recipient": envelope.address}


def _content(message: FittedMessage, envelope: Envelope) -> Body:  # noqa: C901, PLR0911 - one case each
    match message:
        case FittedText(ask_location=True):
            return _interactive(
                "location_request_message", body={"text": message.text}, action={"name": "send_location"}
            )
        case FittedText() if message.buttons:
            return _buttons(message.text, message.buttons)
        case FittedText() if message.links:
            return _link(message.text, message.links[0])
        case FittedText():
            return {"type": "text", "text": {"body": message.text, "preview_url": False}}
        case FittedPicture() if message.buttons:
            return _buttons(message.text, message.buttons, header=_header(message.image, envelope))
        case FittedPicture() if message.links:
            return _link(message.text, message.links[0], header=_header(message.image, envelope))
        case FittedPicture():
            caption = {"caption": message.text} if message.text else {}
            return {"type": "image", "image": {**_picture(message.image, envelope), **caption}}
        case FittedList():
            return _list(message)
        case FittedCarousel():
            return _carousel(message, envelope)
        case FittedDocument():
            caption = {"caption": message.text} if message.text else {}
            return {"type": "document", "document": {"link": message.url, "filename": message.name, **caption}}
        case FittedTemplate():
            return _template(message.use)
        case _:
            raise TypeError(f"WhatsApp draws no {type(message).__name__}: its capabilities do not offer it")


def _interactive(kind: str, **parts: Body) -> Body:
    return {"type": "interactive", "interactive": {"type": kind, **parts}}


def _picture(image: ImageRef, envelope: Envelope) -> Body:
    return {"link": envelope.media.url(image.image_id)}


def _header(image: ImageRef, envelope: Envelope) -> Body:
    return {"type": "image", "image": _picture(image, envelope)}


def _buttons(text: str, buttons: Sequence[Action], header: Body | None = None) -> Body:
    replies = [{"type": "reply", "reply": {"id": button.id, "title": button.title}} for button in buttons]
    head = {"header": header} if header else {}
    return _interactive("button", **head, body={"text": text}, action={"buttons": replies})


def _link(text: str, link: Link, header: Body | None = None) -> Body:
    head = {"header": header} if header else {}
    return _interactive("cta_url", **head, body={"text": text}, action=_open(link))


def _open(link: Link) -> Body:
    return {"name": "cta_url", "parameters": {"display_text": link.title, "url": link.url}}


def _list(message: FittedList) -> Body:
    rows = [
        {"id": row.id, "title": row.title, **({"description": row.description} if row.description else {})}
        for row in message.rows
    ]
    # One section needs no title.
    return _interactive(
        "list", body={"text": message.text}, action={"button": message.button, "sections": [{"rows": rows}]}
    )


def _carousel(message: FittedCarousel, envelope: Envelope) -> Body:
    cards = []
    for index, card in enumerate(message.cards):
        action: Body
        if card.link is not None:
            action = _open(card.link)
        else:
            action = {
                "buttons": [
                    {"type": "quick_reply", "quick_reply": {"id": button.id, "title": button.title}}
                    for button in card.buttons
                ]
            }
        cards.append(
            {
                "card_index": index,
                "type": "cta_url",  # also of cards with quick replies: Meta, "Interactive media carousel"
                "header": _header(card.image, envelope),
                "body": {"text": card.text},
                "action": action,
            }
        )
    return _interactive("carousel", body={"text": message.text}, action={"cards": cards})


def _template(use: TemplateUse) -> Body:
    components: list[Body] = []
    if use.parameters:
        named = [{"type": "text", "parameter_name": name, "text": value} for name, value in use.parameters.items()]
        components.append({"type": "body", "parameters": named})
    if use.button_value is not None:
        value = [{"type": "text", "text": use.button_value}]
        components.append({"type": "button", "sub_type": "url", "index": "0", "parameters": value})
    language = {"code": LANGUAGES.get(use.locale, use.locale)}
    template: Body = {"name": use.name, "language": language}
    return {"type": "template", "template": template | ({"components": components} if components else {})}
