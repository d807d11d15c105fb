"""Parcels: only what is paid, never more than was bought, told once."""

import pytest

from catalog.kernel.errors import Invalid
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.fulfilment import carriers
from checkout.fulfilment import service as fulfilment
from checkout.fulfilment.errors import NothingToShip, OrderNotPaid
from checkout.fulfilment.events import ParcelShipped
from checkout.orders import service as orders
from checkout.orders.errors import TooLateToCancel
from checkout.orders.events import OrderFulfilled
from checkout.orders.models import Order
from checkout.payments import service as payments
from checkout.payments.errors import Disputed, FraudSuspected
from tests.checkout.factories import TEE, make_capture, make_order, make_variant
from tests.checkout.payments.factories import hear, news


@pytest.fixture
async def order(uow: UnitOfWork, shop: object) -> Order:
    await make_variant(uow)
    await make_variant(uow, "BELT", price=3990, stock=5)
    return await make_order(uow, {TEE: 2, "BELT": 1}, paid=True)


async def test_all_of_it_leaves_at_once(uow: UnitOfWork, order: Order) -> None:
    parcel = await fulfilment.ship(uow, order.id, carrier="dhl", tracking_code="00340434")
    assert parcel.lines == (("BELT", 1), (TEE, 2))
    assert (parcel.carrier, parcel.tracking_url.rpartition("=")[2]) == ("DHL", "00340434")
    shown = await orders.get(uow, order.id)
    assert [event.type for event in shown.events] == ["placed", "paid", "shipped", "fulfilled"]
    told = [event for event in uow.recorded if isinstance(event, ParcelShipped)]
    assert [(event.fulfilment_id, event.complete) for event in told] == [(parcel.id, True)]
    assert await fulfilment.of_order(uow, order.id) == [parcel]


async def test_parts_leave_until_nothing_is_left(uow: UnitOfWork, order: Order) -> None:
    await fulfilment.ship(uow, order.id, lines=[(TEE, 1)])
    assert (await orders.get(uow, order.id)).state == "fulfilling"
    with pytest.raises(NothingToShip, match="2 wanted, 1 left"):
        await fulfilment.ship(uow, order.id, lines=[(TEE, 1), (TEE, 1)])
    await fulfilment.ship(uow, order.id)
    assert (await orders.get(uow, order.id)).state == "fulfilled"
    assert len([event for event in uow.recorded if isinstance(event, OrderFulfilled)]) == 1
    with pytest.raises(NothingToShip):
        await fulfilment.ship(uow, order.id)


@pytest.mark.parametrize("field", ["carrier", "tracking_code"])
async def test_what_says_where_a_parcel_is_has_an_end(uow: UnitOfWork, order: Order, field: str) -> None:
    with pytest.raises(Invalid, match="at most 100 characters") as refused:
        await fulfilment.ship(uow, order.id, **{field: "x" * 101})  # type: ignore[arg-type]  # each is a text
    assert refused.value.pointer == f"/{field}"


async def test_the_same_key_is_the_same_parcel(uow: UnitOfWork, order: Order) -> None:
    first = await fulfilment.ship(uow, order.id, lines=[(TEE, 1)], key="a")
    assert await fulfilment.ship(uow, order.id, lines=[(TEE, 1)], key="a") == first
    assert len(await fulfilment.of_order(uow, order.id)) == 1


async def test_what_is_not_paid_is_not_sent(uow: UnitOfWork, order: Order) -> None:
    unpaid = await make_order(uow, {TEE: 1})
    with pytest.raises(OrderNotPaid):
        await fulfilment.ship(uow, unpaid.id)
    await orders.cancel(uow, order.id, "merchant")
    with pytest.raises(OrderNotPaid):
        await fulfilment.ship(uow, order.id)


async def _disputed(uow: UnitOfWork, order: Order, *statuses: str) -> None:
    """The bank asks the order's payment back, and what became of that."""
    payment = await payments.get_payment(uow, await make_capture(uow, order))
    for status in statuses:
        dispute = {
            "id": "du_1", "object": "dispute", "status": status, "amount": order.total_minor, "currency": "eur",
            "payment_intent": payment.intent_id,
        }  # fmt: skip
        await hear(uow, payment.account_id, news("charge.dispute.updated", dispute))


