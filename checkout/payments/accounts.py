"""A shop's accounts at payment providers. Secrets go in sealed and never come out again, except into a gateway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from asyncpg import Record

from catalog.kernel.addresses import check_outside_url
from catalog.kernel.errors import Invalid, Misconfigured, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Vault
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments.errors import AccountInUse, NoPaymentAccount, StaleAccount
from checkout.payments.gateway import Account
from checkout.payments.stripe import KIND, StripeCredentials

_KEYS = ("sk_", "rk_")  # a secret or a restricted key; a publishable one (pk_) may do nothing

Kind = Literal["stripe"]

# An attempt of which the provider never told is nobody's page once its time is over.
_BUSY = """
SELECT
  (SELECT count(*) FROM payment WHERE account_id = $1 AND shop_id = $2
     AND (state = 'pending' OR closed_at IS NULL AND (provider_id IS NOT NULL OR expires_at > $3))) AS payments,
  (SELECT count(*) FROM refund JOIN payment ON payment.id = refund.payment_id
     WHERE payment.account_id = $1 AND refund.shop_id = $2 AND refund.state IN ('requested', 'pending')) AS refunds
"""

_HEARD_FOR = timedelta(hours=1)
# Also when somebody asked the provider first, its webhook follows within the hour.
_SILENT = """
/* all shops */ SELECT a.* FROM payment_account a
WHERE a.removed_at IS NULL
  AND EXISTS (SELECT FROM payment p WHERE p.account_id = a.id AND p.provider_id IS NOT NULL
              AND coalesce(p.captured_at, p.closed_at) < $1::timestamptz - $2::interval
              AND (a.heard_at IS NULL OR p.created_at > a.heard_at + $2::interval))
