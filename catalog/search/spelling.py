"""What a typed word means in this shop: its own vocabulary decides, then one slip of the fingers, then general synonyms.

One slip is found by keys with one letter left out; two slips, in long words, by trigrams. Among the candidates the nearer
one wins, then the one with the same beginning, then the more frequent.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from asyncpg import Record
from rapidfuzz.distance import OSA

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import text
from catalog.search.index import spelling_keys
from catalog.search.query import Group
from catalog.search.vocabulary import HEADS, SYNONYMS

_SHORTEST_CORRECTED = 3
_SHORTEST_TWO_SLIPS = 7
_RARE = 2  # a word of so few documents may itself be somebody's slip
_FAR_MORE = 30  # and is believed to be one when a neighbour is that much more frequent
_SHORTEST_COMPOUND = 8


@dataclass(frozen=True, slots=True)
class Understood:
    """The groups to search for, and the query's words as they were understood."""

    groups: tuple[Group, ...]
    words: tuple[str, ...]


async def understand(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> Understood:
    """Correct and widen the groups by the shop's vocabulary. One query when every word is known, up to four otherwise."""
    known = await _known(uow, groups, locale)
    unknown = [group for group in groups if _doubtful(group, known)]
    nearest = await _nearest(uow, unknown, locale, known) if unknown else {}
    pieces = await _pieces(uow, [group for group in unknown if group.word not in nearest], locale)
    synonyms = await _synonyms(uow, groups, locale)
    understood: list[Group] = []
    words: list[str] = []
    for group in groups:
        better = _better(group, known, nearest, pieces)
        words.extend(better.word.split(" "))
        extra = tuple(tuple(synonym.split()) for synonym in synonyms.get(better.word, ()))
        understood.append(Group(better.word, (*better.alternatives, *extra)))
    return Understood(_with_joined(understood, known), tuple(words))


def _doubtful(group: Group, known: Mapping[str, int]) -> bool:
    word = group.word
    return len(word) >= _SHORTEST_CORRECTED and not word.isdecimal() and known.get(word, 0) <= _RARE


def _better(
    group: Group,
    known: Mapping[str, int],
    nearest: Mapping[str, tuple[str, int]],
    pieces: Mapping[str, tuple[str, ...]],
) -> Group:
    word, documents = group.word, known.get(group.word, 0)
    if found := nearest.get(word):
        if not documents:
            return Group(found[0], ((found[0],),))
        return Group(word, (*group.alternatives, (found[0],)))
    if documents:
        return group
    if parts := pieces.get(word):
        return Group(" ".join(parts), (*group.alternatives, parts))
    return Group(word, (*group.alternatives, *((other,) for other in SYNONYMS.get(word, ()))))


def _with_joined(groups: Sequence[Group], known: Mapping[str, int]) -> tuple[Group, ...]:
    """Neighbours that the shop writes as one word ('head phones') may also be that word."""
    result = list(groups)
    for index in range(len(groups) - 1):
        left, right = groups[index], groups[index + 1]
        if known.get(left.word + right.word, 0) > _RARE:
            together = (left.word + right.word,)
            result[index] = Group(left.word, (*result[index].alternatives, together))
            result[index + 1] = Group(right.word, (*result[index + 1].alternatives, together))
    return tuple(result)


async def _known(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> dict[str, int]:
    """In how many documents each word, its inflections or the joined pairs occur; words of descriptions count too."""
    pairs = [left.word + right.word for left, right in zip(groups, groups[1:], strict=False)]
    rows = await uow.fetch(
        """SELECT t.word, (SELECT coalesce(sum(greatest(w.documents, 0)), 0) FROM search_word w
                           WHERE w.shop_id = $1 AND w.locale = $2 AND w.lexeme = coalesce(
                               (tsvector_to_array(to_tsvector($3::regconfig, t.word)))[1], t.word)) AS documents
           FROM unnest($4::text[]) AS t(word)""",
        uow.shop_id, locale, text.config_of(locale), [*(group.word for group in groups), *pairs],
    )  # fmt: skip
    known = {row["word"]: int(row["documents"]) for row in rows}
    rest = [group.word for group in groups if _doubtful(group, known)]
    if rest:
        rows = await uow.fetch(
            """SELECT t.word, (SELECT count(*) FROM (
                    SELECT 1 FROM search_text d WHERE d.shop_id = $1 AND d.locale = $2
                    AND d.body @@ (to_tsquery($3::regconfig, quote_literal(t.word)) && $4::tsquery) LIMIT 3) AS hits)
                    AS documents
               FROM unnest($5::text[]) AS t(word)""",
            uow.shop_id, locale, text.config_of(locale), f"'{text.tenant(uow.shop_id, locale)}'", rest,
        )  # fmt: skip
        for row in rows:
            known[row["word"]] += int(row["documents"])
    return known


async def _nearest(
    uow: UnitOfWork, groups: Sequence[Group], locale: str, known: Mapping[str, int]
) -> dict[str, tuple[str, int]]:
    """For each word the word of the shop that was probably meant, and the number of its documents."""
    typed = [(group.word, key) for group in groups for key in spelling_keys(group.word)]
    rows = await uow.fetch(
        """SELECT DISTINCT t.typed, w.word, w.documents
           FROM unnest($3::text[], $4::text[]) AS t(typed, key)
           JOIN search_spelling s ON s.shop_id = $1 AND s.locale = $2 AND s.key = t.key
           JOIN search_word w ON w.shop_id = $1 AND w.locale = $2 AND w.word = s.word AND w.documents > 0""",
        uow.shop_id, locale, [word for word, _ in typed], [key for _, key in typed],
    )  # fmt: skip
    found = _choose(groups, rows, known, slips=1)
    far = [group for group in groups if group.word not in found and len(group.word) >= _SHORTEST_TWO_SLIPS]
    if far := [group for group in far if not known.get(group.word)]:
        rows = await uow.fetch(
            """SELECT t.typed, w.word, w.documents FROM unnest($3::text[]) AS t(typed), LATERAL (
                   SELECT word, documents FROM search_word
                   WHERE shop_id = $1 AND locale = $2 AND word % t.typed AND documents > 0
                   ORDER BY similarity(word, t.typed) DESC LIMIT 20) AS w""",
            uow.shop_id, locale, [group.word for group in far],
        )  # fmt: skip
        found |= _choose(far, rows, known, slips=2)
    return found


def _choose(
    groups: Iterable[Group], rows: Sequence[Record], known: Mapping[str, int], *, slips: int
) -> dict[str, tuple[str, int]]:
    chosen: dict[str, tuple[str, int]] = {}
    for group in groups:
        documents = Counter({row["word"]: row["documents"] for row in rows if row["typed"] == group.word})
        least = known.get(group.word, 0) * _FAR_MORE
        near = [
            (_unlikeliness(group.word, word, count), word, count)
            for word, count in documents.items()
            if word != group.word and count > least and _distance(group.word, word) <= slips
        ]
        if near:
            _, word, count = min(near)
            chosen[group.word] = (word, count)
    return chosen


def _distance(typed: str, word: str) -> int:
    plain = OSA.distance(text.spelled_out(typed), text.spelled_out(word))
    return 0 if plain == 0 else min(plain, OSA.distance(typed, word))


def _unlikeliness(typed: str, word: str, documents: int) -> float:
    """The lower the better: a slip costs most, then a changed first letter or length, against the word's frequency."""
    moved = 0.0 if sorted(typed) == sorted(word) else 0.5
    other_start = 0.0 if typed[:1] == word[:1] else 1.5
    return 4 * _distance(typed, word) + moved + other_start - math.log(1 + documents)


async def _pieces(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> dict[str, tuple[str, ...]]:
    """Words that the shop knows only in parts: a compound ('herrenpullover'), or a forgotten space ('usbfan')."""
    wanted = {group.word for group in groups if group.word.isalpha()}
    if not wanted:
        return {}
    ends = {piece for word in wanted for cut in range(2, len(word) - 1) for piece in (word[:cut], word[cut:])}
    ends |= {piece for word in wanted for piece in text.prefixes(word)}
    rows = await uow.fetch(
        "SELECT word, documents FROM search_word WHERE shop_id = $1 AND locale = $2 AND word = ANY($3) AND documents > 0",
        uow.shop_id, locale, sorted(ends),
    )  # fmt: skip
    documents = {row["word"]: row["documents"] for row in rows}
    found: dict[str, tuple[str, ...]] = {}
    for word in wanted:
        cuts = [
            (min(documents.get(word[:cut], 0), documents.get(word[cut:], 0)), cut) for cut in range(2, len(word) - 1)
        ]
        best, cut = max(cuts, default=(0, 0))
        if best:
            found[word] = (word[:cut], word[cut:])
        elif text.compounding(locale) and len(word) >= _SHORTEST_COMPOUND:
            split = text.split(word, documents.keys() | HEADS)
            if split and split[1] in documents:
                found[word] = tuple(part for part in split if part in documents)
    return found


async def _synonyms(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> dict[str, list[str]]:
    rows = await uow.fetch(
        "SELECT word, synonyms FROM search_synonym WHERE shop_id = $1 AND locale = $2 AND word = ANY($3)",
        uow.shop_id, locale, [group.word for group in groups],
    )  # fmt: skip
    return {row["word"]: row["synonyms"] for row in rows}
