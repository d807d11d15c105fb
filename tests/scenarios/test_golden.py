"""The golden sentence: a returning customer says one thing, taps one button, and has paid.

Said in German and English, with typing errors, and as a voice transcript without punctuation, on every kind of channel.
"""

import re
from collections.abc import AsyncIterator

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.carts import service as carts
from checkout.orders.states import OrderState
from checkout.paying import opening
from checkout.paying.desk import PaymentsDesk
from checkout.paying.opening import RedirectTo
from checkout.payments.stripe import StripeGateways
from storefront.lab.stripe_double import StripeDouble
from tests.checkout.paying.scene import Scene
from tests.checkout.payments.factories import VAULT, make_account
from tests.checkout.payments.wiring import WEBHOOK_SECRET, wired
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account
from tests.scenarios.play import Line, Play

SENTENCES = {
    "german": "Hey Charles, ich brauche noch mal zwei von den grauen T-Shirts",
    "german, typing errors": "hey charls ich brauch nochma zwei von den graun tshrits",
    "german, two typing errors": "Hey Charles, ich bruache noch mal zwie von den grauen T-Shrits",
    "german, voice": "hey charles ähm ich brauche noch mal zwei von den grauen t shirts bitte",
    "english": "Hey Charles, I need two more of the grey T-shirts",
    "english, typing errors": "hey charles i need tow mroe of the gray tshrits",
    "english, voice": "hey charles um i need another two of the grey t shirts please",
}
LINK = re.compile(r"/p/([\w-]+)")
BEFORE = (
    Line(1, "shopper", "graues Basic-Tee in M"),
    Line(2, "merchant", "is paid"),
    Line(3, "merchant", "ships"),
    Line(4, "time", "40 days"),
)


@pytest.fixture
async def scene(units: Units, shop: Shop, clock: FrozenClock) -> AsyncIterator[Scene]:
    double = StripeDouble(base_url="https://pay.example", now=lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock moves
    double.configure_webhook("https://shop.example/webhooks/stripe/1", WEBHOOK_SECRET)
    async with wired(double) as made:
        gateways = StripeGateways(VAULT)
        gateways._http = made.http
        async with units(shop.id) as uow:
            account_id = await make_account(uow)
        desk = PaymentsDesk(units=units, gateways=gateways, public_url="https://shop.example")
        yield Scene(units, clock, shop.id, made, desk, account_id, shop.id)


async def returning(units: Units, shop: Shop, clock: FrozenClock, kind: str) -> Phone:
    """Somebody who bought the grey tee in M six weeks ago."""
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
    phone = Phone(units, shop.id, desk, await open_account(units, shop.id, kind), clock)
    await Play(phone, clock, "before").run(list(BEFORE))
    return phone


async def cart(phone: Phone) -> list[tuple[str, int]]:
    """SKUs and quantities."""
    async with phone.units(phone.shop_id) as uow:
        row = await phone.conversation(uow)
        view = await carts.view(uow, row["customer_id"], "de")
    return [(line.sku, line.quantity) for line in view.lines]


@pytest.mark.parametrize("kind", ["webchat", "whatsapp", "telegram"])
@pytest.mark.parametrize("said", SENTENCES)
async def test_one_sentence_and_one_tap(
    said: str, kind: str, units: Units, shop: Shop, clock: FrozenClock, scene: Scene
) -> None:
    phone = await returning(units, shop, clock, kind)
    answer = "\n".join(await phone.say(SENTENCES[said])).replace("\xa0", " ")
    assert await cart(phone) == [("TEE-GRE-M", 2)]
    assert "49" in answer
    assert "Lindenstraße 5" in answer
    codes = [code for url in phone.links for code in LINK.findall(url)]
    assert codes, (answer, phone.offers)

    page = await opening.pay(scene.desk, shop.id, codes[0], {})  # the binding button, nothing left to fill in
    assert isinstance(page, RedirectTo), page
    scene.shopper_pays()
    await scene.webhooks()
    order = (await scene.orders())[-1]
    assert (order.state, order.total_minor) == (OrderState.PAID, 2 * 2490)


@pytest.mark.parametrize("kind", ["webchat", "whatsapp", "telegram"])
async def test_a_question_about_the_same_shirts_changes_no_cart(
    kind: str, units: Units, shop: Shop, clock: FrozenClock
) -> None:
    phone = await returning(units, shop, clock, kind)
    for question in (
        "gibt es die grauen T-Shirts noch?",
        "what were the grey t-shirts made of",
        "waren die grauen gut?",
    ):
        assert await phone.say(question)
        assert await cart(phone) == []
