"""Reads cells as people and spreadsheets write them, and says what it had to do to understand them."""

import html
import re
from collections.abc import Mapping
from decimal import Decimal
from html.parser import HTMLParser

from catalog.imports.values import ERROR, FIXED, QUESTION, Issue, Row
from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money, exponent, parse_money
from catalog.products.measures import UNITS, Measure
from catalog.products.validation import valid_gtin

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "a", "é": "e", "è": "e"}
)
_PLAIN_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_AMBIGUOUS = re.compile(r"\d{1,3}[.,]\d{3}")
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_NUMBER = re.compile(r"-?\d+")
_DECIMAL_NUMBER = re.compile(r"(-?\d+)[.,]0+")
_WEIGHT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(kg|g|lb|lbs|oz)?", re.IGNORECASE)
_GRAMS = {"kg": 1000.0, "g": 1.0, "lb": 453.592, "lbs": 453.592, "oz": 28.3495}
_MEASURE = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+[23²³]?)\.?")
_NOTHING = re.compile(r"0+(?:[.,]0+)?")
# Units as files write them: what we call each, and how many of ours one of it is.
_UNITS: dict[str, tuple[str, Decimal]] = {
    **{unit: (unit, Decimal(1)) for unit in UNITS},
    **dict.fromkeys(("gramm", "gram", "grams", "gr"), ("g", Decimal(1))),
    **dict.fromkeys(("kilogramm", "kilogram", "kilo"), ("kg", Decimal(1))),
    **dict.fromkeys(("milliliter", "millilitre"), ("ml", Decimal(1))),
    **dict.fromkeys(("liter", "litre", "ltr"), ("l", Decimal(1))),
    **dict.fromkeys(("meter", "metre", "lfm"), ("m", Decimal(1))),
    **dict.fromkeys(("m²", "qm", "sqm"), ("m2", Decimal(1))),
    **dict.fromkeys(("m³", "cbm"), ("m3", Decimal(1))),
    "dl": ("cl", Decimal(10)), "mm": ("cm", Decimal("0.1")),
}  # fmt: skip
_LONGEST_SLUG = 120


