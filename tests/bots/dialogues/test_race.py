"""A hundred shoppers write at once for the last ten pieces: ten orders, ninety honest answers, never an eleventh."""

import asyncio
import re
from uuid import UUID

import pytest

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.paying import opening
from checkout.paying.desk import PaymentsDesk
from checkout.paying.opening import RedirectTo
from checkout.payments.stripe import StripeGateways
from storefront.lab.stripe_double import StripeDouble
from tests.checkout.payments.factories import VAULT, make_account
from tests.checkout.payments.wiring import wired
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account

SHOPPERS, PIECES = 100, 10
SKU = "TEE-GRE-M"
HONEST = re.compile(r"ausverkauft|gerade von anderen zurückgehalten")
LINK = re.compile(r"/p/([\w-]+)")
PAYER = {"name": "Ada Lovelace", "email": "ada@example.org"}


@pytest.fixture
async def phones(units: Units, shop: Shop, clock: FrozenClock) -> list[Phone]:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
        await inventory.set_many(uow, {SKU: PIECES})
    door = await open_account(units, shop.id, "telegram")
    return [Phone(units, shop.id, desk, door, clock, address=str(7_000_000 + number)) for number in range(SHOPPERS)]


async def test_ten_pieces_make_ten_orders_and_ninety_honest_answers(
    phones: list[Phone], units: Units, shop: Shop, clock: FrozenClock
) -> None:
    answers = await asyncio.gather(*(phone.say("graues Basic-Tee in M bitte") for phone in phones))
    told = [said[-1].replace("\xa0", " ") for said in answers]
    winners = [phone for phone, said in zip(phones, told, strict=True) if re.search(r"24,90 €.*Ich halte es dir", said)]
    honest = [said for said in told if HONEST.search(said)]
    assert (len(winners), len(honest)) == (PIECES, SHOPPERS - PIECES), set(told)
    async with units(shop.id) as uow:
        level = (await inventory.levels(uow, [SKU]))[SKU]
    assert (level.on_hand, level.reserved, level.available) == (PIECES, PIECES, 0)
    assert await _placed(units, shop.id, clock, await _links(winners)) == PIECES


async def test_who_came_too_late_gets_a_piece_once_a_hold_has_ended(phones: list[Phone], clock: FrozenClock) -> None:
    first = await asyncio.gather(*(phone.say("graues Basic-Tee in M bitte") for phone in phones[: PIECES + 1]))
    late = next(phone for phone, said in zip(phones, first, strict=False) if HONEST.search(said[-1]))
    clock.advance(hours=1)
    assert "Ich halte es dir" in (await late.say("graues Basic-Tee in M bitte"))[-1]


async def _links(winners: list[Phone]) -> list[str]:
    """Every winner goes on to paying; the codes of their links."""
    await asyncio.gather(*(phone.say("zur kasse") for phone in winners))
    for phone in winners:
        await phone.say("lindenstr 5, 10969 berlin")
    return [next(code for url in phone.links for code in LINK.findall(url)) for phone in winners]


async def _placed(units: Units, shop_id: UUID, clock: FrozenClock, codes: list[str]) -> int:
    """All binding buttons are pressed at once, each twice; how many orders there are."""
    double = StripeDouble(base_url="https://pay.example", now=lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock moves
    async with wired(double) as made:
        gateways = StripeGateways(VAULT)
        gateways._http = made.http
        async with units(shop_id) as uow:
            await make_account(uow)
        desk = PaymentsDesk(units=units, gateways=gateways, public_url="https://shop.example")
        pages = await asyncio.gather(*(opening.pay(desk, shop_id, code, PAYER) for code in [*codes, *codes]))
    assert all(isinstance(page, RedirectTo) for page in pages)
    async with units(shop_id) as uow:
        placed = list((await orders.page(uow, limit=SHOPPERS)).items)
        level = (await inventory.levels(uow, [SKU]))[SKU]
    assert all([(line.sku, line.quantity) for line in order.lines] == [(SKU, 1)] for order in placed)
    assert level.available == 0
    return len(placed)
