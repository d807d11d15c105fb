"""Words, compounds and slips, without a database; and that no text at all upsets a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service as products
from catalog.search import query, slips, text
from catalog.search.service import search
from catalog.search.values import Filters
from catalog.search.vocabulary import HEADS
from catalog.shops.models import Shop
from tests.catalog.products.factories import plain_draft

WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöü", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("kapuzenpullover", ("kapuzen", "pullover")),
        ("damenhose", ("damen", "hose")),
        ("lederjacke", ("leder", "jacke")),
        ("sommerkleider", ("sommer", "kleider")),
        ("hose", None),
        ("xyzzyxyzzy", None),
    ],
)
def test_a_german_compound_is_split_where_its_end_is_a_word_of_the_goods(
    word: str, pieces: tuple[str, str] | None
) -> None:
    assert text.split(word, HEADS) == pieces


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("T-Shirt", [("tshirt", (("t", "shirt"), ("tshirt",)))]),
        ("rote  Hose!", [("rote", (("rote",),)), ("hose", (("hose",),))]),
        ("… ---", []),
    ],
)
def test_queries_become_groups(typed: str, groups: list[tuple[str, object]]) -> None:
    assert [(group.word, group.alternatives) for group in query.groups_of(typed)] == groups


@given(WORDS, WORDS)
def test_no_slip_is_likelier_than_the_word_itself(left: str, right: str) -> None:
    assert slips.cost(left, left) == 0
    assert slips.cost(left, right) >= 0


@pytest.mark.parametrize(
    ("typed", "likely", "unlikely"),
    [("hsoe", "hose", "hase"), ("kleod", "kleid", "klexd"), ("pulover", "pullover", "puloxer")],
)
def test_fingers_do_some_things_more_often(typed: str, likely: str, unlikely: str) -> None:
    assert slips.cost(typed, likely) < slips.cost(typed, unlikely)


@given(WORDS)
def test_every_single_slip_shares_a_key_with_its_word(word: str) -> None:
    keys = text.deletions(word)
    wrong = [word[:at] + word[at + 1 :] for at in range(len(word))]
    wrong += [word[:at] + "x" + word[at:] for at in range(len(word) + 1)]
    wrong += [word[:at] + "x" + word[at + 1 :] for at in range(len(word))]
    wrong += [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    assert all(text.deletions(typed) & keys for typed in wrong)


@pytest.mark.parametrize(
    "q",
    ["\0", "a\0b", "' | ''", "\\", "!!(&|)", "<->", ":*", "ß", "İstanbul", "a" * 5000, "x " * 500, "9" * 40, "😀👕",
     "\u202e", "tasse:*", "tasse & !lampe", "ﬁ", "\n\t", "--", "und", "der die das"],
)  # fmt: skip
async def test_no_text_upsets_a_search(uow: UnitOfWork, shop: Shop, q: str) -> None:
    await products.bulk_upsert(uow, [plain_draft("mug", "Tasse"), plain_draft("lamp", "Lampe")])
    filters = Filters(category=q, colours=(q,), sizes=(q,), brands=(q,), max_price=10**30)
    await search(uow, q, locale="de", filters=filters)
    await search(uow, q, locale=q)
    await products.page(uow, q=q, category=q, status=q)
