"""Pay page, order page, legal texts and the withdrawal function, through the whole application."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from catalog.images.store import MediaStore
from catalog.kernel.countries import COUNTRIES
from catalog.kernel.money import Money
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from catalog.shops.settings import ShippingMethod, ShopSettings
from checkout.carts import service as carts
from checkout.carts.values import Add, SetQuantity
from checkout.customers import service as customers
from checkout.customers.values import Address
from checkout.fulfilment import service as fulfilment
from checkout.orders import service as orders
from checkout.orders.refunding import RefundLine, request_refund
from checkout.orders.states import CancelledBy
from checkout.payments import accounts, links, refunds
from checkout.returns import service as returns
from checkout.returns import withdrawals
from storefront import config
from storefront.app import create_app
from storefront.web import withdraw
from tests.checkout.factories import TEE, make_capture, make_order, make_variant
from tests.scenarios.goods import fill, fill_by_measure
from tests.storefront.web.install import make_conversation

GERMAN = {"accept-language": "de"}


@pytest.fixture(scope="module")
def routed(dsn: str, install_home: Path) -> Litestar:
    """The application, its routes made once."""
    environment = {
        "STOREFRONT_DATABASE_URL": dsn, "STOREFRONT_SECRET_KEY": "s" * 40, "STOREFRONT_HOME": str(install_home),
        "STOREFRONT_PUBLIC_URL": "https://shop.test",
    }  # fmt: skip
    settings = config.load(environment)
    assert isinstance(settings.secret_key, Secret)
    return create_app(settings)


@pytest.fixture
async def web(units: Units, shop: Shop, routed: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application, without a network."""
    del units, shop
    transport = httpx.ASGITransport(app=routed)  # type: ignore[arg-type]  # an ASGI application
    async with _alive(routed), httpx.AsyncClient(transport=transport, base_url="https://shop.test") as client:
        yield client


