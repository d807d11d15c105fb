"""What the words of a query ask for beside the goods: prices, sizes, stock, sale and order, German and English. Pure.

"graue Pullover unter 50 Euro, günstigste zuerst" is the words "graue pullover", a highest price and an order.
"""

import re
from dataclasses import dataclass

from catalog.kernel.errors import Invalid
from catalog.kernel.money import parse_money
from catalog.search import text
from catalog.search.values import NEWEST, PRICE_ASC, PRICE_DESC

_AMOUNT = (
    r"(?:€|eur|£|\$)?\s?(\d{1,6}(?:[.,]\d{1,2})?)"
    r"\s?(?:€|euros?\b|eur\b|£|pounds?\b|\$|dollars?\b|chf\b|franken\b|,-)?"
)
_BETWEEN = re.compile(rf"\b(?:zwischen|between|von|from)\s+{_AMOUNT}\s*(?:und|and|bis|to|-|–)\s*{_AMOUNT}")
_MOST = re.compile(
    r"\b(?:unter|bis(?:\s+zu)?|maximal|max\.?|höchstens|weniger\s+als|billiger\s+als|günstiger\s+als|under|below|up\s+to|"
    rf"at\s+most|less\s+than|cheaper\s+than)\s+{_AMOUNT}"
)
_LEAST = re.compile(rf"\b(?:über|ab|mindestens|mehr\s+als|over|above|at\s+least|more\s+than)\s+{_AMOUNT}")
_SIZE = re.compile(r"\b(?:in\s+)?(?:größe|groesse|gr\.|size)\s+([a-z0-9][a-z0-9/]{0,6})\b")
_STOCK = re.compile(
    r"\b(?:auf\s+lager|(?:sofort\s+)?lieferbare?[nrs]?|vorrätige?[nrs]?|(?:sofort\s+)?verfügbare?[nrs]?|in\s+stock|available)\b"
)
_SALE = re.compile(
    r"\b(?:im\s+(?:sale|angebot|ausverkauf)|reduzierte?[nrs]?|herabgesetzte?[nrs]?|on\s+sale|discounted|reduced|"
    r"sonderangebote?|schnäppchen|angebote|sale|deals|special\s+offers?|bargains?|clearance|marked\s+down)\b"
)
_FIRST = r"(?:\s+(?:zuerst|zuoberst|first))?"
_SORTS = (
    (PRICE_ASC, re.compile(rf"\b(?:(?:die|das|den|the)\s+)?(?:günstigste[nrs]?|billigste[nrs]?|cheapest){_FIRST}")),
    (PRICE_DESC, re.compile(rf"\b(?:(?:die|das|den|the)\s+)?(?:teuerste[nrs]?|most\s+expensive){_FIRST}")),
    (NEWEST, re.compile(rf"\b(?:(?:die|das|den|the)\s+)?(?:neu(?:e)?ste[nrs]?|newest|latest){_FIRST}")),
)
# What stands around a wish in a sentence and is no part of it.
_COURTESY = frozenset(
    text.words(
        """
        ich wir suche suchen suchst brauch brauche brauchen bräuchte hätte hätten gern gerne möchte will würde
        bitte habt haben hast hat ihr du sie gibts gibt es zeig zeige zeigt mir uns mal noch auch so was
        etwas irgendwas irgendwelche ein eine einen einer eines der die das den dem für mich und oder in mit
        nach denn da dazu bei euch nur aber kannst könnt man nem ne n kaufen finden hallo hi hey guten tag i
        we a an the am are is you do does have has got any some looking look for need want would like show
        me us please can could find get buy hello there something anything items things stuff sachen artikel ist
        sind gerade grad grade aktuell currently now and or with in of to my verkauft verkaufen verkaufst führt
        führst bietet sortiment angebot eigentlich alles sell sells selling
        carry offer everything all what which kind kinds sort sorts welche
        """
    )
)
_PUNCTUATION = "?!.,;:\"„“”'()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The words that name the goods, and what the goods must be. Prices count the smallest unit."""

    words: str
    min_price: int | None = None
    max_price: int | None = None
    sizes: tuple[str, ...] = ()
    reduced: bool = False
    in_stock: bool = False
    sort: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything but words was asked for."""
        return bool(self.sizes or self.reduced or self.in_stock or self.min_price is not None or self.max_price)


def read(q: str, currency: str) -> Wishes:
    """Take the wishes out of a query; what remains is searched for. Words of courtesy around them are dropped."""
    rest = text.fold(q)
    rest, low, high = _prices(rest, currency)
    sizes = tuple(dict.fromkeys(_SIZE.findall(rest)))
    rest = _SIZE.sub(" ", rest)
    in_stock, reduced = bool(_STOCK.search(rest)), bool(_SALE.search(rest))
    rest = _SALE.sub(" ", _STOCK.sub(" ", rest))
    sort = next((name for name, pattern in _SORTS if pattern.search(rest)), None)
    for _, pattern in _SORTS:
        rest = pattern.sub(" ", rest)
    return Wishes(
        words=_goods(rest), min_price=low, max_price=high, sizes=sizes, reduced=reduced, in_stock=in_stock, sort=sort
    )


def _prices(rest: str, currency: str) -> tuple[str, int | None, int | None]:
    low = high = None
    if between := _BETWEEN.search(rest):
        low, high = sorted(_minor(amount, currency) for amount in between.groups())
        return _BETWEEN.sub(" ", rest, count=1), low, high
    if most := _MOST.search(rest):
        high = _minor(most[1], currency)
        rest = _MOST.sub(" ", rest, count=1)
    if least := _LEAST.search(rest):
        low = _minor(least[1], currency)
        rest = _LEAST.sub(" ", rest, count=1)
    return rest, low, high


def _minor(amount: str, currency: str) -> int:
    try:
        return parse_money(amount.replace(",", "."), currency, locale="en").minor
    except Invalid:  # a currency without decimals
        return parse_money(re.split(r"[.,]", amount)[0], currency, locale="en").minor


def _goods(rest: str) -> str:
    """The query without courtesy and stray signs."""
    words = (word.strip(_PUNCTUATION) for word in rest.split())
    return " ".join(word for word in words if word and word not in _COURTESY)
