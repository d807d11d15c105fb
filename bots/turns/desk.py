"""What a turn needs from outside: collaborators that the composition root builds once per process."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from bots.channels.base import Account
from bots.delivery.sender import Channels
from bots.messages.capabilities import Capabilities
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.reader import Reader, RuleReader
from bots.understanding.reading import Context, Reading
from catalog.images.compose import Composition
from catalog.images.service import ImageView, plan
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products.lexicon import LexiconRow, lexicon_rows
from catalog.products.listing import option_kind
from catalog.shops.profile import ShopProfile

if TYPE_CHECKING:
    from bots.turns.advice import Adviser

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shop's goods in memory: the reader that knows their words, and the SKU behind every choice of options."""

    reader: Reader
    variants: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]]  # by handle: (SKU, values by option kind)

    def sku(self, handle: str, *, colour: str | None, size: str | None) -> str | None:
        """The one SKU that a colour and a size settle; None when they leave a choice or name none."""
        wanted = {kind: value for kind, value in (("colour", colour), ("size", size)) if value is not None}
        found = [
            sku
            for sku, values in self.variants.get(handle, ())
            if all(values.get(kind) == value for kind, value in wanted.items())
        ]
        return found[0] if len(found) == 1 else None


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
    """Everything turns share. What is kept of a shop's goods is rebuilt when the catalogue's revision changes."""

    units: Units
    channels: Channels
    store: MediaStore
    public_url: str
    adviser: "Adviser | None" = None
    advice: Advice | None = None  # of the desk that one advised turn is given
    _shelves: dict[UUID, tuple[int, Shelf]] = field(default_factory=dict)

    async def shelf(self, uow: UnitOfWork, shop: ShopProfile) -> "Shelf":
        """What this process keeps in memory of the shop's goods, as they are now."""
        kept = self._shelves.get(shop.id)
        if kept is not None and kept[0] == shop.catalog_revision:
            return kept[1]
        entries: list[Entry] = []
        variants: dict[str, tuple[tuple[str, Mapping[str, str]], ...]] = {}
        async for row in lexicon_rows(uow):
            entries.append(_entry(row))
            variants[row.handle] = tuple(
                (sku, {option_kind(name): value for name, value in options.items()}) for sku, options in row.variants
            )
        shelf = Shelf(RuleReader(Lexicon(entries)), variants)
        self._shelves[shop.id] = (shop.catalog_revision, shelf)
        _log.info("shelf.built", extra={"fields": {"shop": shop.id, "products": len(entries)}})
        return shelf

    async def reader(self, uow: UnitOfWork, shop: ShopProfile) -> Reader:
        """The reader that knows this shop's goods."""
        reader = (await self.shelf(uow, shop)).reader
        return reader if self.advice is None else AdvisedReader(reader, self.advice)

    async def picture(self, composition: Composition) -> ImageView:
        """Promise a composed picture; it is drawn when somebody first asks for it."""
        return await plan(self.store, composition)


def _entry(row: LexiconRow) -> Entry:
    return Entry(
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
