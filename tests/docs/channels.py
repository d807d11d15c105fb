"""Writes docs/channels.md from the adapters' own data: `python -m tests.docs.channels > docs/channels.md`."""

import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta

from bots.channels.base import Channel, CredentialField
from bots.channels.registry import CHANNELS
from bots.messages.capabilities import Capabilities

_HEAD = """\
# Channels

What each channel can show, and what it needs to be connected. Dialogues know none of this: they build one message, and
`bots/messages/fit.py` makes of it what the channel can show, by these numbers alone. Whatever stands on a button can
be typed as well. This page is written from the adapters (`python -m tests.docs.channels > docs/channels.md`); a test
fails when they differ. How to set a channel up is told beside its code.
"""

_WORDS = {
    "text_length": "characters of a text",
    "per_second": "messages a second and account",
    "recipient_pause": "between messages to one person, in the long run",
    "recipient_burst": "messages to one person at once",
    "caption_length": "characters beside a picture",
    "pictures": "pictures",
    "rich": "draws every kind of message by itself",
    "buttons": "reply buttons on a message",
    "button_length": "characters on a button",
    "button_text_length": "characters of a text with buttons",
    "buttons_with_picture": "buttons below a picture",
    "links_with_buttons": "a link beside reply buttons",
    "link_buttons": "link buttons on a message",
    "action_id_bytes": "bytes of a button's id",
    "list_rows": "rows of a list",
    "list_row_length": "characters of a row's title",
    "list_description_length": "characters of a row's description",
    "carousel_cards": "cards of a carousel, at most",
    "carousel_min_cards": "cards of a carousel, at least",
    "carousel_buttons": "buttons on a card",
    "card_text_length": "characters on a card",
    "card_links_only": "cards carry links only",
    "card_action_id_bytes": "bytes of a card button's id",
    "documents": "documents",
    "location_request": "can ask for a location",
    "typing": "shows that an answer is being written",
    "receipts": "reports delivery",
    "reply_window": "free words after the person's last message",
    "templates": "pre-approved messages outside that window",
}
_NEEDS = {"list_row": "list_rows", "list_desc": "list_rows", "card": "carousel_cards", "carousel_": "carousel_cards"}
_NEEDS |= {"button_": "buttons", "buttons_": "buttons", "links_with": "link_buttons", "recipient_": "recipient_pause"}
_ONLY_WHERE_TRUE = frozenset({"rich", "recipient_pause"})


def document() -> str:
    """The page."""
    kinds = list(CHANNELS.items())
    overview = ["| channel | reply buttons | list rows | carousel | receipts | free words | set up |",
                "|---|---|---|---|---|---|---|"]  # fmt: skip
    for kind, channel in kinds:
        can = channel.capabilities
        overview.append(
            f"| [{kind}](#{kind}) | {_count(can.buttons)} | {_count(can.list_rows)} | {_count(can.carousel_cards)}"
            f" | {_said(can.receipts)} | {_window(can.reply_window)}"
            f" | [README](../bots/channels/{kind}/README.md) |"
        )
    return "\n".join([_HEAD, *overview, "", *(_section(kind, channel) for kind, channel in kinds)])


def _section(kind: str, channel: type[Channel]) -> str:
    lines = [
        f"## {kind}", "", f"{_first_line(kind)}", "", "| can | |", "|---|---|",
        *(
            f"| {_WORDS[one.name]} | {_said(getattr(channel.capabilities, one.name))} |"
            for one in fields(Capabilities)
            if _applies(one.name, channel.capabilities)
        ),
    ]  # fmt: skip
    return "\n".join([*lines, "", *_credentials(channel.fields), ""])


def _first_line(kind: str) -> str:
    return (sys.modules[f"bots.channels.{kind}"].__doc__ or kind).splitlines()[0]


def _applies(name: str, can: Capabilities) -> bool:
    """Whether a limit means anything: a channel without lists has no length of a list's row."""
    if name in _ONLY_WHERE_TRUE:
        return bool(getattr(can, name))
    needed = next((needs for prefix, needs in _NEEDS.items() if name.startswith(prefix) and name != needs), None)
    return needed is None or bool(getattr(can, needed))


def _credentials(given: Sequence[CredentialField]) -> list[str]:
    lines = ["| credential | | |", "|---|---|---|"]
    for one in given:
        traits = [
            "secret" if one.secret else "", "" if one.required else "optional",
            "made by the shop when left out" if one.generated else "", "shown once" if one.returned else "",
        ]  # fmt: skip
        hint = one.hint.replace("|", "\\|") or ("one of " + ", ".join(one.choices) if one.choices else "")
        lines.append(f"| `{one.name}` | {', '.join(filter(None, traits)) or 'required'} | {hint} |")
    return lines


def _count(number: int) -> str:
    return f"{number}" if number else "–"


def _window(window: timedelta | None) -> str:
    return f"{window.total_seconds() / 3600:g} hours" if window is not None else "at any time"


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "at any time"
        case timedelta() if value < timedelta(minutes=1):
            return f"{value.total_seconds():g} s"
        case timedelta():
            return _window(value)
        case int():
            return f"{value:,}".replace(",", " ") if value else "none"
        case _:
            return str(value)


if __name__ == "__main__":
    sys.stdout.write(document())