ORDER BY a.id
"""


@dataclass(frozen=True, slots=True)
class AccountView:
    """What may be shown of an account, with its secrets closed."""

    id: UUID
    kind: Kind
    api_base: str | None
    active: bool
    revision: int
    created_at: datetime
    sealed: bytes = field(repr=False)


async def create_account(
    uow: UnitOfWork,
    vault: Vault,
    *,
    kind: str,
    credentials: Mapping[str, Any],
    api_base: str | None = None,
    inward_allowed: bool = False,
) -> AccountView:
    """Keep an account; the first of its kind is active at once. Raises Invalid with the pointer of a bad field.

    `inward_allowed`: the lab may point `api_base` at this machine; otherwise it has to be https.
    """
    if kind != KIND:
        raise Invalid(f"payment accounts of kind {kind!r} are not known; use {KIND}", pointer="/kind", value=kind)
    account_id = new_id()
    sealed = vault.seal(_checked(credentials), context=f"payment_account:{account_id}")
    base = _base(api_base, inward_allowed=inward_allowed)
    await _one_by_one(uow)
    row = await uow.fetchrow(
        """
        INSERT INTO payment_account (id, shop_id, kind, sealed, api_base, active, created_at)
        SELECT $1, $2, $3, $4, $5,
               NOT EXISTS (SELECT FROM payment_account WHERE shop_id = $2 AND kind = $3 AND active), $6
        RETURNING *
        """,
        account_id, uow.shop_id, kind, sealed, base, uow.now,
    )  # fmt: skip
    return _view(_present(row))


async def replace_credentials(
    uow: UnitOfWork,
    vault: Vault,
    account_id: UUID,
    credentials: Mapping[str, Any],
    *,
    if_match: int | None = None,
) -> AccountView:
    """New secrets for an account, as when a webhook secret is rotated.

    Raises Invalid for a key of the provider's other mode, which knows none of the account's pages and payments, and
    StaleAccount when `if_match` is not the present revision.
    """
    given, account = _checked(credentials), await get_account(uow, account_id)
    if _is_other_mode(vault, account, given):
        raise Invalid(
            "a test key and a live key are two accounts: add this one as an account of its own, then activate it",
            pointer="/credentials/secret_key",
        )
    row = await uow.fetchrow(
        "UPDATE payment_account SET sealed = $3, revision = revision + 1"
        " WHERE id = $1 AND shop_id = $2 AND ($4::int IS NULL OR revision = $4)"
        " RETURNING *",
        account_id, uow.shop_id, vault.seal(given, context=f"payment_account:{account_id}"), if_match,
    )  # fmt: skip
    if row is None:
        raise StaleAccount(f"revision {if_match} of the account is not the newest one; read it again")
    return _view(row)


async def activate(uow: UnitOfWork, account_id: UUID) -> AccountView:
    """New attempts go through this account; those under way stay with theirs."""
    await _one_by_one(uow)
    kind = (await get_account(uow, account_id)).kind
    await uow.execute(
        "UPDATE payment_account SET active = FALSE, revision = revision + 1"
        " WHERE shop_id = $1 AND kind = $2 AND active AND id <> $3",
        uow.shop_id, kind, account_id,
    )  # fmt: skip
    row = await uow.fetchrow(
        "UPDATE payment_account SET active = TRUE, revision = revision + 1 WHERE id = $1 AND shop_id = $2"
        " RETURNING *",
        account_id, uow.shop_id,
    )  # fmt: skip
    return _view(_present(row))


async def remove(uow: UnitOfWork, vault: Vault, account_id: UUID) -> None:
    """Forget the account's secrets; its payments stay as they are. Raises NotFound, or AccountInUse with the way out.

    Money taken through it can be given back at the provider only, from now on.
    """
    await _one_by_one(uow)
    account = await get_account(uow, account_id)
    if account.active:
        raise AccountInUse(
            "new payments go through this account; activate another one first"
            " (POST /api/v1/payment-accounts/{id}/activate), then remove this one"
        )
    # An attempt that is just being made holds a lock of the row it refers to, and is waited for.
    await uow.fetchrow("SELECT FROM payment_account WHERE id = $1 AND shop_id = $2 FOR UPDATE", account_id, uow.shop_id)
    busy = await uow.fetchrow(_BUSY, account_id, uow.shop_id, uow.now)
    if busy is not None and (busy["payments"] or busy["refunds"]):
        raise AccountInUse(
            f"{busy['payments']} payments and {busy['refunds']} refunds of this account are not over; pages end within"
            " a day by themselves, so remove it when they and the refunds are done",
            payments=busy["payments"], refunds=busy["refunds"],
        )  # fmt: skip
    await uow.execute(
        "UPDATE payment_account SET sealed = $3, removed_at = $4 WHERE id = $1 AND shop_id = $2",
        account_id, uow.shop_id, vault.seal({}, context=f"payment_account:{account_id}"), uow.now,
    )  # fmt: skip


def known_secrets(vault: Vault, account: AccountView | Account) -> Mapping[str, Any]:
    """The account's secrets; none when the install's secret key was lost, for all are entered anew then."""
    try:
        return vault.open(account.sealed, context=f"payment_account:{account.id}")
    except Misconfigured:
        return {}


async def list_accounts(uow: UnitOfWork) -> Sequence[AccountView]:
    """Every account of the shop, oldest first."""
    rows = await uow.fetch(
        "SELECT * FROM payment_account WHERE shop_id = $1 AND removed_at IS NULL ORDER BY id",
        uow.shop_id,
    )
    return [_view(row) for row in rows]


async def view_account(uow: UnitOfWork, account_id: UUID) -> AccountView:
    """One account of the shop. Raises NotFound."""
    row = await uow.fetchrow(
        "SELECT * FROM payment_account"
        " WHERE id = $1 AND shop_id = $2 AND removed_at IS NULL",
        account_id, uow.shop_id,
    )  # fmt: skip
    return _view(_present(row))


async def get_account(uow: UnitOfWork, account_id: UUID) -> Account:
    """The account with its sealed credentials, for a gateway. Raises NotFound."""
    account = await find_account(uow, account_id)
    if account is None:
        raise NotFound("there is no such payment account")
    return account


async def find_account(uow: UnitOfWork, account_id: UUID) -> Account | None:
    """The same, or None when it was removed."""
    row = await uow.fetchrow(
        "SELECT * FROM payment_account WHERE id = $1 AND shop_id = $2 AND removed_at IS NULL", account_id, uow.shop_id
    )
    return _account(row) if row else None


async def find_anywhere(uow: UnitOfWork, account_id: UUID) -> Account | None:
    """The account a webhook's address names, whatever shop it belongs to."""
    row = await uow.fetchrow(
        "/* all shops */ SELECT * FROM payment_account WHERE id = $1 AND removed_at IS NULL", account_id
    )
    return _account(row) if row else None


