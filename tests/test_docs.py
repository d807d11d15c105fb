"""Pages of the repository against the code: generated ones, links, names, phrases, examples."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
from litestar import Litestar

from bots.replies.phrases import PHRASES as BOT_PHRASES
from catalog.kernel.locale import Phrases
from storefront import config
from storefront.app import create_app
from storefront.cli.main import cli
from storefront.web.desk_phrases import PHRASES as DESK_PHRASES
from storefront.web.pages import PHRASES as PAGE_PHRASES
from storefront.web.trade_phrases import PHRASES as TRADE_PHRASES
from tests.docs import channels, states

ROOT = Path(__file__).parents[1]
_FOLDERS = ("catalog", "checkout", "bots", "storefront", "tests", "docs", ".ci")
_TEXT = {".py", ".md", ".toml", ".po", ".html", ".js", ".css", ".json", ".txt", ".chat", ".yml", ".yaml", ".svg", ""}
PAGES = sorted([*ROOT.glob("*.md"), *(page for folder in _FOLDERS for page in (ROOT / folder).rglob("*.md"))])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

# Every set of phrases with the code that speaks it.
_SPOKEN: dict[str, tuple[Phrases, tuple[str, ...]]] = {
    "chat": (BOT_PHRASES, ("bots",)),
    "pages": (PAGE_PHRASES, ("storefront/web/chat", "storefront/web/pages.py")),
    "trade": (
        TRADE_PHRASES,
        (
            "storefront/web/trade.py",
            "storefront/web/pay_view.py",
            "storefront/web/order_view.py",
            "storefront/web/sheets.py",
            "storefront/web/withdraw.py",
            "storefront/mail",
        ),
    ),
    "desk": (DESK_PHRASES, ("storefront/web/desk.py", "storefront/lab/routes.py")),
}


def _named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def test_the_page_of_states_is_what_the_tables_say() -> None:
    assert (ROOT / "docs/states.md").read_text() == states.document(), (
        "run `python -m tests.docs.states > docs/states.md`"
    )


def test_the_page_of_channels_is_what_the_adapters_say() -> None:
    assert (ROOT / "docs/channels.md").read_text() == channels.document(), (
        "run `python -m tests.docs.channels > docs/channels.md`"
    )


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    broken = [
        target
        for target in _LINK.findall(_FENCE.sub("", page.read_text()))
        if "://" not in target and not _exists(page, target)
    ]
    assert not broken


def _exists(page: Path, target: str) -> bool:
    name, _, place = target.partition("#")
    file = (page.parent / name) if name else page
    if not file.exists():
        return False
    return not place or place in {_anchor(line) for line in file.read_text().splitlines() if line.startswith("#")}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_examples_in_python_are_python(page: Path) -> None:
    for language, code in _FENCE.findall(page.read_text()):
        if language == "python":
            compiled = compile(code, _named(page), "exec", flags=_TOP_LEVEL_AWAIT)
            if "\nassert " in code:  # it says itself what must come out
                exec(compiled, {"__name__": "example"})  # noqa: S102 - our own page


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_pages_name_settings_that_exist(page: Path) -> None:
    known = {entry.variable for entry in config.ENTRIES}
    named = set(re.findall(r"STOREFRONT_[A-Z_]*[A-Z]", page.read_text()))
    assert not config.unknown(dict.fromkeys(named - known, ""))


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_pages_name_commands_that_exist(page: Path) -> None:
    for line in re.findall(r"(?:^|`|\s)storefront((?: [a-z]+(?=[ `\n]))+)", page.read_text(), re.MULTILINE):
        command: click.Command | None = cli
        for word in line.split():
            if not isinstance(command, click.Group):
                break
            command = command.get_command(click.Context(command), word)
            assert command is not None, f"storefront{line}"


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_pages_name_targets_of_make_that_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(), re.MULTILINE)) <= targets


@cache
def _app() -> Litestar:
    settings = config.load({
        "STOREFRONT_DATABASE_URL": "postgresql://nobody@localhost/none", "STOREFRONT_SECRET_KEY": "k" * 40,
        "STOREFRONT_LAB": "1",
    })  # fmt: skip
    return create_app(settings)


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_pages_name_resources_that_exist(page: Path) -> None:
    routes = {
        (method, re.sub(r"\{\w+:?\w*\}", "{}", route.path)) for route in _app().routes for method in _methods(route)
    }
    text = page.read_text().replace("$API", "/api/v1")
    named = re.findall(r"(?:curl -X )?\b(GET|POST|PUT|PATCH|DELETE) \"?(/api/v1/[\w\-/{}<>]*)", text)
    missing = [f"{method} {path}" for method, path in named if not _serves(routes, method, path)]
    assert not missing


def _methods(route: Any) -> set[str]:  # noqa: ANN401 - kinds of routes differ
    return set(getattr(route, "methods", ()))


def _serves(routes: set[tuple[str, str]], method: str, path: str) -> bool:
    wanted = re.sub(r"\{\w+\}|<\w+>", "{}", path).rstrip("/")
    # The last part may be an example of a parameter: /products/by-handle/basic-tee.
    return (method, wanted) in routes or (method, f"{wanted.rpartition('/')[0]}/{{}}") in routes


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["embedded"],
              *project["optional-dependencies"]["test"]]  # fmt: skip
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text()
    explained = re.findall(r"^\| ([a-z][\w\-]+) \| .* \| .* \| .* \|$", page, re.MULTILINE)
    assert sorted(set(explained) - {"package"}) == sorted({re.split(r"[\[<>=]", one)[0] for one in wanted})


def test_decisions_are_listed() -> None:
    folder = ROOT / "docs/decisions"
    listed = set(re.findall(r"\((\d{4}-[\w\-]+\.md)\)", (folder / "README.md").read_text()))
    assert listed == {page.name for page in folder.glob("[0-9]*.md")}


@pytest.mark.parametrize("part", _SPOKEN)
def test_every_phrase_exists_in_every_language(part: str) -> None:
    phrases, _ = _SPOKEN[part]
    assert set(phrases.locales) >= {"de", "en"}
    assert phrases.keys("de") == phrases.keys("en")


@pytest.mark.parametrize("part", _SPOKEN)
def test_every_phrase_has_the_same_gaps_in_every_language(part: str) -> None:
    phrases, _ = _SPOKEN[part]
    for key in sorted(phrases.keys("en")):
        assert _gaps(phrases, "de", key) == _gaps(phrases, "en", key), key


def _gaps(phrases: Phrases, locale: str, key: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", phrases.say(locale, key)))


@pytest.mark.parametrize("part", _SPOKEN)
def test_every_phrase_that_is_said_exists(part: str) -> None:
    phrases, places = _SPOKEN[part]
    keys = phrases.keys("en")
    missing = [
        f"{place}: {said}{'…' if is_prefix else ''}"
        for place, said, is_prefix in _said(places)
        if not (any(key.startswith(said) for key in keys) if is_prefix else said in keys)
    ]
    assert not missing


def test_every_phrase_of_the_chat_is_said() -> None:
    phrases, places = _SPOKEN["chat"]
    modules = [ast.parse(path.read_text()) for place in places for path in (ROOT / place).rglob("*.py")]
    # Some stand in tables of keys.
    written = {node.value for module in modules for node in ast.walk(module) if isinstance(node, ast.Constant)}
    beginnings = tuple(said for _, said, is_prefix in _said(places) if is_prefix)
    assert [key for key in sorted(phrases.keys("en") - written) if not key.startswith(beginnings)] == []


def test_every_phrase_that_templates_say_exists() -> None:
    known = PAGE_PHRASES.keys("en") | TRADE_PHRASES.keys("en") | DESK_PHRASES.keys("en")
    said = {
        key
        for template in (ROOT / "storefront/web/templates").glob("*.html")
        for key in re.findall(r"""\bsay\(\s*["']([\w.]+)["']\s*[,)]""", template.read_text())
    }
    assert said
    assert said <= known


def _said(places: tuple[str, ...]) -> Iterator[tuple[str, str, bool]]:
    """(where, key, whether it is only a key's beginning) of every phrase that the code under these places says."""
    for place in places:
        found = ROOT / place
        for path in [found] if found.is_file() else sorted(found.rglob("*.py")):
            text = path.read_text()
            for node in ast.walk(ast.parse(text)) if "say(" in text or "count(" in text else ():
                if isinstance(node, ast.Call) and _speaks(node.func):
                    yield from ((f"{_named(path)}:{node.lineno}", *key) for key in _keys(node.args[:2]))


def _speaks(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in {"say", "count"}


def _keys(arguments: list[ast.expr]) -> Iterator[tuple[str, bool]]:
    for argument in arguments:
        for one in _branches(argument):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value:
                yield one.value, False
            elif isinstance(one, ast.JoinedStr) and isinstance(one.values[0], ast.Constant):
                yield str(one.values[0].value), True


def _branches(argument: ast.expr) -> Iterator[ast.expr]:
    if isinstance(argument, ast.IfExp):
        yield from _branches(argument.body)
        yield from _branches(argument.orelse)
    else:
        yield argument


def test_no_page_and_no_module_names_what_does_not_belong_to_the_product() -> None:
    """Folders of one machine, registries' hosts, the tools of whoever wrote it."""
    hosts = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("crates", "io"))
    words = "|".join([r"\.".join(host) for host in hosts] + [f"/{'work'}/", f"/{'tmp'}/plan", f"blue{'print'}"])
    forbidden = re.compile(words, re.IGNORECASE)
    found = [
        f"{_named(path)}: {match.group()}"
        for path in _texts()
        if (match := forbidden.search(path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert not found


def _texts() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in _TEXT and path.name != ".coverage")
    for folder in _FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in _TEXT and path.is_file() and "__pycache__" not in path.parts:
                yield path
