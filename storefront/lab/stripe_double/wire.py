"""`/v1`: form in, JSON out, with Stripe's headers; and the faults that strike on the way."""

import asyncio
import base64
import binascii
from urllib.parse import unquote

from litestar.types import Receive, Scope, Send

from storefront.lab.double import Reply, cut, read_body, send_reply
from storefront.lab.stripe_double import operations
from storefront.lab.stripe_double.answers import Answer, Refused
from storefront.lab.stripe_double.double import StripeDouble
from storefront.lab.stripe_double.forms import decode

_TEST_KEYS = ("sk_test_", "rk_test_")
_LONGEST_KEY = 255
_IN_USE = Refused(
    "There is currently another in-progress request using this Stripe Account with the same idempotency key.",
    status=409,
    code="idempotency_key_in_use",
).answer


class Wire:
    """The API's ASGI application, mounted at `/v1`."""

    def __init__(self, double: StripeDouble) -> None:
        self._double = double

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or cut the connection when a fault says so."""
        faults = self._double.faults
        body = await read_body(receive)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        key = headers.get("idempotency-key")
        if key in self._double.in_flight:
            await _answer(send, _IN_USE, key=key, request_id=self._double.new_id("req"))
            return
        if faults.delay_ms:
            await self._wait(key, faults.delay_ms / 1000)
        if faults.down:
            await cut(send)
            return
        method = str(scope.get("method", "GET"))
        path = "/v1/" + unquote(str(scope["path"])).removeprefix("/v1").strip("/")
        text = body.decode("utf-8", "replace") if method == "POST" else scope["query_string"].decode()
        answer = self._answer(method, path, text, headers)
        if faults.take("cut_next"):
            await cut(send)
            return
        await _answer(send, answer, key=key, request_id=self._double.new_id("req"))

    async def _wait(self, key: str | None, seconds: float) -> None:
        """Think a while; meanwhile the key is in use."""
        if key:
            self._double.in_flight.add(key)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._double.in_flight.discard(key or "")

    def _answer(self, method: str, path: str, text: str, headers: dict[str, str]) -> Answer:
        key = headers.get("idempotency-key")
        refusal = self._unwelcome(headers.get("authorization", ""), key) or self._struck()
        return refusal.answer if refusal else operations.perform(self._double, method, path, decode(text), key=key)

    def _struck(self) -> Refused | None:
        faults = self._double.faults
        if faults.take("rate_limit_next"):
            return Refused("Request rate limit exceeded.", status=429, code="rate_limit")
        if faults.take("error_500_next"):
            return Refused("Something went wrong on Stripe's end.", status=500, kind="api_error")
        return None

    def _unwelcome(self, header: str, key: str | None) -> Refused | None:
        scheme, _, given = header.partition(" ")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given).decode().partition(":")[0]
            except (binascii.Error, UnicodeDecodeError):
                given = ""
        known = given in self._double.keys if self._double.keys else given.startswith(_TEST_KEYS)
        if not given:
            return Refused("You did not provide an API key.", status=401)
        if not known:
            return Refused(f"Invalid API Key provided: {given[:8]}****", status=401)
        if key is not None and len(key) > _LONGEST_KEY:
            return Refused("Idempotency keys have at most 255 characters.", kind="idempotency_error")
        return None


async def _answer(send: Send, answer: Answer, *, key: str | None, request_id: str) -> None:
    headers = {
        "request-id": request_id,
        **({"idempotency-key": key} if key else {}),
        **({"idempotent-replayed": "true"} if answer.replayed else {}),
    }
    await send_reply(send, Reply(status=answer.status, body=answer.body, headers=headers))
