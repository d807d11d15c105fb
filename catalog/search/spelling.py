"""What typed words mean in this shop: its own vocabulary decides, then slips of the fingers, then general synonyms.

Among the words that may have been meant (choices.py) the likeliest slip wins, weighed with how many titles have the
word, and in longer queries how often it stands beside the others: words that no product has together were hardly meant
together. A word that the shop knows stays beside its correction.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import query, text
from catalog.search.choices import IN_TEXT, Known, choices, prior
from catalog.search.query import Group
from catalog.search.vocabulary import HEADS, SYNONYMS

_RARE = 3  # a word of so few documents may itself be somebody's slip
_SHORTEST_COMPOUND = 8
_COUNTED = 30  # documents with all words are counted up to here

# Logarithms of likelihood, against each other.
_SLIPPED = 2.5  # that nothing is wrong with a word the shop knows well
_STRANGE = 1.0  # or hardly, or only by its stem
_PER_TOGETHER = 1.2
_UNSEEN = 0.2  # together in no product: as if in so many


@dataclass(frozen=True, slots=True)
class Understood:
    """The groups to search for, and the query's words as they were understood."""

    groups: tuple[Group, ...]
    words: tuple[str, ...]


_STOP = Known(_RARE + 1, 0, _RARE + 1)


async def understand(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> Understood:
    """Correct and widen the groups by the shop's vocabulary. Two short queries when every word is known."""
    known = await _known(uow, groups, locale)
    respaced = _respaced(groups, known)
    if respaced != list(groups) and any(await _together(uow, [respaced], locale)):
        groups = respaced
        known = await _known(uow, groups, locale)
    spelled = await _corrected(uow, groups, locale, known)
    if [group.word for group in spelled] != [group.word for group in groups]:
        known = await _known(uow, spelled, locale)
    unknown = [group for group in spelled if not known[group.word].documents and len(group.alternatives) == 1]
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


def _widened(group: Group, known: Mapping[str, Known], pieces: Mapping[str, tuple[str, ...]]) -> Group:
    if known[group.word].documents:
        return group
    if parts := pieces.get(group.word):
        return Group(" ".join(parts), (*group.alternatives, parts))
    return replace(group, alternatives=(*group.alternatives, *((other,) for other in SYNONYMS.get(group.word, ()))))


def _with_joined(groups: Sequence[Group], known: Mapping[str, Known]) -> tuple[Group, ...]:
    """Neighbours that the shop writes as one word ('head phones') may also be that word."""
    result = list(groups)
    for index in range(len(groups) - 1):
        left, right = groups[index], groups[index + 1]
        if known[left.word + right.word].documents > _RARE:
            together = (left.word + right.word,)
            result[index] = Group(left.word, (*result[index].alternatives, together))
            result[index + 1] = Group(right.word, (*result[index + 1].alternatives, together))
    return tuple(result)


async def _known(uow: UnitOfWork, groups: Sequence[Group], locale: str) -> dict[str, Known]:
    """In how many documents each word, its inflections or the joined pairs occur."""
    pairs = [word for left, right in pairwise(groups) for word in _across(left.word, right.word)]
    rows = await uow.fetch(
        """SELECT t.word, coalesce(cardinality(v.lexemes), 0) = 0 AS stop, w.documents, w.titles,
                  w.exact
           FROM unnest($4::text[]) AS t(word),
                LATERAL (SELECT tsvector_to_array(to_tsvector($3::regconfig, t.word)) AS lexemes) AS v,
                LATERAL (SELECT coalesce(sum(greatest(w.documents, 0)), 0) AS documents,
                                coalesce(sum(greatest(w.titles, 0)), 0) AS titles,
                                coalesce(sum(w.documents) FILTER (WHERE w.word = t.word), 0) AS exact
                         FROM search_word w
                         WHERE w.shop_id = $1 AND w.locale = $2 AND w.lexeme = v.lexemes[1]) AS w""",
        uow.shop_id, locale, text.config_of(locale), list({*(group.word for group in groups), *pairs}),
    )  # fmt: skip
    return {
        row["word"]: _STOP if row["stop"] else Known(int(row["documents"]), int(row["titles"]), int(row["exact"]))
        for row in rows
    }


def _across(left: str, right: str) -> Iterator[str]:
    """Neighbours written as one, and with the space between them a letter further on or back."""
    yield left + right
    yield from (left[:-1], left[-1:] + right, left + right[:1], right[1:])


def _respaced(groups: Sequence[Group], known: Mapping[str, Known]) -> list[Group]:
    """The groups with spaces that slipped by a letter put right ('us bfan')."""
    result = list(groups)
    for index, (left, right) in enumerate(pairwise(groups)):
        if known[left.word].documents and known[right.word].documents:
            continue
        _, *moved = _across(left.word, right.word)
        for first, second in (moved[:2], moved[2:]):
            if min(len(first), len(second)) > 1 and known[first].titles and known[second].titles:
                result[index], result[index + 1] = Group(first, ((first,),)), Group(second, ((second,),))
    return result


async def _corrected(uow: UnitOfWork, groups: Sequence[Group], locale: str, known: Mapping[str, Known]) -> list[Group]:
    """The groups with their slips undone. Where the typed word exists too, both are searched."""
    alone = len(groups) == 1
    together = _COUNTED if alone else (await _together(uow, [groups], locale))[0]
    doubtful = [
        group
        for group in groups
        if not group.word.isdecimal() and (not known[group.word].documents or _doubted(group, known, together))
    ]
    if not doubtful:
        return list(groups)
    meant = await choices(uow, doubtful, locale, known)
    best, least = list(groups), together
    for word in sorted(meant, key=lambda word: known[word].documents):
        place = next(index for index, group in enumerate(best) if group.word == word)
        tries = [_with(best, place, choice.word, known[word]) for choice in meant[word]]
        counts = [_COUNTED] * len(tries) if alone else await _together(uow, tries, locale)
        scored = [
            (choice.unlikely - _meet(count), count, attempt)
            for choice, count, attempt in zip(meant[word], counts, tries, strict=True)
        ]
        unlikely, count, attempt = min(scored, key=lambda item: item[0])
        sure = _SLIPPED if known[word].exact > _RARE else _STRANGE
        stays = -sure - prior(word, known[word]) - _meet(least)
        if not known[word].documents or unlikely < stays:
            best, least = attempt, count
    return best


def _doubted(group: Group, known: Mapping[str, Known], together: float) -> bool:
    return known[group.word].exact <= _RARE or together < _COUNTED


def _with(groups: Sequence[Group], place: int, word: str, typed: Known) -> list[Group]:
    before = groups[place]
    kept = before.alternatives if typed.documents or not before.word.isalpha() else ()
    return [*groups[:place], Group(word, ((word,), *kept)), *groups[place + 1 :]]


def _meet(together: float) -> float:
    """How likely words are to be asked for together, by how often they are."""
    return _PER_TOGETHER * math.log(_UNSEEN + together)


async def _together(uow: UnitOfWork, attempts: Sequence[Sequence[Group]], locale: str) -> list[float]:
    """How often all groups of each attempt occur together, by their own words: in titles, and a little in texts."""
    rows = await uow.fetch(
        """SELECT (SELECT count(*) FROM (
                      SELECT 1 FROM search_document d WHERE d.shop_id = $1 AND d.locale = $2
                      AND d.lead @@ w.wanted LIMIT $6) AS hits) AS titles,
                  (SELECT count(*) FROM (
                      SELECT 1 FROM search_text b WHERE b.shop_id = $1 AND b.locale = $2
                      AND b.body @@ w.wanted LIMIT $6) AS hits) AS documents
           FROM unnest($5::text[]) WITH ORDINALITY AS t(wanted, place),
                LATERAL (SELECT to_tsquery($3::regconfig, t.wanted) && $4::tsquery AS wanted) AS w ORDER BY t.place""",
        uow.shop_id, locale, text.config_of(locale), f"'{text.tenant(uow.shop_id, locale)}'",
        [query.all_of(_meeting(attempt)) for attempt in attempts], _COUNTED,
    )  # fmt: skip
    return [row["titles"] + IN_TEXT * row["documents"] for row in rows]


def _meeting(groups: Sequence[Group]) -> list[Group]:
    """The groups by their own words; neighbours meet too where they are written as one."""
    joined = [(left.word + right.word,) for left, right in pairwise(groups)]
    return [
        replace(group, alternatives=(group.alternatives[0], *joined[max(0, place - 1) : place + 1]))
        for place, group in enumerate(groups)
    ]


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
