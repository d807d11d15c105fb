"""What one can ask of lookbooks. Every change bumps the shop's catalogue revision in the same transaction."""

import math
import re
from collections.abc import Mapping
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.lookbooks.errors import CodeTaken, InvalidLookbook, LookbookNotFound
from catalog.lookbooks.events import LookbookChanged, LookbookDeleted
from catalog.lookbooks.values import HotspotDraft, HotspotView, LookbookDraft, LookbookView
from catalog.products import service as products
from catalog.products.errors import StaleRevision
from catalog.products.texts import Texts

MAX_ITEMS = 30
_MAX_TITLE = 300
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")

_SELECT = """
    SELECT l.id, l.code, l.title, l.image_id, l.alt, l.revision, l.created_at, l.updated_at, m.width, m.height,
        (SELECT coalesce(json_agg(json_build_object('number', h.number, 'x', h.x, 'y', h.y,
                    'product_id', h.product_id, 'product_handle', p.handle, 'variant_id', h.variant_id, 'sku', v.sku,
                    'options', (SELECT coalesce(json_object_agg(o.name, v.options ->> o.name ORDER BY o.place)
                                   FILTER (WHERE v.options ? o.name), '{}')
                                FROM unnest(p.options) WITH ORDINALITY AS o(name, place)),
                    'on_sale', p.status = 'active' AND p.deleted_at IS NULL AND v.retired_at IS NULL)
                    ORDER BY h.number), '[]')
         FROM hotspot h JOIN product p ON p.id = h.product_id LEFT JOIN variant v ON v.id = h.variant_id
         WHERE h.lookbook_id = l.id AND h.shop_id = l.shop_id) AS items
    FROM lookbook l JOIN image m ON m.shop_id = l.shop_id AND m.id = l.image_id
    WHERE l.shop_id = $1"""
_decode_items = msgspec.json.Decoder(tuple[HotspotView, ...]).decode
_decode_texts = msgspec.json.Decoder(dict[str, str]).decode


async def create_lookbook(uow: UnitOfWork, draft: LookbookDraft) -> LookbookView:
    """A new lookbook. Raises InvalidLookbook, CodeTaken."""
    await products.lock_catalogue(uow)
    if await find_by_code(uow, draft.code) is not None:
        raise CodeTaken(draft.code)
    return await upsert_lookbook(uow, draft)


