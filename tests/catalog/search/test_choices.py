"""Spelling in a young table: without statistics the planner must not join the vocabulary with itself."""

import time

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.search.service import search
from catalog.shops.models import Shop

_WORDS = 3000
_TRIES = 8  # the driver's prepared statement gets its general plan with the sixth


async def test_a_vocabulary_without_statistics_corrects_at_once(uow: UnitOfWork, shop: Shop) -> None:
    words = [f"{chr(97 + at % 26)}ot{at:04d}" for at in range(_WORDS)]
    await uow.execute(
        "INSERT INTO search_word (shop_id, locale, word, lexeme, documents, titles)"
        " SELECT $1, 'de', word, word, 1, 1 FROM unnest($2::text[]) AS word",
        shop.id, words,
    )  # fmt: skip
    await uow.execute(
        "INSERT INTO search_spelling (shop_id, locale, key, word)"
        " SELECT $1, 'de', k, word"
        " FROM unnest($2::text[]) AS word, unnest(ARRAY[left(word, 3), word, right(word, 5)]) AS k"
        " ON CONFLICT DO NOTHING",
        shop.id, words,
    )  # fmt: skip
    started = time.perf_counter()
    for _ in range(_TRIES):
        await search(uow, "rot", locale="de")
    assert time.perf_counter() - started < _TRIES * 0.5
