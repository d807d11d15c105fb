"""The doctor finds what is wrong with an install, and says of each finding what to do next."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from bots.channels.accounts import standing
from bots.delivery import news
from bots.messages.inbound import AccountReported
from catalog.kernel import jobs, outbox
from catalog.kernel.secrets import Secret
from catalog.kernel.unit_of_work import Units
from storefront.config import Settings
from storefront.doctor import about_database, about_settings, examine
from storefront.findings import Finding, Weight
from tests.checkout.factories import make_capture, make_order, make_variant
from tests.conftest import FrozenClock
from tests.storefront.api.conftest import Merchant
from tests.storefront.api.test_model import FORM as MODEL
from tests.storefront.mail.double import mail_server

NOWHERE = "http://127.0.0.1:9"


async def found(settings: Settings) -> dict[str, list[Finding]]:
    """Findings by area; whatever is not fine names a next step."""
    by_area: dict[str, list[Finding]] = {}
    async for finding in examine(settings):
        assert bool(finding.next_step) == (finding.weight is not Weight.FINE), finding
        by_area.setdefault(finding.area, []).append(finding)
    return by_area


async def add_one_of_each(merchant: Merchant) -> None:
    """Everything that is kept sealed."""
    bot = {"bot_token": "5550001:AA-token"}
    await merchant.create("/channels", {"kind": "telegram", "name": "T", "credentials": bot, "api_base": NOWHERE})
    secrets = {"secret_key": "sk_test_doctor", "webhook_secret": "whsec_dGVzdHM"}
    await merchant.create("/payment-accounts", {"kind": "stripe", "credentials": secrets, "api_base": NOWHERE})
    await merchant.create("/webhooks", {"url": f"{NOWHERE}/hook"})
    assert (await merchant.api.put("/model", json=MODEL)).status_code == 200


async def test_every_sealed_credential_is_tried_with_the_secret_key(merchant: Merchant, settings: Settings) -> None:
    await add_one_of_each(merchant)
    (right,) = (await found(settings))["secrets"]
    assert (right.weight, "all 4" in right.cause) == (Weight.FINE, True)
    other = dataclasses.replace(settings, secret_key=Secret("another key, long enough to be one too"))
    (wrong,) = (await found(other))["secrets"]
    assert (wrong.weight, "4 of 4" in wrong.cause) == (Weight.FAULT, True)


async def test_accounts_that_do_not_answer_are_faults_of_their_own(merchant: Merchant, settings: Settings) -> None:
    await add_one_of_each(merchant)
    findings = await found(settings)
    assert findings["channel telegram of linden"][0].weight is Weight.FAULT
    (payments,) = [area for area in findings if area.startswith("payment account stripe")]
    assert findings[payments][0].weight is Weight.FAULT
    assert "media" in findings


async def test_what_a_provider_refuses_or_reports_of_an_account_is_told(
    merchant: Merchant, settings: Settings, units: Units
) -> None:
    await add_one_of_each(merchant)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    async with units(merchant.shop_id) as uow:
        account_id = await uow.fetchval(
            "UPDATE channel_account SET state = 'connected', detail = '' WHERE shop_id = $1 RETURNING id", uow.shop_id
        )
        await standing.fail(uow, account_id, "Unauthorized (401)")
        for at, words in ((yesterday, "PIN_CHANGED"), (yesterday - timedelta(days=7), "long ago")):
            await news.take(uow, account_id, [AccountReported(dedupe_key=words, at=at, words=words)])
    told = [finding.cause for finding in (await found(settings))["channel telegram of linden"]]
    assert "it refuses what is sent: Unauthorized (401)" in told
    assert [cause for cause in told if "reported" in cause] == [
        f"the provider reported on {yesterday:%Y-%m-%d}: PIN_CHANGED"
    ]


async def test_what_is_not_answered_is_laid_on_no_credentials(merchant: Merchant, settings: Settings) -> None:
    await add_one_of_each(merchant)
    found_there = await found(settings)
    (area,) = [area for area in found_there if area.startswith("payment account stripe")]
    assert "network" in found_there[area][0].next_step


async def test_no_worker_and_what_was_given_up_are_faults(
    merchant: Merchant, settings: Settings, units: Units, clock: FrozenClock
) -> None:
    long_ago = clock.now - timedelta(days=1)
    async with units(merchant.shop_id) as uow:
        await uow.execute(
            "INSERT INTO domain_event (shop_id, name, payload, recorded_at, not_before, attempts, fault)"
            " VALUES ($1, 'OrderPaid', '{}', $2, $2, $3, 'thank: KeyError'), ($1, 'OrderPaid', '{}', $2, $2, 0, NULL)",
            merchant.shop_id, long_ago, outbox.MAX_ATTEMPTS,
        )  # fmt: skip
    findings = await found(settings)
    assert "nothing is delivered" in findings["worker"][0].cause
    given_up, late = findings["backlog"]
    assert given_up.cause == "1 events were given up: OrderPaid (thank: KeyError)"
    assert late.cause == "1 events have waited for more than five minutes"


async def test_jobs_of_a_kind_that_nobody_knows_are_told_after_a_while(
    merchant: Merchant, settings: Settings, units: Units
) -> None:
    async with units(merchant.shop_id) as uow:
        await jobs.defer(uow, "payments.expire_session", {})
        await jobs.defer(uow, "of.another_version", {})
    assert "of.another_version" not in str(await found(settings))
    async with units(merchant.shop_id) as uow:
        await uow.execute("UPDATE procrastinate_events SET at = at - interval '6 minutes'")
    told = [finding.cause for finding in (await found(settings))["worker"]]
    assert told[1:] == ["jobs wait that this version knows nothing of: of.another_version (1)"]


async def test_a_shop_without_a_way_to_pay_is_told(merchant: Merchant, settings: Settings) -> None:
    (finding,) = (await found(settings))["payments of linden"]
    assert (finding.weight, "nobody can pay" in finding.cause) == (Weight.WARNING, True)


async def test_a_payment_account_that_tells_nothing_of_its_payments_is_told(
    merchant: Merchant, settings: Settings, units: Units
) -> None:
    await add_one_of_each(merchant)
    async with units(merchant.shop_id) as uow:
        await make_variant(uow)
        await make_capture(uow, await make_order(uow, paid=True))
        await uow.execute("UPDATE payment SET account_id = (SELECT id FROM payment_account WHERE active) /* shop_id */")
        await uow.execute("DELETE FROM payment_account WHERE NOT active /* shop_id */")
    public = dataclasses.replace(settings, public_url="https://shop.example")
    _, finding = (await found(public))["webhooks"]
    assert (finding.weight, "tells nothing of its payments" in finding.cause) == (Weight.WARNING, True)
    assert "https://shop.example/webhooks/stripe/" in finding.next_step


async def test_a_shop_without_shipping_or_rates_is_told(merchant: Merchant, settings: Settings, units: Units) -> None:
    (shipping,) = (await found(settings))["shop linden"]
    assert (shipping.weight, "no shipping method" in shipping.cause) == (Weight.WARNING, True)
    async with units(merchant.shop_id) as uow:
        await uow.execute("UPDATE shop SET country = 'US' WHERE id = $1 /* shop_id */", uow.shop_id)
    method = {"code": "standard", "name": {"de": "Standard"}, "price": {"minor": 490, "currency": "EUR"}}
    assert (await merchant.api.patch("/shop", json={"shipping": [method]})).status_code == 200
    (rates,) = (await found(settings))["shop linden"]
    assert (rates.weight, "no VAT rate for its country, US" in rates.cause) == (Weight.WARNING, True)


async def test_the_mail_server_is_asked_without_sending_anything(merchant: Merchant, settings: Settings) -> None:
    del merchant
    (without,) = (await found(settings))["mail"]
    assert (without.weight, "no mail server" in without.cause) == (Weight.WARNING, True)
    async with mail_server() as server:
        url = Secret(f"smtp://127.0.0.1:{server.port}")
        (right,) = (await found(dataclasses.replace(settings, mail_url=url, mail_from="post@shop.example")))["mail"]
    assert (right.weight, "post@shop.example" in right.cause) == (Weight.FINE, True)
    assert (server.letters, server.said) == ([], ["ehlo shop.example", "quit"])
    silent = dataclasses.replace(settings, mail_url=Secret("smtp://127.0.0.1:9"), mail_from="post@shop.example")
    (wrong,) = (await found(silent))["mail"]
    assert (wrong.weight, "127.0.0.1:9 does not answer" in wrong.cause) == (Weight.FAULT, True)


def test_an_empty_database_names_the_command(server: str) -> None:
    (finding,) = about_database(server)
    assert (finding.weight, "storefront db migrate" in finding.cause) == (Weight.FAULT, True)


def test_a_database_that_does_not_answer_is_told_without_its_password() -> None:
    (finding,) = about_database("postgresql://shop:hunter2@127.0.0.1:9/shop")
    assert (finding.area, finding.weight) == ("database", Weight.FAULT)
    assert "hunter2" not in finding.cause


@pytest.mark.parametrize(
    ("url", "lab", "weights"),
    [
        ("https://shop.example", False, [Weight.FINE]),
        ("http://127.0.0.1:8000", True, [Weight.WARNING]),
        ("http://shop.example", False, [Weight.FAULT]),
        ("https://shop.example", True, [Weight.WARNING]),
    ],
)
def test_the_public_address_is_judged(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str, *, lab: bool, weights: list[Weight]
) -> None:
    for name in ("STOREFRONT_SHARED", "STOREFRONT_CHROMIUM"):
        monkeypatch.delenv(name, raising=False)
    judged = about_settings(dataclasses.replace(settings, public_url=url, lab=lab))
    assert [finding.weight for finding in judged] == weights
