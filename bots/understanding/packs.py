"""Goods told by the pack they come in: `two packs of socks`, `die Socken, die Dreierpacks`."""

import re
from collections.abc import Sequence

from bots.understanding import stems
from bots.understanding.entries import Entry
from bots.understanding.turn import Clause

_COUNTS = {"zwei": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "acht": 8, "zehn": 10, "zwoelf": 12}
_PACK = re.compile(
    rf"(?:(\d+|{'|'.join(_COUNTS)})er\W?)?(?:pack|packs|packung|packungen|set|sets)\b|(\d+)\W(?:pack|packs|set|sets)\b"
)


def told_by_pack(clause: Clause, candidates: Sequence[Entry]) -> Entry | None:
    """The one of several that comes in packs, or in packs of so many, where a pack is spoken of; else None."""
    said = _PACK.search(clause.text())
    if said is None:
        return None
    count = said[1] or said[2]
    wanted = None if count is None else str(_COUNTS.get(count, count))
    packed = [(entry, sizes) for entry in candidates if (sizes := _sizes(entry)) is not None]
    found = [entry for entry, sizes in packed if wanted is None or wanted in sizes]
    return found[0] if len(found) == 1 else None


def _sizes(entry: Entry) -> set[str] | None:
    """How many its packs hold, by its titles; None where it comes in no packs."""
    found = [said for title in entry.titles.values() if (said := _PACK.search(stems.fold(title)))]
    return {str(_COUNTS.get(count, count)) for said in found for count in said.groups() if count} if found else None
