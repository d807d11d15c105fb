"""No statement on a shop's rows forgets the shop: every SQL text is read out of the code and looked at."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storefront import schema

_ROOT = Path(__file__).parent.parent
_PACKAGES = ("catalog", "checkout", "bots", "storefront")
_TENANT = {table.name for table in schema.metadata.tables.values() if "shop_id" in table.columns} | {"shop"}
_STATEMENT = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:ONLY\s+)?([a-z_]+)\b")
_VERB = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE)\b")
_EXEMPT = ("/migrations/", "/generate.py")


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every string of a module by line, the parts of an f-string as one."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else " … " for part in node.values]
            inside.update(id(part) for part in node.values)
            yield node.lineno, "".join(map(str, parts))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.lineno, node.value


def forgetful(source: str) -> list[tuple[int, str]]:
    """Statements on tenant tables that neither name the shop nor say that they mean all of them."""
    found = []
    for line, text in texts(ast.parse(source)):
        if not _VERB.search(text):
            continue
        tables = {name for name in _STATEMENT.findall(text) if name in _TENANT}
        if tables and "shop_id" not in text and "all shops" not in text:
            found.append((line, ", ".join(sorted(tables))))
    return found


def modules() -> list[Path]:
    found = [path for package in _PACKAGES for path in sorted((_ROOT / package).rglob("*.py"))]
    return [path for path in found if not any(part in str(path) for part in _EXEMPT)]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(_ROOT)))
def test_every_statement_names_its_shop(path: Path) -> None:
    assert forgetful(path.read_text()) == []


def test_a_forgetful_statement_is_found() -> None:
    assert forgetful('x = "SELECT total FROM cart_line WHERE id = $1"') == [(1, "cart_line")]
    assert forgetful('x = "SELECT total FROM cart_line WHERE shop_id = $1"') == []
    assert forgetful('x = "/* all shops */ SELECT total FROM cart_line"') == []


def test_every_table_of_a_shop_has_the_shop_in_its_row() -> None:
    installs = {"lab_clock", "shop", "alembic_version"}
    without = {name for name, table in schema.metadata.tables.items() if "shop_id" not in table.columns}
    assert without <= installs, without - installs
