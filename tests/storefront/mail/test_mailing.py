"""From the page and the paid order to the mailbox: through the application, the queue and a mail server's own words."""

import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from catalog.kernel import dispatch
from catalog.kernel import jobs as kernel_jobs
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from checkout.customers import service as customers
from checkout.fulfilment import service as fulfilment
from checkout.orders.events import OrderPaid
from checkout.orders.models import Order
from checkout.payments import refunds
from checkout.payments.events import RefundSucceeded
from checkout.returns import service as returns
from storefront import config
from storefront.app import create_app
from storefront.bootstrap import subscriptions
from storefront.mail import mailing
from storefront.outside import trusted
from tests.checkout.factories import TEE, make_capture, make_order, make_variant
from tests.storefront.api.conftest import key_of, run_jobs
from tests.storefront.lab.serving import served
from tests.storefront.mail.double import HANG_UP, MailServer, mail_server

GIVEN = {"number": "L-1001", "name": "Jana Muster", "email": "jana@example.org", "what": "ein Gürtel"}
GERMAN = {"accept-language": "de"}


@asynccontextmanager
async def running(dsn: str, home: Path, **mail: str) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    """The application on loopback."""
    settings = config.load(
        {}, database_url=dsn, secret_key="a secret key of the tests, long enough", home=str(home), **mail
    )
    app = create_app(settings)
    async with served(app) as url, httpx.AsyncClient(base_url=url, headers=GERMAN, verify=trusted()) as web:
        yield app, web


@pytest.fixture
async def mailbox() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def shop_with_mail(
    units: Units, shop: Shop, dsn: str, tmp_path: Path, mailbox: MailServer
) -> AsyncIterator[tuple[Litestar, httpx.AsyncClient]]:
    del units, shop
    mail = {"mail_url": f"smtp://127.0.0.1:{mailbox.port}", "mail_from": "post@shop.example"}
    async with running(dsn, tmp_path, **mail) as (app, web):
        yield app, web


Running = tuple[Litestar, httpx.AsyncClient]


async def declare(web: httpx.AsyncClient, **changes: str) -> str:
    """The last page of the withdrawal function."""
    answer = await web.post("/withdraw/linden", data={**GIVEN, **changes, "step": "confirm"})
    assert answer.status_code == 200
    return answer.text


async def jobs_that_stand(units: Units) -> list[str]:
    """States of the jobs that send letters and have not ended well."""
    async with units(None) as uow:
        rows = await uow.fetch(
            "SELECT status FROM procrastinate_jobs WHERE task_name LIKE 'mail.%' AND status <> 'succeeded'"
        )
    return [row["status"] for row in rows]


async def test_a_withdrawal_is_acknowledged_by_letter_once(shop_with_mail: Running, mailbox: MailServer) -> None:
    app, web = shop_with_mail
    assert "E-Mail für die Bestätigung" in (await web.get("/withdraw/linden")).text
    page = await declare(web)
    assert "schicken wir dir auch an jana@example.org" in page
    assert mailbox.letters == []
    await run_jobs(app)
    await run_jobs(app)
    (letter,) = mailbox.letters
    assert letter["To"] == "jana@example.org"
    assert "Widerrufen: ein Gürtel" in letter.get_content()
    reference = re.findall(r"<dd>([0-9a-f-]{36})</dd>", page)
    assert letter["Message-ID"] == f"<withdrawal.{reference[0]}@shop.example>"


async def test_without_a_mail_server_the_page_is_the_acknowledgement_and_promises_no_letter(
    units: Units, shop: Shop, dsn: str, tmp_path: Path
) -> None:
    async with running(dsn, tmp_path) as (app, web):
        assert "Bestätigung" not in (await web.get("/withdraw/linden")).text.split("<main")[1].split("<button")[0]
        page = await declare(web)
        assert app.state.house.mailer is None
        assert mailing.confirm not in subscriptions(app.state.house)[OrderPaid]
    assert "Eine E-Mail kommt nicht" in page
    assert "schicken" not in page
    assert "<dt>Empfangen von</dt><dd>Linden</dd>" in page
    assert re.search(r"Eingegangen am \d+\. \w+ \d{4} um \d\d:\d\d Uhr", page)
    (saved,) = re.findall(r'download="widerruf.txt" href="data:text/plain;charset=utf-8,([^"]+)"', page)
    assert "Bestellnummer: L-1001\nName: Jana Muster\n" in unquote(saved)
    assert await jobs_that_stand(units) == []


