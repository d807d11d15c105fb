"""The lab's phone and tools, in a real browser against a provider's double."""

import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from litestar import Litestar, get
from playwright.async_api import Browser, expect

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from storefront.lab.telegram_double.app import create_app
from storefront.lab.telegram_double.double import TelegramDouble
from tests.storefront.lab.serving import served
from tests.storefront.web.install import Install, installed, make_account, opened

pytestmark = pytest.mark.browser
_KEYBOARD = {
    "inline_keyboard": [[{"text": "Pay", "callback_data": "pay"}, {"text": "Look", "url": "https://a.test/p/1"}]]
}


@dataclass(frozen=True)
class Lab(Install):
    """An install with its lab open, and the double of Telegram behind its only account."""

    telegram: TelegramDouble
    api: str


@pytest.fixture
async def lab(units: Units, dsn: str, shop: Shop, shop_id: UUID, install_home: Path) -> AsyncIterator[Lab]:
    double = TelegramDouble()
    async with served(create_app(double)) as api:
        await make_account(units, shop_id, "telegram", api_base=api)
        async with installed(units, dsn, install_home, shop_id, lab="1") as install:
            yield Lab(install.url, install.key, double, api)


async def test_the_lab_is_shut_unless_the_settings_open_it(
    units: Units, dsn: str, shop: Shop, shop_id: UUID, install_home: Path
) -> None:
    async with (
        installed(units, dsn, install_home, shop_id) as install,
        httpx.AsyncClient(base_url=install.url) as client,
    ):
        assert (await client.get("/lab")).status_code == 404
        assert (await client.post("/lab/api/clock", json={"advance_seconds": 60})).status_code == 404
        assert (await client.get("/")).headers["location"] == "/desk"


async def test_an_account_at_another_host_is_no_double_and_said_to_be_none(
    units: Units, dsn: str, shop: Shop, shop_id: UUID, install_home: Path
) -> None:
    @get("/{path:path}", status_code=404, sync_to_thread=False)
    def elsewhere() -> str:
        return "<h1>Not here</h1>"

    async with served(Litestar([elsewhere])) as api:
        await make_account(units, shop_id, "telegram", api_base=api)
        async with (
            installed(units, dsn, install_home, shop_id, lab="1") as install,
            httpx.AsyncClient(base_url=install.url) as client,
        ):
            answer = await client.get("/lab/api/faults/telegram", params={"shop": shop.slug})
    assert answer.status_code == 503
    assert "no double" in answer.json()["detail"]


async def test_a_person_writes_and_taps_and_sees_what_the_provider_would_show(lab: Lab, browser: Browser) -> None:
    async with opened(browser, f"{lab.url}/lab?lang=en") as page:
        phone = page.get_by_role("region", name="Phone")
        await phone.get_by_role("button", name="Start").click()
        await phone.get_by_label("Message").fill("<b>Hi</b>")
        await phone.get_by_label("Message").press("Enter")
        await expect(phone.get_by_text("<b>Hi</b>")).to_be_visible()
        person = next(iter(lab.telegram.people.values()))
        async with httpx.AsyncClient() as client:
            said = {
                "chat_id": person.id,
                "text": "It is <b>€24.90</b>",
                "parse_mode": "HTML",
                "reply_markup": _KEYBOARD,
            }
            assert (await client.post(f"{lab.api}/bot1/sendMessage", json=said)).status_code == 200
        await expect(phone.locator("strong", has_text="€24.90")).to_be_visible()
        await expect(phone.get_by_role("link", name="Look")).to_have_attribute("target", "_blank")
        await phone.get_by_role("button", name="Pay").click()
        await expect(phone.locator(".tg-key[aria-busy]")).to_have_count(0)
        assert [query["data"] for query in lab.telegram.queries.values()] == ["pay"]
        await phone.get_by_role("button", name="New person").click()
        await expect(phone.get_by_role("button", name="Start")).to_be_visible()


async def test_a_picture_goes_out_as_a_phone_sends_it(lab: Lab, browser: Browser) -> None:
    async with opened(browser, f"{lab.url}/lab?lang=en") as page:
        await page.get_by_role("button", name="Start").click()
        await page.locator("input[type=file]").set_input_files(
            {"name": "shirt.png", "mimeType": "image/png", "buffer": _png()}
        )
        await expect(page.get_by_role("img", name="Picture")).to_be_visible()
        assert [file.body[:3] for file in lab.telegram.files.values()] == [b"\xff\xd8\xff"]


def _png() -> bytes:
    """One grey pixel."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    )
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


async def test_faults_and_time_are_tools_beside_the_phone(lab: Lab, browser: Browser) -> None:
    async with opened(browser, f"{lab.url}/lab?lang=en") as page:
        tools = page.get_by_role("region", name="Tools")
        await tools.get_by_text("Faults").click()
        await tools.get_by_role("switch", name="down").check()
        await expect(tools.get_by_text("1 on")).to_be_visible()
        assert await _faults(lab) == {"down": True}
        await tools.get_by_role("button", name="All well").click()
        await expect(tools.get_by_role("switch", name="down")).not_to_be_checked()
        assert await _faults(lab) == {}
        await tools.get_by_role("button", name="+1 day").click()
        await expect(page.get_by_role("status")).to_contain_text("It is now")
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{lab.url}/lab/api/clock")).json()["offset_seconds"] == 86_400


async def _faults(lab: Lab) -> dict[str, bool]:
    """The switches that are on, as the double has them."""
    async with httpx.AsyncClient() as client:
        found = (await client.get(f"{lab.api}/_lab/faults")).json()
    return {name: value for name, value in found.items() if value is True}
