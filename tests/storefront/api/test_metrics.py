"""What operations read of an install."""

from datetime import UTC, datetime, timedelta

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import Units
from tests.storefront.api.conftest import Merchant
from tests.storefront.web.install import make_conversation


async def test_messages_that_did_not_arrive_are_counted_for_an_hour(merchant: Merchant, units: Units) -> None:
    conversation_id = await make_conversation(units, merchant.shop_id, "hallo")
    now = datetime.now(UTC)
    fates = [("failed", 5), ("failed", 50), ("failed", 70), ("refused", 5), ("sent", 5)]
    async with units(merchant.shop_id) as uow:
        for state, minutes in fates:
            await uow.execute(
                "INSERT INTO outbound_message (id, shop_id, account_id, conversation_id, author, body, text, state,"
                " not_before, at, settled_at)"
                " SELECT $3, shop_id, account_id, id, 'bot', '{}', '', $4, $5, $5, $5 FROM conversation"
                " WHERE id = $1 AND shop_id = $2",
                conversation_id, uow.shop_id, new_id(), state, now - timedelta(minutes=minutes),
            )  # fmt: skip
    said = (await merchant.api.get("http://shop.test/metrics")).text.splitlines()
    assert {line for line in said if "last_hour" in line} == {
        "storefront_outbox_failed_last_hour 2",
        "storefront_outbox_refused_last_hour 1",
        "storefront_outbox_uncertain_last_hour 0",
    }
