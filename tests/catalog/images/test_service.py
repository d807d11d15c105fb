"""Pictures in the database and in the store."""

import asyncio
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

import pytest

from catalog.images import service
from catalog.images.compose import Hotspot, LookbookScene
from catalog.images.errors import BrokenPicture, UnknownPicture
from catalog.images.store import MediaStore
from catalog.kernel.errors import Misconfigured, Unavailable
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from tests.catalog.images.pictures import encoded, halves, many_colours, opened


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore.open(tmp_path / "media")


async def test_a_picture_is_named_by_the_hash_of_its_stored_bytes(uow: UnitOfWork, store: MediaStore) -> None:
    raw = encoded(many_colours(), "JPEG")
    view = await service.keep(uow, await service.prepare(store, raw))
    stored = await service.original(store, view.image_id)
    assert hashlib.sha256(stored).hexdigest() == view.image_id
    upload = await service.add_upload(uow, await service.prepare(store, raw))
    assert (await service.get_upload(uow, upload.upload_id)).image == view


async def test_the_same_picture_twice_is_one(uow: UnitOfWork, store: MediaStore) -> None:
    raw = encoded(many_colours(), "JPEG")
    assert await service.keep(uow, await service.prepare(store, raw)) == await service.keep(
        uow, await service.prepare(store, raw)
    )


async def test_an_upload_is_found_again_and_only_in_its_shop(uow: UnitOfWork, store: MediaStore) -> None:
    prepared = await service.prepare(store, encoded(many_colours(), "JPEG"))
    upload = await service.add_upload(uow, prepared, filename="front.jpg")
    assert await service.get_upload(uow, upload.upload_id) == upload
    with pytest.raises(UnknownPicture):
        await service.get_upload(uow, uuid4())


async def test_what_a_person_sent_is_kept_apart_and_no_upload_of_the_shops(uow: UnitOfWork, store: MediaStore) -> None:
    sent = await service.prepare(store, encoded(halves((48, 64))), received=True)
    upload = await service.add_upload(uow, sent)
    assert await service.get_sent(uow, upload.upload_id) == upload
    assert await service.original(store.received, sent.image_id) == sent.original.data
    assert (await service.rendition(store.received, sent.image_id, "chat.jpg"))[1] == "image/jpeg"
    with pytest.raises(UnknownPicture):
        await service.rendition(store, sent.image_id, "chat.jpg")
    with pytest.raises(UnknownPicture):
        await service.get_upload(uow, upload.upload_id)


async def test_what_the_shop_has_of_its_own_stays_its_own_whoever_sends_it_too(
    uow: UnitOfWork, store: MediaStore
) -> None:
    raw = encoded(halves((64, 48)))
    sent = await service.add_upload(uow, await service.prepare(store, raw, received=True))
    own = await service.add_upload(uow, await service.prepare(store, raw))
    await service.add_upload(uow, await service.prepare(store, raw, received=True))
    assert await service.get_upload(uow, own.upload_id) == own
    for place in (store, store.received):
        assert await service.original(place, sent.image.image_id)


async def test_a_refused_picture_leaves_nothing_behind(store: MediaStore, tmp_path: Path) -> None:
    with pytest.raises(BrokenPicture):
        await service.prepare(store, encoded(many_colours(), "PNG")[:400])
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


async def test_a_rendition_is_made_once_and_kept(store: MediaStore, tmp_path: Path) -> None:
    prepared = await service.prepare(store, encoded(many_colours(), "JPEG"))
    body, mime = await service.rendition(store, prepared.image_id, "card.webp")
    assert mime == "image/webp"
    kept = tmp_path / "media" / "rendition" / prepared.image_id / "card.webp"
    assert kept.read_bytes() == body
    kept.write_bytes(b"kept")
    assert (await service.rendition(store, prepared.image_id, "card.webp"))[0] == b"kept"


@pytest.mark.parametrize("image_id", ["", "x" * 64, "../../../etc/passwd", "0" * 63, "0" * 64, "A" * 64])
async def test_an_unknown_or_strange_id_is_unknown(store: MediaStore, image_id: str) -> None:
    with pytest.raises(UnknownPicture):
        await service.rendition(store, image_id, "card.webp")
    with pytest.raises(UnknownPicture):
        await service.rendition(store, "0" * 64, "../card.webp")


