"""Every channel there is: a folder with an `adapter.py` beside this file is one, without being named anywhere."""

import importlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from bots.channels.base import Account, Channel, ChannelTools, Rejected
from catalog.kernel.errors import NotFound


def _discover() -> Mapping[str, type[Channel]]:
    found: dict[str, type[Channel]] = {}
    for path in sorted(Path(__file__).parent.glob("*/adapter.py")):
        module = importlib.import_module(f"bots.channels.{path.parent.name}.adapter")
        for _, value in inspect.getmembers(module, inspect.isclass):
            if value.__module__ == module.__name__ and isinstance(getattr(value, "kind", None), str):
                channel = cast("type[Channel]", value)
                found[channel.kind] = channel
    return MappingProxyType(found)


CHANNELS: Mapping[str, type[Channel]] = _discover()


def channel_class(kind: str) -> type[Channel]:
    """The class of a kind. Raises NotFound."""
    try:
        return CHANNELS[kind]
    except KeyError:
        raise NotFound(f"there is no channel {kind!r}; there are {', '.join(CHANNELS)}") from None


def build(account: Account, tools: ChannelTools) -> Channel:
    """The channel of an account. Building costs nothing: no call is made. Raises NotFound."""
    return channel_class(account.kind).open(account, tools)


def refusal(kind: str, code: str) -> Rejected:
    """What the code of a failed receipt means at a provider."""
    return channel_class(kind).refusal(code)
