"""What every resource may answer instead, for the API's description: problem details (RFC 9457)."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from litestar.openapi.datastructures import ResponseSpec

from storefront.api.problems import CONTENT_TYPE


class Problem(TypedDict):
    """What was refused, why, where in the request, and what to do."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    pointer: NotRequired[str]
    values: NotRequired[Mapping[str, Any]]


_MEANINGS = {
    400: "The request cannot be read",
    401: "No key, or not a good one",
    403: "The key may not do this",
    404: "There is no such thing in this shop",
    405: "Not with this method",
    409: "The present state forbids it",
    412: "If-Match names an older revision",
    413: "The body is too large",
    422: "A value is refused; `pointer` names it",
    429: "Too many requests with one key",
    500: "A fault of ours; the request may be repeated",
    503: "A provider or the install is not ready; repeat later",
}

RESPONSES: Mapping[int, ResponseSpec] = {
    status: ResponseSpec(Problem, description=meaning, media_type=CONTENT_TYPE, generate_examples=False)
    for status, meaning in _MEANINGS.items()
}
