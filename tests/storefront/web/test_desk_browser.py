"""The merchant at the desk, in a real browser over the whole application."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, expect

from bots.channels.accounts import standing
from bots.messages.fitted import FittedText, dump, rich
from bots.messages.outbound import Card, Carousel, ImageRef, Picture
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.customers import service as customers
from storefront.mail import mailing
from storefront.web.assets import ASSETS
from tests.checkout.factories import TEE, make_capture, make_order, make_variant
from tests.storefront.web.install import Install, installed, make_conversation, opened

pytestmark = pytest.mark.browser
_READING = {
    "intents": ["change_cart", "human_handover"],
    "cart_ops": [{"op": "add", "product": "basic-tee", "colour": "grey", "size": "M", "quantity": 2}],
    "search": {"filters": {"max_price": 30}, "sort": None},
    "confidence": 0.85,
    "why": ["goods wanted", "“<b>Mensch</b>”"],
}

_MORE_ORDERS = """
INSERT INTO shop_order SELECT (jsonb_populate_record(o, jsonb_build_object('id', n, 'number', n::text,
                               'code', n::text, 'state', 'cancelled'))).*
FROM shop_order o, unnest($2::uuid[]) n WHERE o.shop_id = $1 AND o.state = 'paid'
"""
_MORE_CONVERSATIONS = """
INSERT INTO conversation SELECT (jsonb_populate_record(c, jsonb_build_object('id', n, 'address', n::text))).*
FROM conversation c, unnest($2::uuid[]) n WHERE c.shop_id = $1
"""
_MORE_RETURNS = """
INSERT INTO return_request
  (id, shop_id, order_id, state, wish, photos, rejection, label_url, label_code, currency, requested_at)
SELECT n, o.shop_id, o.id, 'requested', 'refund', '[]', '', '', '', o.currency, o.placed_at
FROM shop_order o, unnest($2::uuid[]) n WHERE o.shop_id = $1 AND o.state = 'paid'
"""
_SAID = """
INSERT INTO outbound_message (id, shop_id, account_id, conversation_id, author, body, text, state, not_before, at)
SELECT $3, c.shop_id, c.account_id, c.id, 'bot', $2::jsonb, $5, 'sent', $4, $4
FROM conversation c WHERE c.shop_id = $1
"""

_PHOTOGRAPHED = """
WITH seen AS (
  INSERT INTO received_picture (conversation_id, media_id, shop_id, upload_id, image_id)
  SELECT id, 'media-1', shop_id, $2, $4 FROM conversation WHERE shop_id = $1
)
INSERT INTO inbound_message (id, shop_id, account_id, conversation_id, dedupe_key, provider_id, kind, body, text, at,
                             received_at, not_before, outcome)
SELECT $2, shop_id, account_id, id, 'm2', 'm2', 'MediaReceived', '{"media_id": "media-1"}', '', $3, $3, $3,
       'handed_over'
