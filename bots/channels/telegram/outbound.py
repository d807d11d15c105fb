"""Fitted messages as Bot API calls. Source: core.telegram.org/bots/api, "Available methods".

Texts go as HTML: emphasis becomes `<b>`, everything else is escaped, so no product name can break a message.
"""

import html
from collections.abc import Mapping, Sequence
from typing import Any

from bots.channels.base import Envelope, WireCall
from bots.messages.fitted import (
    FittedDocument,
    FittedMessage,
    FittedPicture,
    FittedTemplate,
    FittedText,
    Link,
)
from bots.messages.outbound import Action
from bots.messages.words import emphasised, size

SHARE_LOCATION: Mapping[str, str] = {"de": "📍 Standort senden", "en": "📍 Send location"}
_WIDE_LABEL = 14  # longer labels get a row of their own, or phones cut them
_ROW_BUTTONS = 3

Body = dict[str, Any]


def render(message: FittedMessage, envelope: Envelope) -> WireCall:
    """The one call that sends it."""
    match message:
        case FittedText():
            method, content = "sendMessage", _text(message.text) | {"link_preview_options": {"is_disabled": True}}
        case FittedPicture():
            method, content = (
                "sendPhoto",
                {"photo": envelope.media.url(message.image.image_id)} | _caption(message.text),
            )
        case FittedDocument():
            method, content = "sendDocument", {"document": message.url} | _caption(message.text)
        case FittedTemplate():
            # Telegram has no templates and no window: the template's words are an ordinary message.
            method, content = "sendMessage", _text(message.use.text)
        case _:
            raise TypeError(f"Telegram draws no {type(message).__name__}: its capabilities do not offer it")
    body: Body = {"chat_id": int(envelope.address), **content, **_markup(message, envelope)}
    if envelope.reply_to and envelope.reply_to.isdecimal():
        body["reply_parameters"] = {
            "message_id": int(envelope.reply_to),
            "allow_sending_without_reply": True,
        }
    return WireCall(method="POST", path=f"/{method}", json=body)


def as_html(text: str) -> str:
    """Our markup as Telegram's HTML."""
    return "".join(
        f"<b>{html.escape(run, quote=False)}</b>" if strong else html.escape(run, quote=False)
        for run, strong in emphasised(text)
    )


def typing(address: str) -> WireCall:
    """Five seconds of "typing…"."""
    return WireCall(
        method="POST",
        path="/sendChatAction",
        json={"chat_id": int(address), "action": "typing"},
        repeatable=True,
    )


def answer_callback(query_id: str) -> WireCall:
    """Stop the button's spinner; it turns until we do."""
    return WireCall(method="POST", path="/answerCallbackQuery", json={"callback_query_id": query_id}, repeatable=True)


def refuse_pre_checkout(query_id: str, words: str) -> WireCall:
    """Let nobody pay an invoice, and say why. Telegram waits ten seconds, then it tells of a failure by itself."""
    body = {"pre_checkout_query_id": query_id, "ok": False, "error_message": words}
    return WireCall(method="POST", path="/answerPreCheckoutQuery", json=body, repeatable=True)


def _text(text: str) -> Body:
    return {"text": as_html(text), "parse_mode": "HTML"}


def _caption(text: str) -> Body:
    return {"caption": as_html(text), "parse_mode": "HTML"} if text else {}


def _markup(message: FittedMessage, envelope: Envelope) -> Body:
    if isinstance(message, FittedText) and message.ask_location:
        label = SHARE_LOCATION.get(envelope.locale[:2], SHARE_LOCATION["en"])
        keyboard = [[{"text": label, "request_location": True}]]
        return {"reply_markup": {"keyboard": keyboard, "resize_keyboard": True, "one_time_keyboard": True}}
    if not isinstance(message, FittedText | FittedPicture) or not (message.buttons or message.links):
        return {}
    rows = [*_rows(message.buttons), *([_link(link)] for link in message.links)]
    return {"reply_markup": {"inline_keyboard": rows}}


def _rows(buttons: Sequence[Action]) -> list[list[Body]]:
    """Short labels share a row, in order."""
    rows: list[list[Body]] = []
    narrow = False
    for button in buttons:
        short = size(button.title) <= _WIDE_LABEL
        if not (short and narrow and len(rows[-1]) < _ROW_BUTTONS):
            rows.append([])
        rows[-1].append({"text": button.title, "callback_data": button.id})
        narrow = short
    return rows


def _link(link: Link) -> Body:
    return {"text": link.title, "url": link.url}
