"""What a person allows, said in one word whatever else is being asked."""

import msgspec
import pytest

from tests.scenarios.phone import Phone


@pytest.mark.parametrize("word", ["STOP", "/stop", "Stopp!", "abmelden"])
async def test_the_bare_word_ends_promotions_and_drops_the_open_question(phone: Phone, word: str) -> None:
    await phone.say("basic tee grau in m bitte")
    await phone.say("zur kasse")
    assert any("keine Werbung" in bubble for bubble in await phone.say(word))
    async with phone.units(phone.shop_id) as uow:
        row = await phone.conversation(uow)
    assert (row["marketing"], msgspec.json.decode(row["state"]).get("pending")) == (False, None)


async def test_stop_within_a_sentence_is_an_answer_to_the_question(phone: Phone) -> None:
    await phone.say("basic tee grau in m bitte")
    await phone.say("zur kasse")
    await phone.say("stop, doch nicht")
    async with phone.units(phone.shop_id) as uow:
        assert (await phone.conversation(uow))["marketing"] is not False
