"""Fault switches of a double, and the lab's paths that turn them: the same for every provider."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException


class Switches(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What can go wrong. All off by default. Counters count down: `rate_limit_next=2` refuses two calls."""

    def take(self, counter: str) -> bool:
        """Whether the counted fault strikes now."""
        left: int = getattr(self, counter)
        if left <= 0:
            return False
        setattr(self, counter, left - 1)
        return True

    def set(self, changes: Mapping[str, object]) -> None:
        """Turn switches. Raises msgspec.ValidationError for an unknown switch or a wrong kind of value."""
        wanted = msgspec.convert({**msgspec.structs.asdict(self), **changes}, type(self))
        for name in self.__struct_fields__:
            setattr(self, name, getattr(wanted, name))

    def clear(self) -> None:
        """All well again."""
        self.set(msgspec.structs.asdict(type(self)()))


@get("/_lab/faults")
async def get_faults(state: State) -> dict[str, Any]:
    """The switches as they stand."""
    return msgspec.structs.asdict(state.double.faults)


@post("/_lab/faults", status_code=200)
async def set_faults(request: Request[Any, Any, State], state: State) -> dict[str, Any]:
    """Turn switches: a JSON object of those to change."""
    try:
        state.double.faults.set(msgspec.json.decode(await request.body(), type=dict[str, Any]))
    except msgspec.MsgspecError as error:
        raise ClientException(str(error)) from error
    return msgspec.structs.asdict(state.double.faults)


@delete("/_lab/faults", status_code=200)
async def clear_faults(state: State) -> dict[str, Any]:
    """All well again."""
    state.double.faults.clear()
    return msgspec.structs.asdict(state.double.faults)


SWITCHES = (get_faults, set_faults, clear_faults)
