"""What the Bot API refuses in a call: its parameters, the words and the buttons of a message."""

from typing import Any
from urllib.parse import parse_qs

import msgspec

from storefront.lab.double import Call, Json
from storefront.lab.telegram_double.texts import ParseError, parse, units

_LONGEST = {"text": 4096, "caption": 1024}
_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay")
_CALLBACK_BYTES = 64
_MOST_BUTTONS = 100


class Refused(Exception):
    """The API refuses a call."""

    def __init__(self, code: int, words: str, **parameters: Any) -> None:  # noqa: ANN401 - as Telegram sends them
        super().__init__(words)
        self.code = code
        self.words = words
        self.parameters = parameters


def fields_of(call: Call) -> Json:
    """Parameters from the query, and a JSON or form body over them."""
    fields: Json = dict(call.query)
    kind = call.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            given = msgspec.json.decode(call.body or b"{}")
        except msgspec.DecodeError:
            raise Refused(400, "Bad Request: can't parse JSON object") from None
        if not isinstance(given, dict):
            raise Refused(400, "Bad Request: object expected")
        return {**fields, **given}
    if kind.startswith("application/x-www-form-urlencoded"):
        for name, values in parse_qs(call.body.decode("utf-8", "replace")).items():
            try:
                fields[name] = msgspec.json.decode(values[0])
            except msgspec.DecodeError:
                fields[name] = values[0]
    return fields


def read_words(fields: Json, key: str) -> Json:
    """The text or caption, its marks parsed. Raises Refused."""
    raw = fields.get(key, "")
    if not isinstance(raw, str):
        raise Refused(400, f"Bad Request: field {key} must be of type String")
    try:
        text, entities = parse(raw, str(fields.get("parse_mode", "")))
    except ParseError as error:
        raise Refused(400, f"Bad Request: can't parse entities: {error}") from error
    if key == "text" and not text:
        raise Refused(400, "Bad Request: message text is empty")
    if units(text) > _LONGEST[key]:
        raise Refused(400, f"Bad Request: message {'caption ' if key == 'caption' else ''}is too long")
    if not text:
        return {}
    return {key: text, **({f"{'caption_' if key == 'caption' else ''}entities": entities} if entities else {})}


def check_markup(markup: object) -> None:
    """Raises Refused for buttons that no message may have."""
    if markup is None:
        return
    rows = markup.get("inline_keyboard", markup.get("keyboard", [])) if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused(400, "Bad Request: object expected as reply markup")
    buttons = [button for row in rows for button in row]
    if len(buttons) > _MOST_BUTTONS:
        raise Refused(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not isinstance(button, dict) or not str(button.get("text", "")).strip():
            raise Refused(400, "Bad Request: inline keyboard button text is empty")
        if isinstance(markup, dict) and "inline_keyboard" in markup:
            if sum(name in button for name in _ACTIONS) != 1:
                raise Refused(400, "Bad Request: text buttons are unallowed in the inline keyboard")
            data = button.get("callback_data")
            if data is not None and not 0 < len(str(data).encode()) <= _CALLBACK_BYTES:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if not str(button.get("url", "https://")).startswith(("https://", "http://", "tg://")):
                raise Refused(400, "Bad Request: BUTTON_URL_INVALID")
