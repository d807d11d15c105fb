"""What stands beside a thread in the web chat: who speaks, and how much is in the cart."""

import json
from uuid import UUID

import httpx

from bots.conversations import addresses, lanes, presence
from bots.messages.inbound import Sender
from catalog.kernel.unit_of_work import UnitOfWork, Units
from checkout.carts import service as carts
from checkout.carts.values import Add
from storefront.outside import trusted
from tests.checkout.factories import TEE, make_variant
from tests.storefront.web.house import House
from tests.storefront.web.line import line


async def talk(uow: UnitOfWork, house: House, address: str) -> UUID:
    """The conversation behind a thread; somebody with two tees in the cart."""
    await addresses.open_thread(
        uow, account_id=UUID(house.account_id), kind="webchat", sender=Sender(address=address), at=uow.now, locale="de"
    )
    row = await uow.fetchrow("SELECT id, customer_id FROM conversation WHERE shop_id = $1", uow.shop_id)
    assert row is not None
    await make_variant(uow)
    await carts.apply(uow, row["customer_id"], [Add(TEE, 2)], "de")
    return UUID(str(row["id"]))


async def test_a_page_is_told_who_speaks_and_what_is_in_the_cart(house: House, units: Units, shop_id: UUID) -> None:
    opened = await house.session()
    async with units(shop_id) as uow:
        conversation_id = await talk(uow, house, opened["thread"])
    async with line(house, opened["access"], after=0) as page:
        assert (await page.until(kind="cart.updated"))["units"] == 2
        await page.text("Hallo")
        await page.until_said("echo: Hallo")
        assert not [frame for frame in page.frames if frame.get("kind") in {"agent.joined", "typing"}]
        async with units(shop_id) as uow:
            await lanes.take(uow, conversation_id)
        joined = await page.until(kind="agent.joined")
        assert (joined["author"], "seq" in joined) == ({"type": "agent"}, False)
        async with units(shop_id) as uow:
            await presence.show_typing(uow, conversation_id)
        assert (await page.until(kind="typing"))["author"] == {"type": "agent"}
        async with units(shop_id) as uow:
            await lanes.give_back(uow, conversation_id)
        await page.until(kind="agent.left")
        assert len([frame for frame in page.frames if frame.get("kind") == "cart.updated"]) == 1


async def test_nobody_has_joined_before_somebody_comes_and_nobody_types_for_the_bot(
    house: House, units: Units, shop_id: UUID
) -> None:
    opened = await house.session()
    async with units(shop_id) as uow:
        conversation_id = await talk(uow, house, opened["thread"])
        await presence.show_typing(uow, conversation_id)  # the bot holds the lane
        await uow.execute(
            "UPDATE conversation SET held_by = 'staff', needs_person = 'asked' WHERE shop_id = $1", uow.shop_id
        )
    async with units(shop_id) as uow:
        assert await presence.read(uow, UUID(house.account_id), opened["thread"]) == presence.Presence(units=2)
        await uow.execute("UPDATE conversation SET held_by = 'bot' WHERE shop_id = $1", uow.shop_id)
    async with line(house, opened["access"], after=0) as page:
        await page.until(kind="cart.updated")
        assert not [frame for frame in page.frames if frame.get("kind") == "typing"]


async def test_a_page_that_comes_back_is_told_what_is_no_more(house: House, units: Units, shop_id: UUID) -> None:
    opened = await house.session()
    async with units(shop_id) as uow:
        await talk(uow, house, opened["thread"])
    async with line(house, opened["access"], after=0) as page:
        assert (await page.until(kind="cart.updated"))["units"] == 2
        await page.text("Hallo")
        await page.until_said("echo: Hallo")
    async with units(shop_id) as uow:
        await uow.execute("DELETE FROM cart_line WHERE shop_id = $1", uow.shop_id)
    async with line(house, opened["access"], after=1) as page:
        assert (await page.until(kind="cart.updated"))["units"] == 0


async def test_a_page_without_a_socket_is_told_too(house: House, units: Units, shop_id: UUID) -> None:
    opened = await house.session()
    async with units(shop_id) as uow:
        await lanes.take(uow, await talk(uow, house, opened["thread"]))
    headers, told = {"Authorization": f"Bearer {opened['access']}"}, []
    async with (
        httpx.AsyncClient(verify=trusted()) as client,
        client.stream("GET", f"{house.base}/events?after=0", headers=headers) as answer,
    ):
        async for text in answer.aiter_lines():
            told += [json.loads(text.removeprefix("data:"))] if text.startswith("data:") else []
            if len(told) == 3:
                break
    assert [(event.get("kind"), event.get("units")) for event in told[1:]] == [
        ("agent.joined", None), ("cart.updated", 2),
    ]  # fmt: skip
