"""Action ids: a verb and what it is about, in the 64 bytes that Telegram allows for what a button sends back.

A part that is too long (handles of imported shops, two SKUs in one id) is cut and gets a mark of the whole, by which
whoever has the candidates finds it again. Nothing is kept: a button of an old message still works.
"""

from collections.abc import Iterable
from hashlib import blake2s

LONGEST = 64  # bytes
CUT = "~"
_MARK_BYTES = 4


def action_id(verb: str, *parts: str) -> str:
    """`verb:part:part`, every part whole where there is room, else cut to its share and marked."""
    whole = ":".join((verb, *parts))
    if not any(":" in part for part in parts) and len(whole.encode()) <= LONGEST:
        return whole
    share = (LONGEST - len(verb.encode()) - len(parts)) // max(len(parts), 1)
    return ":".join((verb, *(_cut(part, share) for part in parts)))


def start_of(part: str) -> str:
    """What the whole of a cut part begins with."""
    return part.rpartition(CUT)[0]


def whole_of(part: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a part stands for: the part itself, or what it was cut from."""
    found = list(candidates)
    if part in found:
        return part
    return next((one for one in found if _cut(one, len(part.encode())) == part), None)


def _cut(part: str, share: int) -> str:
    raw = part.encode()
    if len(raw) <= share and ":" not in part:
        return part
    mark = blake2s(raw, digest_size=_MARK_BYTES).hexdigest()
    kept = raw[: share - len(mark) - len(CUT)].decode(errors="ignore").partition(":")[0]
    return f"{kept}{CUT}{mark}"
