"""Pictures that a file names by their addresses: fetched, kept, and remembered by where they came from."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from catalog.images import service as images
from catalog.images.errors import PictureRefused
from catalog.images.fetch import PictureFetcher
from catalog.images.store import MediaStore
from catalog.imports.values import QUESTION, Candidate, Issue, Picture
from catalog.kernel.addresses import AddressRefused
from catalog.kernel.errors import ShopError
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service as products
from catalog.products.values import ImageDraft, ProductDraft

_FETCHES_AT_ONCE = 6

FetchImage = Callable[[str], Awaitable[str]]
"""Fetches the picture at an address, keeps it for the shop, and gives its id. Raises PictureRefused, AddressRefused."""

CheckImage = Callable[[str], object]
"""Judges the address of a picture without the network. Raises AddressRefused."""


def picture_fetcher(units: Units, shop_id: UUID, store: MediaStore, fetcher: PictureFetcher) -> FetchImage:
    """The usual `fetch_image`: with the fetcher's guards, cleaned and stored, kept in a transaction of its own."""

    async def fetch(url: str) -> str:
        prepared = await images.prepare(store, await fetcher.fetch(url))
        async with units(shop_id) as uow:
            return (await images.keep(uow, prepared)).image_id

    return fetch


@dataclass(frozen=True, slots=True)
class Pictures:
    """How a run of an import comes by pictures. Without `fetch` those of the shop stay as they are.

    `check` is for a dry run: what can be known of an address without fetching it.
    """

    units: Units
    shop_id: UUID
    locale: str  # of their descriptions
    fetch: FetchImage | None
    check: CheckImage | None = None

    async def add(
        self, candidates: Sequence[Candidate], drafts: list[ProductDraft | None], told: Sequence[list[Issue]]
    ) -> None:
        """Fetch the pictures that the shop does not have, some at a time; one that cannot be had is a question."""
        if self.fetch is None:
            if self.check is not None:
                _judge(self.check, candidates, drafts, told)
            return
        wanted = {
            picture.url
            for candidate, draft in zip(candidates, drafts, strict=True)
            if draft is not None
            for picture in candidate.pictures
        }
        if not wanted:
            return
        async with self.units(self.shop_id) as uow:
            rows = await uow.fetch(
                "SELECT url, image_id FROM image_source WHERE shop_id = $1 AND url = ANY($2)",
                uow.shop_id, [url for url in wanted if "\0" not in url],
            )  # fmt: skip
        have: dict[str, str | ShopError] = {row["url"]: row["image_id"] for row in rows}
        fresh = await _fetch_all(self.fetch, sorted(wanted - have.keys()))
        have.update(fresh)
        async with self.units(self.shop_id) as uow:
            await uow.executemany(
                "INSERT INTO image_source (shop_id, url, image_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                [(uow.shop_id, url, found) for url, found in fresh.items() if isinstance(found, str)],
            )
        for index, (candidate, draft) in enumerate(zip(candidates, drafts, strict=True)):
            if draft is not None:
                drafts[index] = replace(draft, images=_images(candidate, draft, have, told[index], self.locale))

    async def keep(
        self, uow: UnitOfWork, candidates: Sequence[Candidate], drafts: Sequence[ProductDraft | None]
    ) -> list[ProductDraft]:
        """The drafts to write. A file that names no pictures, or a run that fetches none, leaves a product's own."""
        keep = {
            draft.handle
            for candidate, draft in zip(candidates, drafts, strict=True)
            if draft is not None and not (self.fetch and candidate.names_pictures)
        }
        present = await products.images_by_handle(uow, sorted(keep)) if keep else {}
        return [
            replace(draft, images=tuple(_suiting(present[draft.handle], draft))) if draft.handle in present else draft
            for draft in drafts
            if draft is not None
        ]


def _judge(
    check: CheckImage,
    candidates: Sequence[Candidate],
    drafts: Sequence[ProductDraft | None],
    told: Sequence[list[Issue]],
) -> None:
    for candidate, draft, issues in zip(candidates, drafts, told, strict=True):
        for picture in candidate.pictures if draft is not None else ():
            try:
                check(picture.url)
            except AddressRefused as error:
                issues.append(_picture_issue(picture, error))


async def _fetch_all(fetch: FetchImage, urls: Sequence[str]) -> dict[str, str | ShopError]:
    gate = asyncio.Semaphore(_FETCHES_AT_ONCE)

    async def one(url: str) -> tuple[str, str | ShopError]:
        async with gate:
            try:
                return url, await fetch(url)
            except (PictureRefused, AddressRefused) as error:
                return url, error

    return dict(await asyncio.gather(*(one(url) for url in urls)))


def _images(
    candidate: Candidate,
    draft: ProductDraft,
    have: Mapping[str, str | ShopError],
    issues: list[Issue],
    locale: str,
) -> tuple[ImageDraft, ...]:
    found: list[ImageDraft] = []
    for picture in candidate.pictures:
        image = have[picture.url]
        if isinstance(image, ShopError):
            issues.append(_picture_issue(picture, image))
            continue
        alt = {locale: picture.alt[:300]} if picture.alt else {}
        option = picture.option if picture.option and set(picture.option) <= set(draft.options) else None
        found.append(ImageDraft(image_id=image, alt=alt, option=option))
    return tuple(found)


def _picture_issue(picture: Picture, error: ShopError) -> Issue:
    return Issue(
        line=picture.line,
        column=picture.column,
        value=picture.url[:200],
        reason=f"{error.detail}; imported without this picture",
        severity=QUESTION,
        kind="picture",
    )


def _suiting(present: Sequence[ImageDraft], draft: ProductDraft) -> Iterator[ImageDraft]:
    for image in present:
        fits = all(
            any(variant.options.get(name) == value for variant in draft.variants)
            for name, value in (image.option or {}).items()
        )
        yield image if fits else replace(image, option=None)
