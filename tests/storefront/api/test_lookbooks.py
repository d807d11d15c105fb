"""Lookbooks over the API: an address and a QR code that open the chat at them, and changes of an older one refused."""

from typing import Any
from uuid import UUID

from catalog.kernel.unit_of_work import Units
from tests.storefront.api.conftest import Merchant
from tests.storefront.api.test_channels import TELEGRAM
from tests.storefront.api.test_products import product, upload


async def lookbook(merchant: Merchant, **other: object) -> dict[str, Any]:
    """A lookbook of one product, as a merchant writes it."""
    picture = await upload(merchant, "blue")
    await merchant.api.put("/products/by-handle/tee", json=product("tee"))
    items = [{"x": 0.5, "y": 0.5, "product_handle": "tee"}]
    return {
        "code": "LB1",
        "title": {"de": "Herbst"},
        "image": {"upload_id": picture["upload_id"]},
        "items": items,
    } | other


async def test_the_qr_code_is_a_picture_of_the_lookbooks_address(merchant: Merchant) -> None:
    made = await merchant.create("/lookbooks", await lookbook(merchant))
    assert made["url"].endswith("?entry=LB1")
    answer = await merchant.api.get(f"/lookbooks/{made['id']}/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert 'xmlns="http://www.w3.org/2000/svg"' in answer.text, "a browser shows no other file as a picture"


async def test_the_address_leads_to_the_chat_that_the_shop_has(merchant: Merchant, units: Units) -> None:
    made = await merchant.create("/lookbooks", await lookbook(merchant))
    assert made["opens"] is None
    assert (await merchant.api.get(made["url"])).status_code == 404
    bot = await merchant.create("/channels", TELEGRAM)
    async with units(merchant.shop_id) as uow:
        await uow.execute("UPDATE channel_account SET public_name = 'linden_bot' WHERE id = $1", UUID(bot["id"]))
    assert (await merchant.api.get(f"/lookbooks/{made['id']}")).json()["opens"] == "telegram"
    led = await merchant.api.get(made["url"])
    assert (led.status_code, led.headers["location"]) == (302, "https://t.me/linden_bot?start=LB1")
    assert (await merchant.api.get(f"{made['url']}&embed")).status_code == 404
    await merchant.create(
        "/channels", {"kind": "webchat", "name": "Page", "credentials": {"allowed_origins": ["https://a.test"]}}
    )
    assert (await merchant.api.get(f"/lookbooks/{made['id']}")).json()["opens"] == "webchat"
    assert (await merchant.api.get(made["url"])).status_code == 200


async def test_a_poster_leads_to_the_chat_of_a_certain_channel(merchant: Merchant, units: Units) -> None:
    page = {"kind": "webchat", "name": "Page", "credentials": {"allowed_origins": ["https://a.test"]}}
    site, bot = await merchant.create("/channels", page), await merchant.create("/channels", TELEGRAM)
    async with units(merchant.shop_id) as uow:
        await uow.execute("UPDATE channel_account SET public_name = 'linden_bot' WHERE id = $1", UUID(bot["id"]))
    made = await merchant.create("/lookbooks", await lookbook(merchant))
    assert [(link["channel_id"], link["kind"], link["url"]) for link in made["links"]] == [
        (site["id"], "webchat", f"http://shop.test/chat/w/{site['id']}?entry=LB1"),
        (bot["id"], "telegram", "https://t.me/linden_bot?start=LB1"),
    ]
    assert (await merchant.api.get(made["links"][0]["url"])).status_code == 200
    codes = [
        (await merchant.api.get(f"/lookbooks/{made['id']}/qr.svg{query}")).text
        for query in ("", f"?channel={site['id']}", f"?channel={bot['id']}")
    ]
    assert len(set(codes)) == 3
    unknown = await merchant.api.get(f"/lookbooks/{made['id']}/qr.svg?channel={made['id']}")
    assert unknown.status_code == 404


async def test_a_lookbook_is_written_only_over_the_one_it_is_based_on(merchant: Merchant) -> None:
    made = await merchant.create("/lookbooks", await lookbook(merchant))
    read = await merchant.api.get(f"/lookbooks/{made['id']}")
    tagged = {"if-match": read.headers["etag"]}
    first = await merchant.api.put(
        "/lookbooks/LB1", json=await lookbook(merchant, title={"de": "Eins"}), headers=tagged
    )
    late = await merchant.api.put("/lookbooks/LB1", json=await lookbook(merchant, title={"de": "Zwei"}), headers=tagged)
    assert (first.status_code, late.status_code) == (200, 412)
    assert (await merchant.api.get(f"/lookbooks/{made['id']}")).json()["title"] == {"de": "Eins"}


async def test_a_lookbook_that_was_changed_since_is_not_deleted(merchant: Merchant) -> None:
    body = await lookbook(merchant)
    made = await merchant.create("/lookbooks", body)
    path = f"/lookbooks/{made['id']}"
    before = (await merchant.api.get(path)).headers["etag"]
    now = (await merchant.api.put("/lookbooks/LB1", json=body)).headers["etag"]
    answers = [(await merchant.api.delete(path, headers={"if-match": tag})).status_code for tag in (before, now)]
    assert answers == [412, 204]


async def test_a_new_one_says_where_it_is_and_can_be_changed_at_once(merchant: Merchant) -> None:
    for path, body in (("/products", product("hose")), ("/lookbooks", await lookbook(merchant))):
        first, again = [
            await merchant.api.post(path, json=body, headers={"Idempotency-Key": f"new {path}"}) for _ in range(2)
        ]
        read = await merchant.api.get(f"http://shop.test{first.headers['location']}")
        assert (read.json()["id"], read.headers["etag"]) == (first.json()["id"], first.headers["etag"])
        assert [again.headers[name] for name in ("location", "etag")] == [
            first.headers[name] for name in ("location", "etag")
        ]
