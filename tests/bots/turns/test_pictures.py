"""A picture with words beside it: both are read."""

from typing import Any, cast
from uuid import UUID

import httpx
import msgspec
import pytest

from bots.channels import registry
from bots.channels.base import Channel, ChannelTools, Media
from bots.conversations import erasure, lanes
from bots.conversations import pictures as received
from bots.conversations import service as conversations
from bots.dialogues.media import TAKE_PICTURE
from bots.messages.inbound import MediaKind, MediaReceived, Sender
from bots.turns import pictures
from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from checkout.customers.events import CustomerErased
from checkout.returns import service as returns
from tests.conftest import FrozenClock
from tests.contracts import channels
from tests.scenarios.goods import fill, picture
from tests.scenarios.phone import Phone, desk_for, open_account
from tests.scenarios.play import Line, Play

ALIKE = "Das sieht deinem Bild in Farbe und Form ähnlich:"


class Directory:
    """WhatsApp, which has the picture that was sent."""

    async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
        """The real adapter, its network replaced."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(_media))
        account = channels.account("whatsapp", id=str(account_id), shop_id=str(shop_id))
        return registry.build(account, ChannelTools(http=http))


class Uploaded:
    """The web chat, whose pictures were uploaded to us."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def get(self, account_id: UUID, shop_id: UUID) -> "Uploaded":
        """This account."""
        return self

    async def fetch_media(self, media_id: str) -> Media:
        """The picture."""
        return Media(body=self.body, mime="image/jpeg", name="")


