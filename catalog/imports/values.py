"""Rows of files, what they mean, and what is reported about them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from catalog.products.values import ProductDraft

OK, FIXED, QUESTION, ERROR = "ok", "fixed", "question", "error"
SEVERITIES = (OK, FIXED, QUESTION, ERROR)

# What was fixed, as a report's last words: "9 fixed (comma prices)".
FIXES = {
    "comma_price": "comma prices",
    "price_sign": "prices with signs",
    "number": "numbers",
    "sku": "missing SKUs",
    "stock": "negative stock",
    "handle": "handles",
    "compare_at": "former prices",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: the line it begins at, and its cells by column as the file names them.

    With a `fault` it could not be read at all, and has no cells.
    """

    line: int
    cells: Mapping[str, object]
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing about one place. 'fixed' needs nobody, 'question' wants a look, 'error' kept the product out."""

    line: int
    column: str
    value: str
    reason: str
    severity: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture to fetch for a product; `option` ties it to an option value."""

    url: str
    line: int
    column: str
    alt: str = ""
    option: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A product as a file has it. No draft: its rows could not be read, and issues say why.

    `lines` are the lines of its rows, `variant_lines` those of its variants in order; `columns` maps a draft's field to
    the file's column, so that a fault can name its place.
    """

    lines: tuple[int, ...]
    draft: ProductDraft | None
    variant_lines: tuple[int, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    names_pictures: bool = False
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import is."""

    rows_done: int
    rows_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file. Every row counts once, by the worst that was said about it.

    `issues` are at most the first few thousand; the counts are of all. `resumed_at` is the number of products that an
    earlier, interrupted run had done.
    """

    run_id: UUID | None
    kind: str
    dry_run: bool
    rows: int
    ok: int
    fixed: int
    questions: int
    errors: int
    created: int
    changed: int
    unchanged: int
    fixes: Mapping[str, int]
    issues: Sequence[Issue]
    resumed_at: int = 0

    @property
    def summary(self) -> str:
        """'412 rows: 398 ok, 9 fixed (comma prices), 5 questions'."""
        parts = [f"{self.ok} ok"]
        if self.fixed:
            kinds = ", ".join(FIXES.get(kind, kind) for kind, _ in Counter(self.fixes).most_common(3) if kind)
            parts.append(f"{self.fixed} fixed" + (f" ({kinds})" if kinds else ""))
        for count, one, many in ((self.questions, "question", "questions"), (self.errors, "error", "errors")):
            if count:
                parts.append(f"{count} {one if count == 1 else many}")
        return f"{self.rows} row{'' if self.rows == 1 else 's'}: {', '.join(parts)}"
