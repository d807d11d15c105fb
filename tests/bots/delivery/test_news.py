"""What providers tell about people."""

from datetime import datetime
from typing import Any

import msgspec
import pytest

from bots.channels.registry import CHANNELS
from bots.conversations import thread as threads
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages.inbound import (
    AddressChanged,
    Introduced,
    MarketingPreference,
    Receipt,
    ReceiptReceived,
    Sender,
    TextReceived,
)
from bots.messages.outbound import Text
from bots.messages.templates import use
from bots.turns import inbox
from checkout.customers import service as customers
from tests.bots.delivery.provider import Provider, refused
from tests.conftest import FrozenClock
from tests.contracts import channels
from tests.scenarios.play import approve_all

USER, NUMBER = "DE.4711", "491700000001"
NEW_USER, NEW_NUMBER = "DE.4712", "491700000002"


async def write(provider: Provider, clock: FrozenClock, key: str, sender: Sender) -> None:
    event = TextReceived(dedupe_key=key, provider_id=key, at=clock.now, sender=sender, text="hallo")
    await inbox.receive(provider.phone.desk, provider.phone.door, [event])
    await provider.deliver()


def moved(clock: FrozenClock) -> list[AddressChanged]:
    """A changed number, as WhatsApp's system message tells it."""
    return [
        AddressChanged(dedupe_key="m1", at=clock.now, old=USER, new=NEW_USER),
        AddressChanged(dedupe_key="m1:number", at=clock.now, old=NUMBER, new=NEW_NUMBER),
    ]


def recipients(provider: Provider) -> set[Any]:
    return {one.get("to") or one.get("recipient") for one in provider.taken}


