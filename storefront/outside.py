"""HTTP to addresses that merchants name: webhooks, models, pictures, other hosts of channels and payment providers.

A name may lead anywhere, whatever it reads like. So each connection looks it up once, judges every answer, and goes to
a judged address itself: a second answer of the name service is never asked for and cannot differ (DNS rebinding). TLS
still checks the certificate of the name. Redirects are not followed.
"""

import asyncio
import functools
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from urllib.request import getproxies

import httpcore
import httpx

from catalog.kernel.addresses import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


@functools.cache
def trusted() -> ssl.SSLContext:
    """Whom TLS trusts, for every client of the process: reading all the certificates takes tens of milliseconds."""
    return httpx.create_ssl_context()


async def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a host, as this machine's name service answers. Raises OSError, UnicodeError."""
    answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def open_client(*, allow_private: bool) -> httpx.AsyncClient:
    """The client of one process. `allow_private` (the lab) judges nothing.

    Behind a proxy of the environment (HTTPS_PROXY) the proxy looks names up, and has to judge them.
    """
    if allow_private or {"http", "https", "all"} & getproxies().keys():
        return httpx.AsyncClient(follow_redirects=False, verify=trusted())
    return httpx.AsyncClient(follow_redirects=False, transport=open_transport(allow_private=False))


def open_transport(*, allow_private: bool) -> httpx.AsyncHTTPTransport:
    """What such a client sends by, past any proxy. `allow_private` (the lab) judges nothing."""
    return httpx.AsyncHTTPTransport(verify=trusted()) if allow_private else PublicTransport(PublicOnly())


class PublicTransport(httpx.AsyncHTTPTransport):
    """httpx's transport, connecting through our network backend."""

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
