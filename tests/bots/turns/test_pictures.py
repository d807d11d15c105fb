"""A picture with words beside it: both are read."""

from typing import Any, cast
from uuid import UUID

import httpx
import msgspec
import pytest

from bots.channels import registry
from bots.channels.base import Channel, ChannelTools
from bots.dialogues.media import FIND_SIMILAR
from bots.turns import pictures
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.contracts import channels
from tests.scenarios.goods import fill, picture
from tests.scenarios.phone import Phone, desk_for, open_account

ALIKE = "Das sieht deinem Bild in Farbe und Form ähnlich:"


class Directory:
    """WhatsApp, which has the picture that was sent."""

    async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
        """The real adapter, its network replaced."""
        http = httpx.AsyncClient(transport=httpx.MockTransport(_media))
        account = channels.account("whatsapp", id=str(account_id), shop_id=str(shop_id))
        return registry.build(account, ChannelTools(http=http))


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
    async with phone.units(phone.shop_id) as uow:
        jobs = await uow.fetch("SELECT args FROM procrastinate_jobs WHERE task_name = $1", FIND_SIMILAR)
    for job in jobs:
        args = msgspec.json.decode(job["args"])
        if args["shop_id"] == str(phone.shop_id):
            for _ in range(2):
                await pictures.find_similar(phone.desk, **args)
    return [*said, *await phone.read()]


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