async def all_accounts(uow: UnitOfWork) -> Sequence[Account]:
    """Every account of the install, for the reconciler."""
    rows = await uow.fetch("/* all shops */ SELECT * FROM payment_account WHERE removed_at IS NULL ORDER BY id")
    return [_account(row) for row in rows]


async def reconciled(uow: UnitOfWork, account_id: UUID, until: datetime) -> None:
    """All news up to an instant was read from the provider's own list."""
    await uow.execute(
        "UPDATE payment_account SET reconciled_until = $3 WHERE id = $1 AND shop_id = $2",
        account_id, uow.shop_id, until,
    )  # fmt: skip


async def heard(uow: UnitOfWork, account: Account) -> None:
    """A webhook of the account came. That is written once an hour: webhooks do not wait for each other's row."""
    if account.heard_at is None or uow.now - account.heard_at > _HEARD_FOR:
        await uow.execute(
            "UPDATE payment_account SET heard_at = $3 WHERE id = $1 AND shop_id = $2",
            account.id, uow.shop_id, uow.now,
        )  # fmt: skip


async def silent_accounts(uow: UnitOfWork) -> Sequence[Account]:
    """Accounts of the install with an attempt that has ended, of which no webhook has told."""
    return [_account(row) for row in await uow.fetch(_SILENT, uow.now, _HEARD_FOR)]


async def active_account(uow: UnitOfWork) -> Account:
    """The account that new attempts go through. Raises NoPaymentAccount."""
    row = await uow.fetchrow(
        "SELECT * FROM payment_account WHERE shop_id = $1 AND active ORDER BY kind LIMIT 1", uow.shop_id
    )
    if row is None:
        raise NoPaymentAccount("the shop has no active payment account; add one under payment accounts")
    return _account(row)


async def _one_by_one(uow: UnitOfWork) -> None:
    """Serialises activations: the second waits here, then sees the first."""
    await uow.execute("SELECT FROM shop WHERE id = $1 /* shop_id */ FOR NO KEY UPDATE", uow.shop_id)


def _checked(credentials: Mapping[str, Any]) -> dict[str, Any]:
    key = credentials.get("secret_key")
    if not isinstance(key, str) or not key.strip().startswith(_KEYS):
        raise Invalid("secret_key is missing or wrong; it begins with sk_ or rk_", pointer="/credentials/secret_key")
    given = credentials.get("webhook_secret")
    secrets = [given] if isinstance(given, str) else given
    if (
        not isinstance(secrets, list)
        or not secrets
        or not all(isinstance(secret, str) and secret.strip().startswith("whsec_") for secret in secrets)
    ):
        raise Invalid("webhook_secret is one secret (whsec_…) or a list of them", pointer="/credentials/webhook_secret")
    return {"secret_key": key.strip(), "webhook_secret": [secret.strip() for secret in secrets]}


def _is_other_mode(vault: Vault, account: Account, given: Mapping[str, Any]) -> bool:
    former = known_secrets(vault, account)
    return bool(former) and StripeCredentials.read(former).live != StripeCredentials.read(given).live


def _base(api_base: str | None, *, inward_allowed: bool) -> str | None:
    if not api_base:
        return None
    check_outside_url(api_base, allow_private=inward_allowed, pointer="/api_base")
    return api_base.rstrip("/")


def _present(row: Record | None) -> Record:
    if row is None:
        raise NotFound("there is no such payment account")
    return row


def _view(row: Record) -> AccountView:
    return AccountView(
        row["id"], row["kind"], row["api_base"], row["active"], row["revision"], row["created_at"], row["sealed"]
    )  # fmt: skip


def _account(row: Record) -> Account:
    return Account(
        id=row["id"],
        shop_id=row["shop_id"],
        kind=row["kind"],
        sealed=row["sealed"],
        api_base=row["api_base"],
        active=row["active"],
        reconciled_until=row["reconciled_until"] or row["created_at"],
        heard_at=row["heard_at"],
    )
