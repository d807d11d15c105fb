"""From read values to a draft: options, SKUs and titles that files leave open, the same way for every kind of file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog.imports.cells import Cells, slug
from catalog.imports.values import ERROR, FIXED, QUESTION, Issue
from catalog.kernel.money import Money
from catalog.products.listing import option_kind
from catalog.products.measures import base_of
from catalog.products.values import ACTIVE, ARCHIVED, DRAFT, VariantDraft

# How people write a product's state, in German and English.
STATES = {
    "active": ACTIVE, "aktiv": ACTIVE, "ja": ACTIVE, "yes": ACTIVE, "true": ACTIVE, "1": ACTIVE, "online": ACTIVE,
    "draft": DRAFT, "entwurf": DRAFT, "nein": DRAFT, "no": DRAFT, "false": DRAFT, "0": DRAFT, "offline": DRAFT,
    "archived": ARCHIVED, "archiviert": ARCHIVED,
}  # fmt: skip


@dataclass(slots=True)
class Parts:
    """What rows of one product gave so far."""

    issues: list[Issue] = field(default_factory=list)
    variants: list[VariantDraft] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, variant: VariantDraft | None, line: int) -> None:
        """Another variant, from the row at the line; None where it could not be read."""
        if variant is not None:
            self.variants.append(variant)
            self.lines.append(line)

    @property
    def readable(self) -> bool:
        """Whether all of the product could be read."""
        return not any(issue.severity == ERROR for issue in self.issues)

    def status(self, wanted: str) -> str:
        """The product's state: one with a price that could mean something else does not go on sale by itself."""
        doubtful = any(issue.kind == "ambiguous_price" for issue in self.issues)
        return DRAFT if wanted == ACTIVE and doubtful else wanted


def prices(cells: Cells, price: str, compare_at: str, currency: str) -> tuple[Money | None, Money | None]:
    """(price, former price); a former price that is no higher is left out."""
    amount = cells.money(price, currency)
    former = cells.money(compare_at, currency) if compare_at else None
    if amount is not None and former is not None and former.minor <= amount.minor:
        if former.minor:
            cells.say(compare_at, "the former price is not above the price; imported without it", FIXED, "compare_at")
        former = None
    return amount, former


def variant_of(
    cells: Cells, columns: Mapping[str, str], chosen: Mapping[str, str], *, handle: str, currency: str, called: str
) -> VariantDraft | None:
    """The variant of a row whose `columns` name the cell of each field. None: it has no price, as was said."""
    column = columns.get("price", "price")
    price, former = prices(cells, column, columns.get("compare_at_price", ""), currency)
    if price is None:
        if not cells.text(column):
            cells.say(column, f"{called} needs a price such as 24.90", ERROR)
        return None
    content, base = measures_of(cells, columns)
    return VariantDraft(
        sku=_sku(cells, columns.get("sku", "sku"), handle, chosen),
        price=price,
        options=chosen,
        compare_at_price=former,
        stock=cells.count(columns.get("stock", "")),
        gtin=cells.gtin(columns.get("gtin", "")),
        weight_g=cells.grams(columns.get("weight_g", "")),
        content=content,
        unit_price_base=base,
    )


def measures_of(cells: Cells, columns: Mapping[str, str]) -> tuple[str | None, str | None]:
    """(content, base of the unit price) of a row whose `columns` name their cells; the usual base is left out."""
    holds = cells.measure(columns.get("content", ""), columns.get("content_unit", ""))
    if holds is None:
        return None, None
    column, usual = columns.get("unit_price_base", ""), base_of(holds)
    of = cells.measure(column, columns.get("base_unit", ""))
    if of is None or of.size == usual.size:
        return str(holds), None
    if of.dimension != holds.dimension or not of.is_whole:
        cells.say(column, f"cannot be the base of {holds}; the unit price is that of {usual}", QUESTION)
        return str(holds), None
    if of.size < usual.size:
        cells.say(column, f"a base for loose goods alone in Germany (§ 5 PAngV); without one it is {usual}", QUESTION)
    return str(holds), str(of)


def option_name(written: str) -> str:
    """An option's name as the house says it: 'Farbe' is 'colour', 'Bein Länge' is 'bein länge'."""
    return option_kind(" ".join(written.casefold().split()))


def common_title(titles: Sequence[str]) -> str:
    """The title of a product whose variants each have one: the words they begin with in common, else the first."""
    if len(set(titles)) == 1:
        return titles[0]
    shared: list[str] = []
    for words in zip(*(title.split() for title in titles), strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return " ".join(shared).rstrip(" -–,|/(") or titles[0]


def handle_of(cells: Cells, written: str, column: str) -> str:
    """A handle as addresses need it."""
    made = slug(written)
    if written and made != written and written.lower() != made:
        cells.say(column, f"as an address it is {made!r}", FIXED, "handle")
    return made


def overflow(cells: Cells, column: str) -> None:
    """Say that a row has more cells than the header."""
    if column in cells.row.cells:
        cells.say(
            column,
            "this row has more cells than the header; a quotation mark or a separator may be wrong",
            QUESTION,
        )


def _sku(cells: Cells, column: str, handle: str, options: Mapping[str, str]) -> str:
    """The cell's SKU, or one made from handle and options: stable, so that the next import finds the same variant."""
    written = cells.text(column)
    if written:
        return written
    made = "-".join([handle, *(slug(value) or "x" for value in options.values())]).upper()[:100]
    cells.say(column, f"the SKU is missing; {made} is made of handle and options", FIXED, "sku")
    return made
