"""What holds the house together and no tool checks by itself: sizes, clocks, and where libraries may stand."""

import ast
import importlib
import pkgutil
import re
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
from storefront.bootstrap import TASKS
from storefront.web.assets import ASSETS

ROOT = Path(__file__).parents[1]
PACKAGES = (catalog, checkout, bots, storefront)
LONGEST_MODULE = 500
# Written by a tool, or one long table by nature.
_LONG_BY_NATURE = ("storefront/migrations/versions/",)
# Who may ask the machine what time it is: the clock, and ids, which are ordered by time. Edges judge signatures by it.
_CLOCKS = ("catalog/kernel/clock.py", "catalog/kernel/ids.py")
_ASKS_THE_MACHINE = re.compile(r"\b(?:datetime|date|time)\.(?:now|utcnow|today|time|time_ns)\(")
# Libraries and the only places that import them.
_PLACES = {
    "litestar": ("storefront/",),
    "uvicorn": ("storefront/",),
    "click": ("storefront/cli/",),
    "stripe": ("checkout/payments/stripe.py",),
    "PIL": ("catalog/images/", "storefront/sample/"),
    "httpx": ("bots/channels/", "catalog/images/", "storefront/bootstrap.py", "storefront/endpoints.py",
              "storefront/lab/", "storefront/language_model.py", "storefront/outside.py"),
    "httpcore": ("storefront/outside.py",),
    "procrastinate": ("storefront/",),
    "obstore": ("catalog/images/",),
    "smtplib": ("storefront/mail/",),
}  # fmt: skip
# Folders that are one feature: the records of payments, and the steps of paying that write them.
_TWINS = {("checkout/paying", "checkout.payments")}
# Refusals of providers become a message's state, those of the web chat a frame; none of them reaches the API.
_INSIDE = {"Rejected", "Unreachable", "Nack"}


@cache
def modules() -> dict[str, str]:
    """Path and text of every module of the product."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for package in PACKAGES
        for path in sorted((ROOT / package.__name__).rglob("*.py"))
    }


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    long = {
        path: lines
        for path, text in modules().items()
        if (lines := text.count("\n")) > LONGEST_MODULE and not path.startswith(_LONG_BY_NATURE)
    }
    assert not long, "a feature this long is two features"


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    silent = [path for path, text in modules().items() if text and not text.startswith('"""')]
    assert not silent


def test_the_domain_reads_no_clock_but_the_kernels() -> None:
    found = [
        path
        for path, text in modules().items()
        if not path.startswith(("storefront/", *_CLOCKS)) and _ASKS_THE_MACHINE.search(text)
    ]
    assert not found, "take uow.now: it is one instant for the whole transaction, and the lab can move it"


@pytest.mark.parametrize("library", _PLACES)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    imported = re.compile(rf"^\s*(?:from|import) {library}\b", re.MULTILINE)
    strays = [
        path for path, text in modules().items() if imported.search(text) and not path.startswith(_PLACES[library])
    ]
    assert not strays


def test_a_features_repository_is_private_to_it() -> None:
    strangers = [
        f"{path} reads {feature}"
        for path, text in modules().items()
        for feature in _repositories(text)
        if not path.startswith(f"{feature.replace('.', '/')}/") and (path.rpartition("/")[0], feature) not in _TWINS
    ]
    assert strangers == []


def _repositories(text: str) -> Iterator[str]:
    """The features whose repository a module imports."""
    for node in ast.walk(ast.parse(text)) if "repository" in text else ():
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module.endswith(".repository"):
                yield node.module.removesuffix(".repository")
            elif any(one.name == "repository" for one in node.names):
                yield node.module


def test_every_kind_of_job_is_deferred_by_somebody() -> None:
    assert set(_deferred()) == set(TASKS)


def _deferred() -> Iterator[str]:
    """The kinds of jobs that the product defers, by name or by a constant of the module."""
    for path, text in modules().items():
        for node in ast.walk(ast.parse(text)) if "jobs.defer(" in text else ():
            match node:
                case ast.Call(func=ast.Attribute(attr="defer"), args=[_, ast.Constant(value=str(kind)), *_]):
                    yield kind
                case ast.Call(func=ast.Attribute(attr="defer"), args=[_, ast.Name(id=name), *_]):
                    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
                    yield vars(module)[name]


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


def test_scripts_are_served_with_whole_comments_or_none() -> None:
    half = [
        name
        for name, asset in ASSETS.files.items()
        if name.endswith(".js") and re.search(rb"^/\*(?!.*\*/)", asset.body, re.MULTILINE)
    ]
    assert not half, "a comment that begins and never ends takes the page with it"
