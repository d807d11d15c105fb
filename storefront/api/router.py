"""All resources of the API under /api/v1, behind the key."""

from litestar import Router

from storefront.api import (
    channels,
    conversations,
    discounts,
    endpoints,
    images,
    lookbooks,
    orders,
    payment_accounts,
    products,
    reports,
    returns,
    search,
    shop,
    stock,
    withdrawals,
)
from storefront.api.access import KeyMiddleware

_RESOURCES = (
    products, stock, images, lookbooks, search, channels, payment_accounts, conversations, orders, returns, discounts,
    shop, endpoints, reports, withdrawals,
)  # fmt: skip


def api_router() -> Router:
    """The merchant API."""
    return Router(
        path="/api/v1", middleware=[KeyMiddleware], route_handlers=[resource.ROUTER for resource in _RESOURCES]
    )
