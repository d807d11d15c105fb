"""What holds the house together and no tool checks by itself: sizes, clocks, and where libraries may stand."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bots
import catalog
import checkout
import storefront
from catalog.kernel.errors import ShopError
from storefront.api import problems

ROOT = Path(__file__).parents[1]
PACKAGES = (catalog, checkout, bots, storefront)
LONGEST_MODULE = 500
# Written by a tool, or one long table by nature.
_LONG_BY_NATURE = ("storefront/migrations/versions/",)
# Who may ask the machine what time it is: the clock, and ids, which are ordered by time. Edges judge signatures by it.
_CLOCKS = ("catalog/kernel/clock.py", "catalog/kernel/ids.py")
_ASKS_THE_MACHINE = {"now", "utcnow", "today", "time", "time_ns"}
# Libraries and the only places that import them.
_PLACES = {
    "litestar": ("storefront/",),
    "uvicorn": ("storefront/",),
    "click": ("storefront/cli/",),
    "stripe": ("checkout/payments/stripe.py",),
    "PIL": ("catalog/images/", "storefront/sample/"),
    "httpx": ("bots/channels/", "catalog/images/", "storefront/bootstrap.py", "storefront/endpoints.py",
              "storefront/lab/"),
    "procrastinate": ("storefront/",),
    "obstore": ("catalog/images/",),
}  # fmt: skip
# Refusals of providers become a message's state, those of the web chat a frame; none of them reaches the API.
_INSIDE = {"Rejected", "Unreachable", "Nack"}


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """(path, tree) of every module of the product."""
    return tuple(
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text()))
        for package in PACKAGES
        for path in sorted((ROOT / package.__name__).rglob("*.py"))
    )


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for package in PACKAGES
        for path in (ROOT / package.__name__).rglob("*.py")
        if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE
        and not path.relative_to(ROOT).as_posix().startswith(_LONG_BY_NATURE)
    }
    assert not long, "a feature this long is two features"


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [
        path for path, tree in modules() if tree.body and not ast.get_docstring(tree) and "/versions/" not in path
    ]
    assert not silent


def test_the_domain_reads_no_clock_but_the_kernels() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if not path.startswith(("storefront/", *_CLOCKS))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _asks_the_machine(node.func)
    ]
    assert not found, "take uow.now: it is one instant for the whole transaction, and the lab can move it"


def _asks_the_machine(called: ast.expr) -> bool:
    return (
        isinstance(called, ast.Attribute)
        and called.attr in _ASKS_THE_MACHINE
        and isinstance(called.value, ast.Name)
        and called.value.id in {"datetime", "date", "time"}
    )


@pytest.mark.parametrize("library", _PLACES)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    strays = [
        path
        for path, tree in modules()
        if library in {name.partition(".")[0] for name in _imported(tree)} and not path.startswith(_PLACES[library])
    ]
    assert not strays


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def test_every_refusal_has_its_status() -> None:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".migrations." not in found.name:
                importlib.import_module(found.name)
    unmapped = {
        kind.__name__
        for kind in _below(ShopError)
        if not any(parent in problems.STATUSES or parent in problems.SPECIAL for parent in kind.__mro__[:-1]
                   if parent is not ShopError)
    }  # fmt: skip
    assert unmapped <= _INSIDE, "derive it from a class of the tree, or give it a status in storefront/api/problems.py"


def test_every_refusal_has_a_code_of_its_own() -> None:
    for kind in _below(ShopError):
        assert kind.code, kind
        assert kind.code != ShopError.code, kind


def _below(kind: type[ShopError]) -> Iterator[type[ShopError]]:
    for child in kind.__subclasses__():
        if child.__module__.partition(".")[0] != "tests":
            yield child
            yield from _below(child)
