"""A merchant's picture address is followed, but never into our own network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from catalog.images.errors import PictureNotFetched
from catalog.images.fetch import FetchLimits, PictureFetcher
from catalog.kernel.addresses import AddressRefused


def answering(*responses: httpx.Response) -> tuple[httpx.MockTransport, list[httpx.Request]]:
    seen: list[httpx.Request] = []
    queue = list(responses)

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return queue.pop(0)

    return httpx.MockTransport(handle), seen


def redirect(target: str) -> httpx.Response:
    return httpx.Response(302, headers={"location": target})


async def test_a_picture_is_asked_for_at_its_address() -> None:
    transport, seen = answering(httpx.Response(200, stream=httpx.ByteStream(b"picture")))
    async with PictureFetcher(transport) as fetcher:
        assert await fetcher.fetch("https://shop.example/a.jpg?w=1#part") == b"picture"
    assert (seen[0].method, str(seen[0].url)) == ("GET", "https://shop.example/a.jpg?w=1#part")


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/x",
        "http://shop.example/",
        "file:///etc/passwd",
        "//localhost/x",
    ],
)
async def test_a_redirect_is_judged_like_the_first_address(target: str) -> None:
    transport, seen = answering(redirect(target))
    async with PictureFetcher(transport) as fetcher:
        with pytest.raises(AddressRefused):
            await fetcher.fetch("https://shop.example/a.jpg")
    assert len(seen) == 1


@pytest.mark.parametrize("target", ["http://[", "//[x"])
async def test_a_redirect_to_no_address_is_told(target: str) -> None:
    transport, _ = answering(redirect(target))
    async with PictureFetcher(transport) as fetcher:
        with pytest.raises(PictureNotFetched, match="no address"):
            await fetcher.fetch("https://shop.example/a.jpg")


async def test_a_host_with_an_umlaut_is_named_as_the_wire_wants_it() -> None:
    transport, seen = answering(httpx.Response(200, stream=httpx.ByteStream(b"picture")))
    async with PictureFetcher(transport) as fetcher:
        assert await fetcher.fetch("https://müller.example/größe.jpg") == b"picture"
    assert seen[0].headers["host"] == "xn--mller-kva.example"


async def test_an_address_that_cannot_be_written_is_told() -> None:
    async with PictureFetcher(answering()[0]) as fetcher:
        with pytest.raises(PictureNotFetched, match="cannot be reached"):
            await fetcher.fetch("https://shop.example/\ud800.jpg")


async def test_three_redirects_are_followed_and_a_fourth_is_not() -> None:
    transport, _ = answering(*[redirect("/b")] * 3, httpx.Response(200, stream=httpx.ByteStream(b"end")))
    async with PictureFetcher(transport) as fetcher:
        assert await fetcher.fetch("https://shop.example/a") == b"end"
    transport, _ = answering(*[redirect("/b")] * 4)
    async with PictureFetcher(transport) as fetcher:
        with pytest.raises(PictureNotFetched, match="redirects"):
            await fetcher.fetch("https://shop.example/a")


async def test_a_refusal_of_the_host_is_told() -> None:
    transport, _ = answering(httpx.Response(404))
    async with PictureFetcher(transport) as fetcher:
        with pytest.raises(PictureNotFetched, match="404"):
            await fetcher.fetch("https://shop.example/a")


async def test_a_host_that_cannot_be_connected_to_is_told() -> None:
    def nobody(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("there is no such host")

    async with PictureFetcher(httpx.MockTransport(nobody)) as fetcher:
        with pytest.raises(PictureNotFetched, match="cannot be reached: there is no such host; check the address"):
            await fetcher.fetch("https://nowhere.example/a")


@asynccontextmanager
async def server(*parts: bytes, pause: float = 0.0) -> AsyncIterator[str]:
    """A real HTTP server on loopback that writes the parts, with pauses, whatever is asked."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
        except ConnectionError:
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/picture"


def lab(limits: FetchLimits | None = None) -> PictureFetcher:
    """A fetcher that may ask this machine."""
    return PictureFetcher(httpx.AsyncHTTPTransport(), allow_private=True, limits=limits)


async def test_the_lab_may_fetch_from_this_machine() -> None:
    async with server(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine") as url:
        async with lab() as fetcher:
            assert await fetcher.fetch(url) == b"mine"
        async with PictureFetcher(httpx.AsyncHTTPTransport()) as fetcher:
            with pytest.raises(AddressRefused):
                await fetcher.fetch(url)


async def test_an_endless_answer_is_cut() -> None:
    async with (
        server(b"HTTP/1.1 200 OK\r\n\r\n", *[bytes(60_000)] * 200) as url,
        lab(FetchLimits(max_bytes=100_000)) as fetcher,
    ):
        with pytest.raises(PictureNotFetched, match="larger"):
            await fetcher.fetch(url)


async def test_an_announced_size_is_believed_when_it_is_too_much() -> None:
    async with (
        server(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n") as url,
        lab() as fetcher,
    ):
        with pytest.raises(PictureNotFetched, match="larger"):
            await fetcher.fetch(url)


async def test_a_server_that_dribbles_is_left() -> None:
    async with (
        server(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 50, pause=0.05) as url,
        lab(FetchLimits(total_seconds=0.3)) as fetcher,
    ):
        with pytest.raises(PictureNotFetched, match="longer"):
            await fetcher.fetch(url)


async def test_a_server_that_hangs_up_is_told() -> None:
    async with (
        server(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort") as url,
        lab() as fetcher,
    ):
        with pytest.raises(PictureNotFetched, match="cannot be reached"):
            await fetcher.fetch(url)
