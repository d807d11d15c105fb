"""Search over the catalogue, as the chat searches."""

from typing import Annotated, Any

from litestar import Router, get
from litestar.params import QueryParameter

from catalog.search import service as searching
from catalog.shops import profile as profiles
from storefront.api.http import ApiRequest, unit

_SCOPE = "catalog"


@get("/search", summary="Search products")
async def search(
    request: ApiRequest,
    q: Annotated[str, QueryParameter(max_length=500, description="what a shopper would write")] = "",
    locale: Annotated[str | None, QueryParameter(max_length=35)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Best first, with the spelling that was searched for when it was corrected."""
    async with unit(request, _SCOPE) as uow:
        shop = await profiles.get(uow)
        page = await searching.search(uow, q, locale=shop.locale(locale), limit=limit)
    return {
        "items": [
            {"product_id": str(item.product_id), "handle": item.handle, "score": item.score} for item in page.items
        ],
        "total": page.total,
        "corrected": page.corrected,
        "next_cursor": None,
    }


ROUTER = Router(path="/", tags=["Search"], route_handlers=[search])
