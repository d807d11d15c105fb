"""One turn in the making: what came in, what is known, what will be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bots.conversations.memory import Memory, Offer
from bots.conversations.thread import Thread
from bots.messages.action_ids import action_id
from bots.messages.inbound import MediaReceived
from bots.messages.numbering import actions_of, cards_of, numbers
from bots.messages.outbound import Action, Message
from bots.replies.phrases import PHRASES
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.profile import ShopProfile
from checkout.carts import service as carts
from checkout.carts.values import BareLine, CartChange, CartLine, CartSpan, CartView

if TYPE_CHECKING:
    from bots.turns.desk import TurnDesk


@dataclass(slots=True, kw_only=True)
class Turn:
    """Everything a dialogue needs, and where it puts its answers. Lives for one transaction."""

    desk: "TurnDesk"
    uow: UnitOfWork
    shop: ShopProfile
    thread: Thread
    memory: Memory
    locale: str
    inbound_id: UUID
    replies: list[Message] = field(default_factory=list)
    needs_person: str | None = None
    lane_until: datetime | None = None  # a person of the team gets the lane, at first until then
    beside: Sequence[MediaReceived] = ()  # more files that were sent as one with the event
    ended: str | None = None  # an outcome other than answered: "ignored"
    reason: str = ""
    reading: Mapping[str, Any] | None = None  # what the message was taken for, and why; kept with its outcome
    cart_span: CartSpan | None = None  # what the message made of the cart; kept with its outcome
    _cart: CartView | None = None
    _cart_lines: tuple[BareLine, ...] | None = None

    def __post_init__(self) -> None:
        """Take what the lock has read of the cart; after a change it is read anew."""
        if self.thread.basket is not None:
            self._cart_lines = carts.contents_of(self.thread.basket)

    def say(self, key: str, /, **values: object) -> str:
        """A phrase in the shopper's language."""
        return PHRASES.say(self.locale, key, **values)

    def takes_for(self, intent: str, why: str) -> None:
        """Note what words mean that need no reader: an offer taken up, an answer to the shop's own question."""
        self.reading = {"intents": [intent], "why": [why]}

    def reply(self, *messages: Message) -> None:
        """Answer with these messages, after those so far."""
        self.replies.extend(messages)

    @property
    def now(self) -> datetime:
        """The turn's instant, UTC."""
        return self.uow.now

    def local(self, moment: datetime) -> datetime:
        """An instant in the shop's time zone, for words."""
        return moment.astimezone(ZoneInfo(self.shop.settings.timezone))

    @property
    def customer_id(self) -> UUID:
        """Whose cart and orders this is about."""
        return self.thread.customer_id

    async def cart(self) -> CartView:
        """The cart as it is now; read once per turn, replaced by `set_cart`."""
        if self._cart is None:
            self._cart = await carts.view(self.uow, self.customer_id, self.locale)
        return self._cart

    async def cart_lines(self) -> Sequence[BareLine | CartLine]:
        """What is in the cart, without what it costs: all that understanding words needs."""
        if self._cart is not None:
            return self._cart.lines
        if self._cart_lines is None:
            self._cart_lines = await carts.contents(self.uow, self.customer_id)
        return self._cart_lines

    def forget_cart(self) -> None:
        """Something outside the cart changed its sums (the destination): read it again when next asked for."""
        self._cart = None

    def set_cart(self, changed: CartChange) -> None:
        """The cart after a change, or after one that was refused."""
        self._cart, self._cart_lines = changed.cart, None
        if changed.span is not None:
            before = self.cart_span.before if self.cart_span else changed.span.before
            self.cart_span = replace(changed.span, before=before)


def offers_of(messages: Sequence[Message]) -> tuple[Offer, ...]:
    """What these messages offer to tap, with the numbers that `fit` gives where a channel lacks buttons."""
    offers: list[Offer] = []
    for message in messages:
        by_number = {found.id: number for number, found in numbers(message).items() if isinstance(found, Action)}
        offers += [
            Offer(action.id, action.title, by_number.get(action.id, 0))
            for action in actions_of(message)
            if not action.url
        ]
        offers += [Offer(action_id("show", card.handle), card.title, number) for number, card in cards_of(message)]
    return tuple(offers)
