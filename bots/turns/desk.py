"""What a turn needs from outside: collaborators that the composition root builds once per process."""

import logging
from dataclasses import dataclass, field
from uuid import UUID

from bots.channels.base import Account
from bots.delivery.sender import Channels
from bots.messages.capabilities import Capabilities
from bots.understanding.lexicon import Entry, Lexicon
from bots.understanding.reader import Reader, RuleReader
from catalog.images.compose import Composition
from catalog.images.service import ImageView, plan
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products.lexicon import lexicon_rows
from catalog.shops.profile import ShopProfile

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class TurnDesk:
    """Everything turns share. Readers are kept per shop and rebuilt when the catalogue's revision changes."""

    units: Units
    channels: Channels
    store: MediaStore
    public_url: str
    _readers: dict[UUID, tuple[int, Reader]] = field(default_factory=dict)

    async def reader(self, uow: UnitOfWork, shop: ShopProfile) -> Reader:
        """The reader that knows this shop's goods as they are now."""
        kept = self._readers.get(shop.id)
        if kept is not None and kept[0] == shop.catalog_revision:
            return kept[1]
        entries = [
            Entry(
                id=row.handle,
                titles=row.titles,
                category=row.category,
                gender=row.gender,
                colours=row.colours,
                sizes=row.sizes,
                price=float(row.price.decimal()),
                material=row.material,
                keywords=row.keywords,
                tags=row.tags,
            )
            async for row in lexicon_rows(uow)
        ]
        reader: Reader = RuleReader(Lexicon(entries))
        self._readers[shop.id] = (shop.catalog_revision, reader)
        _log.info("lexicon.built", extra={"fields": {"shop": shop.id, "products": len(entries)}})
        return reader

    async def picture(self, composition: Composition) -> ImageView:
        """Promise a composed picture; it is drawn when somebody first asks for it."""
        return await plan(self.store, composition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The channel account through which events come in: what a turn has to know of it."""

    account_id: UUID
    shop_id: UUID
    kind: str
    capabilities: Capabilities

    @classmethod
    def of(cls, account: Account, capabilities: Capabilities) -> "Door":
        """The door of an account."""
        return cls(
            account_id=UUID(account.id), shop_id=UUID(account.shop_id), kind=account.kind, capabilities=capabilities
        )
