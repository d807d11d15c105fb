"""Pictures: upload now, name the upload in a product, a lookbook or a return."""

from typing import Annotated, Any

from litestar import Response, Router, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body

from catalog.images import service as images
from catalog.images.service import media_path
from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.api.answers.goods import Upload
from storefront.api.http import ApiRequest, house_of, shop_of
from storefront.api.idempotency import once

_SCOPE = "catalog"


@post("/images", summary="Upload a picture", status_code=201, request_max_body_size=30_000_000)
async def upload(
    request: ApiRequest,
    data: Annotated[dict[str, UploadFile], Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Response[Upload]:
    """Multipart field `file`: JPEG, PNG, WebP, GIF (first frame). Turned upright, freed of EXIF, kept in sRGB."""
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid("send the picture as the multipart field `file`", pointer="/file")
    shop_id, picture = shop_of(request, _SCOPE), await file.read()
    prepared = await images.prepare(house_of(request).store, picture)

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        view = await images.add_upload(uow, prepared, filename=file.filename)
        return 201, {
            "upload_id": str(view.upload_id), "image_id": view.image.image_id, "width": view.image.width,
            "height": view.image.height, "mime": view.image.mime, "url": media_path(view.image.image_id, "chat.jpg"),
        }  # fmt: skip

    return await once(request, shop_id, work, content=f"{file.filename}\0".encode() + picture)


ROUTER = Router(path="/", tags=["Images"], route_handlers=[upload])
