"""The web chat's wire: what pages send. These types are the contract; a frame that fits none of them is refused.

Frames are JSON of at most 64 KB, told apart by `type`. Those with a `cid` are answered by `ack` or `nack`.
"""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bots.channels import reading
from catalog.kernel.errors import Invalid, ShopError, Unreadable

FRAME_BYTES = 64 * 1024
TEXT_LENGTH = 4_000

Cid = Annotated[str, Meta(min_length=1, max_length=64)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Short = Annotated[str, Meta(max_length=200)]


class TextContent(msgspec.Struct, frozen=True, tag="text"):
    """Words."""

    text: str


class ImageContent(msgspec.Struct, frozen=True, tag="image"):
    """A picture that was uploaded before."""

    upload_id: Short
    alt: Annotated[str, Meta(max_length=TEXT_LENGTH)] = ""


class LocationContent(msgspec.Struct, frozen=True, tag="location"):
    """A place."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    label: Short = ""


Content = TextContent | ImageContent | LocationContent


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """First frame of a connection, and again when the token was renewed."""

    token: str
    resume_after: Seq | None = None
    caps: tuple[str, ...] = ()
    locale: Short | None = None
    tz: Short | None = None
    page: str | None = None


class Send(msgspec.Struct, frozen=True, tag="send"):
    """A shopper's message."""

    cid: Cid
    content: Content
    kind: Literal["message"] = "message"
    reply_to: Seq | None = None


class Tap(msgspec.Struct, frozen=True, tag="action"):
    """Something tappable was tapped; `of_seq` names the event that offered it."""

    cid: Cid
    action_id: Annotated[str, Meta(min_length=1, max_length=200)]
    of_seq: Seq | None = None
    value: Mapping[str, Any] = {}


class Typing(msgspec.Struct, frozen=True, tag="typing"):
    """The shopper is writing."""

    on: bool


class Read(msgspec.Struct, frozen=True, tag="read"):
    """The shopper has seen everything up to here."""

    upto_seq: Seq


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """Heartbeat; `t` comes back."""

    t: float | int | None = None


Frame = Hello | Send | Tap | Typing | Read | Ping
Answered = Send | Tap


class Nack(ShopError):
    """A frame was refused. `word` is the code on the wire; `retry_after_ms` goes with rate_limited."""

    code = "nack"

    def __init__(self, word: str, detail: str, *, retry_after_ms: int | None = None) -> None:
        super().__init__(detail, word=word)
        self.word = word
        self.retry_after_ms = retry_after_ms


def read(raw: str | bytes) -> Frame:
    """The frame. Raises Nack (too_large, unsupported, invalid)."""
    frame: Frame = read_as(raw, Frame)
    return frame


def read_answered(raw: str | bytes) -> Answered:
    """A frame that may come by POST: send or action. Raises Nack."""
    return _checked(read_as(raw, Answered))


def checked(frame: Frame) -> Frame:
    """The frame, when what it holds is within the limits. Raises Nack."""
    return _checked(frame) if isinstance(frame, Send | Tap) else frame


def cid_of(raw: str | bytes) -> str | None:
    """The cid of a frame that cannot be read otherwise, for its nack."""
    try:
        loose = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    cid = loose.get("cid") if isinstance(loose, dict) else None
    return cid[:64] if isinstance(cid, str) else None


def digest(frame: Answered) -> str:
    """Tells whether two frames with one cid say the same."""
    return hashlib.sha256(msgspec.json.encode(frame, order="deterministic")).hexdigest()


def dump(frame: Answered) -> dict[str, Any]:
    """The frame as JSON values."""
    values: dict[str, Any] = msgspec.to_builtins(frame)
    return values


def load(values: Mapping[str, Any]) -> Answered:
    """The frame again. Raises Invalid."""
    try:
        frame: Answered = msgspec.convert(values, Answered)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from error
    return frame


def read_as(raw: str | bytes, wanted: Any) -> Any:  # noqa: ANN401 - a union of types and its member
    """What pages send, as a type of the wire. Raises Nack (too_large, unsupported, invalid)."""
    body = raw.encode() if isinstance(raw, str) else raw
    if len(body) > FRAME_BYTES:
        raise Nack("too_large", f"a frame may have {FRAME_BYTES} bytes")
    try:
        return msgspec.convert(reading.decode(body), wanted)
    except RecursionError as error:
        raise Nack("invalid", "nested too deeply") from error
    except msgspec.ValidationError as error:
        told_apart = str(error).startswith("Invalid value") or "missing required field `type`" in str(error)
        raise Nack("unsupported" if told_apart else "invalid", str(error)) from error
    except Unreadable as error:
        raise Nack("invalid", error.detail) from error


def _checked(frame: Answered) -> Answered:
    if isinstance(frame, Send) and isinstance(frame.content, TextContent):
        if not frame.content.text.strip():
            raise Nack("invalid", "an empty message")
        if len(frame.content.text) > TEXT_LENGTH:
            raise Nack("too_large", f"a message may have {TEXT_LENGTH} characters")
    return frame
