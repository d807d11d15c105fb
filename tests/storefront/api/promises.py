"""Holds answers of the API to its description: status, content type, and every field of the body."""

import copy
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker
from litestar import Litestar

_FORMATS = FormatChecker()


@_FORMATS.checks("date-time", raises=ValueError)  # type: ignore[untyped-decorator]  # jsonschema ships no types
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Promises:
    """A description, read strictly: a field that it does not name must not come."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.description = strict(description)
        self._paths = [(re.compile(_pattern(path)), path) for path in sorted(description["paths"], key=_openness)]
        self._validators: dict[str, Draft202012Validator] = {}

    def check(self, method: str, path: str, answer: httpx.Response) -> None:
        """Raises AssertionError for an answer that is not promised."""
        paths, verb = self.description["paths"], method.lower()
        named = next(
            (known for pattern, known in self._paths if verb in paths[known] and pattern.fullmatch(path)), None
        )
        if named is None:  # there is no such resource, or it has no such method
            return
        operation = paths[named][verb]
        what = f"{method} {named} answered {answer.status_code}"
        promised = operation["responses"].get(str(answer.status_code))
        assert promised is not None, f"{what}, which the description does not know"
        for header, form in promised.get("headers", {}).items():
            assert not form.get("required") or header in answer.headers, f"{what} without {header}"
        if not promised.get("content"):
            assert not answer.content, f"{what} with a body"
            return
        ((content_type, form),) = promised["content"].items()
        assert answer.headers["content-type"].partition(";")[0] == content_type, what
        if content_type.endswith("json"):
            faults = [*self._validator(what, form["schema"]).iter_errors(answer.json())]
            assert not faults, f"{what}: " + "; ".join(f"{fault.json_path} {fault.message}" for fault in faults)

    def faults_of(self, name: str, value: object) -> list[str]:
        """What of a value is not as a form wants it."""
        found = self._validator(name, {"$ref": f"#/components/schemas/{name}"}).iter_errors(value)
        return [f"{name} {fault.json_path} {fault.message}" for fault in found]

    def _validator(self, key: str, schema: Mapping[str, Any]) -> Draft202012Validator:
        if key not in self._validators:
            whole = {**schema, "components": self.description["components"]}
            self._validators[key] = Draft202012Validator(whole, format_checker=_FORMATS)
        return self._validators[key]


@cache
def of(app: Litestar) -> Promises:
    """What an application's description promises."""
    return Promises(app.openapi_schema.to_schema())


def strict(description: Mapping[str, Any]) -> dict[str, Any]:
    """The description, but objects whose fields it names have no others."""
    closed = copy.deepcopy(dict(description))
    for schema in _objects(closed):
        schema.setdefault("additionalProperties", False)
    return closed


def _objects(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict) and value.get("type") == "object":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _pattern(path: str) -> str:
    """A parameter at the end may hold slashes: a SKU, the path of a category."""
    inner, last = re.sub(r"\{[^}]+\}(?!$)", "[^/]+", path), r"\{[^}]+\}$"
    return re.sub(last, ".+", inner)


def _openness(path: str) -> tuple[int, int]:
    return path.count("{"), -len(path)