async def test_after_a_changed_number_nothing_goes_to_the_old_one(provider: Provider, clock: FrozenClock) -> None:
    await write(provider, clock, "a", Sender(address=USER, aliases=(NUMBER,)))
    assert recipients(provider) == {NUMBER}
    provider.taken.clear()
    for _ in range(2):
        await provider.tell(*moved(clock))
    await write(provider, clock, "b", Sender(address=NEW_USER))
    assert recipients(provider) == {NEW_NUMBER}
    async with provider.units(provider.phone.shop_id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM conversation WHERE shop_id = $1", uow.shop_id) == 1


async def test_a_number_that_was_given_up_is_never_written_to_again(provider: Provider, clock: FrozenClock) -> None:
    await write(provider, clock, "a", Sender(address="491755"))
    await provider.tell(AddressChanged(dedupe_key="m1:number", at=clock.now, old="491755", new=NEW_NUMBER))
    provider.taken.clear()
    await write(provider, clock, "b", Sender(address=NEW_USER, aliases=(NEW_NUMBER,)))
    assert recipients(provider) == {NEW_NUMBER}


@pytest.mark.parametrize(("days", "recipient"), [(29, "491755"), (31, USER)])
async def test_a_number_that_may_be_somebody_elses_by_now_gives_way_to_the_persons_id(
    provider: Provider, clock: FrozenClock, days: int, recipient: str
) -> None:
    await write(provider, clock, "a", Sender(address=USER, aliases=("491755",)))
    provider.taken.clear()
    clock.advance(days=days)
    async with provider.units(provider.phone.shop_id) as uow:
        await approve_all(uow, provider.account_id)
        thread_id = await uow.fetchval("SELECT id FROM conversation WHERE address = $1", USER)
        thread = await threads.lock(uow, thread_id)
        posting = Posting(template=use("reply_waiting", "de", shop="Laden"))
        await outbox.post(uow, thread, [Text(text="Unterwegs!")], CHANNELS["whatsapp"].capabilities, posting)
    await provider.deliver()
    assert recipients(provider) == {recipient}


@pytest.mark.parametrize("known", [True, False])
async def test_a_changed_number_of_a_person_known_by_number_moves_the_thread(
    provider: Provider, clock: FrozenClock, *, known: bool
) -> None:
    """`known`: the person wrote from the new number before the provider told of it."""
    if known:
        await write(provider, clock, "a", Sender(address=NEW_NUMBER))
    await provider.tell(AddressChanged(dedupe_key="m1:number", at=clock.now, old=NUMBER, new=NEW_NUMBER))
    provider.taken.clear()
    await write(provider, clock, "b", Sender(address=NEW_NUMBER))
    assert recipients(provider) == {NEW_NUMBER}


@pytest.mark.parametrize("proof", ["", "signed_in"])
async def test_two_known_people_are_one_only_where_that_is_proven(
    provider: Provider, clock: FrozenClock, proof: str
) -> None:
    for key, address in (("a", USER), ("b", NEW_USER)):
        await write(provider, clock, key, Sender(address=address))
    async with provider.units(provider.phone.shop_id) as uow:
        rows = await uow.fetch("SELECT address, customer_id FROM conversation WHERE shop_id = $1", uow.shop_id)
    people = {row["address"]: row["customer_id"] for row in rows}
    for _ in range(2):
        await provider.tell(AddressChanged(dedupe_key="m1", at=clock.now, old=USER, new=NEW_USER, proof=proof))
    async with provider.units(provider.phone.shop_id) as uow:
        known = await customers.known_as(uow, people[USER])
        merged = await uow.fetchval("SELECT count(*) FROM domain_event WHERE name = 'CustomersMerged'")
    assert (known, merged) == ((people[NEW_USER], 1) if proof else (people[USER], 0))


async def marketing(provider: Provider) -> bool | None:
    """What the one person of the shop allows."""
    async with provider.units(provider.phone.shop_id) as uow:
        allowed: bool | None = await uow.fetchval("SELECT marketing FROM conversation WHERE shop_id = $1", uow.shop_id)
    return allowed


def preference(provider: Provider, *, at: datetime, allowed: bool) -> MarketingPreference:
    """What the person chose at an instant, as WhatsApp tells it."""
    address = provider.phone.address
    return MarketingPreference(dedupe_key=f"{address}:{at}", at=at, address=address, allowed=allowed)


@pytest.mark.parametrize("again", [True, False])
async def test_the_last_choice_about_marketing_counts_however_late_an_earlier_one_is_told(
    provider: Provider, clock: FrozenClock, *, again: bool
) -> None:
    """`again`: the earlier one was told already."""
    resumed = preference(provider, at=clock.now, allowed=True)
    stopped = preference(provider, at=clock.advance(minutes=5), allowed=False)
    if again:
        await provider.tell(resumed)
    await provider.tell(stopped)
    await provider.tell(resumed)
    assert await marketing(provider) is False


async def test_a_stop_in_words_stands_against_an_earlier_choice_told_later(
    provider: Provider, clock: FrozenClock
) -> None:
    resumed = preference(provider, at=clock.now, allowed=True)
    clock.advance(minutes=5)
    await provider.phone.say("stop")
    await provider.tell(resumed)
    assert await marketing(provider) is False


async def test_a_stop_told_by_a_refusal_stands_against_an_earlier_choice_told_later(
    provider: Provider, clock: FrozenClock
) -> None:
    resumed = preference(provider, at=clock.now, allowed=True)
    clock.advance(minutes=5)
    provider.answers = [lambda _: refused(131050)]
    await provider.phone.say("hilfe")
    await provider.deliver()
    await provider.tell(resumed)
    assert await marketing(provider) is False


async def test_a_stop_told_by_a_late_receipt_leaves_a_later_choice(provider: Provider, clock: FrozenClock) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()
    stopped = ReceiptReceived(
        dedupe_key="r1", at=clock.now, provider_id="wamid.1", receipt=Receipt.FAILED, code="131050"
    )
    await provider.tell(preference(provider, at=clock.advance(minutes=5), allowed=True))
    await provider.tell(stopped)
    assert await marketing(provider) is True


async def test_a_stop_that_names_a_number_reaches_who_showed_it_later(provider: Provider, clock: FrozenClock) -> None:
    for key, aliases in (("a", ()), ("b", (NEW_NUMBER,))):
        await write(provider, clock, key, Sender(address=USER, aliases=aliases))
    await provider.tell(MarketingPreference(dedupe_key="p1", at=clock.now, address=NEW_NUMBER, allowed=False))
    async with provider.units(provider.phone.shop_id) as uow:
        assert await uow.fetchval("SELECT marketing FROM conversation WHERE address = $1", USER) is False


async def test_a_move_told_again_after_the_next_one_changes_nothing(provider: Provider, clock: FrozenClock) -> None:
    first = AddressChanged(dedupe_key="m1", at=clock.now, old=provider.phone.address, new=NEW_NUMBER)
    second = AddressChanged(dedupe_key="m2", at=clock.advance(minutes=5), old=NEW_NUMBER, new="491700000003")
    await provider.tell(first, second)

    async def known() -> list[Any]:
        async with provider.units(provider.phone.shop_id) as uow:
            return await uow.fetch(
                "SELECT address, alias, left_at FROM conversation c JOIN address_alias a"
                " ON a.conversation_id = c.id WHERE c.shop_id = $1 ORDER BY alias",
                uow.shop_id,
            )

    before = await known()
    await provider.tell(first)
    assert await known() == before
    assert {row["alias"] for row in before} == {provider.phone.address, NEW_NUMBER}


async def customer(provider: Provider) -> tuple[str, str]:
    async with provider.units(provider.phone.shop_id) as uow:
        person = await customers.get(
            uow,
            await uow.fetchval(
                "SELECT customer_id FROM conversation WHERE shop_id = $1 AND address = $2", uow.shop_id, USER
            ),
        )
        return person.name, person.email


@pytest.mark.parametrize("later", [True, False])
async def test_who_is_vouched_for_is_known_by_name_and_address(
    provider: Provider, clock: FrozenClock, *, later: bool
) -> None:
    """`later`: they wrote as a guest before they signed in."""
    told = Introduced(dedupe_key="i1", at=clock.now, address=USER, name="Cleo", email="c@shop.example")
    first = Sender(address=USER) if later else Sender(address=USER, name=told.name, email=told.email)
    if not later:
        await provider.tell(told)
    await write(provider, clock, "a", first)
    if later:
        await provider.tell(told)
    assert await customer(provider) == ("Cleo", "c@shop.example")


async def test_what_is_not_known_is_kept_with_what_it_held_but_no_secrets(provider: Provider) -> None:
    value = {"event": "NEW", "flow_token": "t0p", "about": {"client_secret": "s3cret", "pages": [1, 2]}}
    body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "flows", "value": value}]}]}
    channel = await provider.get(provider.account_id, provider.phone.shop_id)
    for _ in range(2):
        await provider.tell(*channel.parse(channels.request("whatsapp", msgspec.json.encode(body))))
    async with provider.units(provider.phone.shop_id) as uow:
        rows = await uow.fetch(
            "SELECT body->>'what' AS what, body->>'body' AS body FROM channel_event"
            " WHERE shop_id = $1 AND kind = 'Unrecognised'",
            uow.shop_id,
        )
    ((what, kept),) = [(row["what"], row["body"]) for row in rows]
    assert what == "flows:new"
    held = {"event": "NEW", "flow_token": "…", "about": {"client_secret": "…", "pages": [1, 2]}}
    assert msgspec.json.decode(kept) == {"field": "flows", "value": held}