def _media(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/media-1"):
        return httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/1", "mime_type": "image/jpeg"})
    return httpx.Response(200, content=picture())


@pytest.fixture
async def phone(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    """Somebody who was greeted, at a shop where only the grey tee looks like their picture."""
    desk = desk_for(units)
    desk.channels = cast("Any", Directory())
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
        await uow.execute(
            "DELETE FROM product_image WHERE shop_id = $1 AND product_id <> (SELECT id FROM product"
            " WHERE shop_id = $1 AND handle = 'basic-tee')",
            uow.shop_id,
        )
    made = Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock)
    await made.say("hallo")
    return made


async def show(phone: Phone, caption: str) -> list[str]:
    """Send the picture; what is said at once and once it was looked at."""
    said = await phone.give("photo", caption=caption)
    await take_all(phone)
    return [*said, *await phone.read()]


async def take_all(phone: Phone) -> None:
    """Run the jobs that pictures have left, each of them twice."""
    async with phone.units(phone.shop_id) as uow:
        jobs = await uow.fetch("SELECT args FROM procrastinate_jobs WHERE task_name = $1", TAKE_PICTURE)
    for job in jobs:
        args = msgspec.json.decode(job["args"])
        if args["shop_id"] == str(phone.shop_id):
            for _ in range(2):
                await pictures.take(phone.desk, **args)


async def cart(phone: Phone) -> int:
    async with phone.units(phone.shop_id) as uow:
        return int(await uow.fetchval("SELECT count(*) FROM cart_line WHERE shop_id = $1", uow.shop_id))


@pytest.mark.parametrize(
    ("caption", "answer"),
    [
        ("habt ihr das in blau?", "Ja, Basic-Tee marine ist da."),
        ("gibts das auch in M?", "Ja, Basic-Tee, M ist da."),
        ("was kostet das?", "Basic-Tee: 24,90 € inkl. MwSt."),
    ],
)
async def test_that_one_is_what_looks_most_like_it(phone: Phone, caption: str, answer: str) -> None:
    thanks, alike, told = await show(phone, caption)
    assert thanks.startswith("Danke für das Bild!")
    assert ALIKE in alike
    assert told.replace("\xa0", " ") == answer


@pytest.mark.parametrize("caption", ["", "schau mal", "so eins suche ich", "das hier", "gefällt mir", "👍"])
async def test_words_that_say_nothing_by_themselves_leave_it_at_what_looks_alike(phone: Phone, caption: str) -> None:
    thanks, alike, card = await show(phone, caption)
    assert thanks.startswith("Danke für das Bild!")
    assert (alike, "*Basic-Tee*" in card) == (ALIKE, True)


@pytest.mark.parametrize(
    ("caption", "answer"),
    [
        ("das kam kaputt an, so eine Frechheit", "Team"),
        ("ich möchte das zurückgeben", "Bestellung"),
        ("was kostet der versand?", "Versand"),
    ],
)
async def test_words_that_need_no_picture_are_answered_at_once(phone: Phone, caption: str, answer: str) -> None:
    said = await show(phone, caption)
    assert len(said) == 1
    assert answer in said[0]


@pytest.mark.parametrize("caption", ["ich will zwei davon in M", "leg das in den Korb"])
async def test_nothing_is_put_into_the_cart_for_a_picture(phone: Phone, caption: str) -> None:
    assert (await show(phone, caption))[1] == ALIKE
    assert await cart(phone) == 0


async def test_words_forgotten_meanwhile_are_not_answered(phone: Phone) -> None:
    await phone.give("photo", caption="habt ihr das in blau?")
    async with phone.units(phone.shop_id) as uow:
        await uow.execute("UPDATE inbound_message SET body = '{}' WHERE shop_id = $1", uow.shop_id)
    said = await show(phone, "")
    assert not any("marine ist da" in one for one in said)


async def kept(phone: Phone) -> list[Any]:
    """The pictures beside what the person sent, as the desk has them."""
    async with phone.units(phone.shop_id) as uow:
        thread = await phone.conversation(uow)
        page = await conversations.messages(uow, thread["id"])
    return [item["picture"] for item in page.items if item.get("kind") == "MediaReceived"]


async def test_the_team_sees_what_was_sent(phone: Phone) -> None:
    await phone.give("photo", caption="habt ihr das in blau?")
    assert await kept(phone) == [None]
    await show(phone, "")
    first, second = await kept(phone)
    assert first["alt"] == "habt ihr das in blau?"
    assert first["image_id"] == second["image_id"]
    assert await images.original(phone.desk.store.received, first["image_id"])


async def test_a_picture_for_a_person_of_the_team_is_kept_and_not_answered(phone: Phone, units: Units) -> None:
    async with units(phone.shop_id) as uow:
        await lanes.take(uow, (await phone.conversation(uow))["id"])
    assert await show(phone, "schauen Sie mal") == []
    assert (await kept(phone))[0]["image_id"]


async def test_what_a_person_sent_is_not_among_what_the_shop_shows(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = picture((10, 20, 200))
    monkeypatch.setattr(f"{__name__}.picture", lambda: other)
    await show(phone, "")
    image_id = (await kept(phone))[0]["image_id"]
    assert await images.original(phone.desk.store.received, image_id)
    with pytest.raises(UnknownPicture):
        await images.original(phone.desk.store, image_id)


async def test_a_picture_that_waits_for_no_look_is_kept_all_the_same(phone: Phone) -> None:
    assert len(await show(phone, "das kam kaputt an, so eine Frechheit")) == 1
    assert (await kept(phone))[0]["image_id"]


async def test_a_forgotten_picture_is_not_kept(phone: Phone, units: Units) -> None:
    await phone.give("photo")
    async with units(phone.shop_id) as uow:
        await uow.execute("UPDATE inbound_message SET body = '{}', text = '' WHERE shop_id = $1", uow.shop_id)
    await take_all(phone)
    assert await kept(phone) == [None]
    async with units(phone.shop_id) as uow:
        forgotten = await uow.fetch("SELECT args FROM procrastinate_jobs WHERE task_name = $1", images.FORGET)
        assert len({msgspec.json.decode(row["args"])["image_id"] for row in forgotten}) == 1
        assert await uow.fetchval("SELECT count(*) FROM upload WHERE shop_id = $1", uow.shop_id) == 0


BROKEN = (
    ("shopper", "1 graues Basic-Tee in M bitte"), ("merchant", "is paid"), ("merchant", "ships"),
    ("shopper", "ich möchte das Tee zurückgeben"), ("shopper", "(Zurückgeben)"), ("shopper", "(Kaputt)"),
)  # fmt: skip


async def test_the_photo_of_a_return_is_seen_by_the_merchant(
    phone: Phone, units: Units, shop: Shop, clock: FrozenClock
) -> None:
    await Play(phone, clock, "broken").run([Line(at, who, what) for at, (who, what) in enumerate(BROKEN, 1)])
    await phone.give("photo")
    async with units(shop.id) as uow:
        ((photo,),) = [one.photos for one in (await returns.page(uow)).items]
        assert await received.find(uow, [photo]) == {}
    await take_all(phone)
    async with units(shop.id) as uow:
        assert await received.find(uow, [photo]) == {photo: (await kept(phone))[0]["image_id"]}


async def test_a_video_with_a_return_is_not_taken_for_its_photo(phone: Phone, units: Units, clock: FrozenClock) -> None:
    """Nobody at the shop would see it: who sends one is told, and may still send a photo or go on without."""
    await Play(phone, clock, "broken").run([Line(at, who, what) for at, (who, what) in enumerate(BROKEN, 1)])
    said = await phone.give("video")
    assert "Videos und Dateien kann ich nicht aufbewahren. Schickst du mir ein Foto davon?" in said[0]
    async with units(phone.shop_id) as uow:
        assert (await returns.page(uow)).items == ()
    assert "angemeldet" in "".join(await phone.give("photo"))
    async with units(phone.shop_id) as uow:
        assert [one.photos for one in (await returns.page(uow)).items] == [("media-1",)]


async def test_what_was_uploaded_in_the_web_chat_is_seen_at_once(
    units: Units, shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone(units, shop.id, desk_for(units), await open_account(units, shop.id, "webchat"), clock)
    await phone.say("hallo")
    prepared = await images.prepare(phone.desk.store, picture(), received=True)
    async with units(shop.id) as uow:
        upload = await images.add_upload(uow, prepared)
    sent = MediaReceived(
        dedupe_key="m1", provider_id="m1", at=clock.now, sender=Sender(address=phone.address), kind=MediaKind.IMAGE,
        media_id=str(upload.upload_id),
    )  # fmt: skip
    await phone.send(sent)
    assert await kept(phone) == [{"image_id": upload.image.image_id, "alt": ""}]
    phone.desk.channels = cast("Any", Uploaded(prepared.original.data))
    monkeypatch.delattr(pictures, "prepare")  # looked at, and neither cleaned nor stored once more
    await take_all(phone)


async def test_pictures_go_with_the_person(phone: Phone, units: Units) -> None:
    await show(phone, "schau mal")
    image_id = (await kept(phone))[0]["image_id"]
    async with units(phone.shop_id) as uow:
        await uow.execute("DELETE FROM product_image WHERE shop_id = $1", uow.shop_id)  # the tee shows the same
        person = (await phone.conversation(uow))["customer_id"]
        await erasure.on_customer_erased(uow, CustomerErased(customer_id=person))
    async with units(phone.shop_id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM received_picture WHERE shop_id = $1", uow.shop_id) == 0
        forgotten = await uow.fetch("SELECT args FROM procrastinate_jobs WHERE task_name = $1", images.FORGET)
    assert [msgspec.json.decode(row["args"]) for row in forgotten] == [{"image_id": image_id}]