async def test_a_letter_that_may_not_go_is_not_promised(shop_with_mail: Running, mailbox: MailServer) -> None:
    app, web = shop_with_mail
    pages = [await declare(web) for _ in range(4)]
    assert ["Eine E-Mail kommt nicht" in page for page in pages] == [False, False, False, True]
    assert "Eine E-Mail kommt nicht" in await declare(web, email="jörg@example.org")  # needs what few servers can
    await run_jobs(app)
    assert len(mailbox.letters) == 3


async def test_what_the_server_cannot_take_now_is_tried_again_as_the_same_letter(
    shop_with_mail: Running, mailbox: MailServer, units: Units, caplog: pytest.LogCaptureFixture
) -> None:
    """Put off, then taken without a word, so that a copy follows; nobody's address comes into the log."""
    app, web = shop_with_mail
    mailbox.answers = {"RCPT": ["451 4.7.1 <jana@example.org> try later"], "END": [HANG_UP]}
    await declare(web)
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            await run_jobs(app)
            async with units(None) as uow:
                await kernel_jobs.advance(uow.driver, 3600)
    first, copy = mailbox.letters
    assert first["Message-ID"] == copy["Message-ID"]
    assert await jobs_that_stand(units) == []
    assert [record.getMessage() for record in caplog.records if "mail." in record.getMessage()]
    assert "jana" not in caplog.text


async def test_what_the_server_refuses_fails_for_good_at_once(
    shop_with_mail: Running, mailbox: MailServer, units: Units
) -> None:
    app, web = shop_with_mail
    mailbox.answers = {"RCPT": ["550 5.1.1 no such person"]}
    await declare(web)
    await run_jobs(app)
    assert await jobs_that_stand(units) == ["failed"]
    assert mailbox.letters == []


async def test_the_merchant_sees_which_letters_will_not_arrive(
    shop_with_mail: Running, mailbox: MailServer, units: Units, shop_id: UUID
) -> None:
    app, web = shop_with_mail
    async with units(shop_id) as uow:
        await make_variant(uow)
        refused, fine = await make_order(uow, paid=True), await make_order(uow, paid=True)
    headers = {"Authorization": f"Bearer {await key_of(units, shop_id)}"}
    for order, answer in ((refused, "550 5.1.1 no such person"), (fine, "250 ok")):
        mailbox.answers = {"RCPT": [answer] * 2}
        async with units(shop_id) as uow:
            await mailing.confirm(uow, OrderPaid(order.id, order.customer_id, None, order.total_minor, "EUR"))
        await declare(web, number=order.number, email="ada@example.org")
        await run_jobs(app)
    shown = (await web.get("/api/v1/orders", headers=headers)).json()["items"]
    assert {each["id"]: sorted(each["undelivered_letters"]) for each in shown} == {
        str(fine.id): [],
        str(refused.id): ["acknowledgement", "confirmation"],
    }
    declared = (await web.get("/api/v1/withdrawals", headers=headers)).json()["items"]
    assert {each["order_id"]: each["letter_undelivered"] for each in declared} == {
        str(fine.id): False,
        str(refused.id): True,
    }


async def test_what_will_not_arrive_is_found_without_reading_all_jobs(uow: UnitOfWork) -> None:
    await uow.execute("SET LOCAL enable_seqscan = off")  # a young queue is read as a whole
    rows = await uow.fetch(f"EXPLAIN {mailing.UNDELIVERED}", uow.shop_id, [mailing.CONFIRM])
    assert "ix_procrastinate_jobs_failed" in "\n".join(row[0] for row in rows)


