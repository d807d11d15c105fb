"""Pictures by content address: immutable, so they are kept for ever by whoever fetched them once.

Only what people sent is kept by nobody but the browser that shows it, and not for long.
"""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from storefront.bootstrap import House

_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_ONE = "private, max-age=600"


@get("/media/{image_id:str}/{name:str}", include_in_schema=False)
async def rendition(
    request: Request[object, object, State], image_id: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """A picture in a named size, made on first demand."""
    house: House = request.app.state.house
    try:
        body, mime = await images.rendition(house.store, image_id, name)
        received = await images.is_received(house.store, image_id)
    except UnknownPicture:
        return Response(b"no such picture", status_code=404, media_type="text/plain")
    return Response(
        body, media_type=mime,
        headers={
            "Cache-Control": _FOR_ONE if received else _FOR_EVER, "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )  # fmt: skip
