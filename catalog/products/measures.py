"""Goods sold by measure: how much a variant holds, and its unit price, the price of one unit of that measure.

Directive 98/6/EC Art. 3; in Germany §§ 4 and 5 PAngV of 2021, in force since 28 May 2022: beside the price of goods
offered by weight, volume, length or area stands the price of 1 kg, 1 l, 1 m³, 1 m or 1 m² (§ 5 (1)), taxes inside.
Prices per 100 g or 100 ml are for loose goods alone, which are measured out before or by the buyer (§ 5 (2)); what was
allowed for packs up to 250 g is not any more. A unit price that is the price itself may be left out (§ 4 (1)).
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import msgspec

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money, divide

_WEIGHT, _VOLUME, _LENGTH, _AREA = "weight", "volume", "length", "area"
# Each unit with its dimension and how many of the dimension's smallest unit it is.
UNITS = {
    "mg": (_WEIGHT, 1), "g": (_WEIGHT, 1_000), "kg": (_WEIGHT, 1_000_000),
    "ml": (_VOLUME, 1), "cl": (_VOLUME, 10), "l": (_VOLUME, 1_000), "m3": (_VOLUME, 1_000_000),
    "cm": (_LENGTH, 1), "m": (_LENGTH, 100),
    "m2": (_AREA, 1),
}  # fmt: skip
_BASES = {_WEIGHT: "1 kg", _VOLUME: "1 l", _LENGTH: "1 m", _AREA: "1 m2"}
_CUBIC = "1 m3"  # of what is told in cubic metres
_SIGNS = {"m2": "m²", "m3": "m³"}
_MEASURE = re.compile(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,6}})?) ({'|'.join(UNITS)})")


class Measure(msgspec.Struct, frozen=True):
    """So much of a unit: 750 ml."""

    amount: Decimal
    unit: str

    @property
    def dimension(self) -> str:
        """What is measured: weight, volume, length or area."""
        return UNITS[self.unit][0]

    @property
    def sign(self) -> str:
        """The unit as people read it: 'm²' for m2."""
        return _SIGNS.get(self.unit, self.unit)

    @property
    def size(self) -> Fraction:
        """How many of the dimension's smallest unit."""
        return Fraction(self.amount) * UNITS[self.unit][1]

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number of the unit, as a base has to be."""
        return self.amount == self.amount.to_integral_value()

    def __str__(self) -> str:
        return f"{self.amount:f} {self.unit}"


class UnitPrice(msgspec.Struct, frozen=True):
    """What a measure of the goods costs: 33.20 EUR of 1 l."""

    amount: Money
    base: Measure


def measure(text: str) -> Measure:
    """Read '750 ml'. Raises Invalid with what may be written."""
    found = _MEASURE.fullmatch(text)
    if found is None:
        raise Invalid(f"a measure is a number and one of {', '.join(UNITS)}, as in '750 ml' or '1.5 m2'", value=text)
    amount = Decimal(found[1])
    if not amount:
        raise Invalid("a measure is above zero; leave it out for goods that are not sold by measure", value=text)
    return Measure(amount, found[2])


def base_of(content: Measure) -> Measure:
    """The base of a content's unit price where the merchant gives none: § 5 (1) PAngV."""
    return measure(_CUBIC if content.unit == "m3" else _BASES[content.dimension])


def faults(content: str | None, base: str | None) -> Iterable[tuple[str, Invalid]]:
    """All that is wrong with a variant's `content` and `unit_price_base`, each with the field's name."""
    read: dict[str, Measure] = {}
    for field, text in (("content", content), ("unit_price_base", base)):
        try:
            if text is not None:
                read[field] = measure(text)
        except Invalid as error:
            yield field, error
    if base is not None and content is None:
        yield "unit_price_base", Invalid("unit_price_base needs the content beside it, as in '750 ml'", value=base)
    if "unit_price_base" in read and not read["unit_price_base"].is_whole:
        yield "unit_price_base", Invalid("a base is a whole number of a unit, as in '1 l' or '100 ml'", value=base)
    if len({one.dimension for one in read.values()}) > 1:
        told = f"the content is given as {read['content'].dimension}, the base as {read['unit_price_base'].dimension}"
        yield "unit_price_base", Invalid(f"{told}; both measure the same", value=base)


def unit_price(price: Money, content: str | None, base: str | None) -> UnitPrice | None:
    """The unit price of goods that hold `content`, rounded by the one rule; None where none needs to be told."""
    return None if content is None else _unit_price(price, content, base)


@lru_cache(maxsize=16_384)
def _unit_price(price: Money, content: str, base: str | None) -> UnitPrice | None:
    holds = measure(content)
    of = measure(base) if base else base_of(holds)
    ratio = of.size / holds.size
    if ratio == 1:
        return None
    return UnitPrice(Money(divide(price.minor * ratio.numerator, ratio.denominator), price.currency), of)
