"""Judges requests and objects by Stripe's published API description; found beside the project, else the test skips.

OpenAPI 3.0's `nullable` becomes an alternative of null once, and form bodies are rebuilt and coerced by schema.
"""

import json
import re
from functools import cache
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from storefront.lab.stripe_double.forms import decode
from tests.shared import shared

Json = Any
# What Stripe's own iOS code sends with an Apple Pay token; the description does not name it.
_APPLE_PAY = frozenset({"pk_token", "pk_token_instrument_name", "pk_token_payment_network", "pk_token_transaction_id"})
_FORM = "application/x-www-form-urlencoded"


class Description:
    """The description, ready to judge."""

    def __init__(self, text: str) -> None:
        self.document = _convert(json.loads(text.replace('"#/components', '"urn:stripe#/components')))
        resource = Resource.from_contents(self.document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource("urn:stripe", resource)

    def object_errors(self, obj: Json) -> list[tuple[list[Any], str]]:
        """What is wrong with an object, by the schema that its `object` names."""
        name = {"list": None, "checkout.session": "checkout.session"}.get(obj["object"], obj["object"])
        if name is None:
            return [fault for item in obj["data"] for fault in self.object_errors(item)]
        faults = self._errors({"$ref": f"urn:stripe#/components/schemas/{name}"}, obj)
        if name == "event":
            faults += self.object_errors(obj["data"]["object"])
        return faults

    def error_errors(self, body: Json) -> list[tuple[list[Any], str]]:
        """What is wrong with an error answer."""
        return self._errors({"$ref": "urn:stripe#/components/schemas/error"}, body)

    def request_errors(self, request: httpx.Request) -> list[tuple[list[Any], str]]:
        """What is wrong with a request: its path, its method, its form or its query."""
        method = request.method.lower()
        for path, operations in self.document["paths"].items():
            pattern = re.sub(r"\{[^}]+\}", "[^/]+", path)
            if method in operations and re.fullmatch(pattern, request.url.path):
                return self._operation_errors(operations[method], request)
        return [([request.url.path], f"the description has no {request.method} {request.url.path}")]

    def _operation_errors(self, operation: Json, request: httpx.Request) -> list[tuple[list[Any], str]]:
        if request.method == "POST":
            given = {k: v for k, v in decode(request.content.decode()).items() if k not in _APPLE_PAY}
            schema = operation["requestBody"]["content"][_FORM]["schema"]
            return self._errors(schema, self._coerce(given, schema))
        known = {
            parameter["name"]: parameter["schema"]
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        }
        schema = {"type": "object", "properties": known, "additionalProperties": False}
        return self._errors(schema, self._coerce(decode(request.url.query.decode()), schema))

    def _errors(self, schema: Json, value: Json) -> list[tuple[list[Any], str]]:
        found = Draft202012Validator(schema, registry=self._registry).iter_errors(value)
        return [(list(error.absolute_path), error.message[:300]) for error in found]

    def _coerce(self, value: Json, schema: Json) -> Json:
        for choice in schema.get("anyOf", ()):
            coerced = self._coerce(value, choice)
            if not self._errors(choice, coerced):
                return coerced
        kind = schema.get("type")
        if isinstance(value, str):
            if kind == "integer" and re.fullmatch(r"-?\d+", value):
                return int(value)
            return value == "true" if kind == "boolean" and value in {"true", "false"} else value
        if isinstance(value, list):
            return [self._coerce(item, schema.get("items", {})) for item in value]
        if isinstance(value, dict):
            other = schema.get("additionalProperties")
            fallback = other if isinstance(other, dict) else {}
            properties = schema.get("properties", {})
            return {key: self._coerce(item, properties.get(key, fallback)) for key, item in value.items()}
        return value


def description() -> Description:
    """The description. Skips the test where it is not on the machine."""
    return _read(str(shared("payments/stripe-openapi-trimmed.json")))


@cache
def _read(path: str) -> Description:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a cached path is a text
        return Description(file.read())


def _convert(node: Json) -> Json:
    if isinstance(node, list):
        return [_convert(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _convert(item) for key, item in node.items()}
    return {"anyOf": [{"type": "null"}, made]} if made.pop("nullable", False) is True else made
