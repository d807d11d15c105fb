"""Fetching a picture from an address that a merchant named, without being led into our own network.

An address is judged by how it reads, that of each redirect too; where its name leads, the transport judges as it
connects (storefront/outside.py).
"""

import asyncio
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx

from catalog.images.errors import PictureNotFetched
from catalog.images.transform import MAX_BYTES
from catalog.kernel.addresses import check_outside_url

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "Accept": "image/avif,image/webp,image/jpeg,image/png,image/*;q=0.8",
    "Accept-Encoding": "identity",  # a small answer could unpack to a large one
    "User-Agent": "storefront-pictures/1",
}
_OK = 200


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much patience a remote picture gets."""

    max_bytes: int = MAX_BYTES
    total_seconds: float = 30.0
    max_redirects: int = 3


class PictureFetcher:
    """Fetches remote pictures. Built once by the composition root; close it, or use it as a context."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        *,
        allow_private: bool = False,
        limits: FetchLimits | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._limits = limits or FetchLimits()
        # No proxies and no cookies of the machine.
        self._client = httpx.AsyncClient(
            transport=transport, timeout=httpx.Timeout(10.0), trust_env=False, headers=_HEADERS
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def fetch(self, url: str) -> bytes:
        """The bytes at the address; what they are, transform.normalise judges by their content.

        Raises AddressRefused for an address that leads inward, PictureNotFetched when the host does not give it.
        """
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                return await self._follow(url)
        except TimeoutError as error:
            raise PictureNotFetched(
                f"{url} took longer than {self._limits.total_seconds:g} seconds; check the address", url=url
            ) from error
        except httpx.TimeoutException as error:
            raise PictureNotFetched(f"{url} does not answer; check the address", url=url) from error
        except httpx.ConnectError as error:
            raise PictureNotFetched(f"{url} cannot be reached: {error}; check the address", url=url) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise PictureNotFetched(f"{url!r} cannot be reached: {type(error).__name__}", url=url) from error

    async def _follow(self, url: str) -> bytes:
        for _ in range(self._limits.max_redirects + 1):
            check_outside_url(url, allow_private=self._allow_private)
            response = await self._client.send(self._client.build_request("GET", url), stream=True)
            try:
                if response.status_code in _REDIRECTS and "location" in response.headers:
                    url = _joined(url, response.headers["location"])
                    continue
                return await self._read(response, url)
            finally:
                await response.aclose()
        raise PictureNotFetched(f"{url} redirects more than {self._limits.max_redirects} times", url=url)

    async def _read(self, response: httpx.Response, url: str) -> bytes:
        if response.status_code != _OK:
            raise PictureNotFetched(f"{url} answers {response.status_code}", url=url, status=response.status_code)
        limit = self._limits.max_bytes
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise _too_heavy(url, limit)
        received = bytearray()
        async for chunk in response.aiter_raw(65_536):
            received += chunk
            if len(received) > limit:
                raise _too_heavy(url, limit)
        return bytes(received)


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise PictureNotFetched(f"{url} redirects to {location!r}, which is no address", url=url) from error


def _too_heavy(url: str, limit: int) -> PictureNotFetched:
    return PictureNotFetched(f"{url} is larger than {limit // 1024} KB; save it smaller", url=url)
