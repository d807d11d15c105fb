"""All pages, wired to the house: chat, pay and order pages, legal texts."""

from collections.abc import Sequence

from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler
from litestar.router import Router

from storefront.bootstrap import House
from storefront.config import Settings
from storefront.lab import routes as lab
from storefront.web import desk, feeds, pages, trade, withdraw
from storefront.web.chat import routes as chat
from storefront.web.chat.ports import ChatTools
from storefront.web.chats import chat_tools


def attach(app: Litestar, house: House) -> None:
    """Make what the pages share, once the house is open."""
    pages.PHRASES.learn(house.settings.home / "phrases")
    app.state.chat_tools = chat_tools(house)


def routes(settings: Settings) -> "Sequence[Router | BaseRouteHandler]":
    """Every page's routes; the lab's only where settings open it."""
    always = [
        chat.routes(_chat_tools),
        trade.pay_page,
        trade.pay,
        trade.order_page,
        trade.legal_page,
        feeds.shop_feed,
        withdraw.withdraw_page,
        withdraw.withdraw,
    ]
    return [*always, desk.desk_page, desk.home, *(lab.ROUTES if settings.lab else ())]


def _chat_tools(state: State) -> ChatTools:
    tools: ChatTools = state.chat_tools
    return tools
