"""Who may keep the pictures that the install serves."""

from typing import Any, cast

import httpx
import pytest
from litestar import Litestar

from catalog.images import service as images
from tests.catalog.images.pictures import encoded, halves


@pytest.mark.parametrize(
    ("received", "size", "kept"),
    [(False, (59, 43), "public, max-age=31536000, immutable"), (True, (43, 59), "private, max-age=600")],
    ids=["the shop's", "a person's"],
)
async def test_what_people_sent_is_kept_by_nobody_in_between(
    app: Litestar, *, received: bool, size: tuple[int, int], kept: str
) -> None:
    # Sizes that no other test has: the store outlives tests, and what was shown before stays public.
    prepared = await images.prepare(app.state.house.store, encoded(halves(size)), received=received)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(cast("Any", app)), base_url="http://shop.test"
    ) as visitor:
        answer = await visitor.get(images.media_path(prepared.image_id, "chat.jpg"))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, kept)
