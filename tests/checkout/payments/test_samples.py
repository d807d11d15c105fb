"""Every recorded event is understood, and the whole history of one order ends where the records say."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops.models import Shop
from checkout.payments import accounts, ledger, refunds, service, stripe_reading
from checkout.payments.gateway import AttemptReport, DisputeReport, ProviderEvent, RefundReport, Unconcerned
from checkout.payments.states import PaymentState, RefundState
from tests.checkout.payments.factories import make_payment
from tests.checkout.payments.values import euros

SAMPLES = Path(__file__).parent / "samples"
EVENTS = sorted(SAMPLES.glob("event.*.json"))
_PERSONAL = {
    "name", "email", "customer_email", "receipt_email", "phone", "line1", "line2", "city", "postal_code", "last4",
    "fingerprint", "customer",
}  # fmt: skip
_ORDER = UUID("01929000-0000-7000-8000-00000000004d")


def _read(path: Path) -> ProviderEvent:
    return stripe_reading.read_event(path.read_bytes().replace(b"ord_01J8ZK4T9M", str(_ORDER).encode()))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_every_recorded_event_is_understood(path: Path) -> None:
    event = _read(path)
    raw = json.loads(path.read_bytes())
    assert (event.event_id, event.kind, event.livemode) == (raw["id"], raw["type"], False)
    expected = {
        "checkout": AttemptReport, "payment_intent": AttemptReport, "refund": RefundReport,
        "charge": DisputeReport if "dispute" in event.kind else Unconcerned,
    }[event.kind.partition(".")[0]]  # fmt: skip
    assert isinstance(event.report, expected)
    assert stripe_reading.reread(event.raw) == event.report


def test_the_ledger_keeps_nothing_of_the_payer() -> None:
    told, kept = set(), set()
    for path in EVENTS:
        body = json.loads(path.read_bytes())
        told |= set(_of_people(body))
        kept |= set(_of_people(json.loads(_read(path).raw)))
        look = stripe_reading.look("look.session", body["data"]["object"], livemode=False)
        kept |= set(_of_people(json.loads(look.raw)))
    assert any("@" in text for text in told)
    assert "4242" in told
    assert not kept


def _of_people(value: object) -> Iterator[str]:
    """Every text in a body that stands for a person, where they live or what they pay with."""
    if isinstance(value, list):
        yield from (text for item in value for text in _of_people(item))
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and key in _PERSONAL:
                yield item
            yield from _of_people(item)


@pytest.mark.parametrize("backwards", [False, True])
async def test_the_recorded_history_of_an_order_ends_the_same_from_both_ends(
    shop: Shop, uow: UnitOfWork, *, backwards: bool
) -> None:
    payment = await make_payment(uow, order_id=_ORDER, amount=euros(5480), session=None)
    account = await accounts.active_account(uow)
    ours = [path for path in EVENTS if b"ord_01J8ZK4T9M" in path.read_bytes() or "dispute" in path.stem]
    mine = [_read(path) for path in ours if "canceled" not in path.stem and "failed" not in path.stem]
    for event in reversed(mine) if backwards else mine:
        stored = await ledger.store_event(uow, account.id, event)
        if stored is not None:
            await ledger.apply_event(uow, account.id, stored)
    after = await service.get_payment(uow, payment.id)
    assert (after.state, after.captured) == (PaymentState.CAPTURED, euros(5480))
    sums = {refund.amount.minor: refund.state for refund in await refunds.refunds(uow, _ORDER)}
    assert sums == {1990: RefundState.SUCCEEDED, 3490: RefundState.SUCCEEDED}
    waiting = await uow.fetchval(
        "SELECT count(*) FROM payment_event WHERE shop_id = $1 AND processed_at IS NULL", uow.shop_id
    )
    assert waiting == 0
