"""Pictures by content address: immutable, so they are kept for ever by whoever fetched them once."""

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath

from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from storefront.bootstrap import House


@get("/media/{image_id:str}/{name:str}", include_in_schema=False)
async def rendition(
    request: Request[object, object, State], image_id: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """A picture in a named size, made on first demand."""
    house: House = request.app.state.house
    try:
        body, mime = await images.rendition(house.store, image_id, name)
    except UnknownPicture:
        return Response(b"no such picture", status_code=404, media_type="text/plain")
    return Response(
        body, media_type=mime,
        headers={
            "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )  # fmt: skip
