"""An account whose provider refuses it says so until a message shows that it works again."""

from typing import Literal

import httpx
import pytest

from bots.channels.accounts.events import ChannelFailing, ChannelRecovered, ChannelReported
from bots.messages.inbound import AccountReported, Receipt, ReceiptReceived
from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.bots.delivery.provider import Provider, opened, refused
from tests.conftest import FrozenClock

UNAUTHORIZED = {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def standing(provider: Provider) -> tuple[bool, str]:
    """Whether the account fails, and its detail."""
    async with provider.units(provider.phone.shop_id) as uow:
        row = await uow.fetchrow(
            "SELECT failing_since, detail FROM channel_account WHERE id = $1 AND shop_id = $2",
            provider.account_id, uow.shop_id,
        )  # fmt: skip
    assert row is not None
    return row["failing_since"] is not None, row["detail"]


async def told(provider: Provider) -> list[str]:
    """What the merchant hears of the account."""
    names = [event.name for event in (ChannelFailing, ChannelRecovered, ChannelReported)]
    async with provider.units(provider.phone.shop_id) as uow:
        rows = await uow.fetch(
            "SELECT name FROM domain_event WHERE shop_id = $1 AND name = ANY($2) ORDER BY id", uow.shop_id, names
        )
    return [row["name"] for row in rows]


async def write(provider: Provider) -> None:
    await provider.phone.say("hilfe")
    await provider.deliver()


def receipt(provider: Provider, what: Receipt, **more: str) -> ReceiptReceived:
    """News about the message that was taken last."""
    key = f"{provider.series}.{len(provider.taken)}"
    return ReceiptReceived(
        dedupe_key=f"{key}:{what}", at=provider.phone.clock.now, provider_id=key, receipt=what, **more
    )


def report(provider: Provider, says: Literal["works", "fails", ""]) -> AccountReported:
    return AccountReported(dedupe_key=f"account:{says}", at=provider.phone.clock.now, words="DISABLE", standing=says)


@pytest.mark.parametrize("code", [190, 133010, 131042])
async def test_a_refused_account_fails_in_the_providers_words_and_tells_the_merchant_once(
    provider: Provider, code: int
) -> None:
    for _ in range(2):
        provider.answers = [lambda _: refused(code)] * 9
        await write(provider)
    assert await standing(provider) == (True, f"because ({code})")
    assert await told(provider) == ["ChannelFailing"]


async def test_a_refusal_of_one_person_is_none_of_the_account(provider: Provider) -> None:
    provider.answers = [lambda _: refused(131026)]
    await write(provider)
    assert await standing(provider) == (False, "")


async def test_it_recovers_when_a_later_message_arrives(provider: Provider, clock: FrozenClock) -> None:
    await write(provider)
    before = receipt(provider, Receipt.READ)
    clock.advance(minutes=1)
    provider.answers = [lambda _: refused(190)] * 9
    await write(provider)
    await provider.tell(before)
    assert await standing(provider) == (True, "because (190)")
    clock.advance(minutes=1)
    provider.answers = []
    await write(provider)
    assert (await standing(provider))[0]  # taken is not delivered
    await provider.tell(receipt(provider, Receipt.DELIVERED))
    assert await standing(provider) == (False, "")
    assert await told(provider) == ["ChannelFailing", "ChannelRecovered"]


async def test_a_refusal_told_by_a_status_counts_in_its_words(provider: Provider) -> None:
    await write(provider)
    await provider.tell(receipt(provider, Receipt.FAILED, code="131042", detail="Business eligibility payment issue"))
    assert await standing(provider) == (True, "Business eligibility payment issue (131042)")


async def test_where_nothing_is_receipted_a_message_that_is_taken_shows_that_it_works(
    units: Units, shop: Shop, clock: FrozenClock
) -> None:
    bot = await opened(units, shop, clock, "telegram")
    bot.reply = {"ok": True, "result": {"message_id": 7}}
    bot.answers = [lambda _: httpx.Response(401, json=UNAUTHORIZED)]
    await bot.phone.say("hallo")
    async with units(shop.id) as uow:
        await uow.execute("UPDATE outbound_message SET not_before = 'infinity' WHERE seq > (SELECT min(seq) FROM"
                          " outbound_message WHERE shop_id = $1) AND shop_id = $1", shop.id)  # fmt: skip
    await bot.deliver()
    assert await standing(bot) == (True, "Unauthorized (401)")
    await write(bot)
    assert await standing(bot) == (False, "")


async def test_a_disabled_account_fails_until_it_is_given_back(provider: Provider) -> None:
    await provider.tell(report(provider, "fails"))
    assert await standing(provider) == (True, "DISABLE")
    await provider.tell(report(provider, "works"))
    assert await standing(provider) == (False, "")
    assert await told(provider) == ["ChannelFailing", "ChannelRecovered"]


async def test_other_news_of_the_account_is_passed_on_to_the_merchant(provider: Provider) -> None:
    for _ in range(2):
        await provider.tell(report(provider, ""))
    assert await standing(provider) == (False, "")
    assert await told(provider) == ["ChannelReported"]
