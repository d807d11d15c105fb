"""`storefront understand`: one message a line in, one reading a line out; by hand in a terminal, as a filter in a pipe.

Needs no database, no settings and no network: all it knows of a shop or a menu comes from the files named. Exit code
0; 1 when a line could not be read; 2 when a file could not, before the first line.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeVar

import click

from bots.understanding.contexts import UnreadableContext, context_from_json
from bots.understanding.lexicon import Lexicon
from bots.understanding.menus import MenuReader
from bots.understanding.reader import RuleReader
from bots.understanding.reading import Context

_PROMPT = "> "
_Made = TypeVar("_Made")
Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


class UnreadableLine(ValueError):
    """A line is no request: no JSON object, no text, or a context that does not exist."""


class UnreadableFile(ValueError):
    """A file named on the command line is missing or has another shape; the sentence names it."""


@click.command()
@click.option("--catalogue", type=click.Path(path_type=Path), help="Catalogue file that the messages are read against.")
@click.option("--contexts", type=click.Path(path_type=Path), help="File of named contexts that messages may refer to.")
@click.option("--context", "named", help="In a terminal: the named context that sentences are read in.")
@click.option("--menu", type=click.Path(path_type=Path), help="Menu file: read orders instead of shop messages.")
def understand(catalogue: Path | None, contexts: Path | None, named: str | None, menu: Path | None) -> None:
    """Read messages as the shop would: JSON lines from standard input, or sentences typed in a terminal."""
    if (catalogue is None) == (menu is None):
        raise click.UsageError("name either --catalogue FILE or --menu FILE")
    try:
        answer = _orders(menu) if catalogue is None else _messages(catalogue, contexts)
        if named is not None:
            answer({"text": "", "context": named})
    except (UnreadableFile, UnreadableLine) as fault:
        click.echo(f"cannot read {fault}", err=True)
        sys.exit(2)
    if sys.stdin.isatty():
        _talk(answer, {} if named is None else {"context": named})
        return
    sys.exit(_filter(answer, sys.stdin.buffer, sys.stdout))


def _compiled(path: Path, make: Callable[[dict[str, Any]], _Made]) -> _Made:
    """What a JSON file gives. Raises UnreadableFile."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise UnreadableFile(f"{path}: it holds no JSON object; see docs/understanding.md")
        return make(found)
    except OSError as fault:
        raise UnreadableFile(f"{path}: {fault.strerror}") from fault
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        if isinstance(fault, UnreadableFile):
            raise
        raise UnreadableFile(f"{path}: {type(fault).__name__}: {fault}; see docs/understanding.md") from fault


def _messages(catalogue: Path, contexts: Path | None) -> Answer:
    reader = RuleReader(_compiled(catalogue, Lexicon.from_catalogue_json))
    named = {} if contexts is None else _compiled(contexts, _contexts)

    def answer(request: Mapping[str, Any]) -> dict[str, Any]:
        lang = request.get("lang")
        reading = reader.read(
            request["text"], _context(request.get("context"), named), lang=lang if isinstance(lang, str) else None
        )
        return reading.to_json()

    return answer


def _contexts(found: Mapping[str, Any]) -> dict[str, Context]:
    return {name: context_from_json(one) for name, one in found.items()}


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


def _orders(path: Path | None) -> Answer:
    if path is None:
        raise UnreadableFile("a menu: none is named")
    reader = _compiled(path, MenuReader)
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
        except Exception as fault:  # noqa: BLE001 - one line's fault must not silence the lines after it
            failed = 1
            out = {"id": id_, "error": f"{type(fault).__name__} while reading; please report this line"}
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


def _talk(answer: Answer, known: Mapping[str, Any]) -> None:
    """By hand: a sentence in, the reading with its reasons out; an empty line ends."""
    while True:
        try:
            text = input(_PROMPT)
        except EOFError:
            return
        if not text.strip():
            return
        click.echo(told(answer({"text": text, **known})))


def told(reading: Mapping[str, Any]) -> str:
    """A reading for people: a line for each thing it says, the reasons last."""
    shown = {key: value for key, value in reading.items() if key not in {"why", "confidence"} and value not in ([], {})}
    if "confidence" in reading:
        shown["intents"] = f"{', '.join(reading['intents'])}  ({reading['confidence']:.2f})"
    lines = [f"  {key:<15} {_plainly(value)}" for key, value in shown.items()]
    lines += [f"  {'why' if at == 0 else '':<15} {reason}" for at, reason in enumerate(reading.get("why", ()))]
    return "\n".join(lines) or "  nothing ordered"


def _plainly(value: object) -> str:
    if isinstance(value, Mapping):
        parts = (f"{key} {_plainly(one)}" for key, one in value.items() if one not in (None, [], {}))
        return ", ".join(parts)
    if isinstance(value, list):
        return ("; " if any(isinstance(one, Mapping) for one in value) else ", ").join(_plainly(one) for one in value)
    return "yes" if value is True else str(value)


if __name__ == "__main__":
    understand()
