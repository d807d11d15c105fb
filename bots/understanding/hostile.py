"""Texts that try to give orders to a machine: they are words like any other and change nothing."""

import re

from bots.understanding import data
from bots.understanding.sieve import Sieve

_ATTACKS = [re.compile(pattern) for pattern in data.table("hostile")["patterns"]]
_SIEVE = Sieve(_ATTACKS)


def is_attack(folded: str) -> bool:
    """Whether the text addresses the machine behind the shop instead of the shop."""
    return any(_ATTACKS[number].search(folded) for number in _SIEVE.candidates(folded))
