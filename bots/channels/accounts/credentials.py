"""Checks what a merchant enters for a channel against the fields that the channel declares."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bots.channels.base import CredentialField
from catalog.kernel import chance
from catalog.kernel.errors import Invalid
from catalog.kernel.secrets import fingerprint

_LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Checked fields: what may be shown, what gets sealed, what names the provider's account ("" when nothing does)."""

    public: Mapping[str, Any]
    secret: Mapping[str, Any]
    provider_account: str


def check(fields: Sequence[CredentialField], given: object) -> Credentials:
    """Every field in its place. Raises Invalid that points at the first wrong one, without repeating its value."""
    if not isinstance(given, Mapping):
        raise Invalid("credentials are an object of fields", pointer="/credentials")
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            allowed = ", ".join(field.name for field in fields)
            raise Invalid(f"there is no such field; this channel takes {allowed}", pointer=_pointer(str(name)))
    values = {field.name: _value(field, given.get(field.name)) for field in fields}
    values = {name: value for name, value in values.items() if value is not None}
    return Credentials(
        public={name: value for name, value in values.items() if not known[name].secret},
        secret={name: value for name, value in values.items() if known[name].secret},
        provider_account=_provider_account(fields, values),
    )


def _value(field: CredentialField, given: object) -> object:
    if given is None or given == "":
        if field.generated:
            return chance.token(24)
        if field.required and field.default is None:
            raise Invalid("this field is missing", pointer=_pointer(field.name))
        return field.default
    match field.shape:
        case "text":
            return _text(field, given)
        case "flag":
            if not isinstance(given, bool) and given not in {"true", "false"}:
                raise Invalid("this field is true or false", pointer=_pointer(field.name))
            return given is True or given == "true"
        case "list":
            # One entry may stand alone.
            entries = given if isinstance(given, list) else [given]
            return [_text(field, entry) for entry in entries]
        case "object":
            if not isinstance(given, Mapping):
                raise Invalid("this field is an object", pointer=_pointer(field.name))
            return dict(given)


def _text(field: CredentialField, given: object) -> str:
    # Ids of digits arrive as JSON numbers all too often.
    words = str(given) if isinstance(given, int) and not isinstance(given, bool) else given
    if not isinstance(words, str):
        raise Invalid("this field is a text", pointer=_pointer(field.name))
    words = words.strip()
    if field.choices and words not in field.choices:
        raise Invalid(f"this field is one of {', '.join(field.choices)}", pointer=_pointer(field.name))
    if len(words) > _LONGEST or not re.fullmatch(field.pattern, words, re.DOTALL):
        raise Invalid(f"this field must be {field.hint or 'a text'}", pointer=_pointer(field.name))
    return words


def _provider_account(fields: Sequence[CredentialField], values: Mapping[str, Any]) -> str:
    parts = []
    for field in fields:
        match = re.match(field.identifies, str(values.get(field.name, ""))) if field.identifies else None
        if match is not None:
            parts.append(fingerprint(match[1]) if field.secret else match[1])
    return ":".join(parts)


def _pointer(name: str) -> str:
    return "/credentials/" + name.replace("~", "~0").replace("/", "~1")
