"""The kinds of files we know, by their columns: our own, Shopify's product export, Google's product feed.

Sources: Shopify Help Center "Using CSV files to import and export products"; Google Merchant Center Help "Product data
specification". Each kind says how rows belong together and what a group of rows means.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from catalog.imports import google, own, shopify
from catalog.imports.errors import UnknownColumns
from catalog.imports.values import ERROR, Candidate, Issue, Row
from catalog.products.validation import Rules


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `product_of` names a row's product (None: the one before); `build` makes one of its rows."""

    name: str
    fits: Callable[[Collection[str]], bool]
    product_of: Callable[[Row], str | None]
    build: Callable[[Sequence[Row], Rules], Candidate]

    def key(self, row: Row) -> str | None:
        """What rows that belong together have in common; None: the row belongs to the one before."""
        return f"line {row.line}: {row.fault}" if row.fault else self.product_of(row)

    def read(self, rows: Sequence[Row], rules: Rules) -> Candidate:
        """The product of rows that belong together."""
        if not rows[0].fault:
            return self.build(rows, rules)
        issues = tuple(Issue(line=row.line, column="", value="", reason=row.fault, severity=ERROR) for row in rows)
        return Candidate(lines=tuple(row.line for row in rows), draft=None, issues=issues)


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
