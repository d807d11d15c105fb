"""Fixtures of the pages' tests."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser, async_playwright

from bots.messages.inbound import InboundEvent, PersonEvent
from bots.messages.outbound import Message
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests import chromium
from tests.storefront.web.house import House, open_house
from tests.storefront.web.journey import Shop as Answers
from tests.storefront.web.journey import hang

_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
    # The shop's site is far, our server is near; what an address bar unfolds would cost every window a process.
    "--disable-features=LocalNetworkAccessChecks,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
)  # fmt: skip


@pytest.fixture
async def house(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> AsyncIterator[House]:
    """A served web chat whose shop says everything again."""
    async with open_house(units, dsn, shop_id) as opened:
        yield opened


@pytest.fixture(scope="session")
def install_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installs that are served one after the other; pictures in it are named by their content."""
    return tmp_path_factory.mktemp("install")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium, one for the run."""
    path = chromium.executable()
    assert path is not None, "there is no Chromium on this machine; run `make setup`"
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield opened
        await opened.close()


@pytest.fixture
async def shopfront(units: Units, dsn: str, shop: Shop, shop_id: UUID) -> AsyncIterator[House]:
    """A served web chat whose shop answers like that of the first minute, in the page's language, with pictures."""
    store = MediaStore.open("memory://")
    pictures = await hang(units, store, shop_id)
    german, english = Answers(pictures), Answers(pictures, german=False)

    def replies(event: InboundEvent) -> Sequence[Message]:
        is_english = isinstance(event, PersonEvent) and event.sender.locale == "en"
        return (english if is_english else german)(event)

    async with open_house(units, dsn, shop_id, media=store, replies=replies) as opened:
        yield opened
