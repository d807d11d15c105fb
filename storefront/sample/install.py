"""Puts the sample shop into an install: settings, pictures, goods, stock and lookbooks, all or nothing."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from catalog.images import service as images
from catalog.images.service import Prepared
from catalog.images.store import MediaStore
from catalog.kernel import statistics
from catalog.kernel.errors import NotFound
from catalog.kernel.ids import ShopId
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.lookbooks import service as lookbooks
from catalog.products import service as products
from catalog.products.values import Refused
from catalog.shops import service as shops
from checkout.inventory import service as inventory
from storefront.sample import goods, pictures, settings
from storefront.sample.looks import LOOKS

_FIRST_ORDER = 1042


async def install(
    units: Units, store: MediaStore, *, pictures_folder: Path | None = None, width: int = pictures.WIDTH
) -> ShopId:
    """The sample shop's id; an install that has it already keeps it as it is.

    `pictures_folder` keeps the drawn pictures for the next time; `width` is theirs in pixels.
    """
    shop_id = await _found(units)
    if shop_id is not None:
        async with units(shop_id) as uow:
            # Goods, stock and lookbooks come in one transaction, after the shop's own row.
            if await lookbooks.find_by_code(uow, LOOKS[0].code) is not None:
                return shop_id
    drawn = await pictures.drawn(pictures_folder, width=width)
    prepared = dict(
        zip(drawn, await asyncio.gather(*(images.prepare(store, raw) for raw in drawn.values())), strict=True)
    )
    shop_id = shop_id or await _shop(units)
    async with units(shop_id) as uow:
        await _fill(uow, prepared)
    await statistics.refresh(units)
    return shop_id


async def _found(units: Units) -> ShopId | None:
    async with units(None) as uow:
        try:
            return await shops.find_shop(uow, settings.SLUG)
        except NotFound:
            return None


async def _shop(units: Units) -> ShopId:
    async with units(None) as uow:
        profile = await shops.create_shop(
            uow, name=settings.NAME, slug=settings.SLUG, currency=goods.CURRENCY, country=settings.COUNTRY,
            locales=settings.LOCALES, settings=settings.settings(),
        )  # fmt: skip
        await uow.execute(
            "UPDATE shop SET next_order_number = $2 WHERE id = $1 /* shop_id */", profile.id, _FIRST_ORDER
        )
        return ShopId(profile.id)


async def _fill(uow: UnitOfWork, prepared: Mapping[str, Prepared]) -> None:
    kept = {name: (await images.keep(uow, picture)).image_id for name, picture in prepared.items()}
    written = await products.bulk_upsert(uow, [goods.draft(product, kept) for product in goods.all_goods()])
    faults = [outcome for outcome in written if isinstance(outcome, Refused)]
    unknown = await inventory.set_many(uow, goods.stock())
    if faults or unknown:
        raise ValueError(f"the sample shop's own goods are wrong: {faults} {unknown}")
    for look in LOOKS:
        await lookbooks.create_lookbook(uow, look.draft(kept[look.code]))
