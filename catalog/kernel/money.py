"""Exact amounts of one currency. All arithmetic, rounding and splitting of money is here and nowhere else.

Rounding is half up, away from zero ("kaufmännisches Runden", DIN 1333). Exponents are ISO 4217's, which differ from
CLDR's for some currencies (and browsers follow those), so they stand here as data.
"""

import re
from collections.abc import Sequence
from copy import copy
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Self

import msgspec
from babel.core import Locale
from babel.numbers import NumberFormatError, NumberPattern, parse_decimal

from catalog.kernel.errors import Conflict, Invalid
from catalog.kernel.locale import cldr

# ISO 4217 list one, "CcyMnrUnts" where it is not 2.
EXPONENTS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
         "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip
# What can be charged and paid back is coarser than ISO's unit in these: the last of three decimals is zero, and an
# ariary has no hundredth in practice.
_STEPS = {**dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 10), "MGA": 100}
_CODES = frozenset(
    re.findall(
        r"[A-Z]{3}",
        """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
        CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
        GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
        KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN
        NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
        SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS
        VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
        """,
    )
)


class CurrencyMismatch(Conflict):
    """Two currencies met in one sum; conversion needs an explicit, dated rate."""

    code = "currency_mismatch"


def exponent(currency: str) -> int:
    """Decimal places of the smallest unit: 2 for EUR, 0 for JPY. Raises Invalid for a code ISO 4217 does not list."""
    if currency not in _CODES:
        raise Invalid(f"{currency!r} is no ISO 4217 currency; use a code such as EUR", pointer="/currency")
    return EXPONENTS.get(currency, 2)


def payable_step(currency: str) -> int:
    """How many of the smallest units the least difference of two payments has: 1 for EUR, 10 for KWD."""
    return _STEPS.get(currency, 1)


def divide(numerator: int, denominator: int) -> int:
    """Quotient rounded half away from zero; the one rounding rule of the shop. The denominator is positive."""
    quotient, rest = divmod(abs(numerator), denominator)
    rounded = quotient + (1 if 2 * rest >= denominator else 0)
    return rounded if numerator >= 0 else -rounded


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exact amount of one currency."""

    minor: int  # count of the smallest unit (cents of EUR, yen of JPY); may be negative
    currency: str  # ISO 4217 code, upper case

    def __add__(self, other: Self) -> Self:
        self._same(other)
        return type(self)(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> Self:
        self._same(other)
        return type(self)(self.minor - other.minor, self.currency)

    def __mul__(self, quantity: int) -> Self:
        return type(self)(self.minor * quantity, self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.minor, self.currency)

    def __lt__(self, other: Self) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Self) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def share(self, basis_points: int) -> Self:
        """The part given in basis points (1900 is 19 %), rounded by the one rule to what can be paid."""
        step = payable_step(self.currency)
        return type(self)(divide(self.minor * basis_points, 10_000 * step) * step, self.currency)

    def tax_included(self, rate_bp: int) -> Self:
        """The tax inside a gross amount at a rate in basis points: gross - gross / (1 + rate)."""
        return type(self)(divide(self.minor * rate_bp, 10_000 + rate_bp), self.currency)

    def allocate(self, weights: Sequence[int]) -> list[Self]:
        """Split by weight; shares always sum to self, and a negative amount splits as its positive mirror.

        Largest remainder first, ties to the earlier share. Raises Invalid unless some weight is positive and none
        negative.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise Invalid("weights must not be negative and must not all be zero", weights=list(weights))
        size, sign = abs(self.minor), 1 if self.minor >= 0 else -1
        shares = [size * weight // total for weight in weights]
        rest = size - sum(shares)
        by_remainder = sorted(range(len(weights)), key=lambda index: (-(size * weights[index] % total), index))
        for index in by_remainder[:rest]:
            shares[index] += 1
        return [type(self)(sign * share, self.currency) for share in shares]

    def allocate_payable(self, weights: Sequence[int]) -> list[Self]:
        """As `allocate`, in shares that can be paid by themselves, where the whole can."""
        step = payable_step(self.currency)
        if self.minor % step:
            return self.allocate(weights)
        return [share * step for share in type(self)(self.minor // step, self.currency).allocate(weights)]

    def format(self, locale: str) -> str:
        """For people: '24,90 €' in de, '€24.90' in en."""
        return _format(self.minor, self.currency, locale)

    def decimal(self) -> Decimal:
        """In major units, for providers and feeds that want '24.90'."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def _same(self, other: Self) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add", currencies=[self.currency])


def zero(currency: str) -> Money:
    """No money, of a currency."""
    return Money(0, currency)


def total(amounts: Sequence[Money], currency: str) -> Money:
    """Sum of amounts that all have the currency given (which decides when there are none)."""
    return sum(amounts, zero(currency))


def parse_money(text: str, currency: str, *, locale: str = "de") -> Money:
    """Read '24,90', '24.90', '1.234,50 €' as people and files write them.

    Where only one separator stands before exactly two digits it is a decimal one in every language; otherwise the
    locale decides. Raises Invalid for anything else or for more decimals than the currency has.
    """
    cleaned = text.replace(currency, "").strip(" \u00a0\u202f€$£¥")
    places = exponent(currency)
    try:
        amount = _parse_decimal(cleaned, locale)
        minor = amount.scaleb(places)
    except (NumberFormatError, InvalidOperation, ValueError) as error:
        raise Invalid(f"{text!r} is no amount; write it like 24.90", value=text) from error
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise Invalid(f"{text!r} has more decimals than {currency} allows ({places})", value=text)
    return Money(int(minor), currency)


def _parse_decimal(text: str, locale: str) -> Decimal:
    head, separator, tail = text.rpartition("," if text.rfind(",") > text.rfind(".") else ".")
    if separator and len(tail) in {1, 2} and tail.isdecimal():
        digits = head.replace(".", "").replace(",", "").replace(" ", "").replace("'", "")
        return Decimal(f"{digits or '0'}.{tail}")
    return parse_decimal(text, locale=locale)


@lru_cache(maxsize=16_384)
def _format(minor: int, currency: str, locale: str) -> str:
    places = exponent(currency)
    pattern, parsed = _pattern(places, locale)
    return str(pattern.apply(Decimal(minor).scaleb(-places), parsed, currency=currency, currency_digits=False))


@lru_cache(maxsize=256)
def _pattern(places: int, locale: str) -> tuple[NumberPattern, Locale]:
    parsed = cldr(locale)
    pattern = copy(parsed.currency_formats["standard"])
    pattern.frac_prec = (places, places)  # ISO's decimals; CLDR has others for some currencies
    return pattern, parsed
