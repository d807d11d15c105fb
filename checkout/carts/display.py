"""How a variant is called beside its product: its option values in the shopper's language, in the product's order."""

from collections.abc import Mapping, Sequence

from catalog.products.options import called
from catalog.products.texts import Texts


def variant_title(
    options: Mapping[str, str],
    *,
    order: Sequence[str],
    titles: Mapping[str, Texts],
    locale: str,
    default_locale: str,
) -> str:
    """'grau, M' for {"colour": "grey", "size": "M"}: the merchant's own titles first, then the table of colours."""
    names = [*(name for name in order if name in options), *(name for name in options if name not in order)]
    values = [options[name] for name in names]
    return ", ".join(called(value, titles, locale=locale, default_locale=default_locale) for value in values)
