"""Every channel there is: a folder with an `adapter.py` beside this file is one, without being named anywhere."""

import importlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

import httpx

from bots.channels.base import Account, Channel, FailureKind
from catalog.images.store import MediaStore
from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import Units


def _discover() -> Mapping[str, type[Channel]]:
    found: dict[str, type[Channel]] = {}
    for path in sorted(Path(__file__).parent.glob("*/adapter.py")):
        module = importlib.import_module(f"bots.channels.{path.parent.name}.adapter")
        for _, value in inspect.getmembers(module, inspect.isclass):
            if value.__module__ == module.__name__ and isinstance(getattr(value, "kind", None), str):
                found[value.kind] = cast("type[Channel]", value)
    return MappingProxyType(found)


CHANNELS: Mapping[str, type[Channel]] = _discover()


def channel_class(kind: str) -> type[Channel]:
    """The class of a kind. Raises NotFound."""
    try:
        return CHANNELS[kind]
    except KeyError:
        raise NotFound(f"there is no channel {kind!r}; there are {', '.join(CHANNELS)}") from None


def build(
    account: Account, http: httpx.AsyncClient, *, units: Units | None = None, media: MediaStore | None = None
) -> Channel:
    """The channel of an account. Building costs nothing: no call is made.

    `units` and `media` are for the one whose provider is our own database (web chat).
    """
    make = cast("type", channel_class(account.kind))
    own = {"units": units, "media": media} if getattr(make, "at_home", False) else {}
    return cast("Channel", make(account, http, **own))


def failure(kind: str, code: str) -> FailureKind:
    """What the code of a failed receipt means at a provider; a fault of ours when it is unknown."""
    return getattr(channel_class(kind), "failures", {}).get(code, FailureKind.BUG)
