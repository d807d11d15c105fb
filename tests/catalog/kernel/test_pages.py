"""Cursors lead through a list, and only its own do."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import new_id
from catalog.kernel.pages import cut, read_cursor

AT = datetime(2026, 5, 1, 9, 30, 0, 250, tzinfo=UTC)
KEYS = (new_id(), "SOMMER+20%", (AT, new_id()), (AT, "inbound", 7))
KINDS: tuple[type, ...] = (UUID, str, tuple[datetime, UUID], tuple[datetime, str, int])


@pytest.mark.parametrize(("key", "kind"), [*zip(KEYS, KINDS, strict=True)])
def test_a_cursor_is_the_last_rows_key_and_stands_in_an_address_as_it_is(key: object, kind: type) -> None:
    page = cut([1, 2, 3], 2, key=lambda _: key)
    assert page.items == (1, 2)
    assert page.next_cursor is not None
    assert re.fullmatch(r"[\w-]+", page.next_cursor, re.ASCII)
    assert read_cursor(page.next_cursor, kind) == key


def test_the_last_page_leads_nowhere() -> None:
    assert cut([1, 2], 2, key=str).next_cursor is None
    assert read_cursor(None, str) is None


@pytest.mark.parametrize("cursor", ["zzz", "a", "ä", "a\0b", "bnVsbA", str(AT), "2026-05-01T09:30:00+00:00,7"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_cursor_that_the_list_did_not_give_out_is_refused(cursor: str, kind: type) -> None:
    with pytest.raises(Invalid, match="no cursor of this list"):
        read_cursor(cursor, kind)
