"""JSON Schemas of `POST /{phone number id}/messages`, written from Meta's pages: kinds, fields and every limit."""

# ruff: noqa: ANN401 - bodies of JSON

from typing import Any

from jsonschema import Draft202012Validator


def _object(required: str, /, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most, "pattern": r"\S"}


def _body(most: int) -> dict[str, Any]:
    return _object("text", text=_text(most))


_URL = {"type": "string", "pattern": "^https?://", "maxLength": 2000}
_MEDIA = _object("link", link=_URL, caption=_text(1024), filename=_text(240))
_IMAGE_HEADER = _object("type image", type={"const": "image"}, image=_object("link", link=_URL))
_REPLY = _object("id title", id=_text(256), title=_text(20))
_CTA = _object(
    "name parameters",
    name={"const": "cta_url"},
    parameters=_object("display_text url", display_text=_text(20), url=_URL),
)
_ROW = _object("id title", id=_text(200), title=_text(24), description=_text(72))
_CARD_REPLY = _object("id title", id=_text(20), title=_text(20))


def _list(items: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


_BUTTONS = _object("buttons", buttons=_list(_object("type reply", type={"const": "reply"}, reply=_REPLY), 1, 3))
_SECTION = _object("rows", title=_text(24), rows=_list(_ROW, 1, 10))
_QUICK = _object("type quick_reply", type={"const": "quick_reply"}, quick_reply=_CARD_REPLY)
_CARD = _object(
    "card_index type header action",
    card_index={"type": "integer", "minimum": 0, "maximum": 9},
    type={"const": "cta_url"},
    header=_IMAGE_HEADER,
    body=_body(160),
    action={"oneOf": [_CTA, _object("buttons", buttons=_list(_QUICK, 1, 3))]},
)
INTERACTIVE = {
    "button": _object(
        "type body action", type={"const": "button"}, header=_IMAGE_HEADER, body=_body(1024), action=_BUTTONS
    ),
    "list": _object(
        "type body action",
        type={"const": "list"},
        body=_body(4096),
        action=_object("button sections", button=_text(20), sections=_list(_SECTION, 1, 1)),
    ),
    "cta_url": _object(
        "type body action", type={"const": "cta_url"}, header=_IMAGE_HEADER, body=_body(1024), action=_CTA
    ),
    "location_request_message": _object(
        "type body action",
        type={"const": "location_request_message"},
        body=_body(1024),
        action=_object("name", name={"const": "send_location"}),
    ),
    "carousel": _object(
        "type body action",
        type={"const": "carousel"},
        body=_body(1024),
        action=_object("cards", cards=_list(_CARD, 2, 10)),
    ),
}
_BODY_PARAMETER = _object(
    "type parameter_name text", type={"const": "text"}, parameter_name=_text(60), text=_text(1024)
)
_COMPONENT = {
    "oneOf": [
        _object("type parameters", type={"const": "body"}, parameters=_list(_BODY_PARAMETER, 1, 20)),
        _object(
            "type sub_type index parameters",
            type={"const": "button"},
            sub_type={"const": "url"},
            index={"const": "0"},
            parameters=_list(_object("type text", type={"const": "text"}, text=_text(2000)), 1, 1),
        ),
    ]
}
CONTENT = {
    "text": _object("body preview_url", body=_text(4096), preview_url={"type": "boolean"}),
    "image": _MEDIA,
    "document": _MEDIA,
    "template": _object(
        "name language",
        name={"type": "string", "pattern": "^[a-z0-9_]{1,512}$"},
        language=_object("code", code={"type": "string", "pattern": "^[a-z]{2,3}(_[A-Z]{2})?$"}),
        components=_list(_COMPONENT, 1, 3),
    ),
    "interactive": {"oneOf": list(INTERACTIVE.values())},
}
_ENVELOPE = {
    "messaging_product": {"const": "whatsapp"},
    "recipient_type": {"const": "individual"},
    "to": {"type": "string", "pattern": r"^\+?\d{5,20}$"},
    "recipient": {"type": "string", "pattern": r"^[A-Z]{2}\.[A-Za-z0-9]{1,128}$"},
    "context": _object("message_id", message_id=_text(500)),
    "biz_opaque_callback_data": _text(512),
}
_MESSAGE = {
    "oneOf": [
        {
            **_object(
                f"messaging_product recipient_type type {kind}",
                **_ENVELOPE,
                **{"type": {"const": kind}, kind: content},
            ),
            "anyOf": [{"required": ["to"]}, {"required": ["recipient"]}],
        }
        for kind, content in CONTENT.items()
    ]
}
_validators = {kind: Draft202012Validator(schema) for kind, schema in zip(CONTENT, _MESSAGE["oneOf"], strict=True)}
_interactive = {kind: Draft202012Validator(schema) for kind, schema in INTERACTIVE.items()}


def check(body: Any) -> None:
    """Raise ValidationError unless Meta would take the body; AssertionError for rules between fields."""
    _validators[body["type"]].validate(body)
    if body["type"] != "interactive":
        return
    interactive = body["interactive"]
    _interactive[interactive["type"]].validate(interactive)
    action = interactive["action"]
    if interactive["type"] == "button":
        _distinct([button["reply"]["id"] for button in action["buttons"]])
        _distinct([button["reply"]["title"] for button in action["buttons"]])
    if interactive["type"] == "list":
        _distinct([row["id"] for section in action["sections"] for row in section["rows"]])
    if interactive["type"] == "carousel":
        _distinct([card["card_index"] for card in action["cards"]])
        assert len({(*card["action"], len(card["action"].get("buttons", ()))) for card in action["cards"]}) == 1
        assert all(card["body"]["text"].count("\n") <= 2 for card in action["cards"])


def _distinct(values: list[Any]) -> None:
    assert len(set(values)) == len(values), f"twins in {values}"
