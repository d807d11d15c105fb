"""All resources of the API under /api/v1, behind the key."""

from litestar import Router

from storefront.api import (
    categories,
    channels,
    conversations,
    customers,
    discounts,
    endpoints,
    images,
    lookbooks,
    model,
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
from storefront.api.operations import kind_of
from storefront.api.refusals import RESPONSES

_RESOURCES = (
    products, categories, stock, images, lookbooks, search, channels, payment_accounts, conversations, orders, returns,
    discounts, shop, endpoints, reports, withdrawals, customers, model,
)  # fmt: skip


def api_router() -> Router:
    """The merchant API; every resource is described with the problems it may answer."""
    for resource in _RESOURCES:
        for route in resource.ROUTER.routes:
            for handler in route.route_handlers:
                handler.responses = {**RESPONSES, **(handler.responses or {})}
                handler.operation_class = kind_of(handler)
    return Router(
        path="/api/v1", middleware=[KeyMiddleware], route_handlers=[resource.ROUTER for resource in _RESOURCES]
    )
