"""The reader's word lists, loaded once from the files beside this one: adding a word is no code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """One data file, parsed."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """A plain word list: words between blanks and line ends, `#` starts a comment."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())


@cache
def emoji() -> dict[str, str]:
    """Each known emoji and the word it stands for."""
    return {sign: word for word, signs in table("emoji")["emoji"].items() for sign in signs}


@cache
def word_set(name: str) -> frozenset[str]:
    """A named set of folded words from `words.toml`."""
    return frozenset(table("words")[name])
