"""What the reader says as its reasons is said to merchants: the desk has a phrase for each, in every language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bots import understanding
from storefront.web.desk_phrases import PHRASES

_MARK = re.compile(r"\{(\w+)\}")


def test_every_reason_of_a_reading_has_a_phrase() -> None:
    """`because.` and its own words, in storefront/web/locales/desk; what differs stands as a name in braces."""
    known = {key.removeprefix("because.") for key in PHRASES.keys("en") if key.startswith("because.")}
    assert all(re.fullmatch(r"[\w ,:{}-]+", one) for one in known if "{" in one)  # a pattern of the script as it stands
    plain = {_MARK.sub("{}", one) for one in known}
    given = {reason for file in Path(understanding.__path__[0]).rglob("*.py") for reason in _reasons(file)}
    assert {"goods wanted", "order {}", "an order", "no words", "asks about {}"} <= given
    assert not given - {"“{}”"} - plain, "add a phrase to storefront/web/locales/desk/de.po and en.po"


def _reasons(file: Path) -> Iterator[str]:
    """What a module of the reader says as a reason: `why=…` and `draft.why.append(…)`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        said = [keyword.value for keyword in node.keywords if keyword.arg == "why"]
        said += node.args if ast.unparse(node.func) == "draft.why.append" else []
        for value in said:
            yield from _texts(value)


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
        case ast.Tuple(elts=many):
            for each in many:
                yield from _texts(each)
        case _:
            return
