"""The chat page in a real browser: the first minute, a torn line, keys instead of fingers, the shop's own site."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, FrameLocator, Locator, Page, Route, expect

from bots.conversations import lanes, presence
from bots.dialogues import words
from bots.messages.inbound import ActionChosen, InboundEvent, Introduced, MediaReceived, ReceiptReceived, TextReceived
from bots.messages.outbound import Action, CartView, Message, Text
from catalog.kernel.unit_of_work import Units
from storefront.web.chat import page as chat_page
from tests.conftest import FrozenClock
from tests.storefront.web.house import House, identity_of
from tests.storefront.web.test_chat_presence import talk

pytestmark = pytest.mark.browser

_PHONE = {"width": 390, "height": 844}
_DESK = {"width": 1280, "height": 800}
_WORDS = {
    "de": ("Chat starten", "die 1 in m, zwei", "doch nur eins. und die hose in 32", "Zahlungspflichtig bestellen"),
    "en": ("Start chatting", "the 1 in m, two", "just one. and the trousers in 32", "Order with obligation to pay"),
}
_SHOPS_PAGE = """<!doctype html><title>Shop</title><h1>Shop</h1>
<script async src="{url}/widget.js" data-widget="{widget}" data-locale="en" data-label="Chat with us"></script>"""


@asynccontextmanager
async def _page(browser: Browser, **context: Any) -> AsyncIterator[Page]:  # noqa: ANN401 - Playwright's options
    """A page whose console stayed empty."""
    opened = await browser.new_context(**{"viewport": _PHONE, "locale": "de-DE", **context})
    page = await opened.new_page()
    page.set_default_timeout(8_000)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
    yield page
    await opened.close()
    assert not troubles


async def _say(page: Page, words: str) -> None:
    await page.locator("textarea").fill(words)
    await page.keyboard.press("Enter")


@pytest.mark.parametrize(("language", "size"), [("de", _PHONE), ("en", _DESK)])
async def test_a_shopper_comes_from_the_first_word_to_a_paid_order(
    shopfront: House, browser: Browser, language: str, size: dict[str, int]
) -> None:
    start, first, second, order = _WORDS[language]
    async with _page(browser, locale=language, viewport=size) as page:
        calls: list[str] = []
        page.on("request", lambda request: calls.append(request.url))
        await page.goto(f"{shopfront.url}/chat/linden#LB7")
        await expect(page.get_by_role("button", name=start)).to_be_visible()
        assert not [url for url in calls if "/webhooks/" in url]
        await page.get_by_role("button", name=start).click()
        await expect(page.locator(".look > li")).to_have_count(4)
        assert "#" not in page.url
        await _say(page, first)
        await expect(page.locator(".replies button")).to_have_count(3)
        await page.locator(".replies button").nth(1).click()
        await expect(page.locator('[data-type="product"]')).to_be_visible()
        await expect(page.locator(".replies button")).to_have_count(0)
        await _say(page, second)
        await page.locator('[data-type="cart"] .actions button').first.click()
        placeholder = "Straße Nr., PLZ Ort" if language == "de" else "Street no., postal code, city"
        await expect(page.get_by_placeholder(placeholder)).to_be_visible()
        await _say(page, "lindenstr 5, 10969 berlin")
        binding = page.get_by_role("link", name=order)
        await expect(binding).to_have_attribute("href", "https://shop.example/p/A7K2QX")
        await _say(page, "bezahlt?" if language == "de" else "paid?")
        await expect(page.locator('[data-type="order"] .timeline > li')).to_have_count(4)
        await expect(page.locator('.message[data-author="customer"] .tick[data-state="read"]')).to_have_count(7)
        width = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1]
    assert isinstance(shopfront.inbox.received[0], TextReceived)
    assert shopfront.inbox.received[0].entry == "LB7"


async def test_a_torn_line_and_a_reload_lose_nothing(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await _begin(page, house)
        await _say(page, "vorher")
        await expect(_said(page, "echo: vorher")).to_be_visible()
        await house.stop()
        await _say(page, "währenddessen")
        await expect(page.locator('.tick[data-state="pending"]')).to_have_count(1)
        await expect(page.locator("#banner")).to_be_visible()
        await page.evaluate("window.stays = true")
        await house.start()
        await expect(_said(page, "echo: währenddessen")).to_be_visible(timeout=12_000)
        await expect(page.locator("#banner")).to_be_hidden()
        assert await page.evaluate("window.stays")
        before = await _bubbles(page)
        await page.reload()
        await expect(_said(page, "echo: währenddessen")).to_be_visible()
        await asyncio.sleep(0.3)
        assert await _bubbles(page) == before
    assert len([event for event in house.inbox.received if isinstance(event, TextReceived)]) == 2


async def test_a_message_whose_answer_is_on_its_way_stands_once_after_a_reload(house: House, browser: Browser) -> None:
    house.inbox.pause_s = 2.0
    async with _page(browser) as page:
        await _begin(page, house)
        await _say(page, "die 1 in m")
        await expect(page.locator(".tick:is([data-state=delivered], [data-state=read])")).to_have_count(1)
        await page.reload()
        await expect(_said(page, "echo: die 1 in m")).to_be_visible()
        assert await _bubbles(page) == ["die 1 in m", "echo: die 1 in m"]


async def test_the_banner_goes_when_the_network_is_back_and_the_line_has_held(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await _begin(page, house)
        await _say(page, "vorher")
        await expect(_said(page, "echo: vorher")).to_be_visible()
        await page.context.set_offline(True)
        await expect(page.locator("#banner")).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.locator("#banner")).to_be_hidden()
        await _say(page, "nachher")
        await expect(_said(page, "echo: nachher")).to_be_visible()


@pytest.mark.parametrize("pointer", ["mouse", "finger"])
async def test_a_double_tap_is_one_action(house: House, browser: Browser, clock: FrozenClock, pointer: str) -> None:
    house.inbox.replies = _cart
    clock.now = datetime.now(UTC)  # the page's day too: no line between days makes the thread jump further
    async with _page(browser, has_touch=pointer == "finger") as page:
        await _begin(page, house)
        for number in range(4):
            await _say(page, f"Zeile {number}")
            await expect(page.locator('[data-type="cart"]')).to_have_count(number + 1)
        last = page.locator('[data-type="cart"]').last
        house.inbox.pause_s = 0.5
        await _double_tap(page, last.get_by_role("button", name="Bezahlen"), pointer=pointer)
        await expect(_said(page, "pay!")).to_be_visible()
        await expect(_said(page, "pics!")).to_have_count(0)
        await page.wait_for_timeout(600)
        await last.get_by_role("button", name="Bezahlen").evaluate("(button) => (button.click(), button.click())")
        await expect(_said(page, "pay!")).to_have_count(2)
        await last.get_by_role("button", name="Mehr Bilder").click()
        await expect(_said(page, "pics!")).to_be_visible()
    taps = [event.action_id for event in house.inbox.received if isinstance(event, ActionChosen)]
    assert taps == ["pay", "pay", "pics"]


async def test_another_language_of_the_page_is_one_of_the_thread_too(house: House, browser: Browser) -> None:
    async with _page(browser, locale="en-GB") as page:
        await page.goto(f"{house.url}/chat/linden")
        await page.get_by_role("link", name="DE").click()
        await page.get_by_role("button", name="Chat starten").click()
        await _say(page, "vorher")
        await expect(_said(page, "echo: vorher")).to_be_visible()
        await page.get_by_role("link", name="EN").click()
        await expect(page.get_by_placeholder("Write a message")).to_be_visible()
        await expect(_said(page, "echo: English please")).to_be_visible()
        assert await _bubbles(page) == ["vorher", "echo: vorher", "English please", "echo: English please"]


def test_the_bot_knows_how_the_page_asks_for_a_language() -> None:
    wishes = chat_page.wishes(("de", "en", "fr"))
    assert sorted(wishes) == ["de", "en"]
    assert all(words.is_aside(wish) for wish in wishes.values())


async def test_two_tabs_share_the_thread_and_the_tokens(house: House, browser: Browser) -> None:
    async with _page(browser) as left:
        await _begin(left, house)
        right = await left.context.new_page()
        await right.goto(f"{house.url}/chat/linden")
        await expect(right.locator("#composer")).to_be_visible()
        await _say(right, "von rechts")
        await expect(_said(left, "echo: von rechts")).to_be_visible()
        await left.reload()
        await right.reload()
        for tab in (left, right):
            await expect(_said(tab, "echo: von rechts")).to_have_count(1)


async def test_stars_emphasise_words_and_stay_stars_within_them(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await _begin(page, house)
        await _say(page, "*Neu:* *Kissen*, 80*60*40 cm, 2 * 3 * 4")
        bubble = page.locator(".words").filter(has_text="echo:")
        await expect(bubble).to_have_text("echo: Neu: Kissen, 80*60*40 cm, 2 * 3 * 4")
        await expect(bubble.locator("strong")).to_have_text(["Neu:", "Kissen"])


async def test_without_websockets_the_chat_goes_on(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await page.add_init_script("delete window.WebSocket")
        await _begin(page, house)
        await _say(page, "geht auch so")
        await expect(_said(page, "echo: geht auch so")).to_be_visible()
        for _ in range(100):
            if any(isinstance(event, ReceiptReceived) for event in house.inbox.received):
                break
            await asyncio.sleep(0.05)
    assert any(isinstance(event, ReceiptReceived) for event in house.inbox.received)


async def test_everything_works_by_keyboard(shopfront: House, browser: Browser) -> None:
    async with _page(browser, viewport=_DESK) as page:
        await _begin(page, shopfront)
        await expect(page.locator(".track > li")).to_have_count(6)
        await page.locator(".track").focus()
        await page.keyboard.press("ArrowRight")
        await _until(page, "document.querySelector('.track').scrollLeft > 100")
        await page.locator(".product .frame").first.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator("dialog.viewer")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog.viewer")).to_have_count(0)
        await page.locator(".product .chip").first.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator('.message[data-author="customer"]')).to_have_count(1)
        await _say(page, "(#LB7)")
        await page.locator(".hotspot").nth(1).focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".look > li").nth(1)).to_be_focused()
        small = await page.evaluate(
            "[...document.querySelectorAll('button:not(.chip):not([hidden]), .languages a')]"
            ".filter((e) => e.offsetHeight && e.offsetHeight < 40).map((e) => e.className)"
        )
        assert not small
        assert "Overshirt" in (await page.locator("#said").text_content() or "")


@pytest.mark.parametrize(("language", "told"), [("de", "passen 4000"), ("en", "takes 4000")])
async def test_words_that_are_too_long_stay_in_the_box_and_the_page_says_so(
    house: House, browser: Browser, language: str, told: str
) -> None:
    long = "wort " * 801
    async with _page(browser, locale=language) as page:
        await _begin(page, house)
        own = await page.locator('.message[data-author="customer"]').count()
        await _say(page, long)
        await expect(page.locator(".toast")).to_contain_text(told)
        await expect(page.locator("textarea")).to_have_value(long)
        await expect(page.locator('.message[data-author="customer"]')).to_have_count(own)
        await _say(page, "🧵" * 4_000)
        await expect(page.locator("textarea")).to_have_value("")
        await expect(page.locator('.tick[data-state="pending"], .tick[data-state="failed"]')).to_have_count(0)


async def test_a_pasted_picture_is_sent(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await _begin(page, house)
        await page.evaluate(
            """async () => {
              const canvas = Object.assign(document.createElement("canvas"), {width: 40, height: 60});
              canvas.getContext("2d").fillRect(0, 0, 40, 60);
              const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
              const data = new DataTransfer();
              data.items.add(new File([blob], "naht.png", {type: "image/png"}));
              document.querySelector("textarea").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data}));
            }"""
        )
        await expect(page.locator("#tray .spinner")).to_have_count(0)
        come = asyncio.Event()

        async def late(route: Route) -> None:
            await come.wait()
            await route.continue_()

        await page.route("**/chat.jpg*", late)
        await _say(page, "offene Naht")
        await expect(page.locator(".photo img").last).to_have_js_property(
            "offsetHeight", 60
        )  # nothing moves when it comes
        come.set()
        await expect(page.locator('.message[data-author="customer"] .photo img')).to_be_visible()
        await expect(page.locator('.tick[data-state="pending"]')).to_have_count(0)
        await page.route("**/photo.jpg*", lambda route: route.fulfill(status=403))
        await page.locator(".photo").click()
        await _until(page, "document.querySelector('.viewer img').naturalWidth === 40")  # what was loaded before
    pictures = [event for event in house.inbox.received if isinstance(event, MediaReceived)]
    assert [picture.caption for picture in pictures] == ["offene Naht"]


@pytest.mark.parametrize(
    ("language", "name", "kind", "told"),
    [
        ("de", "beleg.pdf", "application/pdf", "PDF geht hier nicht, nur Bilder als JPEG, PNG oder WebP. Mach einen"),
        ("en", "IMG_1.heic", "image/heic", "HEIC doesn’t work here, only pictures as JPEG, PNG or WebP do. Take a"),
    ],
)
async def test_a_file_that_is_no_picture_for_us_is_refused_at_once_with_a_way_out(
    house: House, browser: Browser, language: str, name: str, kind: str, told: str
) -> None:
    async with _page(browser, locale=language) as page:
        await _begin(page, house)
        await page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": b"%PDF"})
        await expect(page.locator(".toast")).to_contain_text(told)
        await expect(page.locator(".toast")).to_contain_text("creenshot")
        await expect(page.locator("#tray")).to_be_hidden()


async def test_the_page_shows_the_cart_and_who_of_the_team_writes(
    house: House, browser: Browser, units: Units, shop_id: UUID
) -> None:
    async with _page(browser, locale="en") as page:
        await _begin(page, house)
        await _say(page, "Hello")
        await expect(_said(page, "echo: Hello")).to_be_visible()
        await expect(page.locator("#cart")).to_be_hidden()
        async with units(shop_id) as uow:
            address = str(await uow.fetchval("SELECT address FROM webchat_thread WHERE shop_id = $1", shop_id))
            conversation_id = await talk(uow, house, address)
            await lanes.take(uow, conversation_id)
        await expect(page.get_by_role("button", name="Cart, pieces: 2")).to_have_text("2")
        await expect(page.get_by_text("The team is writing now")).to_be_visible()
        async with units(shop_id) as uow:
            await presence.show_typing(uow, conversation_id)
        await expect(page.get_by_role("status", name="The team is typing")).to_be_visible()
        async with units(shop_id) as uow:
            await lanes.give_back(uow, conversation_id)
        await expect(page.get_by_text("The team is writing now")).to_be_hidden()
        await page.locator("#cart").click()
        await expect(_said(page, "echo: What is in my cart?")).to_be_visible()


async def test_the_thread_never_jumps_while_one_reads_further_up(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await _begin(page, house)
        for number in range(14):
            await _say(page, f"Zeile {number}")
            await expect(_said(page, f"echo: Zeile {number}")).to_be_visible()
        other = await page.context.new_page()
        await other.goto(f"{house.url}/chat/linden")
        await expect(other.locator("#composer")).to_be_visible()
        await page.bring_to_front()
        await page.evaluate("document.querySelector('#scroller').scrollTop = 100")
        await _say(other, "von anderswo")
        await expect(page.locator("#pill")).to_be_visible()
        assert await page.evaluate("document.querySelector('#scroller').scrollTop") == 100
        await page.locator("#pill").click()
        await expect(_said(page, "echo: von anderswo")).to_be_in_viewport()
        await expect(page.locator("#pill")).to_be_hidden()


async def test_the_widget_opens_on_the_shops_own_site(house: House, browser: Browser) -> None:
    async with _page(browser, viewport=_DESK) as page:
        shops_page = _SHOPS_PAGE.format(url=house.url, widget=house.account_id)
        await page.route(
            "https://shop.example/**", lambda route: route.fulfill(body=shops_page, content_type="text/html")
        )
        await page.goto("https://shop.example/")
        await page.get_by_role("button", name="Chat with us").click()
        frame = page.frame_locator("iframe")
        await frame.get_by_role("button", name="Start chatting").click()
        await frame.locator("textarea").fill("Hello from the shop")
        await frame.locator("textarea").press("Enter")
        await expect(_said(frame, "echo: Hello from the shop")).to_be_visible()
        await frame.get_by_role("button", name="Close").click()
        await expect(page.locator("iframe")).to_be_hidden()


async def test_the_shops_site_says_what_the_shopper_looks_at_and_in_which_language(
    house: House, browser: Browser
) -> None:
    async with _page(browser, viewport=_DESK) as page:
        await _embedded(page, house)
        await page.evaluate("shopchat('setEntry', {product: 'COAT-17'}); shopchat('open')")
        frame = page.frame_locator("iframe")
        await frame.get_by_role("button", name="Start chatting").click()
        await expect(frame.locator("textarea")).to_have_value(re.compile(r"\(#product_COAT-17\)"))
        await page.evaluate("shopchat('setEntry', {cart: 'c_9f2'})")
        await expect(frame.locator("textarea")).to_have_value(re.compile(r"\(#cart_c_9f2\)"))
        await page.evaluate("shopchat('setLocale', {locale: 'de'})")
        await expect(frame.get_by_placeholder("Nachricht schreiben")).to_be_visible()


async def test_the_widgets_panel_keeps_the_focus_and_gives_it_back(house: House, browser: Browser) -> None:
    active = "document.activeElement.shadowRoot?.activeElement.className || document.activeElement.id"
    async with _page(browser, viewport=_DESK) as page:
        await _embedded(page, house)
        await page.locator("#before").focus()
        await page.evaluate("shopchat('open')")
        frame = page.frame_locator("iframe")
        await expect(frame.locator("#agree")).to_be_visible()
        inside = [await _tab(page, "Tab", active) for _ in range(12)]
        back = [await _tab(page, "Shift+Tab", active) for _ in range(12)]
        assert "launch" in inside
        assert "launch" in back
        assert not {"before", "after"} & {*inside, *back}
        await frame.locator("#agree").focus()
        await page.keyboard.press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()
        assert await page.evaluate(active) == "before"


async def test_a_site_that_is_not_allowed_is_told_what_to_do(house: House, browser: Browser) -> None:
    opened = await browser.new_context()
    page = await opened.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    shops_page = _SHOPS_PAGE.format(url=house.url, widget=house.account_id)
    await page.route(
        "https://elsewhere.example/**", lambda route: route.fulfill(body=shops_page, content_type="text/html")
    )
    await page.clock.install()
    await page.goto("https://elsewhere.example/")
    await page.get_by_role("button", name="Chat with us").click()
    for _ in range(100):
        await page.clock.run_for(1_000)
        if any("https://elsewhere.example among the web chat's allowed_origins" in line for line in said):
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail(f"not told: {said}")
    await opened.close()


async def test_a_customer_of_the_shops_site_is_known_even_while_the_session_is_being_renewed(
    house: House, browser: Browser
) -> None:
    known = "<script>window.shopchat = {{q: [['setUser', {{jwt: '{jwt}'}}]]}}</script>"
    site = _SHOPS_PAGE.format(url=house.url, widget=house.account_id)
    async with _page(browser, viewport=_DESK, locale="en-GB") as page:
        bodies = [site, known.format(jwt=identity_of(house, "customer-7")) + site]
        await page.route(
            "https://shop.example/**", lambda route: route.fulfill(body=bodies.pop(0), content_type="text/html")
        )
        await page.goto("https://shop.example/")
        await page.get_by_role("button", name="Chat with us").click()
        await page.frame_locator("iframe").get_by_role("button", name="Start chatting").click()
        await page.frame_locator("iframe").locator("textarea").fill("Hello")
        await page.frame_locator("iframe").locator("textarea").press("Enter")
        await expect(_said(page.frame_locator("iframe"), "echo: Hello")).to_be_visible()
        written = await page.frame_locator("iframe").locator(".meta time").first.inner_text()
        assert re.fullmatch(r"\d\d:\d\d", written), "British clocks have 24 hours"
        await page.goto("https://shop.example/")
        await page.get_by_role("button", name="Chat with us").click()
        await expect(_said(page.frame_locator("iframe"), "echo: Hello")).to_be_visible()
        told: list[Introduced] = []
        for _ in range(100):
            if told := [event for event in house.inbox.received if isinstance(event, Introduced)]:
                break
            await asyncio.sleep(0.05)
    assert [event.email for event in told] == ["c@shop.example"]


async def test_a_plain_line_that_falls_silent_is_taken_up_again(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        await page.add_init_script(
            """delete window.WebSocket;
            const fetched = window.fetch;
            window.lines = 0;
            window.fetch = (url, options) => {
              if (!String(url).includes("/events")) return fetched(url, options);
              window.lines++;
              const welcome = 'data: {"type": "welcome", "head_seq": 0, "resumed": true, "heartbeat_s": 0.05}\\n\\n';
              return Promise.resolve(new Response(new ReadableStream({
                start: (line) => line.enqueue(new TextEncoder().encode(welcome)),
              })));
            };"""
        )
        await _begin(page, house)
        await _until(page, "window.lines > 1")


async def test_the_page_paints_at_once(house: House, browser: Browser) -> None:
    async with _page(browser) as page:
        paints = []
        for _ in range(3):
            await page.goto(f"{house.url}/chat/linden")
            await _until(page, "performance.getEntriesByName('first-contentful-paint').length > 0")
            paints.append(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        assert min(paints) < 400, paints  # 100 ms on a quiet machine; this one may be busy


async def _embedded(page: Page, house: House) -> None:
    """The shop's own page, with the widget between two buttons of it."""
    widget = _SHOPS_PAGE.format(url=house.url, widget=house.account_id)
    shops_page = f"{widget}<button id=before>Coat</button><button id=after>Sale</button>"
    await page.route("https://shop.example/**", lambda route: route.fulfill(body=shops_page, content_type="text/html"))
    await page.goto("https://shop.example/")
    await expect(page.get_by_role("button", name="Chat with us")).to_be_visible()


