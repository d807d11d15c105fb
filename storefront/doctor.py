"""Examines an install: every finding says what is wrong, why that matters, and what to do next."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from bots.channels.accounts import service as channel_accounts
from catalog.kernel import jobs, outbox
from catalog.kernel.errors import Misconfigured, ShopError, Unavailable
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from checkout.payments import accounts as payment_accounts
from checkout.payments.gateway import Account
from checkout.pricing.tax import known_countries
from storefront import config, migrations, schema, worker
from storefront.bootstrap import House, open_house
from storefront.config import Settings
from storefront.findings import Finding, Weight
from storefront.jobs import kinds
from storefront.mail.transport import MailFault
from storefront.postgres.binaries import OLDEST_MAJOR

_LATE_S = 300
_FRESH = timedelta(days=7)
_HEARTBEAT_S = 60


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every finding, as it is made. Stops early when the database makes the rest meaningless."""
    for finding in about_settings(settings):
        yield finding
    database = about_database(settings.dsn)
    for finding in database:
        yield finding
    if any(finding.weight is Weight.FAULT for finding in database):
        return
    async with open_house(settings) as house:
        for look in (_secrets, _media, _mail, _worker, _backlog, _terms, _channels, _payments, _webhooks):
            async for finding in look(house):
                yield finding


def about_settings(settings: Settings) -> list[Finding]:
    """What the settings alone tell."""
    found = [
        Finding("settings", Weight.WARNING, f"{name} is set, but there is no such setting",
                "correct its spelling or remove it; docs/settings.md lists all")
        for name in config.unknown()
    ]  # fmt: skip
    parts = urlsplit(settings.public_url)
    outside = _is_outside(settings.public_url)
    if not outside:
        found.append(Finding("settings", Weight.WARNING, f"STOREFRONT_PUBLIC_URL is {settings.public_url}: providers "
                             "and shoppers elsewhere cannot reach it",
                             "set it to the shop's public https address"))  # fmt: skip
    elif parts.scheme != "https":
        found.append(Finding("settings", Weight.FAULT, "STOREFRONT_PUBLIC_URL is not https: providers refuse such "
                             "webhooks and payment pages", "put TLS in front and set the https address"))  # fmt: skip
    if settings.lab and outside and parts.scheme == "https":
        found.append(Finding("settings", Weight.WARNING, "STOREFRONT_LAB is on: whoever finds /lab moves the shop's "
                             "clock", "unset STOREFRONT_LAB for a shop with real customers"))  # fmt: skip
    return found or [Finding("settings", Weight.FINE, "every setting is in order")]


def _is_outside(url: str) -> bool:
    return urlsplit(url).hostname not in {"localhost", "127.0.0.1", "::1"}


def about_database(dsn: str) -> list[Finding]:
    """Whether it answers, is new enough, has the schema and the extensions."""
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
            names = connection.execute("SELECT extname FROM pg_extension").fetchall()
        migrations.check(dsn)
    except psycopg.OperationalError as error:
        return [Finding("database", Weight.FAULT, f"it does not answer: {str(error).strip()}",
                        "start it, or correct STOREFRONT_DATABASE_URL")]  # fmt: skip
    except Misconfigured as error:
        return [Finding("database", Weight.FAULT, error.detail, "run `storefront db migrate`")]
    found = []
    if version < OLDEST_MAJOR:
        found.append(Finding("database", Weight.FAULT, f"PostgreSQL {version} is too old", "use version 15 or newer"))
    found += [
        Finding("database", Weight.FAULT, f"the extension {missing} is missing",
                f"as the database's owner, run: CREATE EXTENSION {missing}")
        for missing in sorted(set(schema.EXTENSIONS) - {name for (name,) in names})
    ]  # fmt: skip
    return found or [Finding("database", Weight.FINE, f"PostgreSQL {version}, schema {migrations.head()}")]


_SEALED = """
/* all shops */
SELECT sealed, 'payment_account:' || id AS context FROM payment_account WHERE removed_at IS NULL
UNION ALL SELECT sealed, id::text FROM channel_account WHERE removed_at IS NULL
UNION ALL SELECT sealed, id::text FROM webhook_endpoint
UNION ALL SELECT sealed, id::text FROM model_account
"""


async def _secrets(house: House) -> AsyncIterator[Finding]:
    closed = 0
    async with house.units(None) as uow:
        sealed = await uow.fetch(_SEALED)
    for row in sealed:
        try:
            house.vault.open(row["sealed"], context=row["context"])
        except Misconfigured:
            closed += 1
    if closed:
        yield Finding("secrets", Weight.FAULT, f"{closed} of {len(sealed)} stored credentials do not open: "
                      "STOREFRONT_SECRET_KEY is not the key that sealed them",
                      "set the former key again, or enter these accounts' credentials anew")  # fmt: skip
    else:
        yield Finding("secrets", Weight.FINE, f"the secret key opens all {len(sealed)} stored credentials")


