"""A shop in which everything exists once, made below the API."""

from collections.abc import Mapping
from uuid import UUID

import httpx

from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units
from catalog.search import demand
from checkout.fulfilment import service as fulfilment
from checkout.returns import service as returns
from checkout.returns import withdrawals
from tests.checkout.factories import make_capture, make_order
from tests.checkout.payments.factories import make_account
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account

SKU = "TEE-GRE-M"


async def one_of_each(units: Units, shop_id: UUID, api: httpx.AsyncClient, clock: object) -> Mapping[str, str]:
    """The id of one thing of each kind, by the name that paths give it."""
    async with units(shop_id) as uow:
        await fill(uow, MediaStore.open("memory://"))
        stripe = await make_account(uow)
        sent = await make_order(uow, {SKU: 2}, paid=True)
        await make_capture(uow, sent)
        await fulfilment.ship(uow, sent.id)
        asked = await returns.request(uow, sent.id, lines=[(SKU, 1, "too_large")])
        await withdrawals.declare(uow, number=sent.number, name="Ada", email="ada@example.org", what="both")
        await demand.note(uow, "lila Hut", day=uow.now.date(), locale="de", reason=demand.NOTHING_FOUND)
        paid = await make_order(uow, {SKU: 1}, paid=True)
        await make_capture(uow, paid)
    door = await open_account(units, shop_id, "telegram")
    await Phone(units, shop_id, desk_for(units), door, clock).say("hallo")
    products = (await api.get("/products")).json()["items"]
    lookbooks = (await api.get("/lookbooks")).json()["items"]
    conversations = (await api.get("/conversations")).json()["items"]
    await api.post("/discounts", json={"code": "HERBST", "percent_bp": 1000})
    await api.put("/search/synonyms", json={"word": "Joppe", "synonyms": ["Jacke"]})
    await api.put("/model", json={"base_url": "http://127.0.0.1:9/v1", "model": "small"})
    endpoint = (await api.post("/webhooks", json={"url": "http://127.0.0.1:9/hook"})).json()
    return {
        "product_id": products[0]["id"], "handle": products[0]["handle"], "sku": SKU, "path": "tops",
        "lookbook_id": lookbooks[0]["id"], "code": "LB7", "conversation_id": conversations[0]["id"],
        "order_id": str(paid.id), "return_id": str(asked.id), "account_id": str(stripe),
        "channel_id": conversations[0]["channel_id"],
        "endpoint_id": endpoint["id"], "customer_id": str(paid.customer_id),
    }  # fmt: skip
