"""The real client against the double in this process: every request and every answer goes through a recorder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import msgspec

from catalog.kernel.secrets import Secret
from checkout.payments.stripe import StripeCredentials, StripeGateway, StripeHttp
from storefront.lab.stripe_double import StripeDouble, create_app

KEY = "sk_test_lab"
WEBHOOK_SECRET = "whsec_lab"  # - made up


@dataclass
class Recorder(httpx.AsyncBaseTransport):
    """Passes calls on to an application in this process, and keeps what went over the wire."""

    inner: httpx.AsyncBaseTransport
    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Record and pass on. A connection that was cut looks as it does over a socket."""
        await request.aread()
        self.requests.append(request)
        try:
            response = await self.inner.handle_async_request(request)
            body = await response.aread()
        except AssertionError as error:
            raise httpx.RemoteProtocolError("peer closed connection", request=request) from error
        if response.headers.get("content-type") == "application/json":
            self.answers.append((response.status_code, msgspec.json.decode(body)))
        return httpx.Response(response.status_code, headers=response.headers, content=body, request=request)


def http_over(transport: httpx.AsyncBaseTransport) -> StripeHttp:
    """The SDK's client over a transport of ours; the SDK has no public way to give it one."""
    http = StripeHttp()
    http._client_async = httpx.AsyncClient(transport=transport)
    return http


@dataclass
class Wired:
    """A double, the gateway that talks to it, and the wire between them."""

    double: StripeDouble
    gateway: StripeGateway
    wire: Recorder
    http: StripeHttp


@asynccontextmanager
async def wired(double: StripeDouble | None = None) -> AsyncIterator[Wired]:
    """The pair, closed afterwards."""
    made = double or StripeDouble(base_url="https://pay.example")
    app = cast("Any", create_app(made))  # Litestar and httpx spell the types of ASGI differently
    recorder = Recorder(httpx.ASGITransport(app=app))
    http = http_over(recorder)
    credentials = StripeCredentials(Secret(KEY), (Secret(WEBHOOK_SECRET),))
    gateway = StripeGateway(credentials, api_base="https://stripe.example", http=http)
    try:
        yield Wired(made, gateway, recorder, http)
    finally:
        await http.close_async()  # type: ignore[no-untyped-call]  # the SDK gives it no types