async def _media(house: House) -> AsyncIterator[Finding]:
    try:
        await house.store.check()
    except ShopError as error:
        yield Finding("media", Weight.FAULT, error.detail, "give this process the right to write where "
                      "STOREFRONT_MEDIA_URL points, or correct it")  # fmt: skip
    else:
        yield Finding("media", Weight.FINE, "pictures can be written and read")


async def _mail(house: House) -> AsyncIterator[Finding]:
    if house.mailer is None:
        yield Finding("mail", Weight.WARNING, "there is no mail server: no e-mail acknowledges a withdrawal or "
                      "confirms an order; the page and the chat alone do",
                      "set STOREFRONT_MAIL_URL and STOREFRONT_MAIL_FROM; docs/settings.md tells how")  # fmt: skip
        return
    try:
        await house.mailer.check()
    except MailFault as fault:
        yield Finding("mail", Weight.FAULT, fault.detail, fault.next_step)
    else:
        yield Finding("mail", Weight.FINE, f"the mail server lets us in; letters come from {house.mailer.sender}")


async def _worker(house: House) -> AsyncIterator[Finding]:
    async with house.units(None) as uow:
        alive = await uow.fetchval(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => $1)",
            _HEARTBEAT_S,
        )
        queue = await jobs.backlog(uow.driver)
        unknown = await jobs.left_waiting(uow.driver, kinds(worker.queue(house)), seconds=_LATE_S)
    if not alive:
        yield Finding("worker", Weight.FAULT, "no worker has given a sign of life for a minute: nothing is delivered",
                      "run `storefront serve` without --no-worker, or `storefront worker`")  # fmt: skip
    else:
        yield Finding("worker", Weight.FINE, f"{alive} at work, {queue.get('due', 0)} jobs due")
    if queue.get("failed"):
        yield Finding("worker", Weight.WARNING, f"{queue['failed']} jobs failed for good in the last 30 days",
                      "look for job errors in the worker's log; docs/runbook.md tells how to repeat them")  # fmt: skip
    if unknown:
        told = ", ".join(f"{name} ({count})" for name, count in unknown.items())
        yield Finding("worker", Weight.WARNING, f"jobs wait that this version knows nothing of: {told}",
                      "bring all machines to the newest version; docs/runbook.md tells what else helps")  # fmt: skip


_BACKLOG = """
/* all shops */ SELECT
  (SELECT count(*) FROM domain_event WHERE finished_at IS NULL AND attempts >= $2) AS given_up,
  (SELECT string_agg(DISTINCT name || ' (' || coalesce(fault, 'no fault noted') || ')', ', ') FROM domain_event
   WHERE finished_at IS NULL AND attempts >= $2) AS which,
  (SELECT count(*) FROM domain_event WHERE finished_at IS NULL AND attempts < $2
     AND recorded_at < $1::timestamptz - make_interval(secs => $3)) AS late_events,
  (SELECT count(*) FROM outbound_message WHERE state IN ('queued', 'sending')
     AND not_before < $1::timestamptz - make_interval(secs => $3)) AS late_messages,
  (SELECT count(*) FROM inbound_message WHERE outcome IS NULL
     AND received_at < $1::timestamptz - make_interval(secs => $3)) AS late_turns
"""


async def _backlog(house: House) -> AsyncIterator[Finding]:
    async with house.units(None) as uow:
        row = await uow.fetchrow(_BACKLOG, uow.now, outbox.MAX_ATTEMPTS, _LATE_S)
    seen: dict[str, Any] = dict(row) if row is not None else {}
    if seen["given_up"]:
        yield Finding("backlog", Weight.FAULT, f"{seen['given_up']} events were given up: {seen['which']}",
                      "mend the cause, then follow 'Events and jobs that failed' in docs/runbook.md")  # fmt: skip
    late = {"events": seen["late_events"], "messages to shoppers": seen["late_messages"],
            "messages from shoppers": seen["late_turns"]}  # fmt: skip
    for what, count in late.items():
        if count:
            yield Finding("backlog", Weight.FAULT, f"{count} {what} have waited for more than five minutes",
                          "see the worker's findings and log; add a worker if it is alive and busy")  # fmt: skip
    if not seen["given_up"] and not any(late.values()):
        yield Finding("backlog", Weight.FINE, "nothing waits for long")


_REPORTS = """
SELECT account_id, at::date AS day, body->>'words' AS words FROM channel_event
WHERE shop_id = $1 AND kind = 'AccountReported' AND at >= $2 ORDER BY at
"""


