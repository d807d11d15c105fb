"""Reading files: whatever a writer of CSV or JSON may do comes back as it was, grouped, in order."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.imports import reading
from catalog.imports.cells import Cells, category_path, plain_text, slug
from catalog.imports.spool import Spool
from catalog.imports.values import Issue, Row

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs", "Cc")), max_size=30)
TABLE = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=20)


def read(content: bytes) -> list[Row]:
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(content)
        file.flush()
        return list(reading.rows(reading.inspect(Path(file.name))))


@given(TABLE, st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_tables_come_back_as_they_were_written(table: list[tuple[str, str]], delimiter: str, encoding: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerows([("left column", "right column"), *table])
    rows = read(stream.getvalue().encode(encoding))
    written = [(left.strip(), right.strip()) for left, right in table if left.strip() or right.strip()]
    assert [(row.cells.get("left column", ""), row.cells.get("right column", "")) for row in rows] == written


@given(
    st.lists(st.dictionaries(st.text("abc", min_size=1), st.text(max_size=40) | st.integers()), min_size=1),
    st.integers(0, 2),
)
def test_json_lists_come_back_as_they_were_written(objects: list[dict[str, object]], indent: int) -> None:
    rows = read(json.dumps(objects, indent=indent or None).encode())
    assert [row.cells for row in rows] == objects


def test_a_row_is_named_by_the_line_it_begins_at() -> None:
    rows = read(b'a,b\n1,"two\nlines"\n\n3,4\n')
    assert [row.line for row in rows] == [2, 5]
    assert [row.line for row in read(b'[\n {"a": 1},\n\n {"a":\n 2}, {"a": 3}\n]')] == [2, 4, 5]


def test_an_object_larger_than_the_buffer_is_read() -> None:
    big = [{"text": "x" * 300_000}, {"text": "y"}]
    assert [row.cells for row in read(json.dumps(big).encode())] == big


@given(st.lists(st.sampled_from("abcd") | st.none(), max_size=40))
def test_rows_come_back_grouped_in_the_order_of_first_appearance(keys: list[str | None]) -> None:
    rows = [Row(line, {"key": key or ""}) for line, key in enumerate(keys)]
    expected: dict[str, list[int]] = {}
    last = "\0first"
    for line, key in enumerate(keys):
        last = key or last
        expected.setdefault(last, []).append(line)
    with Spool() as spool:
        spool.fill(rows, lambda row: str(row.cells["key"]) or None)
        groups = list(spool.groups())
        assert [[row.line for row in group] for group in groups] == list(expected.values())
        assert list(spool.groups(1)) == groups[1:]
        assert (spool.rows, len(spool)) == (len(keys), len(expected))


@pytest.mark.parametrize(
    ("written", "minor", "kinds"),
    [
        ("24.90", 2490, []),
        ("24,90", 2490, ["comma_price"]),
        ("24.90 EUR", 2490, []),
        ("€24.90", 2490, ["price_sign"]),
        ("1.234,50 €", 123_450, ["comma_price"]),
        ("1.234", 123_400, ["ambiguous_price"]),
        ("24", 2400, []),
    ],
)
def test_prices_as_people_write_them(written: str, minor: int, kinds: list[str]) -> None:
    issues: list[Issue] = []
    amount = Cells(Row(2, {"price": written}), issues).money("price", "EUR")
    assert amount is not None
    assert (amount.minor, [issue.kind for issue in issues]) == (minor, kinds)


@pytest.mark.parametrize("written", ["free", "12.345,678", "USD 3.00", "--", "1e3", "$5.00"])
def test_what_is_no_price_is_an_error(written: str) -> None:
    issues: list[Issue] = []
    assert Cells(Row(2, {"price": written}), issues).money("price", "EUR") is None
    assert [issue.severity for issue in issues] == ["error"]


@pytest.mark.parametrize(
    ("written", "grams"), [("200", 200), ("0,5 kg", 500), ("2 lb", 907), ("1.5 KG", 1500), ("heavy", None)]
)
def test_weights_become_grams_whatever_their_unit(written: str, grams: int | None) -> None:
    assert Cells(Row(2, {"w": written}), []).grams("w") == grams


@given(st.text(max_size=60))
def test_slugs_are_addresses(text: str) -> None:
    made = slug(text)
    assert slug(made) == made
    assert all(letter in "abcdefghijklmnopqrstuvwxyz0123456789-" for letter in made)


def test_a_files_categories_become_slugs_and_its_html_plain_text() -> None:
    assert category_path("Apparel & Accessories > Größe/Mäntel") == "apparel-accessories/groesse/maentel"
    assert plain_text("<p>a<br>b</p><script>x()</script><ul><li>c &amp; d</li></ul>") == "a\nb\n\n- c & d"
