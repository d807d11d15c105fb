"""The merchant's own greeting: it never drops that a bot speaks, nor where the privacy notice is."""

import pytest
from msgspec.structs import replace

from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.settings import Persona
from tests.scenarios.phone import Phone


async def greeted(phone: Phone, **greeting: str) -> str:
    async with phone.units(phone.shop_id) as uow:
        persona = Persona(name="Mia", greeting=greeting)
        await shops.change_settings(uow, replace((await profiles.get(uow)).settings, persona=persona))
    return (await phone.say("Hallo"))[0]


async def test_a_greeting_that_leaves_them_out_is_told_with_bot_and_privacy(phone: Phone) -> None:
    said = await greeted(phone, de="Hallo, hier ist {name}!")
    assert said.startswith("Hallo, hier ist Mia!\n")
    assert said.count("Shop-Bot") == said.count("/privacy") == 1


@pytest.mark.parametrize("own", ["Ich bin {name}, der Chatbot. Datenschutz: {privacy}", "Bot {name} – {privacy}"])
async def test_a_greeting_that_says_both_stands_alone(phone: Phone, own: str) -> None:
    said = await greeted(phone, de=own)
    assert "/privacy" in said
    assert "\n" not in said


async def test_an_offer_is_no_bot(phone: Phone) -> None:
    assert "Shop-Bot" in await greeted(phone, de="Unser Angebot: {privacy}")


async def test_whoever_speaks_a_language_without_a_greeting_reads_ours(phone: Phone) -> None:
    assert (await greeted(phone, en="Hello, {name} here!")).startswith("Hi, ich bin Mia, der Shop-Bot von")
