"""Schemathesis reads the API's description and tries to break what it describes: no 5xx, no answer undescribed."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.kernel.unit_of_work import Units
from catalog.shops.models import Shop
from tests.conftest import FrozenClock
from tests.storefront.api import promises, seeding
from tests.storefront.api.conftest import Merchant, key_of

pytestmark = pytest.mark.slow
EXAMPLES = 5
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KEYS = 8  # each may ask a hundred times a second
BOUNDED = settings(
    max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
async def keys(units: Units, shop: Shop) -> list[str]:
    return [await key_of(units, shop.id) for _ in range(KEYS)]


@pytest.fixture
async def known(merchant: Merchant, units: Units, clock: FrozenClock) -> Mapping[str, str]:
    """Ids that exist, by the name of the path's parameter."""
    return await seeding.one_of_each(units, merchant.shop_id, merchant.api, clock)


async def test_every_resource_stands_under_a_heading_of_the_description(merchant: Merchant) -> None:
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    headings = [tag["name"] for tag in description["tags"]]
    used = {tag for path in description["paths"].values() for operation in path.values() for tag in operation["tags"]}
    assert used == set(headings)


async def test_every_answer_has_a_form(merchant: Merchant) -> None:
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    formless = [
        f"{method} {path} {status}"
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
        for status, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
        if not content["schema"].keys() & {"$ref", "type"} or content["schema"].get("type") == "object"
    ]
    assert not formless


async def test_an_upload_is_described_with_the_field_that_is_read(merchant: Merchant) -> None:
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    (content,) = description["paths"]["/api/v1/images"]["post"]["requestBody"]["content"].values()
    assert content["schema"]["required"] == [*content["schema"]["properties"]] == ["file"]


def test_every_body_and_every_answer_has_an_example_that_fits(routed: Litestar) -> None:
    promised = promises.of(routed)
    forms = promised.description["components"]["schemas"]
    faults = [
        fault for name in forms for each in forms[name].get("examples", ()) for fault in promised.faults_of(name, each)
    ]
    assert not faults
    wanted = _answered(promised.description) | _sent(promised.description)
    assert not [name for name in wanted if "examples" not in forms[name]]


def _sent(description: Mapping[str, Any]) -> set[str]:
    """The forms of bodies."""
    bodies = [
        operation["requestBody"]["content"].get("application/json")
        for path in description["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    schemas = [ref for body in bodies if body for ref in body["schema"].get("oneOf", [body["schema"]])]
    return {schema["$ref"].rpartition("/")[2] for schema in schemas if "$ref" in schema}


def _answered(description: Mapping[str, Any]) -> set[str]:
    """The forms of answers, and of a list that of what it lists."""
    forms = description["components"]["schemas"]
    found: set[str] = set()
    for path in description["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    name = content["schema"].get("$ref", "").rpartition("/")[2]
                    listed = forms.get(name, {}).get("properties", {}).get("items", {}).get("items", {})
                    is_list = name.endswith("Page") or name in {"Channels", "Webhooks", "Messages"}
                    refs = [*listed.get("oneOf", [listed])] if is_list else [content["schema"]]
                    found |= {ref["$ref"].rpartition("/")[2] for ref in refs if "$ref" in ref}
    return found


async def test_whatever_there_is_reads_as_described(merchant: Merchant, known: Mapping[str, str]) -> None:
    description = (await merchant.api.get("http://shop.test/api/openapi.json")).json()
    for path in (path for path, operations in description["paths"].items() if "get" in operations):
        answer = await merchant.api.get(f"http://shop.test{path.format(**known)}", params={"sku": known["sku"]})
        assert answer.status_code == 200, f"{path}: {answer.text}"
        if answer.headers["content-type"] == "application/json":
            assert answer.json().get("items") != [], f"{path} lists nothing"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/orders", {"items": [{"id": "1"}]}),
        ("/shop", {"unheard_of": True}),
        ("/shop", {"currency": None}),
        ("/shop", {"id": "no id"}),
        ("/channels", {"kinds": "webchat"}),
    ],
)
async def test_tests_refuse_an_answer_that_is_not_as_described(
    merchant: Merchant, routed: Litestar, path: str, change: Mapping[str, object]
) -> None:
    good = await merchant.api.get(path)
    headers = {name: good.headers[name] for name in ("content-type", "etag") if name in good.headers}
    changed = httpx.Response(200, json=good.json() | change, headers=headers)
    with pytest.raises(AssertionError, match=path):
        promises.of(routed).check("GET", f"/api/v1{path}", changed)


def test_no_request_breaks_the_api(address: str, keys: list[str], known: Mapping[str, str], shop_id: UUID) -> None:
    description = httpx.get(f"{address}/api/openapi.json", timeout=30).json()
    schema = schemathesis.openapi.from_dict(promises.strict(description))
    schema.config.base_url = address
    operations: list[Any] = [cast("Any", result).ok() for result in schema.get_all_operations()]
    assert len(operations) > 45
    answers: Counter[int] = Counter()
    failed = [*_trials(operations, keys, known, answers)]
    assert not failed, "\n\n".join(failed)
    assert answers.total() > EXAMPLES * len(operations)
    assert sum(count for status, count in answers.items() if status < httpx.codes.BAD_REQUEST) > len(operations), (
        answers
    )


def _trials(operations: list[Any], keys: list[str], known: Mapping[str, str], answers: Counter[int]) -> Iterator[str]:
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                _try(operation, mode, keys, known, answers)
            except BaseExceptionGroup as found:
                yield f"{operation.label} ({mode.value}): " + "\n".join(str(one) for one in found.exceptions)
            except AssertionError as found:
                yield f"{operation.label} ({mode.value}): {found}"


def _try(
    operation: Any,  # noqa: ANN401 - schemathesis' operation
    mode: GenerationMode,
    keys: list[str],
    known: Mapping[str, str],
    answers: Counter[int],
) -> None:
    """A few requests of one kind; half of those that name something name something that exists."""
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return
    pick = random.Random(operation.label)  # noqa: S311 - a test's own

    @seed(7)
    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def attempt(case: Any, real: bool) -> None:  # noqa: ANN401, FBT001 - schemathesis' case
        if real and case.path_parameters:
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        answer = case.call(headers={"Authorization": f"Bearer {pick.choice(keys)}"})
        answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    attempt()
