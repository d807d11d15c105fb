"""Addresses that merchants name are judged where the connection is made, whatever the name reads like."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast

import httpcore
import httpx
import pytest
from litestar import Litestar, get

from catalog.images.errors import PictureNotFetched
from catalog.images.fetch import PictureFetcher
from checkout.payments.stripe import StripeGateways
from storefront import config
from storefront.bootstrap import open_house
from storefront.outside import PublicOnly, PublicTransport
from tests.addresses import INWARD, PUBLIC
from tests.storefront.lab.serving import served

OTHER = "2606:2800:220:1::1"
WELL = [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"]


class Wire(httpcore.AsyncMockBackend):
    """Connects nowhere, and keeps where to. `dead` addresses do not answer."""

    def __init__(self, buffer: list[bytes], *dead: str) -> None:
        super().__init__(buffer)
        self.called: list[str] = []
        self.dead = dead

    async def connect_tcp(self, host: str, *others: Any, **more: Any) -> httpcore.AsyncNetworkStream:  # noqa: ANN401
        self.called.append(host)
        if host in self.dead:
            raise httpcore.ConnectError("no route")
        return await super().connect_tcp(host, *others, **more)


class Names:
    """A name service whose answers change from one question to the next; the last stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def client(wire: Wire, names: Names) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=PublicTransport(PublicOnly(resolve=names, connect=wire)))


@pytest.mark.parametrize("answers", [*([one] for one in INWARD), [PUBLIC, "192.168.1.1"], []])
async def test_a_name_that_leads_inward_or_nowhere_is_not_called(answers: Sequence[str]) -> None:
    wire, names = Wire(WELL), Names(answers)
    async with client(wire, names) as http:
        with pytest.raises(httpx.ConnectError):
            await http.post("https://hooks.example/x", content=b"secret")
    assert wire.called == []


async def test_the_connection_goes_to_the_judged_address_and_the_name_is_asked_once() -> None:
    wire, names = Wire(WELL), Names([PUBLIC])
    async with client(wire, names) as http:
        answer = await http.get("https://hooks.example/x")
        assert (answer.text, str(answer.request.url)) == ("ok", "https://hooks.example/x")
        assert answer.request.headers["host"] == "hooks.example"
    assert (wire.called, names.asked) == ([PUBLIC], ["hooks.example"])


async def test_a_name_that_changes_its_answer_is_judged_anew_with_each_connection() -> None:
    wire, names = Wire(WELL), Names([PUBLIC], ["127.0.0.1"])
    async with client(wire, names) as http:
        await http.get("http://hooks.example/", headers={"connection": "close"})
    async with client(wire, names) as http:
        with pytest.raises(httpx.ConnectError, match="private network"):
            await http.get("http://hooks.example/")
    assert wire.called == [PUBLIC]


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    wire, names = Wire(WELL, OTHER), Names([OTHER, PUBLIC])
    async with client(wire, names) as http:
        assert (await http.get("http://hooks.example/")).text == "ok"
    assert wire.called == [OTHER, PUBLIC]


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    wire, names = (
        Wire([b"HTTP/1.1 302 Found\r\nlocation: http://10.0.0.1/\r\ncontent-length: 0\r\n\r\n"]),
        Names([PUBLIC]),
    )
    async with client(wire, names) as http:
        assert (await http.get("http://hooks.example/")).status_code == 302
    assert (wire.called, names.asked) == ([PUBLIC], ["hooks.example"])


async def test_a_name_without_an_answer_is_a_host_that_is_not_there() -> None:
    async def silent(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    async with httpx.AsyncClient(transport=PublicTransport(PublicOnly(resolve=silent, connect=Wire(WELL)))) as http:
        with pytest.raises(httpx.ConnectError, match="no such host"):
            await http.get("https://hooks.example/")


async def test_pictures_come_by_the_same_way() -> None:
    wire, names = Wire(WELL, OTHER), Names([OTHER, PUBLIC], [PUBLIC, "192.168.1.1"])
    async with PictureFetcher(PublicTransport(PublicOnly(resolve=names, connect=wire))) as pictures:
        assert await pictures.fetch("https://müller.example/a.jpg") == b"ok"
        with pytest.raises(PictureNotFetched, match="private network"):
            await pictures.fetch("https://inner.example/a.jpg")
    assert (wire.called, names.asked) == ([OTHER, PUBLIC], ["xn--mller-kva.example", "inner.example"])


@get("/", sync_to_thread=False)
def _inner() -> str:
    return "inner"


@pytest.fixture
async def inner() -> AsyncIterator[str]:
    """Something on this machine that nobody outside shall reach."""
    async with served(Litestar([_inner])) as url:
        yield url


@pytest.mark.parametrize("lab", ["1", "0"])
async def test_only_the_lab_reaches_what_is_on_this_machine(dsn: str, tmp_path: Path, inner: str, lab: str) -> None:
    settings = config.load(
        {}, database_url=dsn, secret_key="a secret key of the tests, long enough", home=str(tmp_path), lab=lab
    )
    async with open_house(settings) as house:
        for http in (house.http, cast("StripeGateways", house.payments.gateways).http._client_async):
            if settings.lab:
                assert (await http.get(inner)).text == "inner"
            else:
                with pytest.raises(httpx.ConnectError, match="private network"):
                    await http.get(inner)
