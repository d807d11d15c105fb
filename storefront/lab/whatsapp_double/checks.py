"""What the Cloud API refuses in a message, with Meta's codes. Source: Meta, "Messages" and "Error codes" pages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from storefront.lab.double import Json

MISSING, WRONG, PARAMETER = 131008, 131009, 100
_MOST = {"text": 4096, "caption": 1024, "body": 1024, "list_body": 4096, "card_body": 160, "url": 2000, "opaque": 512}
_INTERACTIVE = frozenset({"button", "list", "cta_url", "carousel", "location_request_message"})
_HEADERS = frozenset({"image", "video", "document", "text"})


class Refused(Exception):
    """The API refuses a message: Meta's code and details."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.code = code
        self.details = details


def check_message(body: Json) -> None:
    """Raise Refused for the first fault of a message."""
    if body.get("messaging_product") != "whatsapp":
        raise Refused(PARAMETER, "The parameter messaging_product is required.")
    if not isinstance(body.get("to") or body.get("recipient"), str):
        raise Refused(MISSING, "The parameter to is required.")
    _length(body.get("biz_opaque_callback_data", ""), "opaque", "biz_opaque_callback_data", least=0)
    kind = body.get("type", "text")
    part = body.get(kind)
    if kind not in _KINDS:
        raise Refused(PARAMETER, f"Param type must be one of the known types - got {str(kind)[:40]!r}.")
    if not isinstance(part, dict):
        raise Refused(MISSING, f"The parameter {kind} is required.")
    _KINDS[kind](part)


def _text(part: Json) -> None:
    _length(part.get("body"), "text", "text.body")


def _media(part: Json) -> None:
    if not part.get("id") and not _is_link(part.get("link")):
        raise Refused(WRONG, "Media needs an id or an https link.")
    _length(part.get("caption", ""), "caption", "caption", least=0)


def _reaction(part: Json) -> None:
    if not isinstance(part.get("message_id"), str):
        raise Refused(MISSING, "The parameter reaction.message_id is required.")


def _template(part: Json) -> None:
    if not isinstance(part.get("name"), str) or not isinstance((part.get("language") or {}).get("code"), str):
        raise Refused(MISSING, "A template needs name and language.code.")


def _location(part: Json) -> None:
    if not all(isinstance(part.get(name), int | float) for name in ("latitude", "longitude")):
        raise Refused(WRONG, "Location needs latitude and longitude as numbers.")


def _interactive(part: Json) -> None:
    kind, action = part.get("type"), part.get("action")
    if kind not in _INTERACTIVE:
        raise Refused(WRONG, f"Unsupported interactive type {str(kind)[:40]!r}.")
    if not isinstance(action, dict):
        raise Refused(MISSING, "The parameter interactive.action is required.")
    body = part.get("body")
    words = body.get("text") if isinstance(body, dict) else None
    _length(words, "list_body" if kind == "list" else "body", "interactive.body.text")
    header = part.get("header")
    if header is not None:
        _header(header, kind)
    {"button": _buttons, "list": _list, "cta_url": _cta, "carousel": _carousel}.get(str(kind), _ask_location)(action)


def _header(header: object, kind: object) -> None:
    if not isinstance(header, dict) or header.get("type") not in _HEADERS:
        raise Refused(WRONG, "Unknown header type.")
    if kind in {"carousel", "location_request_message"} or (kind == "list" and header["type"] != "text"):
        raise Refused(WRONG, f"Interactive type {kind} has no such header.")
    if header["type"] != "text":
        _media(header.get(header["type"]) or {})


def _ask_location(action: Json) -> None:
    if action.get("name") != "send_location":
        raise Refused(WRONG, "action.name must be send_location.")


def _buttons(action: Json) -> None:
    replies = [button.get("reply") or {} for button in _dicts(action, "buttons", least=1, most=3)]
    if any(button.get("type") != "reply" for button in action["buttons"]):
        raise Refused(WRONG, "Buttons of this type must be of type reply.")
    for reply in replies:
        _limit(reply.get("title"), 20, "Button title")
        _limit(reply.get("id"), 256, "Button id")
    _distinct((reply["id"] for reply in replies), "Button ids")
    _distinct((reply["title"] for reply in replies), "Button titles")


