"""Codes of vouchers and gift cards; and whether the words for them look for goods instead."""

import re

from bots.understanding import data, shopping, stems
from bots.understanding.products import Mention
from bots.understanding.rules import Signal
from bots.understanding.turn import Clause

_CODE = re.compile(
    r"\b(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9][A-Za-z0-9-]{3,24}\b|\b[A-Z][A-Z0-9-]{3,24}\b"
)
_AFTER_CODE = re.compile(
    r"(?:code|gutschein|voucher|coupon|rabattcode|gutscheincode|promo)\W+"
    r"(?:(?:ist|is|lautet|heißt|heisst|namens|called|von mir|:)\W*)*([A-Za-z][A-Za-z0-9-]{3,24})",
    re.IGNORECASE,
)
_NO_CODES = data.word_set("service_no_codes")
_CODE_WORDS = ("code", "coupon", "voucher", "gutschein", "promo", "rabattcode", "discount")
_CODE_LETTERS = 3  # letters from which a lone word with digits is a voucher code


def claim(clause: Clause, signal: Signal) -> bool:
    """Act on talk of vouchers; false when goods are looked for with its words."""
    code = code_in(clause)
    goods = [one for one in clause.mentions() if one.concept == "giftcard" or is_gift(clause, one)]
    if (
        code is None
        and goods
        and (
            clause.has("want", "show")
            and not any(word.startswith(("einloes", "redeem", "hab", "have")) for word in clause.words())
        )
    ):
        return False
    if code is None and clause.has("reduced") and not any(word.startswith(_CODE_WORDS) for word in clause.words()):
        return _sale(clause)
    if code is not None:
        clause.turn.draft.values["voucher_code"] = code
    clause.turn.draft.act(clause.start, "voucher", why=f"“{signal.words[:40]}”", confidence=0.9)
    return True


def _sale(clause: Clause) -> bool:
    """What is reduced: of the goods named, else of all; the shop's search knows the prices before."""
    if not clause.mentions():
        shopping.empty_search(clause, "search")
    return not clause.mentions()


def code_in(clause: Clause) -> str | None:
    """The code in a message, in capitals: what looks like one, or what follows the word for it."""
    text = clause.turn.marks.text.clean
    shouting = text.isupper()
    own = {order.number.casefold() for order in clause.turn.context.orders}
    for match in _CODE.finditer(text):
        word = match.group()
        if (
            word.casefold() in _NO_CODES
            or word.casefold() in own
            or (shouting and not any(sign.isdigit() for sign in word))
        ):
            continue
        if not re.fullmatch(r"\d+(?:er|x|cm|kg|mal|te|ter|st|nd|rd|th|euro|eur)", word, re.IGNORECASE):
            return word.upper()
    if (found := _AFTER_CODE.search(text)) and stems.fold(found.group(1)) not in _NO_CODES:
        return found.group(1).upper()
    return None


def is_gift(clause: Clause, mention: Mention) -> bool:
    """Whether a mention is of gift cards."""
    lexicon = clause.turn.lexicon
    return bool(mention.bits & lexicon.by_category.get("giftcard", 0))


def gift_code(clause: Clause) -> bool:
    """A voucher code told with the word for a gift card."""
    code = code_in(clause)
    alone = len(clause.turn.marks.words) == 1 and code is not None and sum(map(str.isalpha, code)) > _CODE_LETTERS
    if alone and any(map(str.isdigit, code or "")) and not clause.turn.marks.of("order"):
        clause.turn.draft.values["voucher_code"] = code
        clause.turn.draft.act(clause.start, "voucher", why=f"the code {code}")
        return True
    if (
        code is None
        or not any(sign.isdigit() for sign in code)
        or not any(is_gift(clause, one) for one in clause.mentions())
    ):
        return False
    clause.turn.draft.values["voucher_code"] = code
    clause.turn.draft.act(clause.start, "voucher", why=f"the code {code}")
    return True
