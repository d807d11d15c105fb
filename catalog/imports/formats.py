"""The kinds of files we know, by their columns: our own, Shopify's product export, Google's product feed.

Sources: Shopify Help Center "Using CSV files to import and export products"; Google Merchant Center Help "Product data
specification". Each kind says how rows belong together and what a group of rows means.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from catalog.imports import google, own, shopify
from catalog.imports.errors import UnknownColumns
from catalog.imports.values import Candidate, Row
from catalog.products.validation import Rules


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `key` names a row's product (None: the one before); `read` turns its rows into a candidate."""

    name: str
    fits: Callable[[Collection[str]], bool]
    key: Callable[[Row], str | None]
    read: Callable[[Sequence[Row], Rules], Candidate]


FORMATS = (
    Format("shopify", shopify.fits, shopify.key, shopify.read),
    Format("google", google.fits, google.key, google.read),
    Format("own", own.fits, own.key, own.read),
)


def detect(columns: Collection[str]) -> Format:
    """The kind of file with such columns. Raises UnknownColumns, which says what is needed."""
    folded = {column.strip().casefold() for column in columns}
    for candidate in FORMATS:
        if candidate.fits(folded):
            return candidate
    shown = ", ".join(sorted(columns)[:8])
    raise UnknownColumns(
        f"no known kind of file has these columns ({shown}); needed are at least a title and a price, as in: "
        "handle,title,price,sku,colour,size,stock",
        columns=sorted(columns)[:50],
    )
