"""Brings a demo's database to where a demo can start: schema, sample shop, a key, accounts at the lab's doubles."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bots.channels.accounts import service as channel_accounts
from catalog.kernel import chance
from catalog.kernel.errors import Forbidden
from catalog.kernel.ids import ShopId
from catalog.shops import service as shops
from checkout.payments import accounts as payment_accounts
from storefront import migrations
from storefront.bootstrap import House, open_house
from storefront.config import Settings
from storefront.sample.install import install
from storefront.sample.settings import SLUG

_NAME = "Lab"


async def prepare(settings: Settings, doubles: str) -> dict[str, str]:
    """What demo.json tells: {shop_id, slug, api_key}. Safe to repeat; the key of the former demo is kept."""
    migrations.upgrade(settings.dsn)
    async with open_house(settings) as house:
        # The drawn pictures outlive a reset: drawing them is most of a first start.
        shop_id = await install(house.units, house.store, pictures_folder=settings.home / "sample")
        key = await _key(house, shop_id)
        await _payments(house, shop_id, f"{doubles}/stripe")
        await _channels(house, shop_id, doubles)
    return {"shop_id": str(shop_id), "slug": SLUG, "api_key": key}


async def _key(house: House, shop_id: ShopId) -> str:
    former = _former(house.settings).get("api_key", "")
    async with house.units(None) as uow:
        with suppress(Forbidden):
            if (await shops.authenticate(uow, former)).shop_id == shop_id:
                return former
    async with house.units(shop_id) as uow:
        _, key = await shops.create_key(uow, name="demo")
    return key


def _former(settings: Settings) -> Mapping[str, str]:
    try:
        told: dict[str, str] = json.loads((settings.home / "demo.json").read_text())
    except (OSError, ValueError):
        return {}
    return told


async def _payments(house: House, shop_id: ShopId, base: str) -> None:
    async with house.units(shop_id) as uow:
        for account in await payment_accounts.list_accounts(uow):
            if account.api_base == base and account.active:
                return
        made = await payment_accounts.create_account(
            uow, house.vault, kind="stripe", api_base=base, inward_allowed=True,
            credentials={"secret_key": f"sk_test_{chance.token()}", "webhook_secret": f"whsec_{chance.token()}"},
        )  # fmt: skip
        await payment_accounts.activate(uow, made.id)


async def _channels(house: House, shop_id: ShopId, doubles: str) -> None:
    wanted: dict[str, tuple[str | None, dict[str, Any]]] = {
        "webchat": (None, {"allowed_origins": [house.settings.public_url]}),
        "whatsapp": (f"{doubles}/whatsapp", {
            "phone_number_id": "100200300400500", "waba_id": "500400300200100",
            "access_token": chance.token(), "app_secret": chance.token(), "verify_token": chance.token(),
        }),
        "telegram": (f"{doubles}/telegram", {"bot_token": f"1234567890:{chance.token()}"}),
    }  # fmt: skip
    async with house.units(shop_id) as uow:
        present = {account.kind: account for account in await channel_accounts.list_accounts(uow)}
        for kind, (base, credentials) in wanted.items():
            if kind not in present:
                await channel_accounts.create_account(
                    uow, house.vault, kind=kind, name=_NAME, given=credentials, api_base=base, allow_private=True
                )
            elif base is not None and present[kind].api_base != base:
                # The doubles' port is another than last time.
                await channel_accounts.change_account(
                    uow, house.vault, present[kind].id, api_base=base, allow_private=True
                )
