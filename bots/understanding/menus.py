"""Orders spoken against any menu: `two large pizzas with ham but no onions and a coke` to lines."""

from collections.abc import Mapping
from typing import Any

from bots.understanding.menuparts import Chosen, Line
from bots.understanding.menuwords import Words
from bots.understanding.ordering import Parser

_LONGEST = 4000  # characters that are read


class MenuReader:
    """Reads orders against one menu; all it knows of the goods comes from the menu file."""

    def __init__(self, menu: Mapping[str, Any]) -> None:
        self.words = Words(menu)

    def read(self, text: str) -> list[dict[str, Any]]:
        """The lines of an order, in order of mention; empty when nothing of the menu is ordered."""
        return [_line(line) for line in Parser(self.words, list(self.words.matches(text[:_LONGEST]))).lines()]


def _line(line: Line) -> dict[str, Any]:
    options: list[dict[str, Any]] = []
    excluded: list[dict[str, Any]] = []
    for chosen in line.chosen:
        entry = _option(chosen)
        target = excluded if chosen.excluded else options
        if entry not in target:
            target.append(entry)
    return {"group": line.group, "item": line.item, "quantity": line.quantity, "options": options, "excluded": excluded}


def _option(chosen: Chosen) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": chosen.option.name}
    if len(chosen.option.values) == 1:
        entry["value"] = chosen.option.values[0]
    else:
        entry["any_of"] = sorted(chosen.option.values)
    if chosen.amount is not None:
        entry["amount"] = chosen.amount
    if chosen.count is not None:
        entry["count"] = chosen.count
    return entry
