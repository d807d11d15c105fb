"""What goes into understanding and what comes out, named as in the lines of `storefront understand`."""

from typing import Any

from msgspec import Struct, field


class CartLine(Struct, frozen=True, kw_only=True):
    """A line of the shopper's open cart, by its number as shown."""

    line: int
    product: str
    colour: str | None = None
    size: str | None = None
    quantity: int = 1


class OrderLine(Struct, frozen=True, kw_only=True):
    """What was bought in one line of a placed order."""

    product: str
    colour: str | None = None
    size: str | None = None
    quantity: int = 1
    line: int = 0
    kept: bool = True  # false when it came back: its size is not the one that fits


# States of an order, in the words of shops and of the format.
OPEN = ("processing", "placed", "paid", "awaiting_payment", "payment_pending", "open", "new", "confirmed", "packed")
UNDER_WAY = ("shipped", "fulfilling", "in_transit", "sent")
ARRIVED = ("delivered", "fulfilled", "closed", "arrived", "completed")


class PastOrder(Struct, frozen=True, kw_only=True):
    """One of the shopper's own orders."""

    number: str
    status: str = ""
    days_ago: int = 0
    tracking: str | None = None
    lines: tuple[OrderLine, ...] = ()


class Focus(Struct, frozen=True, kw_only=True):
    """What was just spoken of."""

    product: str
    colour: str | None = None
    size: str | None = None
    line: int | None = None


class Pending(Struct, frozen=True, kw_only=True):
    """The shop's open question: a slot of an operation, or something to confirm (`checkout`, `address`, ...)."""

    op: str | None = None
    product: str | None = None
    colour: str | None = None
    size: str | None = None
    quantity: int | None = None
    line: int | None = None
    missing: tuple[str, ...] = ()
    confirm: str | None = None
    size_candidates: tuple[str, ...] = ()


class Search(Struct, frozen=True, kw_only=True):
    """A search: the filters read from the words, the products that fit, best first, and an order if one was asked.

    Where nothing fits, `nearest` are those that fulfil most of the wishes.
    """

    filters: dict[str, Any] = field(default_factory=dict)
    products: tuple[str, ...] = ()
    sort: str | None = None
    nearest: tuple[str, ...] = ()


class Context(Struct, frozen=True, kw_only=True):
    """Where the conversation stands. An unknown visitor's is empty."""

    cart: tuple[CartLine, ...] = ()
    orders: tuple[PastOrder, ...] = ()
    latest_order: str | None = None
    shown: tuple[str, ...] = ()
    last_search: dict[str, Any] | None = None
    focus: Focus | None = None
    pending: Pending | None = None
    actions: tuple[tuple[str, str], ...] = ()  # id and title of the buttons last offered


class CartOp(Struct, frozen=True, kw_only=True):
    """One change to the cart. An `add` without colour or size names them in the reading's `missing`."""

    op: str
    product: str | None = None
    colour: str | None = None
    size: str | None = None
    quantity: int | None = None
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The operation with the keys its kind has in the line format."""
        match self.op:
            case "add":
                return {
                    "op": "add",
                    "product": self.product,
                    "colour": self.colour,
                    "size": self.size,
                    "quantity": self.quantity,
                }
            case "set_quantity":
                return {"op": "set_quantity", "line": self.line, "product": self.product, "quantity": self.quantity}
            case "change_variant":
                return {
                    "op": "change_variant",
                    "line": self.line,
                    "product": self.product,
                    "colour": self.colour,
                    "size": self.size,
                    "quantity": self.quantity,
                }
            case "remove":
                return {"op": "remove", "line": self.line, "product": self.product}
            case _:
                return {"op": self.op}


class Refused(Struct, frozen=True, kw_only=True):
    """A piece that was wanted and cannot be had so."""

    product: str
    colour: str | None = None
    size: str | None = None
    tells: tuple[str, ...] = ()  # what stands in the way


class Unclear(Struct, frozen=True, kw_only=True):
    """Goods wanted beside others, not said which: the products that may be meant, none where the shop has none."""

    products: tuple[str, ...] = ()
    words: str = ""  # what they were called
    colour: str | None = None
    size: str | None = None
    quantity: int | None = None


_SINGLE = (
    "product",
    "colour",
    "size",
    "order",
    "reason",
    "field",
    "voucher_code",
    "confirm",
    "email",
    "name",
    "quantity",
    "action",
    "model",
    "language",
)


class Reading(Struct, frozen=True, kw_only=True):
    """What a message means in its context, how sure the reader is, and why."""

    intents: tuple[str, ...] = ("unclear",)
    cart_ops: tuple[CartOp, ...] = ()
    missing: tuple[str, ...] = ()
    search: Search | None = None
    product: str | None = None
    colour: str | None = None
    size: str | None = None
    asks: tuple[str, ...] = ()
    order: str | None = None
    items: tuple[str, ...] = ()
    reason: str | None = None
    field: str | None = None
    voucher_code: str | None = None
    confirm: bool | None = None
    handover: bool = False
    offer_handover: bool = False
    tells: tuple[str, ...] = ()
    language: str | None = None
    confidence: float = 0.0
    why: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    address_like: bool = False
    email: str | None = None
    name: str | None = None
    quantity: int | None = None
    size_candidates: tuple[str, ...] = ()
    action: str | None = None
    refused: tuple[Refused, ...] = ()  # where several were wanted, each; `product` and `tells` are of the last
    unclear: tuple[Unclear, ...] = ()
    model: str | None = None  # the language model that read it; None for the built-in rules

    def to_json(self) -> dict[str, Any]:
        """The reading as one object of the line format: `intents` and `cart_ops` always, the rest where it applies."""
        out: dict[str, Any] = {"intents": list(self.intents), "cart_ops": [op.to_json() for op in self.cart_ops]}
        if self.search is not None:
            out["search"] = {
                "filters": self.search.filters,
                "products": list(self.search.products),
                "sort": self.search.sort,
            }
        for key in ("missing", "asks", "items", "tells", "numbers", "size_candidates"):
            if values := getattr(self, key):
                out[key] = list(values)
        for key in _SINGLE:
            if (value := getattr(self, key)) is not None:
                out[key] = value
        for key in ("handover", "offer_handover", "address_like"):
            if getattr(self, key):
                out[key] = True
        out["confidence"] = round(self.confidence, 2)
        out["why"] = list(self.why)
        return out