class Cells:
    """Reads one row's cells and collects issues about them."""

    def __init__(self, row: Row, issues: list[Issue]) -> None:
        self.row = row
        self.issues = issues

    def text(self, column: str) -> str:
        """The cell's text, trimmed; empty when there is none."""
        value = self.row.cells.get(column)
        if value is None or isinstance(value, bool):
            return "" if value is None else str(value).lower()
        return str(value).strip()

    def say(self, column: str, reason: str, severity: str, kind: str = "") -> None:
        """Report something about a cell."""
        shown = str(self.row.cells.get(column, ""))[:200]
        self.issues.append(
            Issue(line=self.row.line, column=column, value=shown, reason=reason, severity=severity, kind=kind)
        )

    def money(self, column: str, currency: str) -> Money | None:
        """An amount, when there is one that can be read in the shop's currency."""
        written = self.text(column)
        if not written:
            return None
        found = next(iter(_CURRENCY.findall(written)), None) or next(
            (code for sign, code in _SIGNS.items() if sign in written), None
        )
        if found and found != currency:
            self.say(column, f"this shop sells in {currency}, not in {found}; convert the price", ERROR)
            return None
        bare = written.replace(currency, "").strip(" \u00a0\u202f€$£¥")
        if any(letter.isalpha() for letter in bare):
            self.say(column, f"{written!r} is no amount; write it like 24.90", ERROR)
            return None
        try:
            amount = parse_money(bare, currency)
        except Invalid as error:
            self.say(column, error.detail, ERROR)
            return None
        if _AMBIGUOUS.fullmatch(bare) and exponent(currency) < 3:  # noqa: PLR2004 - three decimals would be cents
            self.say(
                column,
                f"{bare} is read as {amount.decimal()}; if that is right, publish the product, which stays a draft",
                QUESTION,
                "ambiguous_price",
            )
        elif not _PLAIN_AMOUNT.fullmatch(bare):
            self.say(column, f"read as {amount.decimal()}", FIXED, "comma_price")
        elif any(sign in written for sign in _SIGNS):
            self.say(column, f"read as {amount.decimal()} {currency}", FIXED, "price_sign")
        return amount

    def count(self, column: str) -> int | None:
        """A whole number of units; nothing below zero."""
        written = self.text(column).replace("'", "")
        if not written:
            return None
        if whole := _DECIMAL_NUMBER.fullmatch(written):
            self.say(column, f"read as {whole[1]}", FIXED, "number")
            written = whole[1]
        if not _NUMBER.fullmatch(written):
            self.say(column, "is no number of pieces; the stock stays as it is", QUESTION)
            return None
        if int(written) < 0:
            self.say(column, "stock below zero is read as 0", FIXED, "stock")
        return max(0, int(written))

    def gtin(self, column: str) -> str | None:
        """A GTIN with a right check digit, else a question and none."""
        digits = re.sub(r"[\s'-]", "", self.text(column))
        if not digits:
            return None
        if valid_gtin(digits):
            return digits
        reason = (
            "a spreadsheet has rounded this GTIN; format the column as text and export again. Imported without it"
            if re.search(r"[eE][+]?\d", digits)
            else "the check digit of this GTIN is wrong; imported without it"
        )
        self.say(column, reason, QUESTION)
        return None

    def grams(self, column: str) -> int | None:
        """A weight in grams; a plain number counts them."""
        written = self.text(column)
        if not written:
            return None
        found = _WEIGHT.fullmatch(written)
        if found is None:
            self.say(column, "is no weight; imported without it", QUESTION)
            return None
        return round(float(found[1].replace(",", ".")) * _GRAMS[(found[2] or "g").lower()])

    def measure(self, column: str, unit_column: str = "") -> Measure | None:
        """How much something holds: '750ml', '0,75 Liter', or a number whose unit stands in another column."""
        if not self.text(column):
            return None
        written = f"{self.text(column)} {self.text(unit_column)}".strip()
        found = _MEASURE.fullmatch(written)
        if (found is None and _NOTHING.fullmatch(written)) or (found and _NOTHING.fullmatch(found[1])):
            return None
        if found is None or found[2].casefold() not in _UNITS:
            self.say(column, f"{written!r} is no measure such as '750 ml' or '1.5 m2'; imported without it", QUESTION)
            return None
        if _AMBIGUOUS.fullmatch(found[1]) and not found[1].startswith("0"):
            self.say(column, f"{written!r} can be read in two ways; write it like '1500 g'. Left out", QUESTION)
            return None
        unit, times = _UNITS[found[2].casefold()]
        return Measure((Decimal(found[1].replace(",", ".")) * times).normalize(), unit)

    def words(self, column: str, separators: str = ",;|") -> tuple[str, ...]:
        """Words of a list in one cell."""
        value = self.row.cells.get(column)
        if isinstance(value, list):
            return tuple(str(word).strip() for word in value if str(word).strip())
        parts = re.split(f"[{re.escape(separators)}]", self.text(column))
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def status(self, column: str, words: Mapping[str, str], default: str) -> str:
        """A product's state by a table of words; an unknown word makes a draft."""
        written = self.text(column).casefold()
        if not written:
            return default
        if written in words:
            return words[written]
        self.say(column, "is no known state; imported as a draft", QUESTION)
        return "draft"


def slug(text: str) -> str:
    """A text as part of an address: 'Größe & Form' is 'groesse-form'."""
    folded = text.strip().lower().translate(_UMLAUTS)
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:_LONGEST_SLUG].strip("-")


def category_path(text: str) -> str:
    """A breadcrumb as a path of slugs: 'Damen > Kleider' is 'damen/kleider'."""
    parts = [slug(part) for part in re.split(r"\s*[>/]\s*", text)]
    return "/".join(part for part in parts if part)


def plain_text(markup: str) -> str:
    """HTML as the text it shows."""
    if "<" not in markup:
        return html.unescape(markup).strip()
    reader = _TextOf()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _TextOf(HTMLParser):
    _BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol"})
    _SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        self._hidden += tag in self._SILENT
        if tag in self._BREAKS:
            self.parts.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._SILENT
        if tag == "p":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden <= 0:
            self.parts.append(data)
