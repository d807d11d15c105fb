"""Who may see and keep the pictures that the install serves."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from litestar import Litestar

from bots.conversations import addresses
from bots.conversations import pictures as received
from bots.conversations import thread as threads
from bots.messages.inbound import MediaKind, MediaReceived, Sender
from catalog.images import service as images
from catalog.images.service import UploadView
from catalog.images.store import MediaStore
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from checkout.fulfilment import service as fulfilment
from checkout.returns import service as returns
from tests.catalog.images.pictures import encoded, halves
from tests.checkout.factories import TEE, make_order, make_variant
from tests.scenarios.phone import open_account
from tests.storefront.api.conftest import Merchant


def visitor(app: Litestar) -> httpx.AsyncClient:
    """Anybody."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(cast("Any", app)), base_url="http://shop.test")


async def test_the_shops_pictures_are_everybodys_to_keep(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = await images.prepare(app.state.house.store, encoded(halves((59, 43))))
    async with visitor(app) as anybody:
        await anybody.get(images.media_path(prepared.image_id, "chat.jpg"))
        monkeypatch.delattr(MediaStore, "exists")  # of a bucket, a view is one call
        answer = await anybody.get(images.media_path(prepared.image_id, "chat.jpg"))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")


async def test_what_people_sent_is_seen_for_ten_minutes_by_who_has_its_address(app: Litestar) -> None:
    house, now = app.state.house, datetime.now(UTC)
    sent = (await images.prepare(house.store, encoded(halves((43, 59))), received=True)).image_id
    other = (await images.prepare(house.store, encoded(halves((47, 61))), received=True)).image_id
    bare, good = images.media_path(sent, "photo.jpg"), house.received.url(sent, "photo.jpg", now=now)
    expired = house.received.url(sent, "photo.jpg", now=now - timedelta(minutes=10))
    async with visitor(app) as anybody:
        answer = await anybody.get(good)
        assert answer.status_code == 200
        kept, _, seconds = answer.headers["cache-control"].partition("=")
        assert kept == "private, max-age"
        assert 530 < int(seconds) <= 600
        assert (await anybody.get(good.replace("photo.jpg", "thumb.webp"))).status_code == 200
        forged = (good.replace(sent, other), good[:-1], f"{good}A", good.replace("key=", "key=9"), f"{bare}?key=²³.x")
        answers = [await anybody.get(address) for address in (expired, *forged)]
        assert {answer.status_code for answer in answers} == {403}
        assert (await anybody.get(bare)).status_code == 404


async def _sent(merchant: Merchant, app: Litestar, units: Units) -> UploadView:
    """A photo in a thread of the web chat and with a return."""
    prepared = await images.prepare(app.state.house.store, encoded(halves((53, 41))), received=True)
    door = await open_account(units, merchant.shop_id, "webchat")
    async with units(merchant.shop_id) as uow:
        upload = await images.add_upload(uow, prepared)
        sender, media_id = Sender(address="w_1", name="Jana"), str(upload.upload_id)
        await addresses.open_thread(
            uow, account_id=door.account_id, kind="webchat", sender=sender, at=uow.now, locale="de"
        )
        thread = await threads.lock(
            uow, await uow.fetchval("SELECT id FROM conversation WHERE shop_id = $1", uow.shop_id)
        )
        photo = MediaReceived(
            dedupe_key="m1", provider_id="m1", at=uow.now, sender=sender, kind=MediaKind.IMAGE, media_id=media_id
        )
        await threads.leave_open(uow, thread, photo, new_id())
        assert await received.keep_own(uow, thread, media_id)
        await make_variant(uow)
        order = await make_order(uow, paid=True)
        await fulfilment.ship(uow, order.id)
        await returns.request(uow, order.id, lines=[(TEE, 1, "broken")], photos=[media_id], wish="refund")
    return upload


async def test_the_team_is_told_where_to_see_what_people_sent(merchant: Merchant, app: Litestar, units: Units) -> None:
    upload = await _sent(merchant, app, units)
    (talk,) = (await merchant.api.get("/conversations")).json()["items"]
    (message,) = (await merchant.api.get(f"/conversations/{talk['id']}/messages")).json()["items"]
    (back,) = (await merchant.api.get("/returns")).json()["items"]
    (order,) = (await merchant.api.get("/orders")).json()["items"]
    assert back["photos"] == [upload.image.image_id] == [message["picture"]["image_id"]]
    async with visitor(app) as anybody:
        for url in (message["picture"]["url"], *back["photo_urls"], *order["returns"][0]["photo_urls"]):
            assert (await anybody.get(url)).status_code == 200


async def test_what_people_sent_is_not_put_on_show_by_its_id(merchant: Merchant, app: Litestar, units: Units) -> None:
    upload = await _sent(merchant, app, units)
    for picture in ({"image_id": upload.image.image_id}, {"upload_id": str(upload.upload_id)}):
        image = {**picture, "alt": {"de": "Naht"}}
        scene = {"code": "LB9", "title": {"de": "Naht"}, "image": image, "items": []}
        goods = {
            "handle": "tee", "title": {"de": "Tee"}, "options": [], "images": [image],
            "variants": [{"sku": "T-1", "options": {}, "price": {"minor": 100, "currency": "EUR"}}],
        }  # fmt: skip
        for path, body in (("/lookbooks", scene), ("/products", goods)):
            answer = await merchant.api.post(path, json=body)
            assert answer.status_code in {404, 422}, answer.text
            assert "pload" in answer.text
