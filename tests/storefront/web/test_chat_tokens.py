"""The design tokens keep their promises: contrast in both themes, weight of the scripts, phrases in both languages."""

import re

import pytest

from storefront.web.assets import ASSETS, FOLDER
from storefront.web.pages import PHRASES, icon

_TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (FOLDER / "tokens.css").read_text()
    )
}
_GROUNDS = ("canvas", "paper", "raised", "sunken", "accent-soft")
_TEXTS = ("ink", "ink-2", "ink-3", "accent-ink", "good", "warn", "bad", "info")
_PAIRS = [(text, ground) for text in _TEXTS for ground in _GROUNDS] + [
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-bubble-out", "bubble-out"),
    ("on-bubble-out-2", "bubble-out"), ("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"),
    ("info", "info-soft"), ("accent-ink", "accent-soft"), ("paper", "ink"),
]  # fmt: skip


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), _PAIRS)
def test_text_is_readable_in_both_themes(text: str, ground: str) -> None:
    for theme in (0, 1):
        assert _contrast(_TOKENS[text][theme], _TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("ground", ["canvas", "paper", "raised"])
def test_edges_of_controls_are_seen_in_both_themes(ground: str) -> None:
    for theme in (0, 1):
        assert _contrast(_TOKENS["edge"][theme], _TOKENS[ground][theme]) >= 3


def test_the_chat_weighs_little() -> None:
    page = [asset for name, asset in ASSETS.files.items() if name.startswith("chat/")]
    loader = ASSETS.files["widget.js"]
    assert sum(len(asset.body) for asset in page) < 40 * 1024
    assert len(loader.body) < 10 * 1024
    assert sum(len(asset.packed or asset.body) for asset in (*page, loader)) < 20 * 1024


def test_components_use_tokens_and_never_raw_sizes_of_type() -> None:
    for sheet in ("base.css", "chat.css"):
        used = set(re.findall(r"var\(--([\w-]+)", (FOLDER / sheet).read_text()))
        known = set(re.findall(r"--([\w-]+):", (FOLDER / "tokens.css").read_text()))
        own = set(re.findall(r"--([\w-]+):", (FOLDER / sheet).read_text())) | {
            "gap",
            "least",
            "aside",
            "tone",
            "tone-soft",
        }
        assert used <= known | own


def test_scripts_name_only_phrases_and_icons_that_there_are() -> None:
    script = "\n".join(path.read_text() for path in (FOLDER / "chat").glob("*.js"))
    keys = {f"page.{key}" for key in re.findall(r'\bsay\("([a-z_]+)"', script)}
    assert keys <= PHRASES.keys("de")
    assert PHRASES.keys("de") == PHRASES.keys("en")
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', (FOLDER / "icons.svg").read_text()))
    assert set(re.findall(r'\bicon\("([\w-]+)"', script)) <= sprite
    assert "#send" in icon("send")
