"""What a browser sees where nothing is: a page in the reader's language. Programs and calls get problems as ever."""

from http import HTTPStatus
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from storefront.api import problems
from storefront.web import pages

_FOR_PROGRAMS = frozenset({"api", "webhooks"})


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refused: an unknown address that somebody opened by the page, all else by a problem."""
    if error.status_code == HTTPStatus.NOT_FOUND and _is_opened(request):
        return page(request, "search", "missing.page")
    return problems.refuse_http(request, error)


def page(request: Request[Any, Any, Any], sign: str, key: str) -> Response[str]:
    """The page: an icon and the phrases `key` and `key`_title."""
    html = pages.render("missing.html", pages.spoken(pages.wished(request), pages.PHRASES.locales), sign=sign, key=key)
    headers = {**pages.headers(), "Vary": "Accept, Accept-Language"}
    return Response(html, status_code=404, media_type=MediaType.HTML, headers=headers)


def _is_opened(request: Request[Any, Any, Any]) -> bool:
    first = request.url.path.split("/", 2)[1]
    return first not in _FOR_PROGRAMS and "text/html" in request.headers.get("accept", "")
