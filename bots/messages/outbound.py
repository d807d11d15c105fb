"""What the shop says: a closed union of channel-neutral messages, built by dialogues, degraded only by `fit`.

Texts are final, in the shopper's language; `*word*` marks emphasis and is the only markup. Ids of actions are ours and
come back as `ActionChosen.action_id`; they are at most 64 bytes, because Telegram allows no more. The parts of which a
message has many are structs, made in C.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from catalog.kernel.money import Money


class ImageRef(msgspec.Struct, frozen=True, kw_only=True):
    """A stored picture: its content address (SHA-256 hex of the original) and what it shows, for those who cannot see.

    `width` and `height` are the original's pixels, so that a page can keep the place.
    """

    image_id: str
    alt: str
    width: int = 0
    height: int = 0


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something tappable. Either it comes back to us by its id, or it opens `url`. `primary` marks the one way on."""

    id: str
    title: str
    description: str = ""
    value: Mapping[str, Any] = {}
    url: str | None = None
    primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words alone, with quick replies below where the channel has them."""

    text: str
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture with words and actions."""

    image: ImageRef
    text: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A question with options to pick from; more options than buttons become a list or numbers."""

    text: str
    options: tuple[Action, ...]
    button: str = ""  # label of the control that opens the list, where one is needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A product as a card. `number` is the one to type for it, where cards are numbered."""

    title: str
    subtitle: str  # price and what else fits one line
    image: ImageRef | None
    sku: str = ""  # where the card is about one variant
    handle: str = ""
    price: Money | None = None  # the lowest of its variants
    colour: str | None = None  # the one that it is shown in, where it is one
    number: int = 0
    sold_out: bool = False
    options: tuple[str, ...] = ()  # sizes or colours to show as chips
    at: tuple[float, float] | None = None  # where it is on a lookbook's scene, from 0 to 1
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCard:
    """One product, large."""

    card: Card
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carousel:
    """Several products side by side, numbered from 1. `grid` is one picture of all, with numbers burned in."""

    text: str
    cards: tuple[Card, ...]
    grid: ImageRef | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookbook:
    """A scene with numbered products; `image` already carries the numbers, `text` lists them."""

    code: str
    title: str
    image: ImageRef
    text: str
    cards: tuple[Card, ...]
    actions: tuple[Action, ...] = ()


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a cart or an order as shown."""

    title: str  # product and variant, "Basic-Tee grau, M"
    quantity: int
    total: str
    sku: str
    image: ImageRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartView:
    """The cart. `text` says all of it in words; rich channels draw the lines."""

    text: str
    lines: tuple[LineView, ...]
    total: str
    cart_id: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """The way to pay: a summary in words and the button that opens `url` (our own /p page).

    `held_until`: the goods are kept until then; the page takes money afterwards too, while they are there.
    """

    text: str
    url: str
    label: str
    short_label: str = ""  # for channels whose buttons are too small for the label
    total: str
    amount: Money | None = None  # the total to reckon with
    held_until: datetime | None = None
    lines: tuple[LineView, ...] = ()
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """News about an order: confirmed, shipped, refunded. `timeline` is (label, reached)."""

    text: str
    number: str
    state: str
    timeline: tuple[tuple[str, bool], ...] = ()
    lines: tuple[LineView, ...] = ()
    url: str | None = None
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormQuestion:
    """A question whose answer is typed. `field` is one of address, email, name, phone, quantity, note.

    `location` asks the channel for its share-location control.
    """

    text: str
    field: str
    location: bool = False
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file to keep: receipt, return label."""

    url: str
    name: str
    text: str = ""


Message = (
    Text
    | Picture
    | Choices
    | ProductCard
    | Carousel
    | Lookbook
    | CartView
    | PaymentRequest
    | OrderStatus
    | FormQuestion
    | Document
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUse:
    """A pre-approved message with its parameters, for outside the reply window. Parameter names are the template's."""

    name: str
    locale: str
    parameters: Mapping[str, str]
    text: str  # what the shopper reads, for the record and for the desk
    button_value: str | None = None  # the variable end of the template's link button
