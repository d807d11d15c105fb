"""The API's OpenAPI 3.1 description, at /api/openapi.json."""

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.openapi.spec import Components, Contact, License, SecurityScheme, Tag

CONFIG = OpenAPIConfig(
    title="Storefront merchant API",
    version="1",
    path="/api",
    # No page of a viewer: each loads scripts of other people into the desk's own origin, where the key is.
    render_plugins=[JsonRenderPlugin(), YamlRenderPlugin()],
    description=(
        "Catalogue, orders, conversations and settings of one shop. Send `Authorization: Bearer <key>`. Money is "
        "`{minor, currency}`, texts are `{de, en}`, times are RFC 3339 UTC. Lists answer `{items, next_cursor}`. "
        "Errors are problem details (RFC 9457) with a pointer to the field. `Idempotency-Key` makes a POST safe to "
        "repeat; `If-Match` guards an edit."
    ),
    license=License(name="Apache-2.0", identifier="Apache-2.0"),
    contact=Contact(name="The shop's operator"),
    tags=[
        Tag(name=name)
        for name in (
            "Products", "Categories", "Stock", "Images", "Lookbooks", "Search", "Channels", "Payment accounts",
            "Conversations", "Orders", "Returns", "Discounts", "Shop", "Webhooks", "Reports", "Language model",
        )
    ],
    components=Components(security_schemes={"key": SecurityScheme(type="http", scheme="bearer")}),
    security=[{"key": []}],
    use_handler_docstrings=True,
)  # fmt: skip
