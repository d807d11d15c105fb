"""Stripe's form encoding: `line_items[0][price_data][currency]=eur` to nested objects and lists, all values text."""

import re
from urllib.parse import parse_qsl

from storefront.lab.stripe_double.answers import Json

_SEPARATORS = re.compile(r"[\[\]]+")


def decode(body: str) -> Json:
    """The nested parameters. `types[]=a&types[]=b` and `types[0]=a` both are lists."""
    root: Json = {}
    for position, (key, value) in enumerate(parse_qsl(body, keep_blank_values=True)):
        parts = [part for part in _SEPARATORS.split(key) if part]
        if key.endswith("[]"):
            parts.append(str(position))
        if not parts:
            continue
        place = root
        for part in parts[:-1]:
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else {}
        place[parts[-1]] = value
    nested = _with_lists(root)
    return nested if isinstance(nested, dict) else {}


def _with_lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _with_lists(inner) for key, inner in value.items()}