async def _channels(house: House) -> AsyncIterator[Finding]:
    async for shop_id, slug in _shops(house):
        async with house.units(shop_id) as uow:
            accounts = await channel_accounts.list_accounts(uow)
            reports = await uow.fetch(_REPORTS, uow.shop_id, uow.now - _FRESH)
        for account in accounts:
            area = f"channel {account.kind} of {slug}"
            for row in reports:
                if row["account_id"] == account.id:
                    yield Finding(area, Weight.WARNING, f"the provider reported on {row['day']}: {row['words']}",
                                  "see the account's page at the provider")  # fmt: skip
            try:
                channel = await house.directory.get(account.id, shop_id)
                said = list(await channel.check())
            except ShopError as error:
                said = [error.detail]
            if account.detail:
                what = "it refuses what is sent" if account.failing_since else "connecting it was refused"
                said.append(f"{what}: {account.detail}")
            for cause in said:
                yield Finding(area, Weight.FAULT, cause, f"PATCH /api/v1/channels/{account.id} with new credentials; "
                              f"bots/channels/{account.kind}/README.md tells where to find them")  # fmt: skip
            if not said:
                yield Finding(area, Weight.FINE, "the provider accepts it")


async def _payments(house: House) -> AsyncIterator[Finding]:
    async with house.units(None) as uow:
        accounts = await payment_accounts.all_accounts(uow)
    for account in accounts:
        area = f"payment account {account.kind} {account.id}"
        try:
            checked = await house.payments.gateways.open(account).check()
        except ShopError as error:
            yield Finding(area, *_refused_account(account, error))
            continue
        for note in checked.notes:
            yield Finding(area, Weight.WARNING, note, "see the account's page at the provider")
        mode = "live" if checked.live else "test mode: no real money"
        yield Finding(area, Weight.FINE, f"the provider accepts it ({mode})")
    async for shop_id, slug in _shops(house):
        if not any(account.shop_id == shop_id and account.active for account in accounts):
            yield Finding(f"payments of {slug}", Weight.WARNING, "it has no active payment account: nobody can pay",
                          "POST /api/v1/payment-accounts with kind stripe")  # fmt: skip


def _refused_account(account: Account, error: ShopError) -> tuple[Weight, str, str]:
    """How bad it is that the provider does not take an account, its cause, and what to do."""
    if isinstance(error, Unavailable):
        return Weight.FAULT, error.detail, "ask again in a minute; if it stays, look at the network and at the provider"
    if not account.active:
        return Weight.WARNING, f"not active, and {error.detail}", "correct it, or its payments cannot be given back"
    return Weight.FAULT, error.detail, f"PATCH /api/v1/payment-accounts/{account.id} with credentials that hold"


async def _terms(house: House) -> AsyncIterator[Finding]:
    async for shop_id, slug in _shops(house):
        area = f"shop {slug}"
        async with house.units(shop_id) as uow:
            shop = await profiles.get(uow)
        if shop.country not in known_countries():
            yield Finding(area, Weight.WARNING, f"there is no VAT rate for its country, {shop.country}: every order "
                          "states a tax of 0", "ask a tax adviser whether that is right; there are rates for "
                          f"{', '.join(sorted(known_countries()))}")  # fmt: skip
        if not shop.settings.shipping:
            yield Finding(area, Weight.WARNING, "it has no shipping method: delivery is free and has no day",
                          "PATCH /api/v1/shop with shipping: code, name and price of each method")  # fmt: skip


async def _webhooks(house: House) -> AsyncIterator[Finding]:
    async with house.units(None) as uow:
        silent = await _silent_accounts(uow)
        unheard = await payment_accounts.silent_accounts(uow)
    base = f"{house.settings.public_url}/webhooks"
    if (silent or unheard) and _is_outside(house.settings.public_url):
        for row in silent:
            yield Finding("webhooks", Weight.WARNING, f"{row['kind']} account {row['name']!r} has never sent anything",
                          f"register the webhook address at the provider: {base}/{row['kind']}/{row['id']}"
                          )  # fmt: skip
        for account in unheard:
            yield Finding("webhooks", Weight.WARNING, f"{account.kind} account {account.id} tells nothing of its "
                          "payments: each is noticed late", "look at the provider's webhook endpoint, its events and "
                          f"its signing secret; its address is {base}/{account.kind}/{account.id}")  # fmt: skip
        return
    yield Finding("webhooks", Weight.FINE, "every connected account has been heard, or none is reachable yet")


async def _silent_accounts(uow: UnitOfWork) -> list[dict[str, Any]]:
    rows = await uow.fetch(
        "/* all shops */ SELECT a.id, a.kind, a.name FROM channel_account a WHERE a.removed_at IS NULL"
        " AND a.kind <> 'webchat' AND NOT EXISTS (SELECT FROM inbound_message m WHERE m.account_id = a.id)"
    )
    return [dict(row) for row in rows]


async def _shops(house: House) -> AsyncIterator[tuple[UUID, str]]:
    async with house.units(None) as uow:
        found = await shops.list_shops(uow)
    for shop_id, slug, _ in found:
        yield shop_id, slug
