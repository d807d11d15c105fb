"""What every provider's client needs of HTTP: one request with limits, and files that never grow beyond a size.

Addresses may carry a provider's token (Telegram), so no address is ever put into an error or a log line.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from bots.channels.base import FailureKind, Rejected, Unreachable, WireCall

MOST_MEDIA_BYTES = 20_000_000
TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_TOKEN_IN_PATH = re.compile(r"(/(?:file/)?bot)[^/\s\"']+")
# The request cannot have reached the provider; any other fault may come after it did.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class _MaskTokens(logging.Filter):
    """httpx logs every address it calls; Telegram's carry the bot's token."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN_IN_PATH.sub(r"\1…", record.getMessage()), None
        return True


for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy"):
    logging.getLogger(_name).addFilter(_MaskTokens())


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer: the JSON object of its body, empty when that is none."""

    status: int
    json: Mapping[str, Any]
    headers: Mapping[str, str]


async def request(
    http: httpx.AsyncClient, call: WireCall, url: str, *, headers: Mapping[str, str] | None = None
) -> Reply:
    """Do a call. Raises Unreachable when no answer came."""
    try:
        response = await http.request(
            call.method,
            url,
            content=msgspec.json.encode(call.json) if call.json is not None else None,
            headers={
                **({"content-type": "application/json"} if call.json is not None else {}),
                **(headers or {}),
            },
            timeout=TIMEOUT,
            follow_redirects=False,
        )
    except httpx.HTTPError as error:
        raise _no_answer(error) from None
    return Reply(response.status_code, _object(response.content), response.headers)


async def download(
    http: httpx.AsyncClient, url: str, *, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes, str]:
    """Status, body and content type of a file. Raises Rejected when it is larger than we take."""
    try:
        async with http.stream("GET", url, headers=headers, timeout=TIMEOUT, follow_redirects=False) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MOST_MEDIA_BYTES:
                    raise Rejected("the file is too large", kind=FailureKind.BUG, provider_code="too_large")
            return response.status_code, bytes(body), response.headers.get("content-type", "")
    except httpx.HTTPError as error:
        raise _no_answer(error) from None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, where it is a number."""
    value = headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None


def _no_answer(error: httpx.HTTPError) -> Unreachable:
    return Unreachable(
        f"no answer from the provider ({type(error).__name__})",
        may_have_arrived=not isinstance(error, _NEVER_SENT),
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return {}
    return value if isinstance(value, dict) else {}
