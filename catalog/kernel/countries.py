"""Which countries there are: ISO 3166 codes as CLDR lists them, without its groups and placeholders."""

import re

from babel.core import Locale

_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}
COUNTRIES = (
    frozenset(str(code) for code in Locale("en").territories if re.fullmatch(r"[A-Z]{2}", str(code))) - _NO_COUNTRIES
)
