"""All routes of the web chat: its page and widget, its WebSocket, its HTTP calls."""

from collections.abc import Callable

from litestar import Router
from litestar.di import Provide

from catalog.kernel.errors import ShopError
from storefront.web.chat import calls, gate, page, socket
from storefront.web.chat.ports import ChatTools


def routes(provide: Callable[..., ChatTools]) -> Router:
    """Everything under /webhooks/webchat, /chat and /widget.js.

    The tools are looked up per request: they are made when the application starts.
    """
    return Router(
        path="/",
        include_in_schema=False,
        route_handlers=[
            socket.chat_socket,
            calls.preflight,
            calls.open_session,
            calls.post_frame,
            calls.post_read,
            calls.history,
            calls.upload,
            calls.events,
            page.chat_page,
            page.widget_page,
            page.widget_loader,
        ],
        dependencies={"chat_tools": Provide(provide, sync_to_thread=False)},
        exception_handlers={ShopError: gate.refused},
    )
