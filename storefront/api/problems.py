"""Errors as RFC 9457 problem details: one table from refusals to statuses, nothing else invents one.

A problem names the field by a JSON pointer, says what is wrong with the value and what to do. It never holds a secret
or a stack trace.
"""

import logging
import re
from typing import Any

import msgspec
from asyncpg import DataError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from sqlalchemy.exc import DBAPIError

from catalog.kernel import errors
from catalog.kernel.db import AWAY
from catalog.kernel.errors import ShopError

_log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
_NAMED = re.compile(r"^Object (?:contains unknown|missing required) field `([^`]+)`")
_NO_BODY = str(KeyError("data"))  # all that the framework says of a body that was not sent
_TYPES = "urn:storefront:problem:"

STATUSES: dict[type[ShopError], int] = {
    errors.Invalid: 422,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Forbidden: 403,
    errors.Forged: 401,
    errors.Unreadable: 400,
    errors.Unavailable: 503,
    errors.Misconfigured: 503,
    ShopError: 409,
}


class Unauthorised(errors.Forbidden):
    """No key, or not a good one."""

    code = "unauthorised"


class PreconditionFailed(errors.Conflict):
    """If-Match names an older revision."""

    code = "precondition_failed"


class TooManyRequests(errors.Unavailable):
    """The caller is over its rate."""

    code = "rate_limited"


SPECIAL: dict[type[ShopError], int] = {Unauthorised: 401, PreconditionFailed: 412, TooManyRequests: 429}


def status_of(error: ShopError) -> int:
    """The HTTP status of a refusal: that of the nearest class in the tables."""
    for kind in type(error).__mro__:
        if kind in SPECIAL:
            return SPECIAL[kind]
        if kind in STATUSES:
            return STATUSES[kind]
    return 500


def problem(status: int, code: str, detail: str, **more: Any) -> Response[dict[str, Any]]:  # noqa: ANN401 - JSON
    """A problem as a response."""
    body = {
        "type": f"{_TYPES}{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
    }
    headers = {"WWW-Authenticate": 'Bearer realm="storefront"'} if status == 401 else {}  # noqa: PLR2004 - HTTP
    return Response(
        {**body, **{key: value for key, value in more.items() if value not in (None, "")}},
        status_code=status, media_type=CONTENT_TYPE, headers=headers,
    )  # fmt: skip


def refuse(_request: "Request[Any, Any, Any]", error: ShopError) -> Response[dict[str, Any]]:
    """Answer a refusal."""
    values = {key: value for key, value in error.values.items() if _plain(value)}
    pointer = getattr(error, "pointer", "")
    return problem(status_of(error), error.code, error.detail, pointer=pointer, values=values or None)


def refuse_http(request: "Request[Any, Any, Any]", error: HTTPException) -> Response[dict[str, Any]]:
    """Answer what the framework refused: routing, methods, parameters, bodies."""
    if isinstance(error, ValidationException):
        pointer, sentence = _first(error.extra)
        if sentence == _NO_BODY:
            sentence = _what_to_send(request)
        return problem(400 if error.status_code < 500 else 500, "invalid", sentence or error.detail, pointer=pointer)  # noqa: PLR2004 - HTTP
    code = {401: "unauthorised", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    answer = problem(error.status_code, code.get(error.status_code, "invalid"), error.detail or "refused")
    answer.headers.update(error.headers or {})  # Allow, for one
    return answer


def refuse_body(_request: "Request[Any, Any, Any]", error: msgspec.MsgspecError) -> Response[dict[str, Any]]:
    """Answer a body that is no JSON or not of the right form."""
    sentence, _, path = str(error).partition(" - at `$")
    pointer = "/" + path.rstrip("`").strip(".").replace(".", "/").replace("[", "/").replace("]", "") if path else ""
    return problem(422 if path else 400, "invalid", sentence, pointer=pointer)


def fail(request: "Request[Any, Any, Any]", error: Exception) -> Response[dict[str, Any]]:
    """Answer what nobody could read, and what the database could not do, for a moment or with such a value.

    All else is a fault of ours, answered without a word about its inside.
    """
    if isinstance(error, UnicodeError | RecursionError):
        _log.warning(
            "request.not_readable", extra={"fields": {"path": request.url.path, "error": type(error).__name__}}
        )
        return problem(400, "invalid", "the request is no UTF-8, or nested too deeply")
    told = _told_by_driver(error)
    if isinstance(told, AWAY):
        facts = {"path": request.url.path, "error": type(told).__name__}
        _log.warning("request.database_away", exc_info=error, extra={"fields": facts})
        answer = problem(503, "unavailable", "the shop cannot be reached for a moment; repeat the request")
        answer.headers["Retry-After"] = "1"
        return answer
    if isinstance(told, DataError):
        _log.warning("request.not_storable", exc_info=error, extra={"fields": {"path": request.url.path}})
        return problem(422, "invalid", "a text holds a NUL sign, or a number or date is beyond what can be stored")
    _log.exception("request.failed", extra={"fields": {"path": request.url.path, "error": type(error).__name__}})
    return problem(500, "fault", "something went wrong on our side; the request may be repeated")


def _what_to_send(request: "Request[Any, Any, Any]") -> str:
    form = request.route_handler.parsed_fn_signature.parameters["data"].annotation
    needed = [f"`{field.encode_name}`" for field in msgspec.structs.fields(form) if field.required]
    fields = f"with {', '.join(needed)}" if needed else "with the fields that you want to set, or `{}`"
    return f"the request has no body; send a JSON object {fields}"


def _told_by_driver(error: Exception) -> BaseException | None:
    return error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig is not None else error


def _first(extra: object) -> tuple[str, str]:
    """Pointer and sentence of the first fault. Of a wrong name the framework names the object, `data` at the top."""
    if not isinstance(extra, list) or not extra or not isinstance(extra[0], dict):
        return "", ""
    sentence = str(extra[0].get("message", ""))
    key = str(extra[0].get("key", "")).replace("[", "/").replace("]", "").replace(".", "/")
    steps = [step for step in key.split("/") if step][key == "data" :]
    if named := _NAMED.search(sentence):
        steps.append(named[1])
    return "".join(f"/{step}" for step in steps), sentence


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool) or value is None