async def _tab(page: Page, key: str, active: str) -> str:
    await page.keyboard.press(key)
    await page.wait_for_timeout(50)
    return str(await page.evaluate(active))


async def _double_tap(page: Page, button: Locator, *, pointer: str) -> None:
    """Twice at one place of the screen, whatever lies there the second time."""
    box = await button.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if pointer == "finger":
        await page.touchscreen.tap(x, y)
        await page.touchscreen.tap(x, y)
    else:
        await page.mouse.dblclick(x, y)


def _cart(event: InboundEvent) -> Sequence[Message]:
    if isinstance(event, ActionChosen):
        return [Text(text=f"{event.action_id}!")]
    if not isinstance(event, TextReceived):
        return []
    actions = (
        Action(id="pay", title="Bezahlen", primary=True), Action(id="pics", title="Mehr Bilder"),
        Action(id="edit", title="Ändern"),
    )  # fmt: skip
    return [CartView(text="Korb: 1 × Mütze grau 24,90 €", lines=(), total="24,90 €", actions=actions)]


async def _begin(page: Page, house: House) -> None:
    await page.goto(f"{house.url}/chat/linden")
    await page.locator("#agree").click()
    await expect(page.locator("#composer")).to_be_visible()


def _said(page: Page | FrameLocator, words: str) -> Locator:
    """Words in a bubble, not in the live region."""
    return page.locator(".words").get_by_text(words, exact=True)


async def _bubbles(page: Page) -> list[str]:
    texts: list[str] = await page.evaluate(
        "[...document.querySelectorAll('.message[data-seq] .words')].map((words) => words.textContent)"
    )
    return texts


async def _until(page: Page, condition: str) -> None:
    """Wait for a condition by looking from outside: the policy of the page forbids what waiting inside does."""
    for _ in range(200):
        if await page.evaluate(condition):
            return
        await page.wait_for_timeout(50)
    pytest.fail(f"{condition} did not come true")
