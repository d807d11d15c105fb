"""Stripe's double: its wire, its keys, its faults, its webhooks, its page; and that it outlives a restart."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from catalog.kernel.secrets import Secret
from checkout.payments.stripe_signature import verify
from storefront.lab.stripe_double import StripeDouble, create_app, sessions
from storefront.lab.stripe_double.delivery import Courier
from storefront.lab.stripe_double.forms import decode
from tests.checkout.payments.description import description

_HEADERS = {"Authorization": "Bearer sk_test_1"}
_ORDER = {
    "mode": "payment",
    "success_url": "https://shop.example/o/x?session_id={CHECKOUT_SESSION_ID}",
    "cancel_url": "https://shop.example/p/x",
    "line_items[0][quantity]": "2",
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "2490",
    "line_items[0][price_data][product_data][name]": "Basic-Tee",
    "metadata[order_id]": "1",
    "locale": "de",
}


class Shop:
    """The receiving end of webhooks: remembers what came, and answers as told."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.status = 200

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Take one webhook."""
        verify(request.content, request.headers["Stripe-Signature"], [Secret("whsec_1")], datetime.now(UTC))
        self.heard.append(json.loads(request.content)["type"])
        return httpx.Response(self.status)


@pytest.fixture
def shop_end() -> Shop:
    return Shop()


@pytest.fixture
def double(tmp_path: Path) -> StripeDouble:
    made = StripeDouble(base_url="https://pay.example", path=tmp_path / "stripe" / "double.json")
    made.configure_webhook("https://shop.example/webhooks/stripe/1", "whsec_1")
    return made


@pytest.fixture
async def api(double: StripeDouble) -> AsyncIterator[httpx.AsyncClient]:
    app = cast("Any", create_app(double))  # Litestar and httpx spell the types of ASGI differently
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://stripe.example", headers=_HEADERS
    ) as client:
        yield client


@pytest.fixture
async def courier(double: StripeDouble, shop_end: Shop) -> AsyncIterator[Courier]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(shop_end)) as client:
        yield Courier(double, client)


async def _session(api: httpx.AsyncClient, key: str = "k", **changes: str) -> dict[str, Any]:
    response = await api.post("/v1/checkout/sessions", data=_ORDER | changes, headers={"Idempotency-Key": key})
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()
    return made


async def _paid(api: httpx.AsyncClient, double: StripeDouble) -> str:
    made = await _session(api)
    sessions.pay(double, made["id"], method="card", email="mia@example.org", name="Mia")
    found = (await api.get(f"/v1/checkout/sessions/{made['id']}")).json()
    return str(found["payment_intent"])


def test_nested_forms_become_objects_and_lists() -> None:
    assert decode("a[b][0][c]=1&a[b][1][c]=2&types[]=x&types[]=y&created[gt]=5&d=&e=%C3%A4") == {
        "a": {"b": [{"c": "1"}, {"c": "2"}]},
        "types": ["x", "y"],
        "created": {"gt": "5"},
        "d": "",
        "e": "ä",
    }


async def test_every_object_it_gives_fits_stripes_description(api: httpx.AsyncClient, double: StripeDouble) -> None:
    judge = description()
    intent = await _paid(api, double)
    await api.post("/v1/refunds", data={"payment_intent": intent, "amount": "100"})
    await api.post("/_lab/disputes", json={"id": intent})
    token = (await api.post("/v1/tokens", data={"pk_token": "{}"})).json()
    method = (await api.post("/v1/payment_methods", data={"type": "card", "card[token]": token["id"]})).json()
    form = {"amount": "900", "currency": "eur", "payment_method": method["id"], "confirm": "true"}
    bought = (await api.post("/v1/payment_intents", data=form)).json()
    assert bought["status"] == "succeeded"
    await api.post("/v1/coupons", data={"amount_off": "100", "currency": "eur", "duration": "once"})
    for kind, objects in double.objects.items():
        for obj in objects.values():
            if kind != "webhook_endpoint":
                assert judge.object_errors(obj) == [], kind
    lines = (await api.get(f"/v1/checkout/sessions/{next(iter(double.line_items))}/line_items")).json()
    assert judge.object_errors(lines) == []


@pytest.mark.parametrize("key", ["", "sk_live_1", "nothing"])
async def test_a_wrong_key_opens_nothing(api: httpx.AsyncClient, key: str) -> None:
    response = await api.get("/v1/events", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 401
    assert description().error_errors(response.json()) == []


async def test_a_key_used_again_brings_the_first_answer_and_other_parameters_are_refused(
    api: httpx.AsyncClient, double: StripeDouble
) -> None:
    first = await _session(api)
    again = await api.post("/v1/checkout/sessions", data=_ORDER, headers={"Idempotency-Key": "k"})
    assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (first["id"], "true")
    other = await api.post("/v1/checkout/sessions", data=_ORDER | {"locale": "en"}, headers={"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")
    assert len(double.objects["checkout.session"]) == 1


async def test_a_stored_fault_is_brought_again_with_its_key(api: httpx.AsyncClient, double: StripeDouble) -> None:
    await api.post("/_lab/faults", json={"error_500_stored_next": 1})
    for _ in range(2):
        response = await api.post("/v1/checkout/sessions", data=_ORDER, headers={"Idempotency-Key": "k"})
        assert response.status_code == 500
    assert (await _session(api, "other"))["status"] == "open"


async def test_a_key_in_use_is_refused_until_its_first_call_is_answered(
    api: httpx.AsyncClient, double: StripeDouble
) -> None:
    double.faults.delay_ms = 50
    calls = [api.post("/v1/checkout/sessions", data=_ORDER, headers={"Idempotency-Key": "k"}) for _ in range(3)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert (await _session(api))["id"] in double.objects["checkout.session"]
    assert len(double.objects["checkout.session"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"line_items[0][price_data][unit_amount]": "19.99"}, "parameter_invalid_integer"),
        ({"line_items[0][price_data][unit_amount]": "10"}, "amount_too_small"),
        ({"line_items[0][price_data][unit_amount]": "-1"}, "parameter_invalid"),
        ({"shipping_adress_collection[allowed_countries][0]": "DE"}, "parameter_unknown"),
        ({"expires_at": "5"}, "parameter_invalid"),
        ({"success_url": ""}, "parameter_missing"),
    ],
)
async def test_what_stripe_refuses_is_refused(api: httpx.AsyncClient, changes: dict[str, str], code: str) -> None:
    response = await api.post("/v1/checkout/sessions", data=_ORDER | changes)
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


async def test_more_than_the_rest_is_not_refunded(api: httpx.AsyncClient, double: StripeDouble) -> None:
    intent = await _paid(api, double)
    assert (await api.post("/v1/refunds", data={"payment_intent": intent, "amount": "4000"})).status_code == 200
    assert (await api.post("/v1/refunds", data={"payment_intent": intent, "amount": "981"})).status_code == 400
    assert (await api.post("/v1/refunds", data={"payment_intent": intent})).json()["amount"] == 980
    gone = await api.post("/v1/refunds", data={"payment_intent": intent})
    assert gone.json()["error"]["code"] == "charge_already_refunded"
    listed = (await api.get("/v1/refunds", params={"payment_intent": intent, "limit": 1})).json()
    assert (len(listed["data"]), listed["has_more"]) == (1, True)


async def test_the_page_pays_declines_and_sends_back_without_any_script(
    api: httpx.AsyncClient, double: StripeDouble
) -> None:
    made = await _session(api)
    path = made["url"].removeprefix("https://pay.example").partition("#")[0]
    shown = await api.get(path)
    assert "Testmodus" in shown.text
    assert "49,80" in shown.text
    assert "<script" not in shown.text
    declined = await api.post(path, data={"how": "card", "card": "4000 0000 0000 0002"})
    assert (declined.status_code, "abgelehnt" in declined.text) == (200, True)
    unknown = await api.post(path, data={"how": "card", "card": "1"})
    assert "keine Testkarte" in unknown.text
    paid = await api.post(path, data={"how": "card", "card": "4242 4242 4242 4242", "email": "mia@example.org"})
    assert paid.status_code == 303
    assert paid.headers["Location"] == f"https://shop.example/o/x?session_id={made['id']}"
    assert "erledigt" in (await api.get(path)).text
    assert double.objects["checkout.session"][made["id"]]["payment_status"] == "paid"
    assert (await api.get("/c/pay/cs_nothing")).status_code == 404


@pytest.mark.parametrize(
    ("iban", "ends"), [("DE89 3704 0044 0532 0130 00", "paid"), ("DE62370400440532013001", "unpaid")]
)
async def test_a_debit_is_decided_later(api: httpx.AsyncClient, double: StripeDouble, iban: str, ends: str) -> None:
    made = await _session(api)
    await api.post(f"/c/pay/{made['id']}", data={"how": "sepa", "iban": iban})
    found = double.objects["checkout.session"][made["id"]]
    assert (found["status"], found["payment_status"]) == ("complete", "unpaid")
    await api.post("/_lab/clock", json={"advance_seconds": 90})
    assert found["payment_status"] == ends


async def test_webhooks_are_tried_until_they_are_answered_well(
    api: httpx.AsyncClient, double: StripeDouble, courier: Courier, shop_end: Shop
) -> None:
    await _paid(api, double)
    shop_end.status = 500
    assert await courier.deliver_due() == 0
    assert await courier.deliver_due() == 0  # not due yet
    assert len(shop_end.heard) == 3
    for entry in double.deliveries:
        entry["at"] = 0
    shop_end.status = 200
    assert await courier.deliver_due() == 3
    assert double.deliveries == []
    assert shop_end.heard[:3] == ["payment_intent.succeeded", "charge.succeeded", "checkout.session.completed"]


async def test_faults_lose_double_and_turn_webhooks_round(
    api: httpx.AsyncClient, double: StripeDouble, courier: Courier, shop_end: Shop
) -> None:
    await api.post("/_lab/faults", json={"webhook_drop_next": 1, "webhook_copies": 2, "webhook_reorder": True})
    await _paid(api, double)
    await courier.deliver_due()
    assert shop_end.heard == ["charge.succeeded"] * 2 + ["payment_intent.succeeded"] * 2
    assert (await api.delete("/_lab/faults")).json()["webhook_copies"] == 1
    assert (await api.post("/_lab/faults", json={"nonsense": 1})).status_code == 400
    listed = (await api.get("/_lab/events")).json()
    await api.post("/_lab/events/redeliver", json={"id": listed[0]["id"]})
    await courier.deliver_due()
    assert shop_end.heard[-1] == "checkout.session.completed"


async def test_what_waits_for_a_shop_follows_it_to_its_new_port(
    api: httpx.AsyncClient, double: StripeDouble, courier: Courier, shop_end: Shop
) -> None:
    await _paid(api, double)
    double.configure_webhook("http://127.0.0.1:8001/webhooks/stripe/1", "whsec_1")
    assert [one["url"] for one in double.objects["webhook_endpoint"].values()] == [
        "http://127.0.0.1:8001/webhooks/stripe/1"
    ]
    assert await courier.deliver_due() == len(shop_end.heard) == 3


async def test_a_running_courier_delivers_by_itself_before_the_shopper_is_back(
    double: StripeDouble, shop_end: Shop
) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(shop_end)) as client:
        app = create_app(double, client=client)
        async with (
            app.lifespan(),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=cast("Any", app)), base_url="https://stripe.example", headers=_HEADERS
            ) as api,
        ):
            made = await _session(api)
            await api.post(f"/c/pay/{made['id']}", data={"how": "wallet"})
            assert "checkout.session.completed" in shop_end.heard


async def test_a_dashboard_refund_and_a_dispute_are_told_by_webhook_only(
    api: httpx.AsyncClient, double: StripeDouble
) -> None:
    intent = await _paid(api, double)
    made = (await api.post("/_lab/refunds", json={"id": intent, "amount": 500})).json()
    assert made["metadata"] == {}
    ended = (await api.post("/_lab/refunds/end", json={"id": made["id"], "fails": True})).json()
    assert ended["status"] == "failed"
    dispute = (await api.post("/_lab/disputes", json={"id": intent})).json()
    closed = (await api.post("/_lab/disputes/end", json={"id": dispute["id"], "status": "won"})).json()
    assert closed["status"] == "won"
    told = [event["type"] for event in double.objects["event"].values()]
    assert told[-6:] == [
        "refund.created",
        "charge.refunded",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.closed",
    ]


async def test_all_of_it_outlives_a_restart(api: httpx.AsyncClient, double: StripeDouble, tmp_path: Path) -> None:
    intent = await _paid(api, double)
    double.save()
    again = StripeDouble(base_url="https://pay.example", path=tmp_path / "stripe" / "double.json")
    assert again.objects == double.objects
    assert again.deliveries == double.deliveries
    assert again.objects["payment_intent"][intent]["status"] == "succeeded"
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=cast("Any", create_app(again))), base_url="https://x", headers=_HEADERS
    ) as client:
        assert (await _session(client))["id"] in double.objects["checkout.session"]
        await client.post("/_lab/reset")
    assert again.objects["checkout.session"] == {}
