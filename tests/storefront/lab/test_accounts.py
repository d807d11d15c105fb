"""The demo's accounts at the doubles: they follow the doubles, and a merchant's own accounts stay as they are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.channels.accounts import service as channels
from catalog.shops.models import Shop
from checkout.payments import accounts as payments
from storefront import config
from storefront.bootstrap import House, open_house
from storefront.cli.preparation import meet_channels, meet_payments

HERE, THERE = "http://127.0.0.1:4001", "http://127.0.0.1:4002"
NUMBER = {
    "phone_number_id": "777000111", "waba_id": "777000222", "access_token": "EAAG", "app_secret": "a-secret",
    "verify_token": "verify",
}  # fmt: skip


@pytest.fixture
async def house(dsn: str, tmp_path: Path) -> AsyncIterator[House]:
    settings = config.load(
        {}, database_url=dsn, secret_key="a secret key of the tests, long enough", home=str(tmp_path), lab="1"
    )
    async with open_house(settings) as opened:
        yield opened


async def bases(house: House, shop: Shop, kind: str) -> list[str | None]:
    """Where the accounts of a kind are, oldest first."""
    async with house.units(shop.id) as uow:
        return [one.api_base for one in await channels.list_accounts(uow) if one.kind == kind]


async def test_a_merchants_own_number_stays_as_it_is_whatever_becomes_of_the_doubles(house: House, shop: Shop) -> None:
    await meet_channels(house, shop.id, HERE)
    async with house.units(shop.id) as uow:
        await channels.create_account(uow, house.vault, kind="whatsapp", name="Own", given=NUMBER)
    await meet_channels(house, shop.id, HERE)
    assert await bases(house, shop, "whatsapp") == [f"{HERE}/whatsapp", None]
    await meet_channels(house, shop.id, THERE)
    assert await bases(house, shop, "whatsapp") == [f"{THERE}/whatsapp", None]
    assert await bases(house, shop, "telegram") == [f"{THERE}/telegram"]


async def test_the_web_chat_is_connected_from_the_start(house: House, shop: Shop) -> None:
    await meet_channels(house, shop.id, HERE)
    async with house.units(shop.id) as uow:
        (chat,) = [one for one in await channels.list_accounts(uow) if one.kind == "webchat"]
    assert chat.state == "connected"


async def active(house: House, shop: Shop) -> list[tuple[str | None, bool]]:
    """Where each payment account is, and whether it takes the payments."""
    async with house.units(shop.id) as uow:
        return [(one.api_base, one.active) for one in await payments.list_accounts(uow)]


async def test_payments_follow_the_double(house: House, shop: Shop) -> None:
    for base in (HERE, HERE, THERE, HERE):
        await meet_payments(house, shop.id, base)
    assert await active(house, shop) == [(HERE, True), (THERE, False)]


async def test_a_merchants_own_payment_account_goes_on_taking_payments(house: House, shop: Shop) -> None:
    await meet_payments(house, shop.id, HERE)
    async with house.units(shop.id) as uow:
        secrets = {"secret_key": "sk_test_own", "webhook_secret": "whsec_dGVzdHM"}
        own = await payments.create_account(uow, house.vault, kind="stripe", credentials=secrets)
        await payments.activate(uow, own.id)
    for base in (HERE, THERE):
        await meet_payments(house, shop.id, base)
    assert await active(house, shop) == [(HERE, False), (None, True), (THERE, False)]
