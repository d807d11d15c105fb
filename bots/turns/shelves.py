"""What a process keeps in memory of shops' goods, built again when a catalogue's revision changes.

A small shop's next turn knows the change. For a large one, whose words take a second to compile, turns go on with what
they had while one build runs in a thread beside them: prices, stock and what is on sale come from the database anyway.
Goods that did not change are not compiled again.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bots.understanding import reader as readers
from bots.understanding.entries import Entry
from bots.understanding.lexicon import Lexicon
from bots.understanding.reader import RuleReader
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products.lexicon import LexiconRow, lexicon_rows
from catalog.products.listing import option_kind
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile

_LARGE = 500  # products from which a build takes longer than a shopper should wait for it
_MOST_SHOPS = 200
_WARM_SHOPS = 20
_log = logging.getLogger(__name__)

Choices = Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shop's goods in memory: the reader that knows their words, and the SKU behind every choice of options."""

    reader: RuleReader
    variants: Choices  # by handle: (SKU, values by option kind)
    revision: int

    def sku(self, handle: str, *, colour: str | None, size: str | None) -> str | None:
        """The one SKU that a colour and a size settle; None when they leave a choice or name none."""
        wanted = {kind: value for kind, value in (("colour", colour), ("size", size)) if value is not None}
        found = [
            sku
            for sku, values in self.variants.get(handle, ())
            if all(values.get(kind) == value for kind, value in wanted.items())
        ]
        return found[0] if len(found) == 1 else None


class Shelves:
    """The shelves of a process, those used last kept; each built once at a time."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._kept: OrderedDict[UUID, Shelf] = OrderedDict()
        self._builds: dict[UUID, asyncio.Task[None]] = {}
        self._locks: dict[UUID, asyncio.Lock] = {}

    async def of(self, uow: UnitOfWork, shop: ShopProfile) -> Shelf:
        """The shop's shelf as its goods are now; of a large shop as they were until the next one is ready."""
        if (kept := self._usable(shop)) is not None:
            return kept
        async with self._locks.setdefault(shop.id, asyncio.Lock()):
            if (kept := self._usable(shop)) is None:
                kept = await self._build(uow, shop)
        return kept

    async def warm(self, leaving: asyncio.Event) -> None:
        """Compile the rules and the first shops' shelves before a shopper has to wait for it. Never raises.

        Stops before the next shop once the process is `leaving`.
        """
        try:
            await asyncio.to_thread(readers.warm)
            async with self._units(None) as uow:
                first = await uow.fetch("SELECT id FROM shop ORDER BY created_at LIMIT $1 /* all shops */", _WARM_SHOPS)
            for row in first:
                if leaving.is_set():
                    break
                async with self._units(row["id"]) as uow:
                    await self.of(uow, await profiles.get(uow))
        except Exception as error:  # noqa: BLE001 - the first turns do it then
            _log.warning("shelf.not_warmed", extra={"fields": {"error": type(error).__name__}})

    async def settled(self) -> None:
        """Wait for the builds that run beside the turns."""
        await asyncio.gather(*self._builds.values())

    def _usable(self, shop: ShopProfile) -> Shelf | None:
        kept = self._kept.get(shop.id)
        if kept is None:
            return None
        if kept.revision != shop.catalog_revision:
            if len(kept.variants) < _LARGE:
                return None
            if shop.id not in self._builds:
                self._builds[shop.id] = asyncio.create_task(self._renew(shop.id), name=f"shelf {shop.id}")
        self._kept.move_to_end(shop.id)
        return kept

    async def _renew(self, shop_id: UUID) -> None:
        try:
            async with self._units(shop_id) as uow:
                await self._build(uow, await profiles.get(uow))
        except Exception as error:  # noqa: BLE001 - the next turn tries again; until then the old shelf serves
            _log.warning("shelf.not_built", extra={"fields": {"shop": shop_id, "error": type(error).__name__}})
        finally:
            del self._builds[shop_id]

    async def _build(self, uow: UnitOfWork, shop: ShopProfile) -> Shelf:
        entries: list[Entry] = []
        variants: dict[str, tuple[tuple[str, Mapping[str, str]], ...]] = {}
        async for row in lexicon_rows(uow):
            entries.append(_entry(row))
            variants[row.handle] = tuple(
                (sku, {option_kind(name): value for name, value in options.items()}) for sku, options in row.variants
            )
        before = self._kept.get(shop.id)
        known = before.reader.lexicon if before else None
        small = len(entries) < _LARGE
        reader = _read(entries, known) if small else await asyncio.to_thread(_read, entries, known)
        shelf = Shelf(reader, variants, shop.catalog_revision)
        self._kept[shop.id] = shelf
        self._kept.move_to_end(shop.id)
        while len(self._kept) > _MOST_SHOPS:
            gone, _ = self._kept.popitem(last=False)
            self._locks.pop(gone, None)
        _log.info("shelf.built", extra={"fields": {"shop": shop.id, "products": len(entries)}})
        return shelf


def _read(entries: list[Entry], known: Lexicon | None) -> RuleReader:
    return RuleReader(Lexicon(entries, previous=known))


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