FROM conversation WHERE shop_id = $1
"""


@pytest.fixture
async def install(units: Units, dsn: str, shop: Shop, shop_id: UUID, install_home: Path) -> AsyncIterator[Install]:
    """A shop with a tee, a paid order of two, and a person who asked for a human."""
    async with units(shop_id) as uow:
        await make_variant(uow)
    conversation_id = await make_conversation(units, shop_id, "Mensch bitte", needs_person="asked", reading=_READING)
    async with units(shop_id) as uow:
        order = await make_order(uow, paid=True, conversation_id=conversation_id)
        await make_capture(uow, order)
    async with installed(units, dsn, install_home, shop_id) as served:
        yield served


@pytest.fixture
async def desk(install: Install, browser: Browser) -> AsyncIterator[Page]:
    """The desk, signed in."""
    async with opened(browser, f"{install.url}/desk") as page:
        await page.get_by_label("API key").fill(install.key)
        await page.get_by_role("button", name="Open").click()
        yield page


async def test_only_a_good_key_opens_the_desk_and_the_tab_remembers_it(install: Install, browser: Browser) -> None:
    async with opened(browser, f"{install.url}/") as page:
        assert page.url.endswith("/desk")
        await page.get_by_label("API key").fill("sk_shop_no")
        await page.get_by_role("button", name="Open").click()
        await expect(page.get_by_role("alert")).to_contain_text("isn't valid")
        await page.get_by_label("API key").fill(install.key)
        await page.get_by_role("button", name="Open").click()
        await expect(page.get_by_role("tab", name="Conversations")).to_be_visible()
        await page.reload()
        await expect(page.get_by_role("tab", name="Conversations")).to_be_visible()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_label("API key")).to_be_focused()


async def test_a_channel_whose_provider_refuses_it_is_told_above_every_tab_until_it_works(
    desk: Page, units: Units, shop_id: UUID
) -> None:
    await expect(desk.get_by_role("tab", name="Conversations")).to_be_visible()
    await expect(desk.get_by_role("alert")).to_be_hidden()
    async with units(shop_id) as uow:
        account_id = await uow.fetchval("SELECT id FROM channel_account WHERE shop_id = $1", uow.shop_id)
        await standing.fail(uow, account_id, "Session has expired (190)")
    await expect(desk.get_by_role("alert")).to_contain_text("telegram: Session has expired (190)", timeout=15_000)
    async with units(shop_id) as uow:
        await standing.recover(uow, account_id)
    await expect(desk.get_by_role("alert")).to_be_hidden(timeout=15_000)


async def test_what_else_reaches_a_person_stands_beside_a_message_that_did_not(
    install: Install, browser: Browser, units: Units, shop_id: UUID
) -> None:
    async with units(shop_id) as uow:
        known = await customers.create(uow, email="ada@example.org")
        await uow.execute("UPDATE conversation SET customer_id = $2 WHERE shop_id = $1", uow.shop_id, known)
        await uow.execute(_SAID, uow.shop_id, dump(FittedText(text="Da!")), new_id(), uow.now, "Da!")
        await uow.execute(
            "UPDATE outbound_message SET state = 'refused', reason = 'unreachable' WHERE shop_id = $1", uow.shop_id
        )
    async with opened(browser, f"{install.url}/desk") as page:
        await page.get_by_label("API key").fill(install.key)
        await page.get_by_role("button", name="Open").click()
        fate = page.get_by_text("person cannot be reached · can be reached at ada@example.org")
        await expect(fate).to_be_visible()


async def test_arrow_keys_move_between_the_tabs(desk: Page) -> None:
    await desk.get_by_role("tab", name="Conversations").focus()
    await desk.keyboard.press("ArrowRight")
    await expect(desk.get_by_role("tab", name="Orders")).to_be_focused()
    await expect(desk.get_by_role("tab", name="Orders")).to_have_attribute("aria-selected", "true")
    await desk.keyboard.press("End")
    await expect(desk.get_by_role("tabpanel", name="Stock")).to_be_visible()
    assert await desk.get_by_role("tab").evaluate_all("tabs => tabs.filter(tab => tab.tabIndex === 0).length") == 1


async def test_the_teams_words_take_the_lane_and_handing_back_frees_it(desk: Page) -> None:
    panel = desk.get_by_role("tabpanel")
    await expect(panel.get_by_text("Needs a person: asked for a person")).to_be_visible()
    await expect(panel.get_by_role("log").get_by_text("Mensch bitte")).to_be_visible()
    await panel.get_by_label("Write a reply").fill("Hallo, hier ist Anna.")
    await panel.get_by_label("Write a reply").press("Enter")
    await expect(panel.get_by_text("The team writes here")).to_be_visible()
    await expect(panel.get_by_role("log").get_by_text("Hallo, hier ist Anna.")).to_be_visible()
    await panel.get_by_role("button", name="Hand back to the bot").click()
    await expect(panel.get_by_text("The bot answers.")).to_be_visible()


async def test_what_a_message_was_taken_for_and_why_opens_by_keyboard_and_stays_open(desk: Page) -> None:
    panel = desk.get_by_role("tabpanel")
    why = panel.get_by_text("“<b>Mensch</b>”")
    summary = panel.locator(".reading > summary")
    await expect(summary).to_contain_text("change the cart · a person, please")
    await expect(why).to_be_hidden()
    await summary.focus()
    await desk.keyboard.press("Enter")
    await expect(why).to_be_visible()
    await expect(panel.locator(".reading dd")).to_have_text(
        ["add: 2 × basic-tee, grey, M", "price at most: 30", "goods wanted", "“<b>Mensch</b>”", "85 %"]
    )
    await panel.get_by_label("Write a reply").fill("Hallo")
    await panel.get_by_label("Write a reply").press("Enter")
    await expect(panel.get_by_text("The team writes here")).to_be_visible()
    await expect(why).to_be_visible()


async def test_the_reasons_of_a_reading_are_in_the_desks_language(
    install: Install, browser: Browser, units: Units, shop_id: UUID
) -> None:
    why = [
        "search for colour=grey, goods",
        "order L-7 again",
        "asks about material, fit",
        "bought before",
        "“<b>Hm</b>”",
    ]
    async with units(shop_id) as uow:
        await uow.execute(
            "UPDATE inbound_message SET outcome_detail = jsonb_set(outcome_detail, '{reading,why}', $2)"
            " WHERE shop_id = $1",
            shop_id, json.dumps(why),
        )  # fmt: skip
    async with opened(browser, f"{install.url}/desk?lang=de") as page:
        await page.get_by_label("API-Schlüssel").fill(install.key)
        await page.get_by_role("button", name="Öffnen").click()
        await page.locator(".reading > summary").click()
        told = page.locator(".reading dd")
        await expect(told.filter(has_text="Suche nach Farbe: grey, Ware")).to_be_visible()
        await expect(told.filter(has_text="Bestellung L-7 noch einmal")).to_be_visible()
        await expect(told.filter(has_text="fragt nach: Material, Passform")).to_be_visible()
        await expect(told.filter(has_text="früher gekauft")).to_be_visible()
        await expect(told.filter(has_text="“<b>Hm</b>”")).to_be_visible()


async def test_a_paid_order_is_shipped_and_part_of_it_refunded(desk: Page, install: Install) -> None:
    await desk.get_by_role("tab", name="Orders").click()
    panel = desk.get_by_role("tabpanel")
    await panel.get_by_label("Carrier").select_option("GLS")
    await panel.get_by_label("Tracking code").fill("8827310")
    await panel.get_by_role("button", name="Ship").click()
    await expect(panel.get_by_role("link", name="8827310")).to_be_visible()
    await panel.get_by_label("Amount, empty means the rest").fill("5,00")
    await panel.get_by_role("button", name="Refund").click()
    await expect(panel.get_by_text("Refund €5.00?")).to_be_visible()
    await panel.get_by_role("button", name="Refund").click()
    await expect(panel.get_by_role("heading", name="Refunds")).to_be_visible()
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {install.key}"}) as client:
        order = (await client.get(f"{install.url}/api/v1/orders")).json()["items"][0]
    assert order["state"] == "fulfilled"
    assert [refund["amount"]["minor"] for refund in order["refunds"]] == [500]


async def test_units_of_a_line_are_refunded_as_far_as_any_are_left(desk: Page, install: Install) -> None:
    await desk.get_by_role("tab", name="Orders").click()
    panel = desk.get_by_role("tabpanel")
    await panel.get_by_label("For what").select_option(TEE)
    await panel.get_by_label("Units").fill("3")
    await panel.get_by_role("button", name="Refund").click()
    await expect(panel.get_by_label("Units")).to_have_attribute("aria-invalid", "true")
    await expect(panel.get_by_role("alert")).to_have_text("A number from 1 to 2.")
    await panel.get_by_label("Units").fill("1")
    await panel.get_by_role("button", name="Refund").click()
    await expect(panel.get_by_text("Refund 1 × ")).to_be_visible()
    await panel.get_by_role("button", name="Refund").click()
    await expect(panel.get_by_text("1 of 2 left to refund")).to_be_visible()
    await expect(panel.get_by_label("For what").locator(f"option[value={TEE}]")).to_contain_text("(1 left)")
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {install.key}"}) as client:
        (order,) = (await client.get(f"{install.url}/api/v1/orders")).json()["items"]
    assert [(each["amount"]["minor"], each["lines"]) for each in order["refunds"]] == [
        (2490, [{"sku": TEE, "quantity": 1}])
    ]


async def test_the_rest_of_a_partly_sent_order_is_cancelled_after_asking_back(desk: Page, install: Install) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {install.key}"}) as client:
        (order,) = (await client.get(f"{install.url}/api/v1/orders")).json()["items"]
        parcel = {"lines": [{"sku": TEE, "quantity": 1}]}
        await client.post(f"{install.url}/api/v1/orders/{order['id']}/fulfilments", json=parcel)
        await desk.get_by_role("tab", name="Orders").click()
        panel = desk.get_by_role("tabpanel")
        await panel.get_by_role("button", name="Cancel the rest").click()
        await expect(panel.get_by_text("its price goes back. Sure?")).to_be_visible()
        await panel.get_by_role("button", name="Cancel the rest").click()
        await expect(panel.get_by_role("heading", level=2)).to_contain_text("closed")
        await expect(panel.get_by_text("rest cancelled")).to_be_visible()
        (order,) = (await client.get(f"{install.url}/api/v1/orders")).json()["items"]
    assert [refund["amount"]["minor"] for refund in order["refunds"]] == [2490]


async def test_amounts_are_written_and_read_with_the_decimals_of_their_currency(desk: Page) -> None:
    """A browser shows forints, dinars and pesos without the decimals in which the shop counts them."""
    said = await desk.evaluate(
        """async ([module, amounts, typed]) => {
            const { money, amount } = await import(module);
            return [amounts.map(money), typed.map(([text, currency]) => amount(text, currency)?.minor ?? null)];
        }""",
        [
            ASSETS.url("desk/format.js"),
            [{"minor": 123456, "currency": currency} for currency in ("HUF", "JPY", "KWD", "EUR")],
            [("1.234,56", "HUF"), ("500", "RSD"), ("1,500", "JPY"), ("12.5", "JPY"), ("0,345", "KWD"), ("1.2.3", "EUR"),
             ("1.234", "EUR"), ("12,5 €", "EUR"), ("1.234.567", "EUR"), ("12,345.6", "EUR")],
        ],
    )  # fmt: skip
    assert [text.replace("\xa0", " ") for text in said[0]] == ["HUF 1,234.56", "¥123,456", "KWD 123.456", "€1,234.56"]
    assert said[1] == [123456, 50000, 1500, None, 345, None, 123400, 1250, 123456700, 1234560]


async def test_a_letter_that_was_refused_is_shown_with_what_to_do(desk: Page, units: Units, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await uow.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) SELECT $2::text, $2::text,"
            " jsonb_build_object('shop_id', shop_id, 'order_id', id), 'failed' FROM shop_order WHERE shop_id = $1",
            shop_id, mailing.CONFIRM,
        )  # fmt: skip
    await desk.get_by_role("tab", name="Orders").click()
    await expect(desk.get_by_role("list", name="Orders").get_by_role("button")).to_contain_text("e-mail refused")
    told = desk.get_by_role("tabpanel").get_by_text("refused the confirmation to ada@example.org for good")
    await expect(told).to_contain_text("ask for another address")


async def test_a_count_on_the_shelf_is_set(desk: Page, install: Install) -> None:
    await desk.get_by_role("tab", name="Stock").click()
    await desk.get_by_role("button", name="Basic tee").click()
    count = desk.get_by_label(f"On hand {TEE}")
    await expect(count).to_have_value("18")  # two of the twenty are in the paid order
    await count.fill("7")
    await count.press("Enter")
    await expect(desk.get_by_text(f"{TEE} saved.")).to_be_visible()
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {install.key}"}) as client:
        assert (await client.get(f"{install.url}/api/v1/stock/{TEE}")).json()["on_hand"] == 7


async def test_a_count_that_no_shelf_can_have_is_refused_in_words_and_the_page_goes_on(desk: Page) -> None:
    await desk.get_by_role("tab", name="Stock").click()
    await desk.get_by_role("button", name="Basic tee").click()
    count = desk.get_by_label(f"On hand {TEE}")
    await count.fill("-3")
    await count.press("Enter")
    await expect(desk.get_by_text(f"{TEE}: give a whole number from 0 to 1000000.")).to_be_visible()
    await expect(count).to_have_value("18")
    await desk.get_by_label("Search").fill("nothing of the kind")
    await expect(desk.get_by_role("button", name="Basic tee")).to_have_count(0)


async def test_a_draft_without_variants_opens(desk: Page, install: Install) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {install.key}"}) as client:
        draft = {"handle": "idea", "title": {"en": "An idea", "de": "Idee"}, "status": "draft"}
        assert (await client.post(f"{install.url}/api/v1/products", json=draft)).status_code == 201
    refused: list[str] = []
    desk.on("response", lambda answer: refused.append(answer.url) if answer.status == 400 else None)
    await desk.get_by_role("tab", name="Stock").click()
    await desk.get_by_role("button", name="An idea").click()
    await expect(desk.get_by_role("button", name="An idea")).to_have_attribute("aria-expanded", "true")
    for words in ("ide", "idea"):  # what the second one finds is shown after the first one's stock was asked for
        async with desk.expect_response(re.compile(f"/products.*q={words}(&|$)")):
            await desk.get_by_label("Search").fill(words)
    assert not refused


async def test_on_a_phone_the_list_gives_way_to_what_is_chosen(install: Install, browser: Browser) -> None:
    async with opened(browser, f"{install.url}/desk", size=(390, 844)) as page:
        await page.get_by_label("API key").fill(install.key)
        await page.get_by_role("button", name="Open").click()
        await page.get_by_role("list", name="Conversations").get_by_role("button").click()
        await expect(page.get_by_role("log").get_by_text("Mensch bitte")).to_be_visible()
        await expect(page.get_by_role("list", name="Conversations")).to_be_hidden()
        await page.get_by_role("button", name="Back").click()
        await expect(page.get_by_role("list", name="Conversations")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_older_orders_are_read_on_by_keyboard_and_stay_while_the_list_refreshes(
    desk: Page, install: Install, units: Units, shop_id: UUID
) -> None:
    await _copy_orders(units, shop_id, 120)
    await desk.get_by_role("tab", name="Orders").click()
    rows = desk.get_by_role("list", name="Orders").get_by_role("button")
    await expect(rows).to_have_count(100)
    await desk.get_by_role("button", name="Show older").focus()
    await desk.keyboard.press("Enter")
    await expect(rows).to_have_count(121)
    await expect(desk.get_by_role("button", name="Show older")).to_be_hidden()
    await expect(rows.nth(100)).to_be_focused()
    await rows.nth(120).focus()
    scrolled = await desk.locator(".orders .pair-list").evaluate("list => list.scrollTop")
    assert scrolled > 0
    await _copy_orders(units, shop_id, 1)
    await expect(rows).to_have_count(122)  # the refresh brought the new one, and kept the older
    await expect(rows.nth(121)).to_be_focused()
    assert await desk.locator(".orders .pair-list").evaluate("list => list.scrollTop") == scrolled
    await rows.nth(121).press("Enter")
    await expect(desk.get_by_role("tabpanel").get_by_role("heading", level=2)).to_contain_text("paid")


async def test_older_conversations_and_returns_are_read_on(desk: Page, units: Units, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await uow.execute(_MORE_CONVERSATIONS, shop_id, [new_id() for _ in range(101)])
        await uow.execute(_MORE_RETURNS, shop_id, [new_id() for _ in range(101)])
    counted = desk.get_by_role("tab", name="Returns").locator(".count")
    await expect(counted).to_have_text("101", timeout=15_000)  # what waits is counted at every third beat of 2 s
    await expect(desk.get_by_role("tab", name="Conversations").locator(".count")).to_have_text("102")
    rows = desk.get_by_role("tabpanel").locator(".row-button")
    for name, count in (("Conversations", 102), ("Returns", 101)):
        await desk.get_by_role("tab", name=name).click()
        await expect(rows).to_have_count(100)
        await desk.get_by_role("tabpanel").get_by_role("button", name="Show older").click()
        await expect(rows).to_have_count(count)
    await rows.nth(100).click()
    await expect(desk.get_by_role("tabpanel").get_by_role("heading", level=2)).to_contain_text("Return")


async def test_a_return_is_approved_with_a_label_and_a_drop_off_code(desk: Page, units: Units, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await uow.execute(_MORE_RETURNS, shop_id, [new_id()])
    await desk.get_by_role("tab", name="Returns").click()
    panel = desk.get_by_role("tabpanel")
    await panel.get_by_label("Label link").fill("https://post.example/r/1")
    await panel.get_by_label("Drop-off code").fill("QR-77")
    await panel.get_by_role("button", name="Approve").click()
    await expect(panel.get_by_role("link", name="https://post.example/r/1")).to_be_visible()
    await expect(panel.get_by_text("Drop-off code: QR-77")).to_be_visible()


async def test_an_order_older_than_the_list_opens_from_elsewhere_and_follows_its_changes(
    desk: Page, units: Units, shop_id: UUID
) -> None:
    await desk.get_by_role("log").get_by_text("Mensch bitte").wait_for()
    async with units(shop_id) as uow:
        await uow.execute(_MORE_RETURNS, shop_id, [new_id()])
    await _copy_orders(units, shop_id, 100)
    await desk.get_by_role("tab", name="Returns").click()
    await desk.get_by_role("tabpanel").get_by_role("button", name="Order", exact=True).click()
    panel = desk.get_by_role("tabpanel")
    await panel.get_by_label("Carrier").select_option("GLS")
    await panel.get_by_role("button", name="Ship").click()
    await expect(panel.get_by_role("heading", name="Parcels")).to_be_visible()


async def test_the_cards_of_a_message_stand_in_the_thread(desk: Page, units: Units, shop_id: UUID) -> None:
    cards = (
        Card(title="Basic tee", subtitle="€24.90", image=None),
        Card(title="Linen shirt", subtitle="€49.00 · <b>new</b>", image=ImageRef(image_id="ab" * 32, alt="A shirt")),
    )
    async with units(shop_id) as uow:
        await uow.execute(
            _SAID, shop_id, dump(rich(Carousel(text="Schau mal:", cards=cards))), new_id(), uow.now, "Schau mal:"
        )
    await expect(desk.get_by_role("log").get_by_text("Schau mal:")).to_be_visible()
    shown = desk.locator(".say .offers > li")
    await expect(shown).to_have_text(["1 Basic tee€24.90", "2 Linen shirt€49.00 · <b>new</b>"])
    await expect(shown.nth(1).locator("img")).to_have_attribute("src", re.compile(f"/media/{'ab' * 32}/thumb.webp$"))
    await expect(shown.nth(0).locator("img")).to_have_count(0)


async def test_a_picture_without_words_stands_in_the_thread(desk: Page, units: Units, shop_id: UUID) -> None:
    shown = Picture(image=ImageRef(image_id="cd" * 32, alt="Six trousers"))
    async with units(shop_id) as uow:
        await uow.execute(_SAID, shop_id, dump(rich(shown)), new_id(), uow.now, "")
    picture = desk.locator(".say").get_by_alt_text("Six trousers")
    await expect(picture).to_have_attribute("src", re.compile(f"/media/{'cd' * 32}/chat.jpg$"))
    await expect(desk.locator(".say [data-wordless]")).to_have_count(0)


async def test_what_a_shopper_photographed_opens_large(desk: Page, units: Units, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await uow.execute(_PHOTOGRAPHED, shop_id, new_id(), uow.now, "ef" * 32)
    opening = desk.get_by_role("link", name="The shopper’s photo")
    key = r"\?key=\d+\.[\w-]+$"
    await expect(opening).to_have_attribute("href", re.compile(f"/media/{'ef' * 32}/photo.jpg{key}"))
    await expect(opening.locator("img")).to_have_attribute("src", re.compile(f"/media/{'ef' * 32}/chat.jpg{key}"))


async def test_while_a_person_writes_the_shoppers_page_is_told(desk: Page, units: Units, shop_id: UUID) -> None:
    async with units(shop_id) as uow:
        await uow.execute(
            "UPDATE conversation SET kind = 'webchat', held_by = 'staff', needs_person = NULL WHERE shop_id = $1",
            shop_id,
        )
    await expect(desk.get_by_role("button", name="Hand back to the bot")).to_be_visible(timeout=15_000)
    async with desk.expect_request("**/typing") as asked:
        await desk.get_by_placeholder("Write a reply").press_sequentially("Moin")
    answer = await (await asked.value).response()
    assert answer is not None
    assert answer.status == 204


async def test_photos_of_a_return_get_new_addresses_and_what_is_being_written_stays(
    install: Install, browser: Browser, units: Units, shop_id: UUID
) -> None:
    async with units(shop_id) as uow:
        await uow.execute(_PHOTOGRAPHED, shop_id, new_id(), uow.now, "ef" * 32)
        await uow.execute(_MORE_RETURNS, shop_id, [new_id()])
        await uow.execute("UPDATE return_request SET photos = '[\"media-1\"]' WHERE shop_id = $1", shop_id)
    async with opened(browser, f"{install.url}/desk") as page:
        await page.clock.install()
        await page.get_by_label("API key").fill(install.key)
        await page.get_by_role("button", name="Open").click()
        await page.get_by_role("tab", name="Returns").click()
        photo = page.get_by_role("link", name="The shopper’s photo")
        await page.get_by_placeholder("Reason").fill("worn")
        first = str(await photo.get_attribute("href"))
        await page.route("**/returns?*", _later)
        await page.clock.fast_forward(60_000)
        await expect(photo).to_have_attribute("href", first)
        await page.clock.fast_forward(300_000)
        await expect(photo).to_have_attribute("href", re.compile(r"key=1\.later$"))
        await expect(page.get_by_placeholder("Reason")).to_have_value("worn")


async def _later(route: Route) -> None:
    """The answer as it will be some minutes later."""
    answer = await route.fetch()
    await route.fulfill(response=answer, body=re.sub(r"key=\d+\.[\w-]+", "key=1.later", await answer.text()))


async def test_the_stock_says_options_in_the_readers_words(install: Install, browser: Browser) -> None:
    async with opened(browser, f"{install.url}/desk?lang=de") as page:
        await page.get_by_label("API-Schlüssel").fill(install.key)
        await page.get_by_role("button", name="Öffnen").click()
        await page.get_by_role("tab", name="Bestand").click()
        await page.get_by_role("button", name="Basic-Tee").click()
        await expect(page.get_by_role("cell", name="grau, M")).to_be_visible()


async def _copy_orders(units: Units, shop_id: UUID, count: int) -> None:
    """Cancelled orders like the paid one, newer than it."""
    async with units(shop_id) as uow:
        await uow.execute(_MORE_ORDERS, shop_id, [new_id() for _ in range(count)])
