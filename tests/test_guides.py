"""What README and docs tell merchants and operators to enter, expect or delete, against the code's own tables."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bots.channels.whatsapp import inbound
from checkout.payments import stripe, stripe_reading
from storefront import config, housekeeping, schema
from storefront.api import problems

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
_EVENT = re.compile(r"`((?:checkout\.session|payment_intent|refund|charge|radar)\.[a-z_.]+)`")


def test_the_webhook_at_stripe_is_told_every_event_that_we_read_and_no_other() -> None:
    assert set(_EVENT.findall(README)) == set(stripe_reading.EVENTS)
    assert f"`{stripe.VERSION}`" in README


@pytest.mark.parametrize("page", ["README.md", "bots/channels/whatsapp/README.md"])
def test_the_webhook_at_meta_is_told_the_fields_that_we_read(page: str) -> None:
    text = (ROOT / page).read_text()
    told = set(re.findall(r"`(\w+)`", text[text.index("Verify and save") :].partition("\n\n")[0]))
    assert told >= {"messages", "phone_number_quality_update", "business_capability_update", *inbound._FIELDS}


def test_the_problem_that_the_api_page_shows_is_one_that_the_api_gives() -> None:
    page = (ROOT / "docs/api.md").read_text()
    shown = msgspec.json.decode(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])
    more = {name: shown.pop(name) for name in ("pointer",)}
    given = problems.problem(shown["status"], shown["code"], shown["detail"], **more).content
    assert given == {**shown, **more}
    statuses = {*problems.STATUSES.values(), *problems.SPECIAL.values()}
    assert statuses <= {int(status) for status in re.findall(r"^\| (\d{3}) \|", page, re.MULTILINE)}


def test_the_page_of_privacy_names_tables_that_exist_and_how_long_each_is_kept() -> None:
    page = (ROOT / "docs/privacy.md").read_text()
    kept = page[page.index("## What is kept") : page.index("## To whom")]
    named = {name for row in kept.splitlines() if row.startswith("| ") for name in re.findall(r"`([a-z_]+)", row)}
    assert named <= set(schema.metadata.tables)
    terms = page[page.index("## For how long") :]
    assert {term for _, _, term in housekeeping.KEPT} == {timedelta(hours=24), timedelta(days=30)}
    for told in ("remembered answers of the API | 24 hours", "receipts of channels | 30 days"):
        assert told in terms


def test_the_page_of_scaling_tells_the_pool_that_a_process_has() -> None:
    (size,) = (entry.default for entry in config.ENTRIES if entry.variable == "STOREFRONT_POOL_SIZE")
    assert f"`STOREFRONT_POOL_SIZE` ({size})" in (ROOT / "docs/scaling.md").read_text()
