"""Searching in chat: corrections are told, what is missing is said and counted, a picture finds what looks like it."""

import json
from dataclasses import dataclass, field, replace
from typing import Any, cast
from uuid import UUID

import pytest

from bots.channels.base import FailureKind, Media, Rejected, Unreachable
from bots.channels.reading import entry_code
from bots.dialogues.media import TAKE_PICTURE
from bots.messages.inbound import TextReceived
from bots.turns import pictures
from bots.turns.desk import TurnDesk
from catalog.products import service as products
from catalog.search import demand
from tests.scenarios import goods
from tests.scenarios.phone import Phone


@dataclass
class Post:
    """A provider that hands out one file, or none."""

    body: bytes = b""
    fault: Exception | None = None
    fetched: list[str] = field(default_factory=list)

    async def get(self, _account_id: UUID, _shop_id: UUID) -> "Post":
        """Every account is this one."""
        return self

    async def fetch_media(self, media_id: str) -> Media:
        """The file."""
        self.fetched.append(media_id)
        if self.fault is not None:
            raise self.fault
        return Media(body=self.body, mime="image/jpeg")


async def unmet(phone: Phone) -> list[tuple[str, str, str | None, int]]:
    async with phone.units(phone.shop_id) as uow:
        return [(row.reason, row.query, row.sku, row.count) for row in (await demand.page(uow)).items]


async def job(phone: Phone) -> dict[str, Any]:
    async with phone.units(phone.shop_id) as uow:
        row = await uow.fetchrow(
            "SELECT args::text FROM procrastinate_jobs WHERE task_name = $1 ORDER BY id DESC LIMIT 1 /* shop_id */",
            TAKE_PICTURE,
        )
    assert row is not None
    return cast("dict[str, Any]", json.loads(row["args"]))


async def looked_at(phone: Phone, post: Post) -> list[str]:
    desk: TurnDesk = replace(phone.desk, channels=cast("Any", post))
    await pictures.take(desk, **await job(phone))
    return await phone.read()


async def test_what_is_not_there_is_said_and_counted(phone: Phone) -> None:
    await phone.say("hallo")
    said = "\n".join(await phone.say("ich suche einen Wintermantel"))
    assert "nichts gefunden" in said
    await phone.say("habt ihr Wintermantel?")
    assert [row for row in await unmet(phone) if "wintermantel" in row[1]] == [
        (demand.NOTHING_FOUND, "wintermantel", None, 2)
    ]


async def test_a_kind_of_goods_that_stands_in_a_description_alone_is_not_there(phone: Phone) -> None:
    async with phone.units(phone.shop_id) as uow:
        tee = next(draft for draft in goods.DRAFTS if draft.handle == "basic-tee")
        await products.upsert_product(uow, replace(tee, description={"de": "Auch ohne Krawatte gut."}))
    await phone.say("hallo")
    assert "nichts gefunden" in "\n".join(await phone.say("habt ihr auch Krawatten?"))


async def test_of_a_long_wish_the_beginning_is_said_back(phone: Phone) -> None:
    await phone.say("hallo")
    said = "\n".join(await phone.say("ich suche einen Wintermantel " + "mit pelzkragen " * 40))
    assert "pelzkragen…" in said
    assert said.count("pelzkragen") < 5
    assert "wintermantel" in "".join(row[1] for row in await unmet(phone))


async def test_a_wish_for_what_is_sold_out_is_counted(phone: Phone) -> None:
    await phone.say("hallo")
    await phone.say("ist der Gürtel in 85 auf Lager?")
    assert [(row[0], row[2]) for row in await unmet(phone)] == [(demand.SOLD_OUT, "BEL-BRO-85")]


async def test_a_picture_finds_what_looks_like_it_once(phone: Phone) -> None:
    await phone.say("hallo")
    assert "Danke für das Bild" in "\n".join(await phone.give("photo"))
    post = Post(goods.picture((125, 122, 118), (300, 400)))
    assert "ähnlich" in "\n".join(await looked_at(phone, post))
    assert post.fetched == ["media-1"]
    assert not await looked_at(phone, post)


async def test_a_picture_unlike_anything_is_said_so(phone: Phone) -> None:
    await phone.say("hallo")
    await phone.give("photo")
    assert "nichts" in "\n".join(await looked_at(phone, Post(goods.picture((255, 220, 0)))))


@pytest.mark.parametrize(
    "post", [Post(b"no picture"), Post(fault=Rejected("gone", kind=FailureKind.BUG, provider_code="404"))]
)
async def test_a_picture_that_cannot_be_opened_is_said_so(phone: Phone, post: Post) -> None:
    await phone.say("hallo")
    await phone.give("photo")
    assert "nicht öffnen" in "\n".join(await looked_at(phone, post))


async def test_a_provider_that_is_away_is_asked_again_and_then_told(phone: Phone) -> None:
    await phone.say("hallo")
    await phone.give("photo")
    away = Post(fault=Unreachable("away", may_have_arrived=False))
    for attempt in (2, 3):
        assert not await looked_at(phone, away)
        assert (await job(phone))["attempt"] == attempt
    assert "nicht öffnen" in "\n".join(await looked_at(phone, away))


@pytest.mark.parametrize("entry", ["product_basic-tee", entry_code("#product_basic-tee")])
async def test_a_link_to_a_product_opens_the_chat_at_it(phone: Phone, entry: str) -> None:
    said = await phone.send(TextReceived(**phone.stamp(), text="Hallo", entry=entry))
    assert "Basic-Tee" in said[-1]
    assert "In den Korb" in phone.offers


async def test_a_link_names_a_product_by_its_sku_too(phone: Phone) -> None:
    said = await phone.send(TextReceived(**phone.stamp(), text="Hallo", entry=entry_code("#product_TEE-GRE-M")))
    assert "Basic-Tee" in said[-1]


async def test_who_comes_from_a_cart_sees_their_own(phone: Phone) -> None:
    assert "leer" in (await phone.send(TextReceived(**phone.stamp(), text="Hallo", entry="cart_c_9f2")))[-1]


@pytest.mark.parametrize("words", ["zu teuer, habt ihr was günstigeres?", "too expensive, anything cheaper?"])
async def test_cheaper_is_what_costs_less_than_the_piece_spoken_of(phone: Phone, words: str) -> None:
    await phone.say("zeig mir was in grau")
    await phone.say("was kostet das Overshirt?")
    answer = "\n".join(await phone.say(words))
    assert "Basic" in answer
    assert "Günstiger habe ich davon nichts" not in answer
    assert "nothing cheaper" not in answer
