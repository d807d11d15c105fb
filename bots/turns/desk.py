"""What a turn needs from outside: collaborators that the composition root builds once per process."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from bots.channels.base import Account
from bots.delivery.sender import Channels
from bots.turns.places import Places
from bots.turns.shelves import Shelf, Shelves
from bots.understanding.reader import Reader
from bots.understanding.reading import Context, Reading
from catalog.images.compose import Composition
from catalog.images.service import ImageView, plan
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.profile import ShopProfile

if TYPE_CHECKING:
    from bots.turns.advice import Adviser


@dataclass(frozen=True, slots=True)
class Advice:
    """Another reader's reading of one text in one context, asked for before the turn."""

    text: str
    context: Context
    reading: Reading


@dataclass(frozen=True, slots=True)
class AdvisedReader:
    """Reads as advised where text and context are those that were asked about; like the built-in reader elsewhere."""

    reader: Reader
    advice: Advice

    def read(self, text: str, context: Context, *, lang: str | None = None) -> Reading:
        """What the text means in its context."""
        if text == self.advice.text and context == self.advice.context:
            return self.advice.reading
        return self.reader.read(text, context, lang=lang)


@dataclass(slots=True, kw_only=True)
class TurnDesk:
    """Everything turns share."""

    units: Units
    channels: Channels
    store: MediaStore
    public_url: str
    shelves: Shelves  # shared by every desk of the process
    adviser: "Adviser | None" = None
    advice: Advice | None = None  # of the desk that one advised turn is given
    places: Places = field(default_factory=Places)

    async def warm(self, leaving: asyncio.Event) -> None:
        """Do at start what the first turns would have to wait for, unless the process is leaving already."""
        await self.shelves.warm(leaving)

    async def shelf(self, uow: UnitOfWork, shop: ShopProfile) -> Shelf:
        """What this process keeps in memory of the shop's goods."""
        return await self.shelves.of(uow, shop)

    async def reader(self, uow: UnitOfWork, shop: ShopProfile) -> Reader:
        """The reader that knows this shop's goods."""
        reader = (await self.shelf(uow, shop)).reader
        return reader if self.advice is None else AdvisedReader(reader, self.advice)

    async def picture(self, composition: Composition) -> ImageView:
        """Promise a composed picture; it is drawn when somebody first asks for it."""
        return await plan(self.store, composition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The channel account through which events come in: what a turn has to know of it."""

    account_id: UUID
    shop_id: UUID
    kind: str

    @classmethod
    def of(cls, account: Account) -> "Door":
        """The door of an account."""
        return cls(account_id=UUID(account.id), shop_id=UUID(account.shop_id), kind=account.kind)
