"""The withdrawal function in a browser: declared, read, and kept as a file."""

from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Browser

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.storefront.web.install import installed, opened

pytestmark = pytest.mark.browser


async def test_an_acknowledgement_can_be_kept_as_a_file(
    browser: Browser, units: Units, shop: Shop, shop_id: UUID, dsn: str, tmp_path: Path, install_home: Path
) -> None:
    async with (
        installed(units, dsn, install_home, shop_id) as install,
        opened(browser, f"{install.url}/withdraw/{shop.slug}") as page,
    ):
        for label, words in (("Order number", "L-1001"), ("Your name", "Jana & Co"), ("Your e-mail", "j@example.org")):
            await page.get_by_label(label).fill(words)
        await page.get_by_role("button", name="Continue").click()
        await page.get_by_role("button", name="Confirm withdrawal").click()
        reference = await page.locator("dd").first.inner_text()
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Save as a file").click()
        file = await coming.value
        await file.save_as(tmp_path / "kept.txt")
    kept = (tmp_path / "kept.txt").read_text(encoding="utf-8")
    assert file.suggested_filename == "withdrawal.txt"
    for said in ("Hello Jana & Co,", "Order number: L-1001\n", "Withdrawn from: the whole order\n", reference):
        assert said in kept
