"""The desk's and the lab's texts: every phrase that a script or template says is there in both languages."""

import re
from pathlib import Path

import pytest

from storefront.web.assets import FOLDER
from storefront.web.desk_phrases import PHRASES

_SCRIPTS = sorted((*(FOLDER / "desk").glob("*.js"), *(FOLDER / "lab").glob("*.js")))
_TEMPLATES = [FOLDER.parent / "templates" / name for name in ("desk.html", "lab.html")]
_MARK = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("file", [*_SCRIPTS, *_TEMPLATES], ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_phrase_that_is_said_exists(file: Path) -> None:
    said = set(re.findall(r"""say\(["']([a-z]+\.\w+)["']""", file.read_text()))
    assert said <= PHRASES.keys("en")


def test_both_languages_have_the_same_phrases_with_the_same_values() -> None:
    assert PHRASES.keys("de") == PHRASES.keys("en")
    for key in PHRASES.keys("en"):
        assert set(_MARK.findall(PHRASES.say("de", key))) == set(_MARK.findall(PHRASES.say("en", key))), key


def test_no_script_writes_html() -> None:
    for file in _SCRIPTS:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", file.read_text()), file.name
