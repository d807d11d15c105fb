"""Texts that try to give orders to a machine: they are words like any other and change nothing."""

import re

from bots.understanding import data

_ATTACKS = re.compile("|".join(data.table("hostile")["patterns"]))


def is_attack(folded: str) -> bool:
    """Whether the text addresses the machine behind the shop instead of the shop."""
    return _ATTACKS.search(folded) is not None
