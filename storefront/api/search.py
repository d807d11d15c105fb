"""Search over the catalogue, as the chat searches; and the merchant's synonyms."""

from typing import Annotated, Literal

from litestar import Router, get, put
from litestar.params import JSONBody, QueryParameter
from msgspec import Struct

from catalog.kernel.errors import Invalid
from catalog.kernel.pages import Page, page_of
from catalog.search import index, wishes
from catalog.search import service as searching
from catalog.search.values import RELEVANCE, Filters, SearchPage
from catalog.search.wishes import Wishes
from catalog.shops import profile as profiles
from checkout.inventory import service as inventory
from storefront.api.answers.goods import Found, Synonyms
from storefront.api.http import ApiRequest, Cursor, Limit, unit

_SCOPE = "catalog"
_MOST_SYNONYMS = 50
_LONGEST_WORD = 60  # of the index

Sort = Literal["relevance", "price_asc", "price_desc", "newest"]
Values = Annotated[list[str] | None, QueryParameter(max_items=50, description="repeat for each; any of them fits")]
Minor = Annotated[int | None, QueryParameter(ge=0, description="in the currency's smallest unit")]


class SynonymForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A word in one language and what searching for it finds too; no synonyms forget the word."""

    word: str
    synonyms: list[str]
    locale: str | None = None


@get("/search", summary="Search products")
async def search(
    request: ApiRequest,
    *,
    q: Annotated[
        str,
        QueryParameter(
            max_length=500,
            description="what a shopper would write; prices, sizes, stock, sale and order in words count too,"
            " as in `grey jumpers under 50 euros, cheapest first`",
        ),
    ] = "",
    locale: Annotated[str | None, QueryParameter(max_length=35)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    category: Annotated[str | None, QueryParameter(max_length=300, description="its path; what lies below too")] = None,
    colour: Values = None,
    size: Values = None,
    brand: Values = None,
    min_price: Minor = None,
    max_price: Minor = None,
    in_stock: Annotated[bool | None, QueryParameter(description="only what can be bought now")] = None,
    on_sale: Annotated[bool | None, QueryParameter(description="only what is reduced")] = None,
    sort: Annotated[Sort | None, QueryParameter(description="relevance unless the words say otherwise")] = None,
) -> Found:
    """Best first, with the spelling that was searched for when it was corrected, and what could narrow the search.

    Parameters go before words. `partial` says that no product has all the words. Facets count the best matches.
    """
    async with unit(request, _SCOPE) as uow:
        shop = await profiles.get(uow)
        asked = wishes.read(q, shop.currency)
        filters = Filters(
            category=category, colours=tuple(colour or ()), sizes=tuple(size or asked.sizes), brands=tuple(brand or ()),
            min_price=asked.min_price if min_price is None else min_price,
            max_price=asked.max_price if max_price is None else max_price,
            reduced=asked.reduced if on_sale is None else on_sale,
            keep=inventory.in_stock if (asked.in_stock if in_stock is None else in_stock) else None,
        )  # fmt: skip
        page = await searching.search(
            uow, _words(q, asked), locale=shop.locale(locale), limit=limit, filters=filters,
            sort=sort or asked.sort or RELEVANCE,
        )  # fmt: skip
    return _present(page)


@get("/search/synonyms", summary="List synonyms")
async def list_synonyms(request: ApiRequest, cursor: Cursor = None, limit: Limit = 200) -> Page[Synonyms]:
    """The shop's own synonyms by language and word."""
    async with unit(request, _SCOPE) as uow:
        found = await index.synonyms(uow)
    listed = [Synonyms(locale=row.locale, word=row.word, synonyms=list(row.synonyms)) for row in found]
    return page_of(listed, lambda each: (each["locale"], each["word"]), tuple[str, str], cursor=cursor, limit=limit)


@put("/search/synonyms", summary="Set a word's synonyms")
async def put_synonyms(request: ApiRequest, data: JSONBody[SynonymForm]) -> Synonyms:
    """Searching for the word also finds its synonyms, from the next search on. It holds in one direction."""
    if not data.word.strip() or len(data.word) > _LONGEST_WORD:
        raise Invalid(f"a word has 1 to {_LONGEST_WORD} characters", pointer="/word")
    if len(data.synonyms) > _MOST_SYNONYMS:
        raise Invalid(f"a word has at most {_MOST_SYNONYMS} synonyms", pointer="/synonyms")
    for place, synonym in enumerate(data.synonyms):
        if len(synonym) > _LONGEST_WORD:
            raise Invalid(f"a synonym has at most {_LONGEST_WORD} characters", pointer=f"/synonyms/{place}")
    async with unit(request, _SCOPE) as uow:
        shop = await profiles.get(uow)
        if data.locale is not None and data.locale not in shop.locales:
            raise Invalid(f"the shop does not speak {data.locale!r}", pointer="/locale", languages=list(shop.locales))
        await index.set_synonyms(uow, data.locale or shop.default_locale, data.word, data.synonyms)
    return {"locale": data.locale or shop.default_locale, "word": data.word, "synonyms": data.synonyms}


def _words(q: str, asked: Wishes) -> str:
    """The words of the goods. A query of courtesy alone is searched as it is: it may be a name."""
    return asked.words or (q if not (asked.narrows or asked.sort) else "")


def _present(page: SearchPage) -> Found:
    facets = page.facets
    return {
        "items": [
            {"product_id": item.product_id, "handle": item.handle, "score": item.score} for item in page.items
        ],
        "total": page.total,
        "corrected": page.corrected,
        "partial": page.partial,
        "facets": {
            "category": dict(facets.categories), "brand": dict(facets.brands), "colour": dict(facets.colours),
            "size": dict(facets.sizes), "lowest_price": facets.lowest_price, "highest_price": facets.highest_price,
        },
        "next_cursor": None,
    }  # fmt: skip


ROUTER = Router(path="/", tags=["Search"], route_handlers=[search, list_synonyms, put_synonyms])
