"""A walker over the machine-readable Bot API: required fields, types, unknown keys, and lengths named in words."""

# ruff: noqa: ANN401 - bodies of JSON

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from bots.channels.base import WireCall

_LIMIT = re.compile(r"\b(\d+)-(\d+) (characters|bytes)")
_PLAIN = {
    "Integer": int,
    "String": str,
    "Boolean": bool,
    "True": bool,
    "Float": (int, float),
    "Float number": (int, float),
    "InputFile": str,
}


@cache
def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


class Description:
    """The published description, read from a file."""

    def __init__(self, path: Path) -> None:
        self.api = _load(path)

    def check_method(self, name: str, body: Any) -> None:
        """Raise AssertionError unless the description allows the call."""
        assert name in self.api["methods"], f"there is no method {name}"
        self._fields(self.api["methods"][name].get("fields", []), body, name)

    def check_type(self, name: str, value: Any) -> None:
        """The same for an object."""
        kind = self.api["types"][name]
        if kind.get("subtypes"):
            faults = []
            for subtype in kind["subtypes"]:
                try:
                    return self.check_type(subtype, value)
                except AssertionError as fault:
                    faults.append(str(fault))
            raise AssertionError(f"{name}: none of its kinds: {faults}")
        return self._fields(kind.get("fields", []), value, name)

    def _fields(self, fields: list[dict[str, Any]], value: Any, where: str) -> None:
        assert isinstance(value, dict), f"{where}: an object is wanted"
        known = {field["name"]: field for field in fields}
        assert not set(value) - set(known), f"{where}: unknown {sorted(set(value) - set(known))}"
        for name, field in known.items():
            assert name in value or not field["required"], f"{where}.{name} is missing"
            if name in value:
                self._value(field["types"], value[name], f"{where}.{name}")
                _length(field["description"], value[name], f"{where}.{name}")

    def _value(self, types: list[str], value: Any, where: str) -> None:
        faults = []
        for wanted in types:
            try:
                return self._one(wanted, value, where)
            except AssertionError as fault:
                faults.append(str(fault))
        raise AssertionError("; ".join(faults))

    def _one(self, wanted: str, value: Any, where: str) -> None:
        if wanted.startswith("Array of "):
            assert isinstance(value, list | tuple), f"{where}: a list is wanted"
            for one in value:
                self._one(wanted.removeprefix("Array of "), one, where)
        elif wanted in _PLAIN:
            assert isinstance(value, _PLAIN[wanted]), f"{where}: {wanted} is wanted"  # type: ignore[arg-type]
            assert wanted in {"Boolean", "True"} or not isinstance(value, bool), f"{where}: {wanted} is wanted"
        else:
            self.check_type(wanted, value)


def _length(description: str, value: Any, where: str) -> None:
    match = _LIMIT.search(description)
    if match is None or not isinstance(value, str):
        return
    text = re.sub(r"<[^>]*>", "", value) if "after entities parsing" in description else value
    size = len(text.encode()) if match[3] == "bytes" else len(text)
    # Escapes count once: "&amp;" is one character after parsing.
    escapes = len(re.findall(r"&(?:amp|lt|gt);", text))
    size -= sum(len(found) - 1 for found in re.findall(r"&(?:amp|lt|gt);", text)) if escapes else 0
    assert int(match[1]) <= size <= int(match[2]), f"{where}: {size} {match[3]}, {match[0]} wanted"


def check_limits(call: WireCall) -> None:
    """Limits that stand in no field's description: HTML must be balanced, callback data 64 bytes."""
    body = call.json or {}
    for key in ("text", "caption"):
        text = str(body.get(key, ""))
        assert text.count("<b>") == text.count("</b>")
        assert not re.search(r"<(?!/?b>)|&(?!amp;|lt;|gt;)", text)
    keyboard = body.get("reply_markup", {}).get("inline_keyboard", [])
    for row in keyboard:
        assert 0 < len(row) <= 8
        for button in row:
            assert len(button) == 2
            assert 0 < len(str(button.get("callback_data", "x")).encode()) <= 64
    assert sum(len(row) for row in keyboard) <= 100
