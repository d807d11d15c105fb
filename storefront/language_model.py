"""The merchant's language model over HTTP: one request of the OpenAI-compatible form, one short answer."""

from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from bots.understanding.model.accounts import ModelAccess
from bots.understanding.model.asking import Completion, ModelSilent
from catalog.kernel.addresses import check_outside_url
from catalog.kernel.errors import ShopError

_LONGEST = 65_536  # bytes of an answer that are read
_TIMEOUT_S = 15.0  # the caller's own limit is shorter; this one frees the connection whatever happens


class _Function(msgspec.Struct, frozen=True):
    arguments: str = ""


class _Call(msgspec.Struct, frozen=True):
    function: _Function = _Function()


class _Message(msgspec.Struct, frozen=True):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(msgspec.Struct, frozen=True):
    message: _Message


class _Usage(msgspec.Struct, frozen=True):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Body(msgspec.Struct, frozen=True):
    choices: list[_Choice]
    usage: _Usage | None = None


_decoder = msgspec.json.Decoder(_Body)


@dataclass(frozen=True, slots=True)
class HttpModel:
    """Asks over the process's HTTP client. `allow_private`: the lab may ask a model on this machine."""

    http: httpx.AsyncClient
    allow_private: bool = False

    async def complete(self, access: ModelAccess, body: bytes) -> Completion:
        """Send the request's body. Raises ModelSilent with a reason that names no secret."""
        key = access.key.reveal()
        headers = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {})}
        try:
            check_outside_url(access.base_url, allow_private=self.allow_private)
            raw = await self._post(f"{access.base_url}/chat/completions", body, headers)
            return _completion(_decoder.decode(raw))
        except (httpx.HTTPError, httpx.InvalidURL, ShopError) as error:
            raise ModelSilent(type(error).__name__) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise ModelSilent("an answer of another form") from error

    async def _post(self, url: str, body: bytes, headers: dict[str, Any]) -> bytes:
        found = bytearray()
        async with self.http.stream("POST", url, content=body, headers=headers, timeout=_TIMEOUT_S) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ModelSilent(f"status {answer.status_code}")
            async for part in answer.aiter_bytes():
                found += part
                if len(found) > _LONGEST:
                    raise ModelSilent("an answer without end")
        return bytes(found)


def _completion(body: _Body) -> Completion:
    if not body.choices:
        raise ModelSilent("no choice")
    message = body.choices[0].message
    content = message.tool_calls[0].function.arguments if message.tool_calls else message.content
    if not content:
        raise ModelSilent("nothing said")
    usage = body.usage or _Usage()
    return Completion(content, usage.prompt_tokens, usage.completion_tokens)