@asynccontextmanager
async def _alive(app: Litestar) -> AsyncIterator[None]:
    """The application between startup and shutdown, in a task of its own, as servers keep it."""
    up, down = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            up.set()
            await down.wait()

    life = asyncio.create_task(live())
    await asyncio.wait({life, asyncio.create_task(up.wait())}, return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        down.set()
        await life


async def _link(units: Units, shop_id: UUID, sku: str = "TEE-GRE-M") -> tuple[str, UUID]:
    """A cart of two tees for somebody in Berlin, and the link to pay it."""
    async with units(shop_id) as uow:
        store = MediaStore.open("memory://")
        await fill(uow, store)
        await fill_by_measure(uow, store)
        person = await customers.create(uow, locale="de")
        await customers.remember_address(uow, person, Address("Lindenstraße 5", "10969", "Berlin", "DE"))
        cart = (await carts.apply(uow, person, [Add(sku, 2)], "de")).cart
        assert cart.id is not None
        code = await links.link_for(
            uow, cart_id=cart.id, cart_version=cart.version, customer_id=person, conversation_id=None, locale="de"
        )
    return code, person


async def test_a_pay_page_shows_the_sum_and_asks_only_for_what_is_missing(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    code, _ = await _link(units, shop_id)
    page = await web.get(f"/p/{code}")
    assert page.status_code == 200
    assert "49,80" in page.text
    assert "Zahlungspflichtig bestellen" in page.text
    assert 'property="og:title"' in page.text
    assert re.findall(r'<input id="(\w+)"', page.text) == ["name", "email"]
    assert len(re.findall("<form", page.text)) == 1


async def test_a_pay_page_tells_the_unit_price_of_goods_sold_by_measure(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    code, _ = await _link(units, shop_id, "ASS-250")
    assert "2 × 8,90\xa0€ (35,60\xa0€/kg)" in (await web.get(f"/p/{code}")).text


async def test_a_pay_page_names_the_country_that_is_not_the_shops_own(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    code, person = await _link(units, shop_id)
    assert "Deutschland" not in (await web.get(f"/p/{code}")).text.partition("<form")[2].partition("<select")[0]
    async with units(shop_id) as uow:
        await customers.remember_address(uow, person, Address("Hauptstraße 1", "1010", "Wien", "AT"))
    assert "1010 Wien\nÖsterreich</span>" in (await web.get(f"/p/{code}")).text


@pytest.mark.parametrize("served", [(("DE", "AT"),), (("DE",), ()), ((),)])
async def test_the_countries_to_choose_from_are_those_that_are_served(
    web: httpx.AsyncClient, units: Units, shop_id: UUID, served: tuple[tuple[str, ...], ...]
) -> None:
    """A shipping method without countries goes everywhere."""
    code, _ = await _link(units, shop_id)
    methods = [
        {"code": f"way{index}", "name": {}, "price": {"minor": 490, "currency": "EUR"}, "countries": countries}
        for index, countries in enumerate(served)
    ]
    async with units(shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = jsonb_set(settings, '{shipping}', $2), revision = revision + 1"
            " WHERE id = $1 /* shop_id */",
            shop_id, json.dumps(methods),
        )  # fmt: skip
        await uow.execute("UPDATE customer SET address = NULL WHERE shop_id = $1", shop_id)
    shown = re.findall(r'<option value="(\w\w)"', (await web.get(f"/p/{code}")).text)
    assert set(shown) == (COUNTRIES if () in served else set(served[0]))
    assert shown.index("DE") < shown.index("AT")  # by name: Deutschland, Österreich


@pytest.mark.parametrize(("price", "told"), [(10, "zu klein"), (70_000_000, "zu groß")])
async def test_a_sum_that_cannot_be_paid_says_why(
    web: httpx.AsyncClient, units: Units, shop_id: UUID, price: int, told: str
) -> None:
    code, _ = await _link(units, shop_id)
    credentials = {"secret_key": "sk_test_1", "webhook_secret": "whsec_1"}
    async with units(shop_id) as uow:
        await accounts.create_account(uow, Vault(Secret("s" * 40)), kind="stripe", credentials=credentials)
        await uow.execute("UPDATE variant SET price_minor = $2 WHERE shop_id = $1", shop_id, price)
    page = await web.post(f"/p/{code}", data={"name": "Jana Muster", "email": "jana@example.org"})
    assert told in page.text


async def test_looking_at_a_payment_link_changes_nothing(web: httpx.AsyncClient, units: Units, shop_id: UUID) -> None:
    code, _ = await _link(units, shop_id)
    for _ in range(3):
        await web.get(f"/p/{code}", headers={"user-agent": "WhatsApp/2.23"})
    async with units(shop_id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM shop_order WHERE shop_id = $1", shop_id) == 0
        assert await uow.fetchval("SELECT count(*) FROM payment WHERE shop_id = $1", shop_id) == 0


async def test_only_the_binding_button_may_lead_to_another_host(
    web: httpx.AsyncClient, units: Units, shop: Shop
) -> None:
    code, _ = await _link(units, shop.id)
    pages = [f"/p/{code}", "/p/nothing", f"/withdraw/{shop.slug}", f"/legal/{shop.slug}/terms", "/desk"]
    policies = [(await web.get(page)).headers["content-security-policy"] for page in pages]
    assert [re.findall("form-action ([^;]*)", policy) for policy in policies] == [["'self' https:"], *[["'self'"]] * 4]


async def test_what_is_gone_is_told_before_anybody_orders(web: httpx.AsyncClient, units: Units, shop_id: UUID) -> None:
    code, _ = await _link(units, shop_id)
    async with units(shop_id) as uow:
        await uow.execute("UPDATE product SET status = 'archived' WHERE handle = 'basic-tee' AND shop_id = $1", shop_id)
    page = (await web.get(f"/p/{code}")).text
    assert "Etwas daraus ist nicht mehr da: Basic-Tee." in page
    assert "reserviert" not in page
    assert "<button" not in page


async def test_missing_fields_are_named_beside_the_field_and_nothing_is_lost(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    code, _ = await _link(units, shop_id)
    page = await web.post(f"/p/{code}", data={"name": "Jana Muster", "email": "not an address"})
    assert page.status_code == 422
    assert 'id="email-fault"' in page.text
    assert "Jana Muster" in page.text


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("street", "Lindenstraße", "Die Hausnummer fehlt; so sieht es aus: Lindenstraße 5."),
        ("postal_code", "109", "So sieht eine Postleitzahl dieses Landes aus: 10969."),
        ("city", "B" * 90, "Bitte kürze das auf 80 Zeichen."),
        ("email", "jana", "Bitte gib eine E-Mail-Adresse an, wie name@example.org."),
        ("country", "XX", "Bitte wähle das Land."),
    ],
)
async def test_a_wrong_field_says_what_is_wrong_with_it(
    web: httpx.AsyncClient, units: Units, shop_id: UUID, field: str, typed: str, told: str
) -> None:
    code, _ = await _link(units, shop_id)
    page = await web.post(f"/p/{code}", data={"name": "Jana Muster", "email": "jana@example.org", field: typed})
    assert page.status_code == 422
    assert f'<span class="error" id="{field}-fault">{told}</span>' in page.text
    control = re.search(rf'<(?:input|select) id="{field}"[^>]*>', page.text)
    assert control is not None
    assert 'aria-invalid="true"' in control[0]
    assert f'aria-describedby="{field}-fault"' in control[0]
    assert re.findall("autofocus", page.text) == ["autofocus"]


async def test_a_field_sent_empty_shows_again_what_its_fault_speaks_of(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    code, _ = await _link(units, shop_id)
    async with units(shop_id) as uow:
        await uow.execute("UPDATE customer SET email = 'jana' WHERE shop_id = $1", shop_id)
    page = await web.post(f"/p/{code}", data={"name": "Jana Muster", "email": " "})
    assert "Bitte gib eine E-Mail-Adresse an, wie name@example.org." in page.text
    assert re.findall(r'<input id="email"[^>]* value="([^"]*)"', page.text) == ["jana"]


async def _ships(units: Units, shop_id: UUID, **prices: int) -> None:
    """The shop ships to these countries alone, for so many cents each."""
    ways = tuple(
        ShippingMethod(code=code.lower(), name={"de": "Post"}, price=Money(minor, "EUR"), countries=(code,))
        for code, minor in prices.items()
    )
    async with units(shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            shop_id, msgspec.json.encode(ShopSettings(shipping=ways)).decode(),
        )  # fmt: skip


def _hidden(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))


async def test_another_country_shows_its_sum_once_and_the_next_press_takes_it(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    await _ships(units, shop_id, DE=490, AT=990)
    code = await _guest_link(units, shop_id)
    vienna = {"name": "Ada L", "email": "ada@example.org", "street": "Ring 1", "postal_code": "1010", "city": "Wien",
              "country": "AT"}  # fmt: skip
    first = await web.get(f"/p/{code}")
    again = await web.post(f"/p/{code}", data=_hidden(first) | vienna)
    assert again.status_code == 409
    assert "Lieferland Österreich" in again.text
    assert "34,80\xa0€" in again.text
    assert (_hidden(again)["total"], _hidden(again)["to"]) == ("3480", "AT")
    assert re.findall(r'option value="(\w+)" selected', again.text) == ["AT"]
    taken = await web.post(f"/p/{code}", data=_hidden(again) | vienna)
    assert "Lieferland" not in taken.text
    assert "Der Zahlungsanbieter hat diese Bestellung abgelehnt" in taken.text  # this shop has none yet


async def test_a_country_nobody_ships_to_is_said_before_any_sum(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    await _ships(units, shop_id, DE=490)
    code = await _guest_link(units, shop_id)
    paris = {"name": "Ada L", "email": "ada@example.org", "street": "1 rue X", "postal_code": "75001", "city": "Paris",
             "country": "FR"}  # fmt: skip
    page = await web.post(f"/p/{code}", data=_hidden(await web.get(f"/p/{code}")) | paris)
    assert page.status_code == 409
    assert "Dorthin liefern wir leider nicht." in page.text


async def _guest_link(units: Units, shop_id: UUID) -> str:
    """The link of somebody who has said no address yet, with one tee in the cart."""
    async with units(shop_id) as uow:
        await make_variant(uow)
        person = await customers.create(uow, locale="de")
        cart = (await carts.apply(uow, person, [Add(TEE, 1)], "de")).cart
        assert cart.id is not None
        return await links.link_for(
            uow, cart_id=cart.id, cart_version=cart.version, customer_id=person, conversation_id=None, locale="de"
        )


async def test_a_superseded_link_shows_the_present_cart(web: httpx.AsyncClient, units: Units, shop_id: UUID) -> None:
    code, person = await _link(units, shop_id)
    async with units(shop_id) as uow:
        cart = await carts.view(uow, person, "de")
        await carts.apply(uow, person, [SetQuantity(cart.lines[0].id, 1)], "de")
    page = await web.get(f"/p/{code}")
    assert page.status_code == 200
    assert "24,90" in page.text
    assert "früheren Stand" in page.text


@pytest.mark.parametrize(
    ("address", "german", "english"),
    [
        ("/p/nothing", "Diesen Link gibt es nicht", "There is no such link"),
        ("/o/nothing", "Diese Bestellung gibt es nicht", "There is no such order"),
        ("/withdraw/nobody", "Diese Seite gibt es nicht", "There is no such page"),
        ("/legal/nobody/terms", "Diese Seite gibt es nicht", "There is no such page"),
        ("/legal/linden/secrets", "Diese Seite gibt es nicht", "There is no such page"),
    ],
)
async def test_what_is_not_there_is_said_in_the_readers_language(
    web: httpx.AsyncClient, address: str, german: str, english: str
) -> None:
    for language, words in (("de-AT;q=0.9, en;q=0.5", german), ("en-GB", english), ("fr", english)):
        page = await web.get(address, headers={"accept-language": language})
        assert page.status_code == 404
        assert words in page.text
        assert "/legal/" not in page.text  # no shop, no links to its texts


async def test_the_order_page_tells_the_shops_days_the_money_that_came_back_and_the_way_to_the_chat(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    conversation_id = await make_conversation(units, shop_id, "Hallo")
    async with units(shop_id) as uow:
        await make_variant(uow)
        order = await make_order(uow, paid=True, conversation_id=conversation_id)
        await make_capture(uow, order)
        for minor, state in ((500, "succeeded"), (700, "failed")):
            refund = await refunds.request(uow, order_id=order.id, amount=order.money(minor), reason="")
            await uow.execute(
                "UPDATE refund SET state = $2, requested_at = '2026-11-22T23:30Z' WHERE id = $1", refund.id, state
            )
        await request_refund(uow, order.id, lines=[RefundLine(TEE, 1)])
        await uow.execute("UPDATE shop_order SET placed_at = '2026-11-20T23:30Z' WHERE id = $1", order.id)
    page = await web.get(f"/o/{order.code}")
    assert "Bestellt am Sa, 21.11." in page.text
    assert '<span>23.11.</span><span class="numeric">5,00\xa0€</span>' in page.text
    assert "7,00" not in page.text
    assert '<p class="small muted">1 × Basic-Tee</p>' in page.text
    assert "/chat/" not in page.text  # the order was placed on Telegram
    async with units(shop_id) as uow:
        await uow.execute("UPDATE conversation SET kind = 'webchat' WHERE id = $1", conversation_id)
    assert 'href="/chat/linden"' in (await web.get(f"/o/{order.code}")).text


async def test_the_order_page_tells_what_comes_back_and_that_the_withdrawal_arrived(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    async with units(shop_id) as uow:
        await make_variant(uow)
        order = await make_order(uow, paid=True)
    assert "Rückgaben" not in (await web.get(f"/o/{order.code}")).text
    async with units(shop_id) as uow:
        await fulfilment.ship(uow, order.id)
        asked = await returns.request(uow, order.id, lines=[(TEE, 1, "zu weit")])
        await withdrawals.declare(uow, number=order.number, name="Ada", email=order.delivery["email"])
    page = (await web.get(f"/o/{order.code}")).text
    assert "<span>Angefragt</span>" in page
    assert '<p class="small muted">1 × Basic-Tee</p>' in page
    assert "<span>Dein Widerruf ist eingegangen.</span>" in page
    async with units(shop_id) as uow:
        await returns.reject(uow, asked.id, "Das Stück ist getragen.")
    page = (await web.get(f"/o/{order.code}")).text
    assert "<span>Abgelehnt</span>" in page
    assert "Das Stück ist getragen." in page


async def test_the_order_page_promises_no_more_steps_of_an_order_that_is_cancelled(
    web: httpx.AsyncClient, units: Units, shop_id: UUID
) -> None:
    async with units(shop_id) as uow:
        await make_variant(uow)
        unpaid, paid = await make_order(uow), await make_order(uow, paid=True)
        for order in (unpaid, paid):
            await orders.cancel(uow, order.id, by=CancelledBy.SHOPPER)
    assert "timeline" not in (await web.get(f"/o/{unpaid.code}")).text
    page = (await web.get(f"/o/{paid.code}")).text
    assert re.findall(r'<li data-reached="(\w+)">(.*?)</li>', page) == [("true", "Bezahlt"), ("true", "Storniert")]


async def test_legal_texts_have_a_page_each(web: httpx.AsyncClient, units: Units, shop: Shop) -> None:
    for kind in ("terms", "privacy", "withdrawal", "imprint"):
        assert (await web.get(f"/legal/{shop.slug}/{kind}", headers=GERMAN)).status_code == 200
    async with units(shop.id) as uow:
        texts = json.dumps({"de": "# Unsere Regeln\n\n## Preise\n\n- <b>brutto</b>\n\nAlles."})
        await uow.execute(
            "UPDATE shop SET settings = jsonb_set(settings, '{legal,terms}', $2), revision = revision + 1"
            " WHERE id = $1",
            shop.id, texts,
        )  # fmt: skip
    page = await web.get(f"/legal/{shop.slug}/terms?lang=de")
    assert "<h1>Unsere Regeln</h1>" in page.text
    assert "<h2>Preise</h2>" in page.text
    assert "<li>&lt;b&gt;brutto&lt;/b&gt;</li>" in page.text
    assert "#" not in page.text.split("<h1>")[1].split("</main>")[0]
    assert f"/legal/{shop.slug}/privacy?lang=de" in page.text


async def test_a_withdrawal_counts_only_when_it_is_confirmed(web: httpx.AsyncClient, units: Units, shop: Shop) -> None:
    given = {"number": "L-1001", "name": "Jana Muster", "email": "jana@example.org", "what": ""}
    address = f"/withdraw/{shop.slug}"
    assert (await web.get(address, headers=GERMAN)).status_code == 200
    checked = await web.post(address, data={**given, "step": "check"}, headers=GERMAN)
    assert "Widerruf bestätigen" in checked.text
    assert await _declared(units, shop.id) == 0
    done = await web.post(address, data={**given, "step": "confirm"}, headers=GERMAN)
    assert "ist eingegangen" in done.text
    assert await _declared(units, shop.id) == 1


async def test_a_network_that_withdraws_on_and_on_is_asked_to_wait_and_loses_nothing(
    web: httpx.AsyncClient, units: Units, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdraw, "_MOST_OF_NETWORK", 2)
    given = {"number": "L-1001", "name": "Jana Muster", "email": "jana@example.org", "what": ""}
    answers = [
        await web.post(f"/withdraw/{shop.slug}", data={**given, "step": "confirm"}, headers=GERMAN) for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 3500 < int(answers[-1].headers["retry-after"]) <= 3600
    assert "in 60 Minuten noch einmal" in answers[-1].text
    assert 'name="name" value="Jana Muster"' in answers[-1].text
    assert await _declared(units, shop.id) == 2
    assert (await web.get(f"/withdraw/{shop.slug}", headers=GERMAN)).status_code == 200


async def test_a_withdrawal_without_a_name_says_what_is_missing(web: httpx.AsyncClient, shop: Shop) -> None:
    page = await web.post(f"/withdraw/{shop.slug}", data={"number": "L-1001", "step": "confirm"})
    assert page.status_code == 422
    assert re.findall(r'<span class="error" id="(\w+)-fault">', page.text) == ["name", "email"]
    assert len(re.findall("autofocus", page.text)) == 1


async def _declared(units: Units, shop_id: UUID) -> int:
    async with units(shop_id) as uow:
        return int(await uow.fetchval("SELECT count(*) FROM withdrawal WHERE shop_id = $1", shop_id))
