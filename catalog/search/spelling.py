"""What typed words mean in this shop: its own vocabulary decides, then slips of the fingers, then general synonyms.

One slip is found by keys with one letter left out; two slips, in long words, by trigrams. Among the candidates the
least slip wins, weighed against how frequent the word is, and in longer queries how often it stands beside the others.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import query, slips, text
from catalog.search.index import spelling_keys
from catalog.search.query import Group
from catalog.search.vocabulary import HEADS, SYNONYMS

_SHORTEST_CORRECTED = 3
_SHORTEST_TWO_SLIPS = 7
_TWO = 2
_RARE = 3  # a word of so few documents may itself be somebody's slip
_FAR_MORE = 30  # and is believed to be one when a neighbour is that much more frequent
_FEW = 3  # documents with all words together; fewer make every word doubtful
_SHORTEST_COMPOUND = 8
_CHOICES = 6
_COUNTED = 200  # documents with all words are counted up to here

# Against each other, in the unit of the logarithm of frequency.
_PER_SLIP = 5.0
_OTHER_START = 1.5
_PER_DOCUMENTS = 0.5
_FREQUENT = 200  # beyond so many documents a word is no likelier
_PER_TOGETHER = 1.5


@dataclass(frozen=True, slots=True)
class Understood:
    """The groups to search for, and the query's words as they were understood."""

    groups: tuple[Group, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A word of the shop that may have been meant, and how unlikely that is."""

    word: str
    documents: int
    unlikely: float


async def understand(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> Understood:
    """Correct and widen the groups by the shop's vocabulary. Two short queries when every word is known."""
    known = await _known(uow, groups, locale)
    spelled = await _corrected(uow, groups, locale, known)
    if [group.word for group in spelled] != [group.word for group in groups]:
        known = await _known(uow, spelled, locale)
    unknown = [group for group in spelled if not known.get(group.word) and len(group.alternatives) == 1]
    pieces = await _pieces(uow, unknown, locale) if unknown else {}
    understood = [_widened(group, known, pieces) for group in spelled]
    synonyms = await _synonyms(uow, understood, locale)
    understood = [
        replace(group, alternatives=(*group.alternatives, *(tuple(synonym.split()) for synonym in found)))
        if (found := synonyms.get(group.word))
        else group
        for group in understood
    ]
    words = tuple(word for group in understood for word in group.word.split(" "))
    return Understood(_with_joined(understood, known), words)


def _widened(group: Group, known: Mapping[str, int], pieces: Mapping[str, tuple[str, ...]]) -> Group:
    if known.get(group.word):
        return group
    if parts := pieces.get(group.word):
        return Group(" ".join(parts), (*group.alternatives, parts))
    return replace(group, alternatives=(*group.alternatives, *((other,) for other in SYNONYMS.get(group.word, ()))))


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
    """In how many documents each word, its inflections or the joined pairs occur."""
    pairs = [left.word + right.word for left, right in pairwise(groups)]
    rows = await uow.fetch(
        """SELECT t.word, coalesce(cardinality(v.lexemes), 0) = 0 AS stop,
                  (SELECT coalesce(sum(greatest(w.documents, 0)), 0) FROM search_word w
                   WHERE w.shop_id = $1 AND w.locale = $2 AND w.lexeme = v.lexemes[1]) AS documents
           FROM unnest($4::text[]) AS t(word),
                LATERAL (SELECT tsvector_to_array(to_tsvector($3::regconfig, t.word)) AS lexemes) AS v""",
        uow.shop_id, locale, text.config_of(locale), [*(group.word for group in groups), *pairs],
    )  # fmt: skip
    return {row["word"]: _RARE + 1 if row["stop"] else int(row["documents"]) for row in rows}


async def _corrected(uow: UnitOfWork, groups: Sequence[Group], locale: str, known: Mapping[str, int]) -> list[Group]:
    """The groups with their slips undone. Where the typed word exists too, both are searched."""
    doubtful = [group for group in groups if known.get(group.word, 0) <= _RARE and _correctable(group)]
    together = 0
    if len(groups) > 1:
        together = (await _together(uow, [groups], locale))[0]
        if together < _FEW:
            doubtful = [group for group in groups if _correctable(group)]
    if not doubtful:
        return list(groups)
    choices = await _choices(uow, doubtful, locale, known)
    if len(groups) > 1:
        return await _best_together(uow, groups, choices, locale, known, together)
    word = groups[0].word
    best = min(choices.get(word, ()), key=lambda choice: choice.unlikely, default=None)
    if best is None or best.documents < known.get(word, 0) * _FAR_MORE:
        return list(groups)
    alternatives = (*groups[0].alternatives, (best.word,)) if known.get(word) else ((best.word,),)
    return [Group(best.word, alternatives)]


def _correctable(group: Group) -> bool:
    return len(group.word) >= _SHORTEST_CORRECTED and not group.word.isdecimal()


async def _best_together(
    uow: UnitOfWork,
    groups: Sequence[Group],
    choices: Mapping[str, Sequence[_Choice]],
    locale: str,
    known: Mapping[str, int],
    together: int,
) -> list[Group]:
    """Undo one slip after the other, unknown words first, each time the way that fits the other words best."""
    best = list(groups)
    for word in sorted(choices, key=lambda word: known.get(word, 0)):
        place = next(index for index, group in enumerate(best) if group.word == word)
        tries = [[*best[:place], Group(choice.word, ((choice.word,),)), *best[place + 1 :]] for choice in choices[word]]
        counts = await _together(uow, tries, locale)
        scored = [
            (choice.unlikely - _PER_TOGETHER * math.log(1 + count), count, attempt)
            for choice, count, attempt in zip(choices[word], counts, tries, strict=True)
        ]
        unlikely, count, attempt = min(scored, key=lambda item: item[0])
        stays = -_PER_DOCUMENTS * math.log(1 + known.get(word, 0)) - _PER_TOGETHER * math.log(1 + together)
        if not known.get(word) or (count > together and unlikely < stays):
            best, together = attempt, count
    return best


async def _together(uow: UnitOfWork, attempts: Sequence[Sequence[Group]], locale: str) -> list[int]:
    """In how many documents all groups of each attempt occur, counted up to a limit."""
    rows = await uow.fetch(
        """SELECT (SELECT count(*) FROM (
                SELECT 1 FROM search_text d WHERE d.shop_id = $1 AND d.locale = $2
                AND d.body @@ (to_tsquery($3::regconfig, t.wanted) && $4::tsquery) LIMIT $6) AS hits) AS documents
           FROM unnest($5::text[]) WITH ORDINALITY AS t(wanted, place) ORDER BY t.place""",
        uow.shop_id, locale, text.config_of(locale), f"'{text.tenant(uow.shop_id, locale)}'",
        [query.all_of(attempt) for attempt in attempts], _COUNTED,
    )  # fmt: skip
    return [row["documents"] for row in rows]


async def _choices(
    uow: UnitOfWork, groups: Sequence[Group], locale: str, known: Mapping[str, int]
) -> dict[str, list[_Choice]]:
    """For each word the words of the shop that may have been meant, the likeliest first."""
    typed = [(group.word, key) for group in groups for key in spelling_keys(group.word)]
    rows = await uow.fetch(
        """SELECT DISTINCT t.typed, w.word, w.documents
           FROM unnest($3::text[], $4::text[]) AS t(typed, key)
           JOIN search_spelling s ON s.shop_id = $1 AND s.locale = $2 AND s.key = t.key
           JOIN search_word w ON w.shop_id = $1 AND w.locale = $2 AND w.word = s.word AND w.documents > 0""",
        uow.shop_id, locale, [word for word, _ in typed], [key for _, key in typed],
    )  # fmt: skip
    near = [
        (row["typed"], row["word"], row["documents"]) for row in rows if slips.distance(row["typed"], row["word"]) <= 1
    ]
    far = {group.word for group in groups if len(group.word) >= _SHORTEST_TWO_SLIPS and not known.get(group.word)}
    if far := far - {typed for typed, _, _ in near}:
        rows = await uow.fetch(
            """SELECT t.typed, w.word, w.documents FROM unnest($3::text[]) AS t(typed), LATERAL (
                   SELECT word, documents FROM search_word
                   WHERE shop_id = $1 AND locale = $2 AND word % t.typed AND documents > 0
                   ORDER BY similarity(word, t.typed) DESC LIMIT 20) AS w""",
            uow.shop_id, locale, sorted(far),
        )  # fmt: skip
        near += [
            (row["typed"], row["word"], row["documents"])
            for row in rows
            if slips.distance(row["typed"], row["word"]) <= _TWO
        ]
    found: dict[str, list[_Choice]] = {}
    for typed_word, word, documents in near:
        if word != typed_word:
            choice = _Choice(word, documents, _unlikely(typed_word, word, documents))
            found.setdefault(typed_word, []).append(choice)
    return {
        typed_word: sorted(options, key=lambda choice: choice.unlikely)[:_CHOICES]
        for typed_word, options in found.items()
    }


def _unlikely(typed: str, word: str, documents: int) -> float:
    start = 0.0 if typed[:1] == word[:1] else _OTHER_START
    return _PER_SLIP * slips.cost(typed, word) + start - _PER_DOCUMENTS * math.log(1 + min(documents, _FREQUENT))


async def _pieces(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> dict[str, tuple[str, ...]]:
    """Words that the shop knows only in parts: a compound ('herrenpullover'), or a forgotten space ('usbfan')."""
    wanted = {group.word for group in groups if group.word.isalpha()}
    ends = {piece for word in wanted for cut in range(2, len(word) - 1) for piece in (word[:cut], word[cut:])}
    ends |= {piece for word in wanted for piece in text.prefixes(word)}
    rows = await uow.fetch(
        "SELECT word, documents FROM search_word"
        " WHERE shop_id = $1 AND locale = $2 AND word = ANY($3) AND documents > 0",
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
