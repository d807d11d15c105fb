"""What an option's value is called: the merchant's own title for it first, then the table of colours, then itself."""

from collections.abc import Mapping

from catalog.products import colours
from catalog.products.texts import Texts, pick


def called(value: str, titles: Mapping[str, Texts], *, locale: str, default_locale: str) -> str:
    """A value for people; `titles` is the product's attribute `option_titles`."""
    return pick(titles[value], locale, default_locale) if value in titles else colours.display(value, locale)
