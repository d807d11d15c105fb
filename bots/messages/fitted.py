"""Messages after `fit`: each one is within its channel's limits and becomes exactly one call at the provider.

One fitted message is one row of the outbox, so a crash between two of them repeats neither. They are stored as JSON
with a tag, which is why they are structs.
"""

from collections.abc import Mapping
from typing import get_args

import msgspec

from bots.messages.outbound import Action, ImageRef, Message, TemplateUse


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """A product in a message, by its handle, and the colour that it is shown in."""

    product: str
    colour: str | None = None


class Fitted(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Base of all fitted messages. `shows`: what somebody who quotes the message speaks of; no provider is told."""

    shows: tuple[Shown, ...] = ()


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A button that opens an address."""

    title: str
    url: str


class FittedText(Fitted, frozen=True, kw_only=True, tag="text"):
    """Words with reply buttons and link buttons. `ask_location` adds the channel's share-location control."""

    text: str
    buttons: tuple[Action, ...] = ()
    links: tuple[Link, ...] = ()
    ask_location: bool = False


class FittedPicture(Fitted, frozen=True, kw_only=True, tag="picture"):
    """One picture with words, reply buttons and link buttons."""

    image: ImageRef
    text: str = ""
    buttons: tuple[Action, ...] = ()
    links: tuple[Link, ...] = ()


class FittedList(Fitted, frozen=True, kw_only=True, tag="list"):
    """A question whose answers open as a list."""

    text: str
    button: str
    rows: tuple[Action, ...]


class FittedCard(msgspec.Struct, frozen=True, kw_only=True):
    """One card of a carousel."""

    image: ImageRef
    text: str
    buttons: tuple[Action, ...] = ()
    link: Link | None = None


class FittedCarousel(Fitted, frozen=True, kw_only=True, tag="carousel"):
    """Cards side by side under a text."""

    text: str
    cards: tuple[FittedCard, ...]


class FittedDocument(Fitted, frozen=True, kw_only=True, tag="document"):
    """A file by its address."""

    url: str
    name: str
    text: str = ""


class FittedTemplate(Fitted, frozen=True, kw_only=True, tag="template"):
    """A pre-approved message."""

    use: TemplateUse


class FittedRich(Fitted, frozen=True, kw_only=True, tag="rich"):
    """A message that the channel draws itself. `kind` is the message's class name; `body` its JSON."""

    kind: str
    body: msgspec.Raw


FittedMessage = FittedText | FittedPicture | FittedList | FittedCarousel | FittedDocument | FittedTemplate | FittedRich

_KINDS: Mapping[str, type[Message]] = {kind.__name__: kind for kind in get_args(Message)}
_decoder = msgspec.json.Decoder(FittedMessage)
_encoder = msgspec.json.Encoder()


def dump(message: FittedMessage) -> str:
    """JSON for the outbox."""
    return _encoder.encode(message).decode()


def load(body: str | bytes) -> FittedMessage:
    """The message again. Raises msgspec.ValidationError for a body that is none."""
    message: FittedMessage = _decoder.decode(body)
    return message


def unwrap(message: FittedRich) -> Message:
    """The message that `rich` wrapped."""
    unwrapped: Message = msgspec.json.decode(message.body, type=_KINDS[message.kind])
    return unwrapped


def rich(message: Message) -> FittedRich:
    """Wrap a message for a channel that draws it itself."""
    return FittedRich(kind=type(message).__name__, body=msgspec.Raw(_encoder.encode(message)))
