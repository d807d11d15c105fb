"""The shop's vocabulary: the words of its goods, how many documents have each, and what their slips are found by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asyncpg import Record

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search import text

_SHORTEST_SPELLED = 2
_SHORT = 4  # a short word with digits ('ps4') is said by people; a longer one is an article number until
_ESTABLISHED = 3  # so many documents have it


@dataclass(frozen=True, slots=True)
class Given:
    """What documents give to the vocabulary: by language and word, how many have it and how many in their titles."""

    documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    titles: Counter[tuple[str, str]] = field(default_factory=Counter)


def given(rows: Iterable[Mapping[str, Any] | Record]) -> Given:
    """What these rows of search_text give."""
    found = Given()
    for row in rows:
        found.documents.update((row["locale"], word) for word in row["words"])
        found.titles.update((row["locale"], word) for word in row["titled"])
    return found


async def learn(uow: UnitOfWork, after: Given, before: Given) -> None:
    """Bring the vocabulary up to date: words by the number of documents that have them. Stop words are no words."""
    changes = {
        key: (after.documents[key] - before.documents[key], after.titles[key] - before.titles[key])
        for key in {*after.documents, *before.documents}
        if (after.documents[key], after.titles[key]) != (before.documents[key], before.titles[key])
    }
    if not changes:
        return
    # Sorted, so that two writers could not lock the same words in different orders.
    keys = sorted(changes)
    rows = await uow.fetch(
        """INSERT INTO search_word (shop_id, locale, word, lexeme, documents, titles)
           SELECT $1, r.locale, r.word, v.lexemes[1], r.change, r.titled
           FROM unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[])
                AS r(locale, config, word, change, titled),
                LATERAL (SELECT tsvector_to_array(to_tsvector(r.config::regconfig, r.word)) AS lexemes) AS v
           WHERE cardinality(v.lexemes) > 0
           ON CONFLICT (shop_id, locale, word) DO UPDATE
           SET documents = search_word.documents + excluded.documents, titles = search_word.titles + excluded.titles
           RETURNING locale, word, documents""",
        uow.shop_id, [locale for locale, _ in keys], [text.config_of(locale) for locale, _ in keys],
        [word for _, word in keys], [changes[key][0] for key in keys], [changes[key][1] for key in keys],
    )  # fmt: skip
    await _spell(
        uow, [(row["locale"], row["word"]) for row in rows if _newly_known(row, changes[row["locale"], row["word"]][0])]
    )


def _newly_known(row: Record, change: int) -> bool:
    word, documents = row["word"], row["documents"]
    enough = 1 if word.isalpha() or len(word) <= _SHORT else _ESTABLISHED
    return documents - change < enough <= documents and not word.isdecimal() and len(word) >= _SHORTEST_SPELLED


async def _spell(uow: UnitOfWork, fresh: Sequence[tuple[str, str]]) -> None:
    """Make these words findable by a slip of the fingers."""
    spellings = [(locale, key, word) for locale, word in fresh for key in spelling_keys(word)]
    if spellings:
        await uow.execute(
            """INSERT INTO search_spelling (shop_id, locale, key, word)
               SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING""",
            uow.shop_id, *(list(column) for column in zip(*spellings, strict=True)),
        )  # fmt: skip


def spelling_keys(word: str) -> set[str]:
    """The keys under which a word is found when it is misspelled by one letter, umlauts written either way."""
    keys = text.deletions(word)
    plain = text.spelled_out(word)
    return keys if plain == word else keys | text.deletions(plain)
