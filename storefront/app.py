"""The web application: webhooks, merchant API, pages, media and operations, wired to one house per process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import HTTPException

from catalog.kernel.errors import ShopError
from storefront import health, media, webhooks
from storefront.api import description, problems
from storefront.api.router import api_router
from storefront.api.schemas import AnswerSchemas, FormSchemas
from storefront.bootstrap import open_house
from storefront.config import Settings
from storefront.web import missing, pages_router
from storefront.web.assets import static_file


def create_app(settings: Settings) -> Litestar:
    """The ASGI application. Its house is opened with the first lifespan event and closed with the last."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with open_house(settings) as house:
            app.state.house = house
            pages_router.attach(app, house)
            leaving = asyncio.Event()
            warming = asyncio.create_task(house.turns.warm(leaving), name="warm")
            yield
            leaving.set()
            await warming

    return Litestar(
        route_handlers=[
            webhooks.handshake, webhooks.webhook, webhooks.webhook_below, webhooks.stripe_webhook,
            media.rendition, health.live, health.ready, health.metrics_page, static_file,
            api_router(), *pages_router.routes(settings),
        ],
        lifespan=[lifespan],
        openapi_config=description.CONFIG,
        plugins=[AnswerSchemas(), FormSchemas()],
        exception_handlers=_handlers(),
        request_max_body_size=20_000_000,
        state=State({}),
        logging_config=None,  # ours stands already; the framework's would replace it
        debug=False,
    )  # fmt: skip


def _handlers() -> dict[Any, Any]:
    return {
        ShopError: problems.refuse,
        HTTPException: missing.refuse_http,
        msgspec.MsgspecError: problems.refuse_body,
        Exception: missing.fail,
    }
