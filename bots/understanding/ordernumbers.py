"""Order numbers in a message: the person's own, and such as look like one."""

import re

from bots.understanding import stems
from bots.understanding.lexicon import Lexicon
from bots.understanding.marks import Marks
from bots.understanding.reading import Context

_BARE = 2  # digits of an order number that say nothing without its letters
_POSTCODE = re.compile(r"\b(?:plz|postleitzahl|post ?code|zip)\b")
_CODE_NUMBER = re.compile(r"\b([a-z]{1,4})-(\d{3,})\b|\b([a-z]{1,2})(\d{4,})\b|#\s?(\d{3,})|\b(\d{5,})\b")
_NAMED_NUMBER = re.compile(
    r"\b(?:bestell(?:ung|nummer|nr)?|order|auftrag|auftragsnummer|purchase|nr|nummer|number|no|ordernummer)\b[\s.:#]*(?:nr|nummer|number|no)?[\s.:#]*([a-z]{1,4}-?\d{2,}|\d{3,})"
)


def mark(marks: Marks, lexicon: Lexicon, context: Context) -> None:
    """Mark every order number; one that is not the person's own has no value."""
    folded = marks.text.folded
    own = {stems.fold(order.number): order.number for order in context.orders}
    for plain, number_ in own.items():
        digits = re.sub(r"\D", "", plain)
        for pattern in (
            re.escape(plain).replace(r"\-", r"[-\s]?"),
            rf"(?<![\d,.]){digits}(?![\d,.])" if len(digits) > _BARE else None,
        ):
            if pattern and (match := re.search(pattern, folded)):
                if number_ not in marks.order_numbers:
                    marks.order_numbers.append(number_)
                marks.take(match.start(), len(match.group()), "order", number_)
    for pattern_ in (_NAMED_NUMBER, _CODE_NUMBER):
        for match in pattern_.finditer(folded):
            text = next((group for group in match.groups()[::-1] if group), "")
            if match.group() in lexicon.sizes.numbers or (match.re is _CODE_NUMBER and _POSTCODE.search(folded)):
                continue  # `the power bank with 20000`
            whole = match.group() if match.re is _CODE_NUMBER else text
            marks.take(match.end() - len(whole), len(whole), "order", None, hint=whole.strip("# "))