async def test_an_introduction_leaves_what_the_person_said_themselves(provider: Provider, clock: FrozenClock) -> None:
    await write(provider, clock, "a", Sender(address=USER, email="own@mail.example"))
    for _ in range(2):
        await provider.tell(
            Introduced(dedupe_key="i1", at=clock.now, address=USER, name="Cleo", email="c@shop.example")
        )
    assert await customer(provider) == ("Cleo", "own@mail.example")
    async with provider.units(provider.phone.shop_id) as uow:
        kept = await uow.fetchval("SELECT count(*) FROM channel_event WHERE kind = 'Introduced'")
    assert kept == 0, "what it says would be forgotten with the customer only there"


async def test_an_address_learned_from_an_answer_finds_the_same_thread(provider: Provider, clock: FrozenClock) -> None:
    """Somebody known by number who takes a user name: WhatsApp's next webhook may carry no number any more."""
    told = {"messages": [{"id": "wamid.1"}], "contacts": [{"input": NUMBER, "wa_id": NUMBER, "user_id": USER}]}
    provider.reply = told
    await provider.phone.say("hilfe")
    await provider.deliver()
    await write(provider, clock, "a", Sender(address=USER))
    assert recipients(provider) == {NUMBER}
    async with provider.units(provider.phone.shop_id) as uow:
        assert await uow.fetchval("SELECT count(*) FROM conversation WHERE shop_id = $1", uow.shop_id) == 1
