"""Brings a demo's database to where a demo can start: schema, sample shop, a key, accounts at the lab's doubles."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

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
        await meet_payments(house, shop_id, f"{doubles}/stripe")
        await meet_channels(house, shop_id, doubles)
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


async def meet_payments(house: House, shop_id: UUID, base: str) -> None:
    """An account at the double. It takes the payments unless the merchant has one of their own that does."""
    async with house.units(shop_id) as uow:
        accounts = await payment_accounts.list_accounts(uow)
        account = next((one for one in accounts if one.api_base == base), None)
        if account is None:
            account = await payment_accounts.create_account(
                uow, house.vault, kind="stripe", api_base=base, inward_allowed=True,
                credentials={"secret_key": f"sk_test_{chance.token()}", "webhook_secret": f"whsec_{chance.token()}"},
            )  # fmt: skip
        if not any(one.active and not _is_double(one.api_base) for one in accounts):
            await payment_accounts.activate(uow, account.id)


async def meet_channels(house: House, shop_id: UUID, doubles: str) -> None:
    """A web chat, connected, and an account at each double; those of the merchant are left alone."""
    wanted: dict[str, dict[str, Any]] = {
        "whatsapp": {
            "phone_number_id": "100200300400500", "waba_id": "500400300200100",
            "access_token": chance.token(), "app_secret": chance.token(), "verify_token": chance.token(),
        },
        "telegram": {"bot_token": f"1234567890:{chance.token()}"},
    }  # fmt: skip
    async with house.units(shop_id) as uow:
        accounts = await channel_accounts.list_accounts(uow)
        chat = next((one for one in accounts if one.kind == "webchat"), None)
        if chat is None:
            origins = {"allowed_origins": [house.settings.public_url]}
            made = await channel_accounts.create_account(uow, house.vault, kind="webchat", name=_NAME, given=origins)
            chat = made.row
        for kind, credentials in wanted.items():
            former = next((one for one in accounts if one.kind == kind and _is_double(one.api_base)), None)
            base = f"{doubles}/{kind}"
            if former is None:
                await channel_accounts.create_account(
                    uow, house.vault, kind=kind, name=_NAME, given=credentials, api_base=base, allow_private=True
                )
            elif former.api_base != base:  # the doubles' port is another than last time
                await channel_accounts.change_account(
                    uow, house.vault, former.id, given=credentials, api_base=base, allow_private=True
                )
    await house.directory.connect(chat.id, shop_id)  # the doubles' process does this for theirs


def _is_double(api_base: str | None) -> bool:
    # Outside the lab an address has to be https.
    return api_base is not None and api_base.startswith("http://")
