"""VAT rates in basis points, by country and day, and the choice of the country whose rate applies.

Sources: European Commission, "VAT rates applied in the Member States" (Taxes in Europe Database); HMRC notice 700;
Swiss Federal Tax Administration; Norwegian Tax Administration. A class without a row of its own pays the standard
rate, so that a gap in the table never understates tax. A country without rates has no tax inside its prices: how such a
shop is taxed is its own matter, and the doctor tells its operator. Greece is `GR` (ISO), never `EL`.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from catalog.kernel.countries import EU

STANDARD = "standard"
_ALWAYS = date(1970, 1, 1)

# country -> (first day, rate), newest last.
_STANDARD: Mapping[str, tuple[tuple[date, int], ...]] = {
    "AT": ((_ALWAYS, 2000),),
    "BE": ((_ALWAYS, 2100),),
    "BG": ((_ALWAYS, 2000),),
    "CH": ((_ALWAYS, 770), (date(2024, 1, 1), 810)),
    "CY": ((_ALWAYS, 1900),),
    "CZ": ((_ALWAYS, 2100),),
    "DE": ((_ALWAYS, 1900), (date(2020, 7, 1), 1600), (date(2021, 1, 1), 1900)),
    "DK": ((_ALWAYS, 2500),),
    "EE": ((_ALWAYS, 2000), (date(2024, 1, 1), 2200), (date(2025, 7, 1), 2400)),
    "ES": ((_ALWAYS, 2100),),
    "FI": ((_ALWAYS, 2400), (date(2024, 9, 1), 2550)),
    "FR": ((_ALWAYS, 2000),),
    "GB": ((_ALWAYS, 2000),),
    "GR": ((_ALWAYS, 2400),),
    "HR": ((_ALWAYS, 2500),),
    "HU": ((_ALWAYS, 2700),),
    "IE": ((_ALWAYS, 2300),),
    "IT": ((_ALWAYS, 2200),),
    "LT": ((_ALWAYS, 2100),),
    "LU": ((_ALWAYS, 1700), (date(2023, 1, 1), 1600), (date(2024, 1, 1), 1700)),
    "LV": ((_ALWAYS, 2100),),
    "MT": ((_ALWAYS, 1800),),
    "NL": ((_ALWAYS, 2100),),
    "NO": ((_ALWAYS, 2500),),
    "PL": ((_ALWAYS, 2300),),
    "PT": ((_ALWAYS, 2300),),
    "RO": ((_ALWAYS, 1900), (date(2025, 8, 1), 2100)),
    "SE": ((_ALWAYS, 2500),),
    "SI": ((_ALWAYS, 2200),),
    "SK": ((_ALWAYS, 2000), (date(2025, 1, 1), 2300)),
}
# Reduced rates only where one rate holds for the whole class; printed books, plain food, children's clothing.
_REDUCED: Mapping[str, Mapping[str, int]] = {
    "books": {
        "AT": 1000, "BE": 600, "CH": 260, "DE": 700, "ES": 400, "FR": 550, "GB": 0, "IE": 0, "IT": 400, "LU": 300,
        "NL": 900, "NO": 0, "PL": 500, "PT": 600, "SE": 600,
    },
    "food": {"BE": 600, "CH": 260, "DE": 700, "FR": 550, "GB": 0, "IE": 0, "LU": 300, "NL": 900, "PL": 500},
    "children_clothing": {"GB": 0, "IE": 0, "LU": 300},
}  # fmt: skip


def tax_country(*, shop: str, destination: str | None, oss: bool) -> str:
    """Whose rate applies: the destination's inside the EU for a shop with OSS, else the shop's own.

    Without a destination yet, the shop's own. Deliveries out of the EU are priced with the shop's rate too; the refund
    of tax on proof of export is bookkeeping, and the gross price stays.
    """
    if oss and shop in EU and destination in EU:
        return destination
    return shop


@lru_cache(maxsize=1024)
def rate_bp(country: str, on: date, *, tax_class: str = STANDARD) -> int:
    """The rate in basis points on a day; 0 in a country without rates."""
    if country not in _STANDARD:
        return 0
    reduced = _REDUCED.get(tax_class, {}).get(country)
    if reduced is not None:
        return reduced
    return next(rate for first, rate in reversed(_STANDARD[country]) if first <= on)


def known_countries() -> frozenset[str]:
    """Countries with a rate."""
    return frozenset(_STANDARD)