async def test_a_planned_composition_is_drawn_when_it_is_asked_for(store: MediaStore, tmp_path: Path) -> None:
    prepared = await service.prepare(store, encoded(many_colours(), "JPEG"))
    composition = LookbookScene(
        scene=prepared.image_id, width=600, height=800, hotspots=(Hotspot(1, 0.5, 0.5, "24,90 €"),)
    )
    view = await service.plan(store, composition)
    assert not (tmp_path / "media" / "original" / view.image_id).exists()
    body, _ = await service.rendition(store, view.image_id, "chat.jpg")
    assert opened(body).size == (view.width, view.height)
    assert await service.plan(store, composition) == view


async def test_a_store_gives_back_what_it_was_given(tmp_path: Path) -> None:
    for location in (str(tmp_path / "a b"), f"file://{tmp_path}/c%20d", "memory://"):
        store = MediaStore.open(location)
        await store.check()
        assert await store.find("absent/file") is None
        assert not await store.exists("absent/file")
        await store.put("deep/er/file", b"1")
        assert await store.exists("deep/er/file")
        assert await store.find("deep/er/file") == b"1"


@pytest.mark.parametrize("location", ["ftp://x/y", "s3://", "s3://bucket?endpoit=http://x", "/proc/nowhere/media"])
def test_a_wrong_location_is_told(location: str) -> None:
    with pytest.raises(Misconfigured):
        MediaStore.open(location)


class _Bucket(BaseHTTPRequestHandler):
    """The few words of S3 that a flat store speaks."""

    files: ClassVar[dict[str, bytes]] = {}
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.files[self.path.partition("?")[0]] = body
        self._answer(200, b"", body)

    def do_GET(self) -> None:
        body = self.files.get(self.path)
        missing = b"<Error><Code>NoSuchKey</Code></Error>"
        self._answer(200 if body is not None else 404, missing if body is None else body, body or b"")

    do_HEAD = do_GET  # noqa: N815 - the base class's name

    def _answer(self, status: int, body: bytes, file: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", f'"{hashlib.sha256(file).hexdigest()[:32]}"')
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 09:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep still."""


async def test_a_bucket_keeps_files_under_its_prefix() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Bucket) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        store = MediaStore.open(f"s3://bucket/shop?endpoint={endpoint}&access_key_id=a&secret_access_key=b")
        await store.check()
        assert await store.find("original/none") is None
        assert not await store.exists("original/none")
        server.shutdown()
    assert list(_Bucket.files) == ["/bucket/shop/check/ready"]


async def test_a_bucket_that_does_not_answer_is_told() -> None:
    store = MediaStore.open("s3://bucket?endpoint=http://127.0.0.1:9&access_key_id=a&secret_access_key=b")
    with pytest.raises(Unavailable):
        await asyncio.wait_for(store.find("original/none"), 30)


async def test_a_forgotten_upload_takes_its_picture_along_unless_something_shows_it(
    units: Units, shop: Shop, shop_id: UUID, store: MediaStore
) -> None:
    own, shown = [await service.prepare(store, encoded(halves(size)), received=True) for size in ((64, 48), (48, 64))]
    await service.rendition(store.received, own.image_id, "chat.jpg")
    async with units(shop_id) as uow:
        uploads = [await service.add_upload(uow, each) for each in (own, shown, shown)]
        await uow.execute(
            "INSERT INTO lookbook (id, shop_id, code, title, image_id, created_at, updated_at)"
            " VALUES ($1, $2, 'LB7', '{}', $3, $4, $4)",
            uploads[1].upload_id, shop_id, shown.image_id, uow.now,
        )  # fmt: skip
        await service.forget_uploads(uow, [upload.upload_id for upload in uploads[:2]])
    async with units(shop_id) as uow:
        assert (await service.get_sent(uow, uploads[2].upload_id)).image.image_id == shown.image_id
        await service.forget_uploads(uow, [uploads[2].upload_id])
    for each in (own, shown):
        await service.forget_files(units, store, each.image_id)
    for name in (f"original/{own.image_id}", f"rendition/{own.image_id}/chat.jpg"):
        assert not await store.received.exists(name)
    assert await service.original(store.received, shown.image_id) == shown.original.data