async def test_a_paid_order_is_confirmed_by_letter_where_an_address_was_given(
    shop_with_mail: Running, mailbox: MailServer, units: Units, shop_id: UUID
) -> None:
    app, _ = shop_with_mail
    async with units(shop_id) as uow:
        await make_variant(uow)
        confirmed, unpaid, silent = (
            await make_order(uow, paid=True), await make_order(uow), await make_order(uow, paid=True)
        )  # fmt: skip
        await uow.execute('UPDATE shop_order SET delivery = delivery || \'{"email": ""}\' WHERE id = $1', silent.id)
    assert mailing.confirm in subscriptions(app.state.house)[OrderPaid]
    async with units(shop_id) as uow:
        for order in (confirmed, unpaid, silent):
            await mailing.confirm(uow, OrderPaid(order.id, order.customer_id, None, order.total_minor, "EUR"))
    await run_jobs(app)
    (letter,) = mailbox.letters
    assert letter["Subject"] == f"Deine Bestellung {confirmed.number} ist bezahlt"
    assert letter["Message-ID"] == f"<order.{confirmed.id}@shop.example>"


async def _come_back(units: Units, shop_id: UUID, **delivery: str) -> Order:
    """A paid order whose parcel left, of which a piece came back, and was paid for."""
    async with units(shop_id) as uow:
        order = await make_order(uow, paid=True)
        await make_capture(uow, order)
        await uow.execute(
            "UPDATE shop_order SET delivery = delivery || $2::jsonb WHERE id = $1 /* shop_id */",
            order.id, json.dumps(delivery),
        )  # fmt: skip
        await fulfilment.ship(uow, order.id)
        back = await returns.request(uow, order.id, lines=[(TEE, 1, "")], wish="refund")
        await returns.approve(uow, back.id, code="QR-77")
    return order


async def _receive(units: Units, shop_id: UUID, order: Order) -> None:
    async with units(shop_id) as uow:
        ((back,),) = (await returns.of_orders(uow, [order.id])).values()
        await returns.receive(uow, back.id, with_refund=True)
        ((refund,),) = (await refunds.refunds_by_order(uow, [order.id])).values()
        await uow.execute("UPDATE refund SET state = 'succeeded' WHERE id = $1 /* shop_id */", refund.id)
        uow.record(RefundSucceeded(order.id, refund.id, back.id, refund.amount.minor, "EUR", ""))


async def _deliver(app: Litestar) -> None:
    while await dispatch.step(app.state.house.units, subscriptions(app.state.house)):
        pass
    await run_jobs(app)


async def test_what_becomes_of_an_order_is_told_by_letter_once_where_an_address_was_given(
    shop_with_mail: Running, mailbox: MailServer, units: Units, shop_id: UUID
) -> None:
    app, _ = shop_with_mail
    async with units(shop_id) as uow:
        await make_variant(uow)
    told, silent = await _come_back(units, shop_id), await _come_back(units, shop_id, email="")
    await _deliver(app)
    for order in (told, silent):
        await _receive(units, shop_id, order)
    for _ in range(2):
        await _deliver(app)
    told_of = sorted(letter["Message-ID"].partition(".")[0] for letter in mailbox.letters)
    assert told_of == ["<approved", "<order", "<received", "<refunded", "<shipped"]
    assert {letter["To"] for letter in mailbox.letters} == {"ada@example.org"}


async def test_nobody_who_was_forgotten_gets_a_letter(
    shop_with_mail: Running, mailbox: MailServer, units: Units, shop_id: UUID
) -> None:
    app, _ = shop_with_mail
    async with units(shop_id) as uow:
        await make_variant(uow)
    order = await _come_back(units, shop_id)
    async with units(shop_id) as uow:
        await customers.erase(uow, order.customer_id)
    await _deliver(app)
    await _receive(units, shop_id, order)
    await _deliver(app)
    assert mailbox.letters == []
    assert await jobs_that_stand(units) == []
