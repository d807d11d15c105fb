"""Addresses where nothing is: a page for whoever opens them, a problem for programs."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.storefront.web.install import installed

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "de-DE,de;q=0.9"}


@pytest.fixture
async def client(
    units: Units, dsn: str, shop: Shop, shop_id: UUID, install_home: Path
) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        installed(units, dsn, install_home, shop_id) as install,
        httpx.AsyncClient(base_url=install.url) as opened,
    ):
        yield opened


async def test_who_opens_an_unknown_address_reads_so_in_their_language(client: httpx.AsyncClient) -> None:
    for path in ("/nirgends", "/desk/nirgends", "/apiary", "/lab", "/static/0/none.css"):
        page = await client.get(path, headers=BROWSER)
        assert page.status_code == 404, path
        assert page.headers["content-type"] == "text/html; charset=utf-8", path
        assert '<html lang="de"' in page.text
        assert "<h1>Hier ist nichts</h1>" in page.text
    english = await client.get("/nirgends?lang=en", headers=BROWSER)
    assert "<h1>There is nothing here</h1>" in english.text
    assert "default-src 'none'" in english.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/webhooks/nothing", "/webhooks"])
async def test_calls_get_a_problem_also_from_a_browser(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=BROWSER)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_program_gets_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nirgends", headers={"accept": "*/*"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_chat_that_does_not_exist_says_so(client: httpx.AsyncClient) -> None:
    page = await client.get("/chat/nobody", headers=BROWSER)
    assert page.status_code == 404
    assert "<h1>Hier ist kein Chat</h1>" in page.text
