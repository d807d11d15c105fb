"""Categories: the products in them make them, the merchant names them in the shop's languages."""

from typing import Annotated

from litestar import Router, get, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from catalog.kernel.pages import Page, page_of
from catalog.products import service as products
from storefront.api.answers.goods import Category, ListedCategory
from storefront.api.http import ApiRequest, Cursor, Limit, unit

_SCOPE = "catalog"


class CategoryForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """What shoppers read for the category, by language."""

    title: Annotated[dict[str, str], Meta(examples=[{"de": "Sommerkleider", "en": "Summer dresses"}])]


@get("/categories", summary="List categories")
async def list_categories(request: ApiRequest, cursor: Cursor = None, limit: Limit = 200) -> Page[ListedCategory]:
    """By path, each with its title and the number of active products in it or below."""
    async with unit(request, _SCOPE) as uow:
        found = await products.categories(uow)
    listed = [ListedCategory(path=path, title=title, products=count) for path, title, count in found]
    return page_of(listed, lambda each: each["path"], str, cursor=cursor, limit=limit)


@put("/categories/{path:path}", summary="Name a category")
async def put_category(request: ApiRequest, path: FromPath[str], data: JSONBody[CategoryForm]) -> Category:
    """The title replaces the former one in every language, and makes a category that no product is in yet.

    A path is slugs with slashes: women/dresses. Shoppers read the title at once; search learns it a little later.
    """
    path = path.removeprefix("/")
    async with unit(request, _SCOPE) as uow:
        await products.set_category_title(uow, path, data.title)
    return {"path": path, "title": data.title}


ROUTER = Router(path="/", tags=["Categories"], route_handlers=[list_categories, put_category])
