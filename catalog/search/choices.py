"""The words of the shop that a typed word may have been meant to be, and how unlikely each is.

One slip is found by keys with one letter left out, plurals by their singular too; two slips, in long words, by
trigrams. Likelihoods are logarithms, against each other (slips.py has those of the fingers).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asyncpg import Record

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import slips
from catalog.search.query import Group
from catalog.search.vocabulary import GOODS
from catalog.search.words import spelling_keys

_MOST = 8
_SHORTEST_TWO_SLIPS = 7
_TWO = 2
_SHORTEST_ENDED = 4

_OTHER_START = 0.5
_OTHER_ENDING = 1.0  # a plural beside the slip
_PER_DOCUMENTS = 0.5
_WARES = 1.0  # a noun of trade
_FREQUENT = 100  # beyond so many documents a word is no likelier
IN_TEXT = 0.1  # a word in attributes or descriptions alone is seldom asked for


@dataclass(frozen=True, slots=True)
class Known:
    """In how many documents and titles a word or an inflection of it is; and in how many documents as it is written."""

    documents: int
    titles: int
    exact: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A word of the shop that may have been meant, and how unlikely that is."""

    word: str
    unlikely: float


async def choices(
    uow: UnitOfWork, groups: Sequence[Group], locale: str, known: Mapping[str, Known]
) -> dict[str, list[Choice]]:
    """For each word the words of the shop that may have been meant, the likeliest first."""
    typed = [(group.word, form, key) for group in groups for form in _forms(group.word) for key in spelling_keys(form)]
    rows = await uow.fetch(
        """SELECT DISTINCT t.typed, t.form, w.word, w.documents, w.titles
           FROM unnest($3::text[], $4::text[], $5::text[]) AS t(typed, form, key),
                LATERAL (SELECT word FROM search_spelling
                         WHERE shop_id = $1 AND locale = $2 AND key = t.key OFFSET 0) AS s,
                LATERAL (SELECT word, documents, titles FROM search_word
                         WHERE shop_id = $1 AND locale = $2 AND word = s.word AND documents > 0 OFFSET 0) AS w""",
        uow.shop_id, locale, *(list(column) for column in zip(*typed, strict=True)),
    )  # fmt: skip
    near = [row for row in rows if slips.distance(row["form"], row["word"]) <= 1]
    far = {group.word for group in groups if len(group.word) >= _SHORTEST_TWO_SLIPS and not known[group.word].documents}
    if far := far - {row["typed"] for row in near}:
        rows = await uow.fetch(
            """SELECT t.typed, t.typed AS form, w.word, w.documents, w.titles
               FROM unnest($3::text[]) AS t(typed), LATERAL (
                   SELECT word, documents, titles FROM search_word
                   WHERE shop_id = $1 AND locale = $2 AND word % t.typed AND documents > 0
                   ORDER BY similarity(word, t.typed) DESC LIMIT 20) AS w""",
            uow.shop_id, locale, sorted(far),
        )  # fmt: skip
        near += [row for row in rows if slips.distance(row["typed"], row["word"]) <= _TWO]
    found: dict[str, dict[str, Choice]] = {}
    for row in near:
        if row["word"] != row["typed"]:
            choice = _choice(row)
            least = found.setdefault(row["typed"], {}).setdefault(choice.word, choice)
            found[row["typed"]][choice.word] = min(choice, least, key=lambda choice: choice.unlikely)
    return {
        word: sorted(options.values(), key=lambda choice: (choice.unlikely, choice.word))[:_MOST]
        for word, options in found.items()
    }


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without an ending: the goods may only know its singular."""
    return (word, word[:-1]) if len(word) >= _SHORTEST_ENDED and word[-1] in "sn" else (word,)


def _choice(row: Record) -> Choice:
    form, word = row["form"], row["word"]
    start = 0.0 if form[:1] == word[:1] else _OTHER_START
    ending = 0.0 if form == row["typed"] else _OTHER_ENDING
    known = Known(row["documents"], row["titles"], row["documents"])
    return Choice(word, slips.cost(form, word) + start + ending - prior(word, known))


def prior(word: str, known: Known) -> float:
    """How likely a word is to be asked for, by how many titles have it and whether it names goods."""
    return (_WARES if word in GOODS else 0.0) + _PER_DOCUMENTS * math.log(
        1 + min(known.titles + IN_TEXT * known.documents, _FREQUENT)
    )