async def upsert_lookbook(uow: UnitOfWork, draft: LookbookDraft, *, if_match: int | None = None) -> LookbookView:
    """The lookbook with this code becomes the draft.

    Raises InvalidLookbook with the place of the first fault, StaleRevision when `if_match` is not the present revision.
    """
    await products.lock_catalogue(uow)
    if if_match is not None:
        _check_revision(await find_by_code(uow, draft.code), if_match)
    _check(draft)
    if not await uow.fetchval(
        "SELECT 1 FROM image WHERE shop_id = $1 AND id = $2 AND NOT received", uow.shop_id, draft.image_id
    ):
        raise InvalidLookbook("no such picture; upload it first", pointer="/image")
    places = await _places(uow, draft)
    lookbook_id = await uow.fetchval(
        """INSERT INTO lookbook (id, shop_id, code, title, image_id, alt, revision, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)
           ON CONFLICT (shop_id, upper(code)) DO UPDATE SET code = excluded.code, title = excluded.title,
               image_id = excluded.image_id, alt = excluded.alt, revision = lookbook.revision + 1,
               updated_at = excluded.updated_at
           RETURNING id""",
        new_id(), uow.shop_id, draft.code, _json(draft.title), draft.image_id, _json(draft.alt),
        uow.now,
    )  # fmt: skip
    await uow.execute("DELETE FROM hotspot WHERE shop_id = $1 AND lookbook_id = $2", uow.shop_id, lookbook_id)
    await uow.executemany(
        """INSERT INTO hotspot (lookbook_id, number, shop_id, product_id, variant_id, x, y)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        [
            (lookbook_id, number, uow.shop_id, product_id, variant_id, item.x, item.y)
            for number, (item, (product_id, variant_id)) in enumerate(zip(draft.items, places, strict=True), start=1)
        ],
    )
    await products.bump(uow)
    uow.record(LookbookChanged(lookbook_id=lookbook_id, lookbook_code=draft.code))
    return await get(uow, lookbook_id)


async def delete_lookbook(uow: UnitOfWork, lookbook_id: UUID, *, if_match: int | None = None) -> None:
    """Remove it; its code is free again. Raises LookbookNotFound, StaleRevision."""
    await products.lock_catalogue(uow)
    present = await get(uow, lookbook_id)
    if if_match is not None:
        _check_revision(present, if_match)
    await uow.execute("DELETE FROM lookbook WHERE shop_id = $1 AND id = $2", uow.shop_id, lookbook_id)
    await products.bump(uow)
    uow.record(LookbookDeleted(lookbook_id=lookbook_id, lookbook_code=present.code))


async def get(uow: UnitOfWork, lookbook_id: UUID) -> LookbookView:
    """One lookbook. Raises LookbookNotFound."""
    row = await uow.fetchrow(f"{_SELECT} AND l.id = $2", uow.shop_id, lookbook_id)
    if row is None:
        raise LookbookNotFound(lookbook_id)
    return _view(row)


async def find_by_code(uow: UnitOfWork, code: str) -> LookbookView | None:
    """One lookbook by its code in any case ('#lb7' too), if there is one."""
    wanted = code.strip().removeprefix("#").replace("\0", "")
    row = await uow.fetchrow(f"{_SELECT} AND upper(l.code) = upper($2)", uow.shop_id, wanted)
    return _view(row) if row else None


async def list_lookbooks(uow: UnitOfWork) -> list[LookbookView]:
    """All lookbooks, newest first."""
    return [_view(row) for row in await uow.fetch(f"{_SELECT} ORDER BY l.id DESC", uow.shop_id)]


def _json(value: Texts) -> str:
    return msgspec.json.encode(value).decode()


def _check_revision(present: LookbookView | None, if_match: int) -> None:
    if present is None or present.revision != if_match:
        raise StaleRevision(expected=if_match, present=present.revision if present else 0)


def _check(draft: LookbookDraft) -> None:
    if not _CODE.fullmatch(draft.code):
        detail = "a code has 1 to 32 letters, digits, '-' and '_'; short ones are typed more easily"
        raise InvalidLookbook(detail, pointer="/code", value=draft.code)
    if not any(text.strip() for text in draft.title.values()):
        raise InvalidLookbook("a lookbook needs a title in at least one language", pointer="/title")
    for name, texts in (("title", draft.title), ("alt", draft.alt)):
        _check_texts(texts, f"/image/{name}" if name == "alt" else f"/{name}")
    if len(draft.items) > MAX_ITEMS:
        raise InvalidLookbook(f"at most {MAX_ITEMS} items; nobody tells more numbers apart", pointer="/items")
    for index, item in enumerate(draft.items):
        _check_item(item, f"/items/{index}")


def _check_texts(texts: Texts, pointer: str) -> None:
    for locale, text in texts.items():
        if "\0" in locale or "\0" in text or len(text) > _MAX_TITLE:
            raise InvalidLookbook(f"at most {_MAX_TITLE} characters, none of them NUL", pointer=f"{pointer}/{locale}")


def _check_item(item: HotspotDraft, pointer: str) -> None:
    for name, value in (("x", item.x), ("y", item.y)):
        if not (math.isfinite(value) and 0 <= value <= 1):
            detail = f"{name} is a share of the picture from 0 to 1"
            raise InvalidLookbook(detail, pointer=f"{pointer}/{name}", value=str(value))
    if (item.sku is None) == (item.product_handle is None):
        raise InvalidLookbook("an item names either a sku or a product_handle", pointer=pointer)


async def _places(uow: UnitOfWork, draft: LookbookDraft) -> list[tuple[UUID, UUID | None]]:
    """(product, variant) of every item. Raises InvalidLookbook for a name the shop does not know."""
    by_sku = await _found(
        uow,
        """SELECT sku AS name, product_id, id AS variant_id FROM variant
           WHERE shop_id = $1 AND sku = ANY($2) AND retired_at IS NULL""",
        [item.sku for item in draft.items if item.sku is not None],
    )
    by_handle = await _found(
        uow,
        """SELECT handle AS name, id AS product_id, NULL::uuid AS variant_id FROM product
           WHERE shop_id = $1 AND handle = ANY($2) AND deleted_at IS NULL""",
        [item.product_handle for item in draft.items if item.product_handle is not None],
    )
    places: list[tuple[UUID, UUID | None]] = []
    for index, item in enumerate(draft.items):
        found = by_sku.get(item.sku) if item.sku is not None else by_handle.get(item.product_handle or "")
        if found is None:
            field = "sku" if item.sku is not None else "product_handle"
            name = item.sku if item.sku is not None else item.product_handle
            raise InvalidLookbook(f"the shop has no {name!r}", pointer=f"/items/{index}/{field}", value=name)
        places.append(found)
    return places


async def _found(uow: UnitOfWork, sql: str, names: list[str]) -> Mapping[str, tuple[UUID, UUID | None]]:
    wanted = [name for name in names if "\0" not in name]
    rows = await uow.fetch(sql, uow.shop_id, wanted) if wanted else []
    return {row["name"]: (row["product_id"], row["variant_id"]) for row in rows}


def _view(row: Record) -> LookbookView:
    return LookbookView(
        id=row["id"],
        code=row["code"],
        title=_decode_texts(row["title"]),
        image_id=row["image_id"],
        alt=_decode_texts(row["alt"]),
        width=row["width"],
        height=row["height"],
        items=_decode_items(row["items"]),
        revision=row["revision"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
