"""The catalogue as Google and Meta fetch it: `/feeds/{shop}/google.xml`, public like the shop's chat itself."""

from functools import partial

from litestar import get
from litestar.params import FromPath
from litestar.response import Stream

from catalog.feeds.formats import Addresses
from catalog.feeds.service import CONTENT_TYPES, feed
from checkout.inventory import service as inventory
from storefront.bootstrap import House
from storefront.web import pages, sheets
from storefront.web.sheets import PageRequest

_FRESH_S = 3600  # shopping sites fetch a few times a day


@get("/feeds/{slug:str}/{name:str}", include_in_schema=False)
async def shop_feed(request: PageRequest, slug: FromPath[str], name: FromPath[str]) -> Stream:
    """Every variant on sale, with a link that opens the chat at its product. `?lang=` names a language of the shop."""
    house = sheets.house_of(request)
    shop = await sheets.shop_of(request, slug)
    dialect, _, form = name.partition(".")
    locale = shop.locale(pages.wished(request))
    pieces = await feed(
        partial(house.units, shop.id), dialect=dialect, form=form, locale=locale, addresses=_addresses(house, slug),
        available=inventory.available,
    )  # fmt: skip
    return Stream(pieces, media_type=CONTENT_TYPES[form], headers={"Cache-Control": f"public, max-age={_FRESH_S}"})


def _addresses(house: House, slug: str) -> Addresses:
    chat = f"{house.settings.public_url}/chat/{slug}"
    return Addresses(
        shop=chat,
        product=lambda handle: f"{chat}?entry=product_{handle}",
        picture=lambda image_id: house.media.url(image_id, "square.jpg"),
    )
