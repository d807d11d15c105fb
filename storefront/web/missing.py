"""What a browser sees where nothing is, or nothing goes: a page in the reader's language.

Programs and calls get problems as ever.
"""

from http import HTTPStatus
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from storefront.api import problems
from storefront.web import pages

_FOR_PROGRAMS = frozenset({"api", "webhooks"})
_NOT_NOW: dict[int, str] = {
    HTTPStatus.SERVICE_UNAVAILABLE: "missing.away",
    HTTPStatus.INTERNAL_SERVER_ERROR: "missing.fault",
}


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refused: an unknown address that somebody opened by the page, all else by a problem."""
    if error.status_code == HTTPStatus.NOT_FOUND and _is_opened(request):
        return page(request, "search", "missing.page")
    return problems.refuse_http(request, error)


def fail(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer what the database or we ourselves could not do."""
    answer = problems.fail(request, error)
    if answer.status_code not in _NOT_NOW or not _is_opened(request):
        return answer
    shown = page(request, "alert", _NOT_NOW[answer.status_code], status=answer.status_code)
    shown.headers |= {"Cache-Control": "no-store"} | answer.headers
    return shown


def page(request: Request[Any, Any, Any], sign: str, key: str, *, status: int = HTTPStatus.NOT_FOUND) -> Response[str]:
    """The page: an icon and the phrases `key` and `key`_title."""
    html = pages.render("missing.html", pages.spoken(pages.wished(request), pages.PHRASES.locales), sign=sign, key=key)
    headers = {**pages.headers(), "Vary": "Accept, Accept-Language"}
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers)


def _is_opened(request: Request[Any, Any, Any]) -> bool:
    first = request.url.path.split("/", 2)[1]
    return first not in _FOR_PROGRAMS and "text/html" in request.headers.get("accept", "")
