"""The whole of the first shopper's journey in a real browser, German and English: chat, pay page, payment page, back.

Days pass by the lab's clock: the parcel, trousers that are too wide, and forty days later the same once more.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests import chromium
from tests.outside import sale
from tests.outside.demo import Demo, eventually

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP = '.message:not([data-author="customer"]):not(:has(.dots))'
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Twin:
    """What only the browser's journey needs in a language."""

    locale: str
    start: str
    words: sale.Words
    pay: str
    wallet: str
    again: str
    again_told: str
    hello: str = ""


GERMAN = Twin(
    locale="de", start="Chat starten", words=sale.GERMAN, pay="bestellen",
    wallet="Mit Test-Wallet bezahlen", again="Hey Charles, ich brauche noch mal zwei von den grauen T-Shirts",
    again_told=r"2 × Basic-Tee grau,? M.*49,80 €.*Lindenstraße 5",
)  # fmt: skip
ENGLISH = Twin(
    locale="en", start="Start chatting", words=sale.ENGLISH, pay="Order",
    wallet="Pay with test wallet", again="Hey Charles, I need two of the grey t-shirts again",
    again_told=r"2 × Basic Tee grey,? M.*€49\.80.*Lindenstraße 5",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.executable(), args=ARGUMENTS)
        yield opened
        opened.close()


class Chat:
    """The chat page as somebody uses it."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.seen = 0

    def hears(self, pattern: str) -> Locator:
        """A bubble since the last words with these; at most two have come, with one question at most."""
        fresh = self._fresh
        try:
            eventually(lambda: any(_matches(pattern, text) for text in fresh()), within=15)
        except AssertionError as missing:
            raise AssertionError(f"no bubble like {pattern!r} in {fresh()}") from missing
        texts = fresh()
        assert len(texts) <= 2, texts
        self.page.screenshot(path=self.folder / f"{len([*self.folder.glob('*.png')]):02}.png")
        found = next(number for number, text in enumerate(texts) if _matches(pattern, text))
        return self.page.locator(SHOP).nth(self.seen + found)

    def says(self, words: str, pattern: str) -> Locator:
        """Write, and hear."""
        self.seen = self.page.locator(SHOP).count()
        self.page.locator("textarea").fill(words)
        self.page.keyboard.press("Enter")
        return self.hears(pattern)

    def later(self) -> None:
        """What came so far is read."""
        self.seen = self.page.locator(SHOP).count()

    def _fresh(self) -> list[str]:
        return [
            text.replace("\xa0", " ") for text in self.page.locator(SHOP).all_inner_texts()[self.seen :] if text.strip()
        ]


@pytest.mark.parametrize("twin", [GERMAN, ENGLISH], ids=lambda twin: twin.locale)
def test_hello_to_paid_shipped_returned_and_once_more(demo: Demo, browser: Browser, tmp_path: Path, twin: Twin) -> None:
    context = browser.new_context(locale=twin.locale, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
    chat, words = Chat(page, tmp_path), twin.words
    page.goto(f"{demo.url}/chat/{demo.slug}?lang={twin.locale}#LB7")
    page.get_by_role("button", name=twin.start).click()
    chat.hears(r"24[,.]90.*Overshirt.*79[,.]90")
    chat.says(words.two, words.two_told)
    chat.says(words.fewer, r"84[,.]80")
    chat.says(words.yes, words.where)
    bubble = chat.says(words.address, words.summary)
    order = _pay(demo, page, bubble, twin)
    chat.hears(words.thanks)
    demo.advance(days=2)
    chat.later()
    sale.ship(demo, order)
    chat.hears(words.shipped)
    demo.advance(days=7)
    chat.says(words.too_wide, words.too_wide_told)
    expect(page.get_by_role("button", name=words.give_back, exact=True).last).to_be_visible()
    demo.advance(days=31)
    again = chat.says(twin.again, twin.again_told)
    expect(again.locator('a[href*="/p/"]').first).to_contain_text(twin.pay)
    width: Any = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    context.close()


def _pay(demo: Demo, page: Page, bubble: Locator, twin: Twin) -> Any:  # noqa: ANN401 - JSON
    """From the binding button in the chat over both pages, and back; the order."""
    address = bubble.locator('a[href*="/p/"]').first.get_attribute("href") or ""
    chat_url = page.url
    page.goto(address)
    assert re.search(r"84[,.]80", page.inner_text("body"))
    assert re.search(r"13[,.]54", page.inner_text("body"))
    for name, value in (("name", "Jana Muster"), ("email", "jana@example.org")):
        if page.locator(f"#{name}").count():
            page.locator(f"#{name}").fill(value)
    page.get_by_role("button", name=twin.pay).click()
    page.wait_for_url("**/c/pay/**")
    assert re.search(r"84[,.]80", page.inner_text("body"))
    page.get_by_role("button", name=twin.wallet).click()
    page.wait_for_url("**/o/**")
    number = re.search(r"[A-Z]-\d+", page.inner_text("h1"))
    assert number is not None
    page.goto(chat_url)
    expect(page.locator("textarea")).to_be_visible()
    listed = next(one for one in demo.get("/orders", limit=50)["items"] if one["number"] == number[0])
    order = demo.order(listed["id"])
    assert (order["state"], order["totals"]["total"]["minor"]) == ("paid", 8480)
    return order


def _matches(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.DOTALL | re.IGNORECASE) is not None
