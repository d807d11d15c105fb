"""Signs that no database stores, NUL and halves of surrogate pairs, are left out of what a provider sends."""

from typing import TypeVar

import msgspec

from bots.messages.inbound import InboundEvent

_Event = TypeVar("_Event", bound=InboundEvent)
_NUL = b"\\u0000"  # as JSON writes it


def storable(event: _Event) -> _Event:
    """The event itself where all of it can be stored, as nearly always; else one without what cannot."""
    try:
        if _NUL not in msgspec.json.encode(event):
            return event
    except UnicodeEncodeError:
        pass
    return msgspec.convert(clean(msgspec.to_builtins(event)), type(event))


def clean(value: object) -> object:
    """The same value of texts, numbers, lists and objects, its texts and keys without what cannot be stored."""
    match value:
        case str():
            return value.replace("\x00", "").encode(errors="ignore").decode()
        case dict():
            return {clean(key): clean(one) for key, one in value.items()}
        case list() | tuple():
            return [clean(one) for one in value]
        case _:
            return value