def _list(action: Json) -> None:
    _limit(action.get("button"), 20, "List button")
    sections = _dicts(action, "sections", least=1, most=10)
    rows = [row for section in sections for row in _dicts(section, "rows", least=1, most=10)]
    if len(rows) > 10:  # noqa: PLR2004 - Meta's limit
        raise Refused(WRONG, "Total row count exceed max allowed count: 10")
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise Refused(WRONG, "Sections need titles when there is more than one.")
    for row in rows:
        _limit(row.get("id"), 200, "Row id")
        _limit(row.get("title"), 24, "Row title")
        _limit(row.get("description", ""), 72, "Row description", least=0)
    _distinct((row["id"] for row in rows), "Row ids")


def _cta(action: Json) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "cta_url" or not isinstance(parameters, dict):
        raise Refused(WRONG, "action.name must be cta_url, with parameters.")
    _limit(parameters.get("display_text"), 20, "display_text")
    if not _is_link(parameters.get("url")):
        raise Refused(WRONG, "url is no valid URL.")


def _carousel(action: Json) -> None:
    cards = _dicts(action, "cards", least=2, most=10)
    shapes = set()
    for index, card in enumerate(cards):
        inner = card.get("action")
        if card.get("card_index") != index or card.get("type") != "cta_url" or not isinstance(inner, dict):
            raise Refused(WRONG, f"Card {index} needs card_index, type and action.")
        header = card.get("header")
        if not isinstance(header, dict) or header.get("type") not in {"image", "video"}:
            raise Refused(WRONG, f"Card {index} needs an image or video header.")
        _media(header.get(header["type"]) or {})
        words = (card.get("body") or {}).get("text", "")
        _limit(words, 160, "Card body", least=0)
        if words.count("\n") > 2:  # noqa: PLR2004 - Meta's limit
            raise Refused(WRONG, "Card body has more than 2 line breaks.")
        shapes.add(_card_action(inner))
    if len(shapes) > 1:
        raise Refused(WRONG, "All cards must have the same buttons.")


def _card_action(action: Json) -> tuple[str, int]:
    if "buttons" not in action:
        _cta(action)
        return "cta_url", 1
    replies = [button.get("quick_reply") or {} for button in _dicts(action, "buttons", least=1, most=3)]
    for reply in replies:
        _limit(reply.get("title"), 20, "Quick reply title")
        _limit(reply.get("id"), 20, "Quick reply id")
    return "quick_reply", len(replies)


_KINDS = {
    "text": _text,
    "image": _media,
    "video": _media,
    "audio": _media,
    "document": _media,
    "sticker": _media,
    "location": _location,
    "reaction": _reaction,
    "template": _template,
    "interactive": _interactive,
}


def check_template_use(use: Json, template: Mapping[str, Any]) -> None:
    """Raise Refused unless the parameters are those of the approved template."""
    given: dict[str, Json] = {}
    for component in use.get("components") or ():
        given[str(component.get("type"))] = component
    for component in template["components"]:
        kind = component["type"]
        if kind == "BODY":
            names = {one["param_name"] for one in component.get("example", {}).get("body_text_named_params", ())}
            parameters = given.get("body", {}).get("parameters", ())
            if {one.get("parameter_name") for one in parameters} != names:
                raise Refused(132000, f"Number of parameters does not match: {len(names)} expected")
            for one in parameters:
                if not str(one.get("text", "")).strip() or "\n" in one["text"] or "    " in one["text"]:
                    raise Refused(132012, "Parameter text cannot be empty or have new-line or 4 consecutive spaces")
        if kind == "BUTTONS":
            variable = any("{{" in button.get("url", "") for button in component["buttons"])
            if variable and not given.get("button", {}).get("parameters"):
                raise Refused(132000, "The URL button needs its parameter")


def _dicts(value: Json, key: str, *, least: int, most: int) -> list[Json]:
    found = value.get(key)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refused(MISSING, f"The parameter {key} is required.")
    if not least <= len(found) <= most:
        raise Refused(WRONG, f"{key}: {least} to {most} are allowed, {len(found)} given.")
    return found


def _length(value: object, limit: str, where: str, *, least: int = 1) -> None:
    _limit(value, _MOST[limit], where, least=least)


def _limit(value: object, most: int, where: str, *, least: int = 1) -> None:
    if not isinstance(value, str) or len(value.strip()) < least:
        raise Refused(MISSING, f"The parameter {where} is required.")
    if len(value) > most:
        raise Refused(WRONG, f"{where} length invalid. Min length: {least}, Max length: {most}")


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= _MOST["url"]


def _distinct(values: Iterator[Any] | Sequence[Any], where: str) -> None:
    found = list(values)
    if len(set(found)) != len(found):
        raise Refused(WRONG, f"{where} must be unique.")
