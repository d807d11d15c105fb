"""The HTTP client for addresses that merchants name: webhooks, models, other hosts of channels and payment providers.

A name may lead anywhere, whatever it reads like. So each connection looks it up once, judges every answer, and goes to
a judged address itself: a second answer of the name service is never asked for and cannot differ (DNS rebinding). TLS
still checks the certificate of the name. Redirects are not followed.
"""

import asyncio
from collections.abc import Iterable
from urllib.request import getproxies

import httpcore
import httpx

from catalog.images.fetch import Resolve, look_up, trusted
from catalog.kernel.addresses import is_public


def open_client(*, allow_private: bool) -> httpx.AsyncClient:
    """The client of one process. `allow_private` (the lab) judges nothing.

    Behind a proxy of the environment (HTTPS_PROXY) the proxy looks names up, and has to judge them.
    """
    if allow_private or {"http", "https", "all"} & getproxies().keys():
        return httpx.AsyncClient(follow_redirects=False, verify=trusted())
    return httpx.AsyncClient(follow_redirects=False, transport=PublicTransport(PublicOnly()))


class PublicTransport(httpx.AsyncHTTPTransport):
    """httpx's own, over another way to connect."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        super().__init__(verify=trusted())
        # httpx has no parameter for it; the pool beneath has had one since its first version.
        self._pool._network_backend = backend  # noqa: SLF001


class PublicOnly(httpcore.AsyncNetworkBackend):
    """Connects to hosts whose every address is public."""

    def __init__(self, *, resolve: Resolve = look_up, connect: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._resolve = resolve
        self._connect = connect or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Try the host's addresses in their order. Raises ConnectError for a host with an inward one among them."""
        fault: httpcore.ConnectError | httpcore.ConnectTimeout = httpcore.ConnectError("there is no such host")
        for address in await self._judged(host, port, timeout):
            try:
                return await self._connect.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    async def _judged(self, host: str, port: int, seconds: float | None) -> Iterable[str]:
        try:
            async with asyncio.timeout(seconds):
                answers = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("the name service does not answer") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("there is no such host") from error
        # One inward answer among several is reason enough: which one is used would be chance.
        if not all(is_public(answer) for answer in answers):
            raise httpcore.ConnectError("the host leads to a private network")
        return answers
