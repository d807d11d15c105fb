"""Forgetting a person while a message to them is on its way: it may arrive, and leaves no word and no address here."""

from bots.channels.base import MediaLinks
from bots.channels.registry import CHANNELS
from bots.conversations import erasure
from bots.conversations import thread as threads
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.delivery.sender import Sender
from bots.messages.inbound import Receipt, ReceiptReceived
from bots.messages.outbound import Text
from bots.messages.templates import use
from checkout.customers.events import CustomerErased
from tests.bots.delivery.provider import Provider, refused
from tests.conftest import FrozenClock
from tests.scenarios.play import approve_all

NEWS = use("order_shipped", "de", order="K-1", carrier="DHL", tracking="0034", link="A7K-2QX")


async def tell(provider: Provider) -> None:
    """News for the person, with a template for when the window has closed."""
    async with provider.units(provider.phone.shop_id) as uow:
        await approve_all(uow, provider.account_id)
        thread = await threads.lock(uow, (await provider.phone.conversation(uow))["id"])
        posting = Posting(cause="shipped", template=NEWS)
        await outbox.post(uow, thread, [Text(text="Hallo Jana")], CHANNELS[thread.kind].capabilities, posting)


async def erase(provider: Provider) -> None:
    async with provider.units(provider.phone.shop_id) as uow:
        person = await uow.fetchval("SELECT customer_id FROM conversation WHERE shop_id = $1", uow.shop_id)
        await erasure.on_customer_erased(uow, CustomerErased(person))


async def left(provider: Provider) -> set[str]:
    """What of the person's words, order and addresses still stands in the rows."""
    async with provider.units(provider.phone.shop_id) as uow:
        rows = await uow.fetch(
            "SELECT concat(m.text, m.body, m.plan) AS kept FROM outbound_message m WHERE shop_id = $1"
            " UNION ALL SELECT alias FROM address_alias WHERE shop_id = $1",
            uow.shop_id,
        )
    kept = " ".join(row["kept"] for row in rows)
    return {word for word in ("Jana", "K-1", "0034", "491709999999") if word in kept}


async def test_the_one_on_its_way_arrives_and_leaves_nothing(provider: Provider) -> None:
    async def erased_meanwhile() -> None:
        await erase(provider)

    provider.before_answer = erased_meanwhile
    provider.reply = {"messages": [{"id": "wamid.1"}], "contacts": [{"input": "4917", "wa_id": "491709999999"}]}
    await tell(provider)
    await provider.deliver()
    assert provider.said == ["Hallo Jana"]
    assert (await provider.states())[-1] == ("sent", None)
    assert not await left(provider)


async def test_the_one_whose_sender_died_is_not_sent_again(provider: Provider, clock: FrozenClock) -> None:
    await tell(provider)
    sender = Sender(provider.units, provider, MediaLinks(base="https://shop.test"))
    jobs, _ = await sender._claim()
    assert len(jobs) == 1
    await erase(provider)
    clock.advance(minutes=1)
    await provider.deliver()
    assert provider.taken == []
    assert (await provider.states())[-1] == ("refused", "opted_out")
    assert not await left(provider)


async def test_the_one_that_is_refused_leaves_no_template(provider: Provider, clock: FrozenClock) -> None:
    async def erased_meanwhile() -> None:
        provider.before_answer = None
        await erase(provider)

    provider.before_answer, provider.answers = erased_meanwhile, [lambda _: refused(131047)]
    await tell(provider)
    await provider.deliver()
    clock.advance(hours=1)
    await provider.deliver()
    assert provider.taken == []
    assert not await left(provider)


async def test_a_receipt_of_an_erased_message_is_taken(provider: Provider, clock: FrozenClock) -> None:
    await tell(provider)
    await provider.deliver()
    provider_id = (await provider.rows())[-1]["provider_id"]
    await erase(provider)
    late = ReceiptReceived(
        dedupe_key="late", at=clock.now, provider_id=provider_id, receipt=Receipt.FAILED, code="131047"
    )
    await provider.tell(late)
    assert (await provider.states())[-1][0] == "failed"
    assert not await left(provider)
