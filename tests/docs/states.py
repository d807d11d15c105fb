"""Writes docs/states.md from the tables of every state machine: `python -m tests.docs.states > docs/states.md`."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import bots
import catalog
import checkout
import storefront
from catalog.kernel.states import StateMachine

_HEAD = """\
# States

Every state is one column, and the table beside its enum is all that may happen to it. This page is written from those
tables (`python -m tests.docs.states > docs/states.md`); a test fails when they differ. A provider's news comes late,
doubled and shuffled: payments and refunds therefore have an order as well, and the later state wins.
"""


def machines() -> Iterator[tuple[str, StateMachine[Any]]]:
    """(module, machine) of every table in the packages, in the order of their modules."""
    for package in (catalog, checkout, bots, storefront):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith(".states") and found.name != "catalog.kernel.states":
                module = importlib.import_module(found.name)
                yield from ((found.name, value) for value in vars(module).values() if isinstance(value, StateMachine))


def document() -> str:
    """The page."""
    return "\n".join([_HEAD, *(_section(module, machine) for module, machine in machines())])


def _section(module: str, machine: StateMachine[Any]) -> str:
    enum: type[StrEnum] = type(machine.initial)
    moves = [(state, sorted(machine.moves[state], key=list(enum).index)) for state in enum]
    return "\n".join([
        f"## {machine.name.capitalize()}", "",
        f"{inspect.getdoc(enum)} Table: `{machine.name.upper()}` in `{module}`.", "",
        "```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial}",
        *(f"    {state} --> {to}" for state, after in moves for to in after),
        *(f"    {state} --> [*]" for state, after in moves if not after),
        "```", "",
        "| state | may become |", "|---|---|",
        *(f"| `{state}` | {', '.join(f'`{to}`' for to in after) or 'final'} |" for state, after in moves), "",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(document())
