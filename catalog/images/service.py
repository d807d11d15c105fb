"""Taking pictures in and giving them out.

A picture enters in two steps: `prepare` cleans and stores the bytes (slow, no transaction), `keep` writes the shop's
row. Files: `original/<id>`, `rendition/<id>/<name>`, `composed/<id>.json` (compose.py); what people send is kept apart,
in `MediaStore.received`, and shown under signed addresses (links.py).
"""

import asyncio
import hashlib
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from asyncpg import ForeignKeyViolationError, Record

from catalog.images import compose, renditions, transform
from catalog.images.compose import Composition
from catalog.images.errors import UnknownPicture
from catalog.images.fingerprint import Look
from catalog.images.store import MediaStore
from catalog.images.transform import Original
from catalog.kernel import jobs
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units

FORGET = "images.forget"
_ID = re.compile(r"[0-9a-f]{64}")
_SIGN = 1 << 63
_UPLOAD = """
SELECT u.id AS upload_id, u.filename, i.id, i.mime, i.width, i.height, i.colour
FROM upload u JOIN image i ON i.shop_id = u.shop_id AND i.id = u.image_id
WHERE u.shop_id = $1 AND u.id = $2
"""
_THREADS = ThreadPoolExecutor(max_workers=max(1, min(4, os.cpu_count() or 1)), thread_name_prefix="pictures")

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ImageView:
    """A shop's picture: where it is and what to reserve room for."""

    image_id: str
    mime: str
    width: int
    height: int
    colour: str  # '#rrggbb' to show while it loads


@dataclass(frozen=True, slots=True)
class Prepared:
    """A picture that is stored, but belongs to no shop yet."""

    image_id: str
    original: Original
    received: bool = False  # a person sent it


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload and its picture."""

    upload_id: UUID
    filename: str
    image: ImageView


def media_path(image_id: str, rendition: str) -> str:
    """The path under which a rendition of the shop's is served, for ever the same."""
    return f"/media/{image_id}/{rendition}"


async def prepare(store: MediaStore, raw: bytes, *, received: bool = False) -> Prepared:
    """Clean and store a picture. Raises what transform.normalise raises; storing twice changes nothing.

    `received`: a person sent it. What a shop shows stays public, whoever sends it too.
    """
    original = await _in_thread(transform.normalise, raw)
    image_id = hashlib.sha256(original.data).hexdigest()
    place = store.received if received else store
    if not await place.exists(_original(image_id)):
        await place.put(_original(image_id), original.data)
    return Prepared(image_id, original, received)


async def keep(uow: UnitOfWork, prepared: Prepared) -> ImageView:
    """Write the shop's row of a prepared picture; a picture the shop has stays as it is, or becomes its own."""
    original = prepared.original
    await uow.execute(
        """INSERT INTO image
               (shop_id, id, mime, width, height, bytes, colour, fingerprint, palette, created_at, received)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (shop_id, id) DO UPDATE SET received = false WHERE image.received AND NOT excluded.received""",
        uow.shop_id,
        prepared.image_id,
        original.mime,
        original.width,
        original.height,
        len(original.data),
        original.colour,
        signed(original.look.hash),
        original.look.palette,
        uow.now,
        prepared.received,
    )
    return ImageView(prepared.image_id, original.mime, original.width, original.height, original.colour)


def signed(fingerprint: int) -> int:
    """64 bits as the signed number that the database keeps."""
    return fingerprint - (_SIGN << 1 if fingerprint >= _SIGN else 0)


async def look_of(raw: bytes) -> Look:
    """What a picture shows, without keeping it. Raises what transform.normalise raises."""
    return (await _in_thread(transform.normalise, raw)).look


async def add_upload(uow: UnitOfWork, prepared: Prepared, *, filename: str = "") -> UploadView:
    """Keep a prepared picture and give it an upload id, to be named in products, lookbooks or returns."""
    image = await keep(uow, prepared)
    upload_id = new_id()
    await uow.execute(
        "INSERT INTO upload (id, shop_id, image_id, filename, created_at) VALUES ($1, $2, $3, $4, $5)",
        upload_id,
        uow.shop_id,
        image.image_id,
        filename[:200],
        uow.now,
    )
    return UploadView(upload_id, filename[:200], image)


async def get_upload(uow: UnitOfWork, upload_id: UUID) -> UploadView:
    """The shop's upload of that id; it may be used more than once. Raises UnknownPicture, for what people sent too."""
    row = await uow.fetchrow(f"{_UPLOAD} AND NOT i.received", uow.shop_id, upload_id)
    if row is None:
        raise UnknownPicture(f"there is no upload {upload_id}; send the picture to /api/v1/images first")
    return UploadView(row["upload_id"], row["filename"], _view(row))


