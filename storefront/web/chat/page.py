"""The chat's page, alone or inside the widget's frame, and the loader that shops embed."""

from collections.abc import Iterable
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from bots.channels.webchat.frames import TEXT_LENGTH
from storefront.web import missing, pages
from storefront.web.assets import ASSETS, answer
from storefront.web.chat.ports import ChatDoor, ChatTools

_WISH = "chat.speak"
_STRINGS = "page."  # phrases with this beginning go to the page's script


@get("/chat/{slug:str}", include_in_schema=False)
async def chat_page(
    request: Request[Any, Any, Any], slug: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[Any]:
    """A shop's chat. `?entry=LB7` or `#LB7` says what brought the shopper, `?lang=` wishes a language.

    A shop without a web chat: its bot or number, so that what is printed goes on leading to a chat.
    """
    chat = await chat_tools.directory.by_shop(slug)
    if chat is None and "embed" not in request.query_params:  # a provider's page shows in no frame
        elsewhere = await chat_tools.directory.elsewhere(slug, request.query_params.get("entry", ""))
        if elsewhere is not None:
            return Redirect(elsewhere, status_code=302, headers={"Cache-Control": "no-store"})
    return _page(request, chat_tools, chat)


@get("/chat/w/{widget_id:str}", include_in_schema=False)
async def widget_page(
    request: Request[Any, Any, Any], widget_id: FromPath[str], chat_tools: NamedDependency[ChatTools]
) -> Response[str]:
    """The same page, found by the account: the widget's frame."""
    return _page(request, chat_tools, await chat_tools.directory.by_id(widget_id))


@get("/widget.js", include_in_schema=False, sync_to_thread=False)
def widget_loader(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The loader that shops embed; its own address tells it where the chat is."""
    return answer(request, ASSETS.files["widget.js"], cache_control="public, max-age=300")


def _page(request: Request[Any, Any, Any], tools: ChatTools, chat: ChatDoor | None) -> Response[str]:
    if chat is None:
        return missing.page(request, "chat", "missing.chat")
    shop = chat.shop
    locale = shop.locale(pages.wished(request))
    name = shop.settings.persona.name
    allowed = chat.account.credentials.get("allowed_origins") or ()
    origins = [allowed] if isinstance(allowed, str) else [str(origin) for origin in allowed]
    config = {
        "base": f"/webhooks/webchat/{chat.account.id}",
        "widget_id": chat.account.id,
        "shop": shop.name,
        "name": name,
        "locale": locale,
        "entry": request.query_params.get("entry"),
        "embedded": "embed" in request.query_params,
        "origins": origins,
        "longest": TEXT_LENGTH,
        "icons": ASSETS.url("icons.svg"),
        "say": strings(locale, name=name, shop=shop.name),
    }
    html = pages.render(
        "chat.html", locale, config=config, shop=shop, name=name, embedded=config["embedded"],
        privacy=f"/legal/{shop.slug}/privacy?lang={locale}", modules=ASSETS.modules("chat/"),
        wishes=wishes(shop.locales),
    )  # fmt: skip
    sources = [url for url in (tools.media_url, tools.public_url) if url]
    return Response(
        html,
        media_type=MediaType.HTML,
        headers={**pages.headers(frame_ancestors=origins, images=sources), "Vary": "Accept-Language"},
    )


def wishes(locales: Iterable[str]) -> dict[str, str]:
    """How one asks the bot for a language, in each that the page has words for."""
    return {locale: pages.PHRASES.say(locale, _WISH) for locale in locales if _WISH in pages.PHRASES.keys(locale)}


def strings(locale: str, *, name: str, shop: str) -> dict[str, str]:
    """The phrases that the page's script shows, by key without the common beginning. `{n}`-like marks stay."""
    keys = (key for key in sorted(pages.PHRASES.keys("en")) if key.startswith(_STRINGS))
    return {
        key.removeprefix(_STRINGS): pages.PHRASES.say(locale, key).replace("{name}", name).replace("{shop}", shop)
        for key in keys
    }
