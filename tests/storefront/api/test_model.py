"""A shop's language model over the API: set, read without its key, kept apart from other shops, removed."""

from typing import Any

import pytest

from tests.storefront.api.conftest import Merchant

FORM: dict[str, Any] = {
    "base_url": "https://llm.example/v1", "model": "small", "key": "sk-secret", "use": "all", "budget_ms": 800,
    "monthly_cap": {"minor": 500, "currency": "EUR"}, "input_price": {"minor": 15, "currency": "EUR"},
    "output_price": {"minor": 60, "currency": "EUR"},
}  # fmt: skip


async def test_a_model_is_set_read_without_its_key_and_removed(merchant: Merchant) -> None:
    assert (await merchant.api.get("/model")).status_code == 404
    made = await merchant.api.put("/model", json=FORM)
    assert made.status_code == 200, made.text
    found = (await merchant.api.get("/model")).json()
    assert found == made.json()
    assert found["key"] == {"set": True}
    assert (found["use"], found["spent"]["minor"], "sk-secret" in made.text) == ("all", 0, False)
    assert (await merchant.api.get("/shop")).json()["model"] == {"use": "all"}
    assert (await merchant.api.delete("/model")).status_code == 204
    assert (await merchant.api.get("/shop")).json()["model"] == {"use": "never"}
    assert (await merchant.api.delete("/model")).status_code == 404


async def test_a_model_without_a_key_shows_none(merchant: Merchant) -> None:
    made = await merchant.api.put("/model", json=FORM | {"key": ""})
    assert made.json()["key"] == (await merchant.api.get("/model")).json()["key"] == {"set": False}


async def test_the_key_stays_until_another_is_given_but_never_goes_to_another_address(merchant: Merchant) -> None:
    await merchant.api.put("/model", json=FORM)
    without = {name: value for name, value in FORM.items() if name != "key"}
    assert (await merchant.api.put("/model", json=without | {"threshold": 0.8})).json()["threshold"] == 0.8
    moved = await merchant.api.put("/model", json=without | {"base_url": "https://thief.example/v1"})
    assert moved.status_code == 422, moved.text
    assert "/key" in moved.text


FAULTY: dict[str, tuple[dict[str, Any], str]] = {
    "no address": ({"base_url": "llm.example"}, "/base_url"),
    "no model": ({"model": "  "}, "/model"),
    "no time": ({"budget_ms": 5}, "/budget_ms"),
    "too much time": ({"budget_ms": 60_000}, "/budget_ms"),
    "no share": ({"threshold": 2}, "/threshold"),
    "another currency": ({"monthly_cap": {"minor": 1, "currency": "USD"}}, "/monthly_cap"),
    "a debt": ({"input_price": {"minor": -1, "currency": "EUR"}}, "/input_price"),
    "costs without a cap": ({"monthly_cap": None}, "/monthly_cap"),
}


@pytest.mark.parametrize("fault", FAULTY)
async def test_a_faulty_setting_is_refused_where_it_stands(merchant: Merchant, fault: str) -> None:
    change, pointer = FAULTY[fault]
    answer = await merchant.api.put("/model", json=FORM | change)
    assert answer.status_code == 422, answer.text
    assert pointer in answer.text


async def test_an_unknown_use_is_refused(merchant: Merchant) -> None:
    assert (await merchant.api.put("/model", json=FORM | {"use": "sometimes"})).status_code in {400, 422}
