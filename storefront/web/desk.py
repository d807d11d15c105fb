"""The merchant desk `/desk`: a page over the merchant API. The key is typed in and kept in the tab, nowhere else."""

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State
from litestar.response import Redirect

from catalog.kernel.money import EXPONENTS
from storefront.bootstrap import House
from storefront.web import pages
from storefront.web.assets import ASSETS
from storefront.web.desk_phrases import PHRASES, strings


@get("/", include_in_schema=False)
async def home(request: Request[Any, Any, State]) -> Redirect:
    """The install's own page: the lab where it is open, else the desk."""
    house: House = request.app.state.house
    return Redirect("/lab" if house.settings.lab else "/desk", status_code=302)


@get("/desk", include_in_schema=False)
async def desk_page(request: Request[Any, Any, State]) -> Response[str]:
    """Conversations, orders, returns and stock of the shop whose key is given."""
    house: House = request.app.state.house
    locale = pages.spoken(pages.wished(request), PHRASES.locales)
    config = {
        "locale": locale, "media": house.media.base, "icons": ASSETS.url("icons.svg"), "say": strings(locale),
        "places": EXPONENTS,
    }  # fmt: skip
    html = pages.render("desk.html", locale, phrases=PHRASES, config=config)
    return Response(html, media_type=MediaType.HTML, headers=pages.headers(images=[house.media.base]))