async def test_while_the_payment_is_disputed_the_rest_stays_here(uow: UnitOfWork, order: Order) -> None:
    await fulfilment.ship(uow, order.id, lines=[(TEE, 1)], key="a")
    await _disputed(uow, order, "needs_response")
    with pytest.raises(Disputed, match="until the dispute is won, or repeat with despite_dispute"):
        await fulfilment.ship(uow, order.id)
    assert (await fulfilment.ship(uow, order.id, lines=[(TEE, 1)], key="a")).lines == ((TEE, 1),)
    await fulfilment.ship(uow, order.id, lines=[(TEE, 1)], despite_dispute=True)
    with pytest.raises(Disputed):
        await fulfilment.ship(uow, order.id)
    kinds = [event.type for event in (await orders.get(uow, order.id)).events]
    assert kinds[-2:] == ["sent_despite_dispute", "shipped"]


@pytest.mark.parametrize("end", ["won", "warning_closed"])
async def test_a_dispute_that_is_won_lets_the_rest_go(uow: UnitOfWork, order: Order, end: str) -> None:
    await _disputed(uow, order, "needs_response", end)
    await fulfilment.ship(uow, order.id, despite_dispute=True)
    shown = await orders.get(uow, order.id)
    assert (shown.state, "sent_despite_dispute" in {event.type for event in shown.events}) == ("fulfilled", False)


@pytest.mark.parametrize("end", ["lost", "prevented"])
async def test_money_that_the_bank_took_back_sends_nothing(uow: UnitOfWork, order: Order, end: str) -> None:
    await _disputed(uow, order, "needs_response", end)
    with pytest.raises(Disputed):
        await fulfilment.ship(uow, order.id)


async def _warned_of_fraud(uow: UnitOfWork, order: Order) -> None:
    payment = await payments.get_payment(uow, await make_capture(uow, order))
    warning = {"id": "issfr_1", "object": "radar.early_fraud_warning", "payment_intent": payment.intent_id}
    await hear(uow, payment.account_id, news("radar.early_fraud_warning.created", warning))


async def test_while_the_payment_is_taken_for_fraud_nothing_is_sent(uow: UnitOfWork, order: Order) -> None:
    await _warned_of_fraud(uow, order)
    with pytest.raises(FraudSuspected, match="or repeat with despite_dispute"):
        await fulfilment.ship(uow, order.id)
    await fulfilment.ship(uow, order.id, despite_dispute=True)
    kinds = [event.type for event in (await orders.get(uow, order.id)).events]
    assert kinds[-3:] == ["sent_despite_fraud_warning", "shipped", "fulfilled"]


async def test_a_warning_of_fraud_is_over_once_its_dispute_is_won(uow: UnitOfWork, order: Order) -> None:
    await _warned_of_fraud(uow, order)
    (payment,) = await payments.payments(uow, order.id)
    dispute = {
        "id": "du_1", "object": "dispute", "status": "won", "amount": order.total_minor, "currency": "eur",
        "payment_intent": payment.intent_id,
    }  # fmt: skip
    await hear(uow, payment.account_id, news("charge.dispute.closed", dispute))
    assert (await fulfilment.ship(uow, order.id)).lines


async def test_what_is_packed_is_not_cancelled(uow: UnitOfWork, order: Order) -> None:
    await fulfilment.ship(uow, order.id, lines=[(TEE, 1)])
    with pytest.raises(TooLateToCancel, match="take the goods back as a return"):
        await orders.cancel(uow, order.id, "shopper")


@pytest.mark.parametrize(
    ("lines", "pointer"),
    [([], "/lines"), ([("NOTHING", 1)], "/lines/0/sku"), ([(TEE, 1), (TEE, 0)], "/lines/1/quantity")],
)
async def test_senseless_parcels_are_refused(
    uow: UnitOfWork, order: Order, lines: list[tuple[str, int]], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await fulfilment.ship(uow, order.id, lines=lines)
    assert refused.value.pointer == pointer


class TestCarriers:
    @pytest.mark.parametrize("name", ["DHL", "dpd", "GLS", "Hermes", "UPS", "Post", "Deutsche Post", "DHL Paket"])
    def test_known_ones_have_a_page(self, name: str) -> None:
        assert carriers.tracking_page(name, "A 1/2", country="DE").endswith("A%201%2F2")

    def test_the_post_is_that_of_the_country(self) -> None:
        assert carriers.carrier_name("post", "AT") == "Österreichische Post"
        assert "post.ch" in carriers.tracking_page("Post", "1", country="CH")

    def test_others_keep_their_name_and_their_own_link(self) -> None:
        assert carriers.carrier_name(" Rad  Kurier ", "DE") == "Rad Kurier"
        assert carriers.tracking_page("Rad Kurier", "1", country="DE") == ""
        assert carriers.check_link("https://kurier.example/1") == "https://kurier.example/1"

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x/y", "https://", "nonsense", "https://a b"])
    def test_only_web_pages_are_links(self, url: str) -> None:
        with pytest.raises(Invalid):
            carriers.check_link(url)
