"""What the double answers: an object, or an error in Stripe's envelope."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """A response before it is written to the wire."""

    status: int
    body: Json
    replayed: bool = False


class Refused(Exception):
    """Stripe's error object, on its way to becoming an answer."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **more: object,
    ) -> None:
        super().__init__(message)
        error = {"message": message, "type": kind, "code": code, "param": param, **more}
        self.answer = Answer(status, {"error": {name: value for name, value in error.items() if value is not None}})


def missing(kind: str, object_id: str) -> Refused:
    """The object does not exist."""
    return Refused(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param="id")


def bad(param: str, message: str, code: str = "parameter_invalid") -> Refused:
    """A parameter is wrong."""
    return Refused(message, param=param, code=code)


def listing(url: str, found: list[Json], params: Json) -> Json:
    """A page of a list, newest first: `limit`, `starting_after`."""
    limit = whole(params.get("limit", 10), "limit")
    if not 1 <= limit <= 100:  # noqa: PLR2004 - Stripe's own bounds
        raise bad("limit", "Invalid integer: limit has to be between 1 and 100")
    after = params.get("starting_after")
    if after is not None:
        ids = [item["id"] for item in found]
        if after not in ids:
            raise missing("object", str(after))
        found = found[ids.index(after) + 1 :]
    return {"object": "list", "url": url, "has_more": len(found) > limit, "data": found[:limit]}


def whole(value: object, param: str) -> int:
    """An integer of a form."""
    try:
        return int(str(value))
    except ValueError:
        raise bad(param, f"Invalid integer: {value}", "parameter_invalid_integer") from None
