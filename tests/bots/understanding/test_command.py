"""`storefront understand` as a filter: one answer a line, errors in their place, exit codes, the same bytes."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from storefront.cli.understand import understand
from tests.bots.understanding import cases

ROOT = Path(__file__).parent.parent.parent.parent
FILES = ("--catalogue", str(cases.HERE / "catalogue.json"), "--contexts", str(cases.HERE / "contexts.json"))


def _run(lines: bytes, *options: str) -> Result:
    return CliRunner().invoke(understand, options, input=lines)


def _in_a_process_of_its_own(lines: bytes, *options: str) -> bytes:
    command = [sys.executable, "-m", "storefront.cli.understand", *options]
    return subprocess.run(command, input=lines, capture_output=True, cwd=ROOT, check=True, timeout=120).stdout


def _answers(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_line_is_answered_in_order() -> None:
    requests = [
        {"id": "1", "text": "zwei graue Mützen"},
        {"id": "2", "text": "wo ist mein paket", "context": "regular"},
    ]
    done = _run("\n".join(json.dumps(one) for one in requests).encode(), *FILES)
    assert done.exit_code == 0
    first, second = _answers(done)
    assert (first["id"], first["intents"], first["cart_ops"][0]["quantity"]) == ("1", ["add_to_cart"], 2)
    assert (second["id"], second["order"]) == ("2", "L-2107")


def test_a_line_that_cannot_be_read_is_told_in_its_place() -> None:
    lines = (
        b'nonsense\n{"id": "a"}\n{"id": "b", "text": "hi", "context": "nobody"}\n\xff\xfe\n'
        b'{"id": "c", "text": "hi", "context": {"cart": 3}}\n{"id": "d", "text": ""}\n'
    )
    done = _run(lines, *FILES)
    assert done.exit_code == 1
    answers = _answers(done)
    assert [("error" in one, one["id"]) for one in answers] == [
        (True, None),
        (True, "a"),
        (True, "b"),
        (True, None),
        (True, "c"),
        (False, "d"),
    ]


def test_a_missing_file_is_told_before_the_first_line() -> None:
    done = _run(b'{"id": "a", "text": "hi"}\n', "--catalogue", "/nowhere/at/all.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "cannot read" in done.stderr


def test_a_context_may_come_with_the_line() -> None:
    context = {"shown": ["p-101", "p-102"], "last_search": {"category": "tops/t-shirts"}}
    done = _run(json.dumps({"id": "a", "text": "das zweite", "context": context}).encode(), *FILES)
    assert _answers(done)[0]["product"] == "p-102"


def test_the_same_lines_give_the_same_bytes() -> None:
    lines = "\n".join(
        json.dumps({"id": case.id, "text": case.text, "context": case.context}) for case in cases.own().cases[:80]
    ).encode()
    assert _in_a_process_of_its_own(lines, *FILES) == _run(lines, *FILES).stdout_bytes


def test_an_answer_comes_before_the_next_line_is_sent() -> None:
    command = [sys.executable, "-m", "storefront.cli.understand", *FILES]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as talk:
        assert talk.stdin is not None
        assert talk.stdout is not None
        for number in ("1", "2"):
            talk.stdin.write(json.dumps({"id": number, "text": "hallo"}).encode() + b"\n")
            talk.stdin.flush()
            assert json.loads(talk.stdout.readline())["id"] == number
        talk.stdin.close()
        assert talk.wait(30) == 0


def test_a_context_or_file_that_does_not_exist_is_named() -> None:
    done = _run(b"", *FILES[:2], "--contexts", "/nowhere/contexts.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert isinstance(done.exception, SystemExit)
    assert "/nowhere/contexts.json" in done.stderr


def test_both_kinds_of_file_at_once_are_misuse() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "storefront.cli.main", "understand"], capture_output=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")


def test_in_a_terminal_a_sentence_is_answered_for_people() -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "storefront.cli.main", "understand", *FILES, "--context", "regular"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, cwd=ROOT) as talk:
        os.close(theirs)
        os.write(ours, "zwei graue Mützen\n\n".encode())
        out, _ = talk.communicate(timeout=60)
        assert talk.returncode == 0
    os.close(ours)
    said = out.decode()
    assert "add_to_cart" in said
    assert "quantity 2" in said
    assert "why" in said
