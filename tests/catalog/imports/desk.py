"""Imports files into a test's shop and looks at what came of it; files made in a line."""

import csv
import io
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from uuid import UUID

from catalog.images.errors import PictureNotFetched
from catalog.imports.service import run_import
from catalog.imports.values import ImportReport, Progress
from catalog.kernel.addresses import check_outside_url
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import service as products
from catalog.products.values import ProductView


class Desk:
    """A merchant's desk with a folder of files."""

    def __init__(self, units: Units, shop_id: UUID, folder: Path) -> None:
        self.units, self.shop_id, self.folder = units, shop_id, folder
        self.stock: dict[str, int] = {}
        self.fetched: list[str] = []
        self.fail_at: int | None = None
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    def file(self, text: str | bytes, name: str = "goods.csv") -> Path:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    async def run(self, text: str | bytes, name: str = "goods.csv", *, dry_run: bool = False) -> ImportReport:
        return await run_import(
            self.units,
            self.shop_id,
            self.file(text, name),
            dry_run=dry_run,
            progress=self._progress,
            fetch_image=self._fetch,
            check_image=check_outside_url,
            set_stock=self._set_stock,
        )

    async def product(self, handle: str) -> ProductView:
        async with self.units(self.shop_id) as uow:
            return await products.get_by_handle(uow, handle)

    async def count(self, table: str) -> int:
        async with self.units(self.shop_id) as uow:
            found: int = await uow.fetchval(f"SELECT count(*) FROM {table} WHERE shop_id = $1", uow.shop_id)  # noqa: S608
            return found

    def _progress(self, progress: Progress) -> None:
        if self.fail_at is not None and progress.rows_done >= self.fail_at:
            raise KeyboardInterrupt

    async def _fetch(self, url: str) -> str:
        self.fetched.append(url)
        if (act := self.meanwhile) is not None:
            self.meanwhile = None
            await act()
        check_outside_url(url)
        if "broken" in url:
            raise PictureNotFetched(f"{url} answers 404", url=url)
        image_id = f"{abs(hash(url)):064x}"[:64]
        async with self.units(self.shop_id) as uow:
            await uow.execute(
                """INSERT INTO image (shop_id, id, mime, width, height, bytes, colour, fingerprint, created_at)
                   VALUES ($1, $2, 'image/jpeg', 10, 10, 9, '#aabbcc', 0, $3) ON CONFLICT DO NOTHING""",
                uow.shop_id, image_id, uow.now,
            )  # fmt: skip
        return image_id

    async def _set_stock(self, uow: UnitOfWork, stock: Mapping[str, int]) -> None:
        self.stock.update(stock)


def as_csv(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def simple(count: int, **cells: str) -> list[dict[str, str]]:
    return [
        {"handle": f"p{n}", "title": f"Produkt {n}", "sku": f"S{n}", "price": "10.00", "ean": "", **cells}
        for n in range(count)
    ]
