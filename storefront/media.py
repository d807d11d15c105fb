"""Pictures by content address. The shop's are immutable, so they are kept for ever by whoever fetched them once.

What people sent is shown under signed addresses only, and kept by nobody but the browser that shows it, as long as the
address holds.
"""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery

from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from catalog.kernel.clock import machine_now
from catalog.kernel.errors import Forged
from storefront.bootstrap import House

_FOR_EVER = "public, max-age=31536000, immutable"


@get("/media/{image_id:str}/{name:str}", include_in_schema=False)
async def rendition(
    request: Request[object, object, State], image_id: FromPath[str], name: FromPath[str], key: FromQuery[str] = ""
) -> Response[bytes]:
    """A picture in a named size, made on first demand. `key`: what opens one that a person sent."""
    house: House = request.app.state.house
    place, kept = house.store, _FOR_EVER
    try:
        if key:
            left = house.received.seconds_left(image_id, key, now=machine_now())
            place, kept = house.store.received, f"private, max-age={left}"
        body, mime = await images.rendition(place, image_id, name)
    except UnknownPicture:
        return _none(404, b"no such picture")
    except Forged as forged:
        return _none(403, forged.detail.encode())
    return Response(
        body, media_type=mime,
        headers={
            "Cache-Control": kept, "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )  # fmt: skip


def _none(status: int, why: bytes) -> Response[bytes]:
    return Response(why, status_code=status, media_type="text/plain", headers={"Cache-Control": "no-store"})
