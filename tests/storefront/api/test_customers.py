"""Forgetting a person over the API: what the law does not want kept is gone, in tables and in the media store."""

from uuid import UUID

import pytest
from litestar import Litestar

from bots.conversations import addresses
from bots.conversations import thread as threads
from bots.messages.inbound import MediaKind, MediaReceived, Sender
from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from catalog.kernel import dispatch
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from checkout.customers import service as customers
from checkout.returns import withdrawals
from storefront.bootstrap import subscriptions
from tests.catalog.images.pictures import encoded, halves
from tests.checkout.factories import TEE, make_customer, make_order, make_variant
from tests.scenarios.phone import open_account
from tests.storefront.api.conftest import Merchant, run_jobs


async def erase(merchant: Merchant, app: Litestar, customer_id: UUID) -> bool:
    """Ask for it, and let the house run."""
    answer = await merchant.create(f"/customers/{customer_id}/erase", {})
    house = app.state.house
    while await dispatch.step(house.units, subscriptions(house)):
        pass
    await run_jobs(app)
    return bool(answer["erased"])


async def test_a_photo_sent_in_the_web_chat_goes_with_its_files(
    merchant: Merchant, app: Litestar, units: Units
) -> None:
    house = app.state.house
    prepared = await images.prepare(house.store, encoded(halves()), received=True)
    door = await open_account(units, merchant.shop_id, "webchat")
    async with units(merchant.shop_id) as uow:
        upload = await images.add_upload(uow, prepared, filename="jana.jpg")
        sender = Sender(address="w_1", name="Jana")
        await addresses.open_thread(
            uow, account_id=door.account_id, kind="webchat", sender=sender, at=uow.now, locale="de"
        )
        conversation_id = await uow.fetchval("SELECT id FROM conversation WHERE shop_id = $1", uow.shop_id)
        photo = MediaReceived(
            dedupe_key="m1",
            provider_id="m1",
            at=uow.now,
            sender=sender,
            kind=MediaKind.IMAGE,
            media_id=str(upload.upload_id),
            caption="",
        )
        await threads.leave_open(uow, await threads.lock(uow, conversation_id), photo, new_id())
        person = await uow.fetchval(
            "SELECT customer_id FROM conversation WHERE shop_id = $1 AND id = $2", uow.shop_id, conversation_id
        )
        await make_variant(uow)
        order = await make_order(uow, customer_id=person, paid=True)
        await uow.execute(
            "INSERT INTO return_request (id, shop_id, order_id, state, wish, photos, rejection, label_url, label_code,"
            " currency, requested_at)"
            " VALUES ($1, $2, $1, 'approved', 'refund', $3, '', 'https://post.example/r', 'QR-77', 'EUR', $4)",
            order.id, uow.shop_id, f'["{upload.upload_id}"]', uow.now,
        )  # fmt: skip
    await images.rendition(house.store.received, upload.image.image_id, "chat.jpg")
    assert await erase(merchant, app, person)
    for name in ("chat.jpg", "thumb.jpg"):
        with pytest.raises(UnknownPicture):
            await images.rendition(house.store.received, upload.image.image_id, name)
    async with units(merchant.shop_id) as uow:
        with pytest.raises(UnknownPicture):
            await images.get_sent(uow, upload.upload_id)
        left = await uow.fetchrow(
            "SELECT photos::text, label_url, label_code FROM return_request WHERE shop_id = $1", uow.shop_id
        )
        assert left is not None
        assert tuple(left) == ("[]", "", "")


async def test_declarations_forget_the_person_but_for_what_belongs_to_a_paid_order(
    merchant: Merchant, app: Litestar, units: Units
) -> None:
    async with units(merchant.shop_id) as uow:
        await make_variant(uow)
        person, other = await make_customer(uow), await make_customer(uow)
        await customers.describe(uow, other, email="grace@example.org")
        paid, over = await make_order(uow, customer_id=person, paid=True), await make_order(uow, customer_id=person)
        made = {
            name: await withdrawals.declare(uow, number=number, name="Ada Lovelace", email=email, what="Gürtel")
            for name, number, email in (
                ("paid", paid.number, "ada@example.org"), ("over", over.number, "ADA@example.org"),
                ("lost", "L-9", "ada@example.org"), ("other", "L-9", "grace@example.org"),
            )
        }  # fmt: skip
    assert await erase(merchant, app, person)
    async with units(merchant.shop_id) as uow:
        after = {name: await withdrawals.get(uow, each.id) for name, each in made.items()}
    assert {name: (each.number, each.name, each.email, each.what) for name, each in after.items()} == {
        "paid": (paid.number, "Ada Lovelace", "", "Gürtel"),
        "over": ("", "", "", ""),
        "lost": ("", "", "", ""),
        "other": ("L-9", "Ada Lovelace", "grace@example.org", "Gürtel"),
    }


async def test_everybody_proven_to_be_the_person_is_forgotten_too(
    merchant: Merchant, app: Litestar, units: Units
) -> None:
    async with units(merchant.shop_id) as uow:
        await make_variant(uow)
        here, there, stranger = [await make_customer(uow) for _ in range(3)]
        order = await make_order(uow, {TEE: 1}, customer_id=there, paid=True)
        await customers.merge(uow, there, here, proof="same_account")
    assert await erase(merchant, app, there)
    assert not await erase(merchant, app, here)
    async with units(merchant.shop_id) as uow:
        names = [(await customers.get(uow, each)).name for each in (here, there, stranger)]
        email = await uow.fetchval(
            "SELECT delivery->>'email' FROM shop_order WHERE shop_id = $1 AND id = $2", uow.shop_id, order.id
        )
    assert (names, email) == (["", "", "Ada"], "")


async def test_people_taken_for_one_are_parted_again(merchant: Merchant, units: Units) -> None:
    async with units(merchant.shop_id) as uow:
        guest, known = await make_customer(uow), await make_customer(uow)
        await customers.merge(uow, guest, known, proof="signed_in")
    assert (await merchant.api.get(f"/customers/{guest}")).json()["merged_into"] == str(known)
    answers = [await merchant.create(f"/customers/{guest}/part", {}) for _ in range(2)]
    assert answers == [{"parted": True}, {"parted": False}]
    assert (await merchant.api.get(f"/customers/{guest}")).json()["merged_into"] is None
