"""A provider's own invoices: nobody pays one here, and money that came all the same is a person's to settle."""

from bots.conversations import service as conversations
from bots.conversations.events import ConversationNeedsPerson, PaidInChat
from bots.messages.inbound import InvoicePaid, PreCheckoutAsked
from tests.scenarios.phone import Phone


async def pay(phone: Phone) -> str:
    """The money of an invoice has arrived; the answer."""
    return "\n".join(
        await phone.send(
            InvoicePaid(**phone.stamp(), payload="SO-1", total_minor=4990, currency="EUR", charge_id="t-1",
                        provider_charge_id="p-1")
        )
    )  # fmt: skip


async def events(phone: Phone) -> list[str]:
    async with phone.units(phone.shop_id) as uow:
        names = [PaidInChat.name, ConversationNeedsPerson.name]
        rows = await uow.fetch(
            "SELECT name FROM domain_event WHERE shop_id = $1 AND name = ANY($2) ORDER BY name", uow.shop_id, names
        )
        return [row["name"] for row in rows]


async def test_who_wants_to_pay_an_invoice_is_led_to_the_shops_own_page(phone: Phone) -> None:
    await phone.say("zwei graue Basic-Tees in M")
    asked = PreCheckoutAsked(**phone.stamp(), query_id="q", payload="SO-1", total_minor=4990, currency="EUR")
    answer = "\n".join(await phone.send(asked))
    assert "auf unserer eigenen Seite" in answer
    assert "Wohin" in answer


async def test_money_of_an_invoice_is_handed_to_a_person_with_an_event(phone: Phone) -> None:
    await phone.say("hallo")
    assert "Deine Zahlung hier im Chat ist angekommen" in await pay(phone)
    async with phone.units(phone.shop_id) as uow:
        row = await phone.conversation(uow)
        text = await uow.fetchval(
            "SELECT text FROM inbound_message WHERE shop_id = $1 ORDER BY seq DESC LIMIT 1", uow.shop_id
        )
    assert (row["needs_person"], row["held_by"]) == ("paid_in_chat", "staff")
    assert text == "SO-1 · 4990 EUR · t-1 · p-1"
    assert await events(phone) == sorted([PaidInChat.name, ConversationNeedsPerson.name])


async def test_money_is_reported_while_a_person_of_the_team_has_the_word_too(phone: Phone) -> None:
    await phone.say("hallo")
    async with phone.units(phone.shop_id) as uow:
        await conversations.say(uow, (await phone.conversation(uow))["id"], "Hier das Team.")
    await pay(phone)
    assert await events(phone) == [PaidInChat.name]