async def get_sent(uow: UnitOfWork, upload_id: UUID) -> UploadView:
    """What a person uploaded. Raises UnknownPicture."""
    row = await uow.fetchrow(_UPLOAD, uow.shop_id, upload_id)
    if row is None:
        raise UnknownPicture(f"there is no upload {upload_id}")
    return UploadView(row["upload_id"], row["filename"], _view(row))


async def forget_uploads(uow: UnitOfWork, upload_ids: Sequence[UUID]) -> None:
    """Delete what a person sent, and the pictures that nothing else of the shop shows; their files go after commit."""
    rows = await uow.fetch(
        "DELETE FROM upload WHERE shop_id = $1 AND id = ANY($2::uuid[]) RETURNING image_id", uow.shop_id, upload_ids
    )
    for image_id in sorted({row["image_id"] for row in rows}):
        with suppress(ForeignKeyViolationError):  # a product or a lookbook shows it too
            async with uow.driver.transaction():
                await uow.execute(
                    "DELETE FROM image WHERE shop_id = $1 AND id = $2"
                    " AND NOT EXISTS (SELECT FROM upload WHERE shop_id = $1 AND image_id = $2)",
                    uow.shop_id, image_id,
                )  # fmt: skip
            await jobs.defer(uow, FORGET, {"image_id": image_id})


async def forget_prepared(uow: UnitOfWork, prepared: Prepared) -> None:
    """Let go of a prepared picture that nobody keeps; its files go after commit, unless a shop has it."""
    await jobs.defer(uow, FORGET, {"image_id": prepared.image_id})


async def forget_files(units: Units, store: MediaStore, image_id: str) -> None:
    """Delete a picture's files, unless a shop has it (still, or another one)."""
    async with units(None) as uow:
        kept = await uow.fetchval("/* all shops */ SELECT EXISTS (SELECT FROM image WHERE id = $1)", image_id)
    if not kept:
        names = [_original(image_id), *(f"rendition/{image_id}/{name}" for name in renditions.RENDITIONS)]
        for place in (store, store.received):
            await place.remove(names)


async def original(store: MediaStore, image_id: str) -> bytes:
    """The stored original. A planned composition is drawn now, if it never was. Raises UnknownPicture."""
    _check_id(image_id)
    data = await store.find(_original(image_id))
    if data is None:
        data = await _composed(store, image_id)
    return data


async def rendition(store: MediaStore, image_id: str, name: str) -> tuple[bytes, str]:
    """A picture in a named size, and its type. Made once, then kept. Raises UnknownPicture."""
    wanted = renditions.named(name)
    _check_id(image_id)
    kept = await store.find(f"rendition/{image_id}/{name}")
    if kept is not None:
        return kept, wanted.mime
    source = await original(store, image_id)
    made = await _in_thread(renditions.make, source, wanted)
    await store.put(f"rendition/{image_id}/{name}", made)
    return made, wanted.mime


async def plan(store: MediaStore, composition: Composition) -> ImageView:
    """Promise a composed picture: its id and size at once; it is drawn when somebody first asks for it."""
    image_id, spec = compose.key(composition)
    if not await store.exists(_original(image_id)):
        await store.put(f"composed/{image_id}.json", spec)
    width, height = compose.size(composition)
    return ImageView(image_id, "image/jpeg", width, height, "#ece8e1")


async def _composed(store: MediaStore, image_id: str) -> bytes:
    spec = await store.find(f"composed/{image_id}.json")
    if spec is None:
        raise UnknownPicture("there is no such picture", image_id=image_id)
    composition = compose.read(spec)
    sources = {needed: await original(store, needed) for needed in compose.sources(composition)}
    drawn = await _in_thread(compose.draw, composition, sources)
    await store.put(_original(image_id), drawn)
    return drawn


def _check_id(image_id: str) -> None:
    """Nothing else becomes the name of a file. Raises UnknownPicture."""
    if not _ID.fullmatch(image_id):
        raise UnknownPicture("a picture's id is 64 hexadecimal digits")


def _view(row: Record) -> ImageView:
    return ImageView(row["id"], row["mime"], row["width"], row["height"], row["colour"])


def _original(image_id: str) -> str:
    return f"original/{image_id}"


async def _in_thread(work: Callable[..., Result], *arguments: object) -> Result:
    """Decode and encode off the event loop, a few at a time: that bounds the memory which pictures take."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work, *arguments)
