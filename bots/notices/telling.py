"""Finding the thread of an order and saying something in it, once, by the message or the template that may go now."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from bots.channels.registry import CHANNELS
from bots.conversations import thread as threads
from bots.conversations.events import ConversationNeedsPerson
from bots.conversations.thread import Thread
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages.outbound import Message, TemplateUse
from bots.replies.phrases import PHRASES
from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from checkout.orders import service as orders
from checkout.orders.models import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An order, the thread it belongs to, and the language of the person."""

    uow: UnitOfWork
    shop: ShopProfile
    order: Order
    thread: Thread
    locale: str

    def say(self, key: str, /, **values: object) -> str:
        """A phrase in the person's language."""
        return PHRASES.say(self.locale, key, **values)

    async def tell(self, cause: str, messages: Sequence[Message], template: TemplateUse | None = None) -> None:
        """Say it once: the same cause again says nothing. Leaves whoever holds the lane."""
        posting = Posting(author="bot", cause=cause, template=template)
        await outbox.post(self.uow, self.thread, messages, CHANNELS[self.thread.kind].capabilities, posting)


async def about(uow: UnitOfWork, order_id: UUID) -> Telling | None:
    """Where to tell about an order; None when it was not placed in a conversation."""
    order = await orders.get(uow, order_id)
    if order.conversation_id is None:
        return None
    try:
        thread = await threads.lock(uow, order.conversation_id)
    except NotFound:
        return None
    shop = await profiles.get(uow)
    return Telling(uow=uow, shop=shop, order=order, thread=thread, locale=shop.locale(thread.locale))


async def ask_for_person(uow: UnitOfWork, conversation_id: UUID, reason: str) -> None:
    """A person of the team has to look at the conversation; asking again for the same reason tells nobody twice."""
    asked = await uow.execute(
        "UPDATE conversation SET needs_person = $3, updated_at = $4"
        " WHERE id = $1 AND shop_id = $2 AND needs_person IS DISTINCT FROM $3",
        conversation_id, uow.shop_id, reason, uow.now,
    )  # fmt: skip
    if asked:
        uow.record(ConversationNeedsPerson(conversation_id=conversation_id, reason=reason))
