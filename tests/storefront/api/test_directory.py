"""Channel accounts as running adapters: one that cannot be opened stands in nobody else's way."""

import logging
from uuid import UUID

import pytest
from litestar import Litestar

from catalog.kernel.unit_of_work import Units
from storefront.bootstrap import House
from tests.storefront.api.conftest import Merchant


async def test_templates_are_reviewed_beside_an_account_that_does_not_open(
    app: Litestar, merchant: Merchant, units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    house: House = app.state.house
    made = [await add_whatsapp(merchant, number) for number in ("100", "200")]
    async with units(merchant.shop_id) as uow:
        await uow.execute(
            "UPDATE channel_account SET state = 'connected', revision = 9 WHERE shop_id = $1", uow.shop_id
        )
        await uow.execute(
            "UPDATE channel_account SET sealed = $3 WHERE id = $1 AND shop_id = $2", made[0], uow.shop_id, bytes(40)
        )
    house.directory._kept.clear()  # as in a process that has opened none of them yet
    with caplog.at_level(logging.WARNING):
        await house.directory.review()
    told = [vars(record)["fields"] for record in caplog.records if record.msg == "templates.not_synchronised"]
    assert {one["account"] for one in told} == set(made)
    assert {one["error"] for one in told} > {"misconfigured"}


async def add_whatsapp(merchant: Merchant, number: str) -> UUID:
    credentials = {
        "phone_number_id": number, "waba_id": number, "access_token": "t", "app_secret": "s", "verify_token": "v",
    }  # fmt: skip
    body = {"kind": "whatsapp", "name": number, "credentials": credentials, "api_base": "http://127.0.0.1:9"}
    return UUID((await merchant.create("/channels", body))["id"])
