"""`storefront understand`: one message a line in, one reading a line out; by hand in a terminal, as a filter in a pipe.

Needs no database, no settings and no network: all it knows of a shop or a menu comes from the files named. Exit code
0; 1 when a line could not be read; 2 when a file could not, before the first line.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import click

from bots.understanding.contexts import UnreadableContext, context_from_json
from bots.understanding.lexicon import Lexicon
from bots.understanding.menus import MenuReader
from bots.understanding.reader import RuleReader
from bots.understanding.reading import Context

_PROMPT = "> "
Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


class UnreadableLine(ValueError):
    """A line is no request: no JSON object, no text, or a context that does not exist."""


@click.command()
@click.option("--catalogue", type=click.Path(path_type=Path), help="Catalogue file that the messages are read against.")
@click.option("--contexts", type=click.Path(path_type=Path), help="File of named contexts that messages may refer to.")
@click.option("--menu", type=click.Path(path_type=Path), help="Menu file: read orders instead of shop messages.")
def understand(catalogue: Path | None, contexts: Path | None, menu: Path | None) -> None:
    """Read messages as the shop would: JSON lines from standard input, or sentences typed in a terminal."""
    if (catalogue is None) == (menu is None):
        raise click.UsageError("name either --catalogue FILE or --menu FILE")
    try:
        answer = (
            _orders(menu)
            if menu is not None
            else _messages(_load(catalogue), {} if contexts is None else _load(contexts))
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        click.echo(
            f"cannot read {menu or catalogue}: {fault}; it must be a JSON file as docs/understanding.md describes",
            err=True,
        )
        sys.exit(2)
    if sys.stdin.isatty():
        _talk(answer)
        return
    sys.exit(_filter(answer, sys.stdin.buffer, sys.stdout))


def _load(path: Path | None) -> dict[str, Any]:
    if path is None:
        raise ValueError("no file named")
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError(f"{path.name} holds no object")
    return found


def _messages(catalogue: Mapping[str, Any], contexts: Mapping[str, Any]) -> Answer:
    reader = RuleReader(Lexicon.from_catalogue_json(catalogue))
    named = {name: context_from_json(found) for name, found in contexts.items()}

    def answer(request: Mapping[str, Any]) -> dict[str, Any]:
        lang = request.get("lang")
        reading = reader.read(
            request["text"], _context(request.get("context"), named), lang=lang if isinstance(lang, str) else None
        )
        return reading.to_json()

    return answer


def _context(found: object, named: Mapping[str, Context]) -> Context:
    if found is None:
        return Context()
    if isinstance(found, str):
        if found not in named:
            raise UnreadableLine(f"context {found[:80]!r} does not exist")
        return named[found]
    try:
        return context_from_json(found)
    except UnreadableContext as fault:
        raise UnreadableLine(str(fault)) from fault


def _orders(path: Path) -> Answer:
    reader = MenuReader(_load(path))
    return lambda request: {"lines": reader.read(request["text"])}


def _filter(answer: Answer, source: BinaryIO, target: TextIO) -> int:
    """Answer line by line, each flushed before the next is awaited; 1 when one of them could not be read."""
    failed = 0
    for raw in source:
        id_: Any = None
        try:
            request = _request(raw)
            id_ = request.get("id")
            out = {"id": id_, **answer(_with_text(request))}
        except UnreadableLine as fault:
            failed = 1
            out = {"id": id_, "error": str(fault)}
        target.write(json.dumps(out, ensure_ascii=True) + "\n")
        target.flush()
    return failed


def _with_text(request: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(request.get("text"), str):
        raise UnreadableLine("no text")
    return request


def _request(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise UnreadableLine(f"no JSON: {fault}") from fault
    if not isinstance(found, dict):
        raise UnreadableLine("no JSON object")
    return found


def _talk(answer: Answer) -> None:
    """By hand: a sentence in, the reading with its reasons out; an empty line ends."""
    while True:
        try:
            text = input(_PROMPT)
        except EOFError:
            return
        if not text.strip():
            return
        click.echo(json.dumps(answer({"text": text}), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    understand()
