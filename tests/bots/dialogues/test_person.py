"""Waiting for a person: while nobody is there the bot can be called back, and says when somebody will be."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from bots.conversations import lanes
from bots.dialogues.person import next_opening
from catalog.kernel.unit_of_work import Units
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.scenarios.goods import fill
from tests.scenarios.phone import Phone, desk_for, open_account

HOURS = {day: ["09:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": ["10:00-14:00"]}


async def closed_shop(units: Units, shop: Shop, clock: FrozenClock) -> Phone:
    desk = desk_for(units)
    async with units(shop.id) as uow:
        await fill(uow, desk.store)
        await shops.change_settings(uow, replace((await profiles.get(uow)).settings, hours=HOURS))
    clock.advance(days=6)  # a Sunday
    return Phone(units, shop.id, desk, await open_account(units, shop.id, "whatsapp"), clock, locale="de")


async def taken_over(phone: Phone) -> None:
    async with phone.units(phone.shop_id) as uow:
        await lanes.take(uow, (await phone.conversation(uow))["id"])


async def state_of(phone: Phone) -> tuple[str, str | None]:
    async with phone.units(phone.shop_id) as uow:
        row = await phone.conversation(uow)
    return row["held_by"], row["needs_person"]


async def test_while_nobody_is_there_the_bot_goes_on_and_the_task_stays(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    phone = await closed_shop(units, shop, clock)
    said = "\n".join(await phone.say("Mensch"))
    assert "ab Mo, 09.03. 09:00" in said
    assert "helfe ich dir solange weiter" in said
    assert await state_of(phone) == ("staff", "asked")
    assert await phone.say("seid ihr noch da?") == []
    assert "Basic-Tee grau, M" in "\n".join(await phone.say("basic tee grau in m bitte"))
    assert "Material" in "\n".join(await phone.say("aus welchem Material ist das T-Shirt?"))
    assert await state_of(phone) == ("bot", "asked")


async def test_what_the_bot_cannot_answer_is_left_to_the_team_and_that_is_said_once(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    phone = await closed_shop(units, shop, clock)
    await phone.say("das ist eine Frechheit")
    assert await phone.say("gestern kam der bote viel zu spät") == []
    assert "Basic-Tee grau, M" in "\n".join(await phone.say("basic tee grau in m bitte"))
    assert "Das liest das Team" in "\n".join(await phone.say("gestern kam der bote nicht mal an die tür"))
    assert await phone.say("sowas habe ich noch nie erlebt, unverschämt") == []
    assert await phone.give("photo") == []
    clock.advance(hours=1)
    assert "Das liest das Team" in "\n".join(await phone.say("so kann man doch nicht mit leuten umgehen"))
    assert "Basic-Tee grau, M" in "\n".join(await phone.say("basic tee grau in m bitte"))
    assert await state_of(phone) == ("bot", "complaint")


async def test_nobody_speaks_over_a_person_of_the_team_who_took_the_thread_out_of_hours(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    phone = await closed_shop(units, shop, clock)
    await phone.say("Mensch")
    await taken_over(phone)
    assert await phone.say("basic tee grau in m bitte") == []


async def test_while_the_team_is_there_the_bot_waits_and_can_be_called_back_by_words(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    phone = await closed_shop(units, shop, clock)
    clock.advance(days=1)  # a Monday
    assert "schreib *Weiter mit Charles*" in "\n".join(await phone.say("Mensch"))
    assert await phone.say("basic tee grau in m bitte") == []
    assert "wieder dran" in "\n".join(await phone.say("weiter mit charles"))
    assert "Basic-Tee grau, M" in "\n".join(await phone.say("basic tee grau in m bitte"))
    assert await state_of(phone) == ("bot", "asked")


@pytest.mark.parametrize(
    ("hours", "now", "opens"),
    [
        ({"fri": ["09:00-24:00"]}, "06 23:30", None),
        ({"fri": ["09:00-24:00"], "sat": ["10:00-12:00"]}, "07 00:00", "07 10:00"),
        ({"fri": ["20:00-02:00"]}, "07 01:59", None),
        ({"fri": ["20:00-02:00"]}, "07 02:00", "13 20:00"),
        ({"fri": ["20:00-02:00"]}, "06 01:00", "06 20:00"),
        ({"sun": ["22:00-06:00"], "mon": ["09:00-18:00"]}, "09 05:00", None),
        ({"sun": ["22:00-06:00"], "mon": ["09:00-18:00"]}, "09 06:00", "09 09:00"),
        ({"fri": ["00:00-00:00"]}, "06 12:00", None),
        ({"fri": ["14:00-18:00", "09:00-12:00"]}, "06 08:00", "06 09:00"),
        ({"fri": ["14:00-18:00", "09:00-12:00"]}, "06 12:00", "06 14:00"),
        ({}, "06 12:00", None),
    ],
)
def test_when_the_team_is_next_there(hours: dict[str, list[str]], now: str, opens: str | None) -> None:
    """In March 2026 the sixth is a Friday."""

    def at(text: str) -> datetime:
        return datetime.strptime(f"2026-03-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo("Europe/Berlin"))

    assert next_opening(hours, at(now)) == (at(opens) if opens else None)


async def test_the_hours_are_told_in_words(units: Units, shop: Shop, clock: FrozenClock) -> None:
    phone = await closed_shop(units, shop, clock)
    assert "Mo–Fr 09:00–18:00, Sa 10:00–14:00" in "\n".join(await phone.say("wann habt ihr geöffnet?"))


async def test_a_wish_about_data_leaves_the_bot_talking(units: Units, shop: Shop, clock: FrozenClock) -> None:
    phone = await closed_shop(units, shop, clock)
    await phone.say("bitte löscht alle meine daten")
    assert await phone.say("hilfe")
    async with units(shop.id) as uow:
        assert (await phone.conversation(uow))["needs_person"] == "privacy_request"


async def test_who_complains_hears_no_second_answer_that_speaks_against_the_first(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    phone = await closed_shop(units, shop, clock)
    said = await phone.say("das ist eine Frechheit, ich will mein Geld zurück")
    assert len([bubble for bubble in said if "tut mir leid" in bubble.casefold()]) == 1
    assert not any("zurückgeben kannst" in bubble for bubble in said)
