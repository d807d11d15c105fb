"""A provider's own invoices, which this shop does not send: nobody pays one, and money that came is never ignored."""

from typing import TYPE_CHECKING

from bots.conversations.events import PaidInChat
from bots.dialogues import pay, person
from bots.messages.inbound import InvoicePaid
from bots.messages.outbound import Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn


async def refused(turn: "Turn") -> None:
    """The provider was told no (storefront/webhooks.py): lead the person to the shop's own page."""
    turn.reply(Text(text=turn.say("pay.not_here")))
    if not (await turn.cart()).is_empty:
        await pay.checkout(turn)


def paid(turn: "Turn", event: InvoicePaid) -> None:
    """A person of the team finds out what the money is for."""
    report(turn, event)
    person.hand_over(turn, "paid_in_chat", key="pay.taken_over")


def report(turn: "Turn", event: InvoicePaid) -> None:
    """Tell the merchant's programs of the money."""
    turn.uow.record(
        PaidInChat(
            conversation_id=turn.thread.id, payload=event.payload, total_minor=event.total_minor,
            currency=event.currency, charge_id=event.charge_id, provider_charge_id=event.provider_charge_id,
        )
    )  # fmt: skip
