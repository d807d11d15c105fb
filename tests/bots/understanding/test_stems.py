"""Stems: the same for a word whoever asks, whenever."""

import random
import sys
from concurrent.futures import ThreadPoolExecutor

from bots.understanding import stems


def test_threads_that_stem_at_the_same_moment_do_not_disturb_each_other() -> None:
    chance = random.Random(7)  # noqa: S311 - words, no secret
    made = ["".join(chance.choices("abdeghilnorstu", k=8)) + chance.choice(("ational", "ungen", "iveness", "keiten"))
            for _ in range(500)]  # fmt: skip
    stem = stems.keys.__wrapped__  # what has been stemmed before is remembered and would hide it
    expected = [stem(word) for word in made]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: [stem(word) for word in made], range(4)))
    finally:
        sys.setswitchinterval(before)
    assert found == [expected] * 4


def test_an_english_word_has_no_german_forms() -> None:
    assert "wall" in stems.keys("wallet")
    assert stems.keys_in("wallet", "en") == ("wallet",)
    assert stems.keys_in("babybodys", "de") == stems.keys("babybodys")
