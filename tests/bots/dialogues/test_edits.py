"""A message that was edited is carried out once, as it reads now."""

import pytest

from bots.messages.inbound import Edited, InboundEvent, TextReceived
from bots.turns import inbox
from checkout.carts import service as carts
from tests.scenarios.phone import Phone

TEES = "zwei graue Basic-Tees in M"


async def write(phone: Phone, text: str) -> str:
    """Write words; the message's id at the provider."""
    event = TextReceived(**phone.stamp(), text=text)
    await phone.send(event)
    return event.provider_id


def an_edit(phone: Phone, target: str, text: str, **changes: str) -> Edited:
    return Edited(**(phone.stamp() | changes), target=target, text=text)


async def edit(phone: Phone, target: str, text: str) -> str:
    """Change a message; the answer."""
    return "\n".join(await phone.send(an_edit(phone, target, text)))


async def in_cart(phone: Phone) -> dict[str, int]:
    """Units by SKU."""
    async with phone.units(phone.shop_id) as uow:
        customer_id = (await phone.conversation(uow))["customer_id"]
        return {line.sku: line.quantity for line in await carts.contents(uow, customer_id)}


async def outcomes(phone: Phone) -> list[tuple[str, str | None]]:
    async with phone.units(phone.shop_id) as uow:
        rows = await uow.fetch(
            "SELECT outcome, outcome_detail->>'reason' AS reason FROM inbound_message WHERE shop_id = $1 ORDER BY seq",
            uow.shop_id,
        )
    return [(row["outcome"], row["reason"]) for row in rows]


async def test_what_the_former_words_put_into_the_cart_is_undone_first(phone: Phone) -> None:
    message = await write(phone, TEES)
    assert "3 × Basic-Tee grau, M" in await edit(phone, message, "drei graue Basic-Tees in M")
    assert list((await in_cart(phone)).values()) == [3]


async def test_a_message_may_be_edited_again_and_again(phone: Phone) -> None:
    message = await write(phone, TEES)
    for number, units in (("drei", 3), ("vier", 4), ("fünf", 5)):
        await edit(phone, message, f"{number} graue Basic-Tees in M")
        assert list((await in_cart(phone)).values()) == [units]


async def test_what_was_in_the_cart_before_stays(phone: Phone) -> None:
    await phone.say("ein weißes Basic-Tee in L")
    message = await write(phone, TEES)
    await edit(phone, message, "drei graue Basic-Tees in M")
    assert sorted((await in_cart(phone)).values()) == [1, 3]


async def test_a_word_more_does_not_add_the_goods_again(phone: Phone) -> None:
    message = await write(phone, TEES)
    await edit(phone, message, f"{TEES} bitte")
    assert list((await in_cart(phone)).values()) == [2]


@pytest.mark.parametrize("text", ["", "Zwei  graue basic-tees in M"])
async def test_an_edit_that_says_nothing_new_is_ignored(phone: Phone, text: str) -> None:
    message = await write(phone, TEES)
    assert await edit(phone, message, text) == ""
    assert (await outcomes(phone))[-1] == ("ignored", "same_words")


async def test_where_the_cart_has_changed_since_the_bot_asks(phone: Phone) -> None:
    message = await write(phone, TEES)
    await phone.say("ein weißes Basic-Tee in L")
    for number in ("drei", "vier"):
        answer = await edit(phone, message, f"{number} graue Basic-Tees in M")
        assert "2 × Basic-Tee grau, M" in answer
        assert "Was soll ich ändern?" in answer
    assert sorted((await in_cart(phone)).values()) == [1, 2]


async def test_where_the_answer_to_its_question_was_carried_out_the_bot_asks(phone: Phone) -> None:
    message = await write(phone, "zwei graue Basic-Tees")
    size = await write(phone, "M")
    assert "Was soll ich ändern?" in await edit(phone, message, "drei graue Basic-Tees")
    assert "Was soll ich ändern?" in await edit(phone, size, "L")
    assert list((await in_cart(phone)).values()) == [2]
    assert "2 × Basic-Tee grau, L" in "\n".join(await phone.say("L"))


async def test_new_words_that_ask_something_leave_the_cart_as_it_is(phone: Phone) -> None:
    message = await write(phone, TEES)
    answer = await edit(phone, message, "was kostet der Versand?")
    assert "Versand" in answer
    assert "2 × Basic-Tee grau, M" in answer
    assert list((await in_cart(phone)).values()) == [2]


async def test_a_question_is_answered_as_it_reads_now(phone: Phone) -> None:
    message = await write(phone, "zeig mir Gürtel")
    assert "Chino" in await edit(phone, message, "zeig mir Chinos")


async def test_a_part_of_a_thought_is_read_with_the_others_again(phone: Phone) -> None:
    await phone.say("hallo")
    parts = [TextReceived(**phone.stamp(), text=text) for text in ("ich brauche", "zwei graue", "Basic-Tees in M")]
    await inbox.receive(phone.desk, phone.door, parts)
    phone.clock.advance(seconds=2)
    await phone.wait()
    assert list((await in_cart(phone)).values()) == [2]
    await edit(phone, parts[1].provider_id, "drei graue")
    assert list((await in_cart(phone)).values()) == [3]


async def test_an_open_message_is_read_as_it_was_edited(phone: Phone) -> None:
    await phone.say("hallo")
    message = TextReceived(**phone.stamp(), text=TEES)
    batch: list[InboundEvent] = [message, an_edit(phone, message.provider_id, "drei graue Basic-Tees in M")]
    await inbox.receive(phone.desk, phone.door, batch)
    phone.clock.advance(seconds=2)
    assert "3 × Basic-Tee grau, M" in "\n".join(await phone.wait())
    assert list((await in_cart(phone)).values()) == [3]
    assert [outcome for outcome, _ in await outcomes(phone)] == ["answered", "answered", "merged"]


async def test_the_edit_of_a_message_that_never_came_is_read(phone: Phone) -> None:
    await phone.say("hallo")
    assert "2 × Basic-Tee grau, M" in await edit(phone, "long gone", TEES)


async def test_a_provider_that_gives_the_edit_its_messages_id_is_understood(phone: Phone) -> None:
    message = await write(phone, TEES)
    for number, units in (("drei", 3), ("vier", 4)):
        await phone.send(an_edit(phone, message, f"{number} graue Basic-Tees in M", provider_id=message))
        assert list((await in_cart(phone)).values()) == [units]
