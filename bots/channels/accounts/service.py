"""Channel accounts of a shop: create, open, change, remove, connect. Network is touched in `connect` alone."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from bots.channels.accounts import credentials
from bots.channels.accounts.models import ChannelAccount
from bots.channels.accounts.standing import LONGEST_DETAIL
from bots.channels.base import Account, Channel, CredentialField, Linkable, Rejected, Unreachable
from bots.channels.registry import channel_class
from catalog.kernel.addresses import check_outside_url
from catalog.kernel.errors import Conflict, Invalid, Misconfigured, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import UnitOfWork, Units

_log = logging.getLogger(__name__)
_LONGEST_NAME = 200


class StaleAccount(Conflict):
    """The caller's copy is not the newest one."""

    code = "stale_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new account. `told` is what the merchant has to paste at the provider: shown this once."""

    row: ChannelAccount
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entrance:
    """A chat that links open. `public_name` is the account's at the provider; our own web chat has none."""

    account_id: UUID
    kind: str
    name: str  # the merchant's
    public_name: str

    def link(self, entry: str) -> str:
        """Its address at the provider; "" for our own web chat."""
        channel = channel_class(self.kind)
        return channel.entry_link(self.public_name, entry) if issubclass(channel, Linkable) else ""


async def create_account(
    uow: UnitOfWork,
    vault: Vault,
    *,
    kind: str,
    name: str,
    given: object,
    api_base: str | None = None,
    allow_private: bool = False,
) -> Created:
    """Store an account; `connect` comes after the commit. Raises Invalid, Conflict for a doubled provider account."""
    checked = credentials.check(_fields(kind), given)
    account_id = new_id()
    values = {
        "id": account_id,
        "shop_id": uow.shop_id,
        "kind": kind,
        "name": _checked_name(name),
        "credentials": dict(checked.public),
        "sealed": vault.seal(dict(checked.secret), context=str(account_id)),
        "api_base": _checked_base(api_base, allow_private=allow_private),
        "provider_account": checked.provider_account or str(account_id),
        "created_at": uow.now,
    }
    statement = insert(ChannelAccount).values(values).on_conflict_do_nothing().returning(ChannelAccount)
    row: ChannelAccount | None = await uow.session.scalar(statement)
    if row is None:
        raise Conflict("this shop has a channel with this provider account already; change or remove that one")
    returned = {field.name for field in channel_class(kind).fields if field.returned}
    return Created(row=row, told={key: value for key, value in checked.secret.items() if key in returned})


async def get_account(uow: UnitOfWork, account_id: UUID) -> ChannelAccount:
    """An account of this shop. Raises NotFound."""
    row: ChannelAccount | None = await uow.session.scalar(_present(uow).where(ChannelAccount.id == account_id))
    if row is None:
        raise NotFound("there is no such channel account")
    return row


async def _lock_account(uow: UnitOfWork, account_id: UUID) -> ChannelAccount:
    await uow.fetchrow("SELECT FROM channel_account WHERE id = $1 AND shop_id = $2 FOR UPDATE", account_id, uow.shop_id)
    return await get_account(uow, account_id)


async def list_accounts(uow: UnitOfWork) -> list[ChannelAccount]:
    """The shop's accounts, oldest first."""
    ordered = _present(uow).order_by(ChannelAccount.created_at, ChannelAccount.id)
    return [*await uow.session.scalars(ordered)]


async def change_account(
    uow: UnitOfWork,
    vault: Vault,
    account_id: UUID,
    *,
    name: str | None = None,
    given: Mapping[str, Any] | None = None,
    api_base: str | None = None,
    allow_private: bool = False,
    if_match: int | None = None,
) -> ChannelAccount:
    """Change what is given and keep the rest; credentials field by field. An empty `api_base` means the provider's.

    Raises NotFound, Invalid or Conflict, which is StaleAccount when `if_match` is not the present revision.
    """
    row = await _lock_account(uow, account_id)
    if if_match not in (None, row.revision):
        raise StaleAccount(f"revision {if_match} of the channel is not the newest one; read it again")
    if name is not None:
        row.name = _checked_name(name)
    if api_base is not None:
        base = _checked_base(api_base, allow_private=allow_private)
        if base != row.api_base and not _names_every_secret(row, vault, given or {}):
            raise Invalid("the address changed: enter the credentials again, for it is told them", pointer="/api_base")
        row.api_base = base
    if given is not None:
        if not isinstance(given, Mapping):
            raise Invalid("credentials are an object of fields", pointer="/credentials")
        known = {**row.credentials, **vault.open(row.sealed, context=str(row.id))}
        checked = credentials.check(_fields(row.kind), {**known, **given})
        identity = checked.provider_account or str(row.id)
        taken = _present(uow).where(
            ChannelAccount.kind == row.kind, ChannelAccount.provider_account == identity, ChannelAccount.id != row.id
        )
        if await uow.session.scalar(taken) is not None:
            raise Conflict("this shop has a channel with this provider account already; change or remove that one")
        if identity != row.provider_account:
            row.public_name = ""
        row.credentials, row.provider_account = dict(checked.public), identity
        row.sealed = vault.seal(dict(checked.secret), context=str(row.id))
    if given is not None or api_base is not None:
        row.state, row.detail, row.failing_since = "not_connected", "", None
    row.revision += 1
    await uow.flush()
    return row


async def remove_account(uow: UnitOfWork, vault: Vault, account_id: UUID) -> None:
    """Forget the credentials; webhooks of the account are answered 404 from now on. Raises NotFound."""
    row = await get_account(uow, account_id)
    row.sealed = vault.seal({}, context=str(row.id))
    row.state, row.detail, row.failing_since, row.removed_at = "not_connected", "", None, uow.now
    row.revision += 1
    await uow.flush()


async def revision(uow: UnitOfWork, account_id: UUID) -> int:
    """Counts the account's changes, for whoever keeps a built adapter. Raises NotFound."""
    found: int | None = await uow.fetchval(
        "SELECT revision FROM channel_account WHERE id = $1 AND shop_id = $2 AND removed_at IS NULL",
        account_id, uow.shop_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("there is no such channel account")
    return found


async def open_account(
    uow: UnitOfWork, vault: Vault, account_id: UUID, *, public_url: str, allow_private: bool = False
) -> Account:
    """The account with its secrets, for building its channel. Raises NotFound, or Misconfigured for another key."""
    row = await get_account(uow, account_id)
    secret = vault.open(row.sealed, context=str(row.id))
    return Account(
        id=str(row.id),
        shop_id=str(row.shop_id),
        kind=row.kind,
        name=row.name,
        credentials={
            **row.credentials,
            **{name: Secret(value) if isinstance(value, str) else value for name, value in secret.items()},
        },
        api_base=row.api_base,
        webhook_url=webhook_url(row, public_url),
        allow_private=allow_private,
    )


async def connect(units: Units, channel: Channel) -> str:
    """Register the webhook at the provider and note how it went: "" when connected, else the provider's words.

    Runs after the account is committed; a failure keeps the account, and trying again is right at any time.
    """
    detail, name = "", ""
    try:
        await channel.register()
        name = await _public_name(channel)
    except (Rejected, Unreachable, Misconfigured) as refused:
        detail = refused.detail[:LONGEST_DETAIL] or refused.code
    async with units(UUID(channel.account.shop_id)) as uow:
        await uow.execute(
            "UPDATE channel_account SET state = $3, detail = $4, failing_since = NULL,"
            " public_name = coalesce(nullif($5, ''), public_name) WHERE id = $1 AND shop_id = $2",
            UUID(channel.account.id), uow.shop_id, "not_connected" if detail else "connected", detail, name,
        )  # fmt: skip
    return detail


async def list_entrances(uow: UnitOfWork) -> list[Entrance]:
    """The shop's chats that links can open; the first is the one that its own links do.

    That is the oldest web chat, else the oldest other one. One that is connected goes before one that is not.
    """
    rows = await uow.fetch(
        "SELECT id, kind, name, public_name FROM channel_account WHERE shop_id = $1 AND removed_at IS NULL"
        " AND (kind = 'webchat' OR public_name <> '') ORDER BY kind <> 'webchat', state, created_at, id",
        uow.shop_id,
    )
    return [Entrance(row["id"], row["kind"], row["name"], row["public_name"]) for row in rows]


def present(
    row: ChannelAccount, vault: Vault, *, public_url: str, told: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The account as the API shows it: secret fields only say whether they are set.

    `state` is connected, not_connected, or failing: connected, and the provider refuses what is sent.
    """
    shown: dict[str, Any] = {}
    secrets = _secrets(row, vault)
    for field in channel_class(row.kind).fields:
        shown[field.name] = {"set": field.name in secrets} if field.secret else row.credentials.get(field.name)
    return {
        "id": str(row.id),
        "kind": row.kind,
        "name": row.name,
        "state": "failing" if row.failing_since else row.state,
        "detail": row.detail or None,
        "webhook_url": webhook_url(row, public_url),
        "api_base": row.api_base,
        "credentials": shown,
        "revision": row.revision,
        "created_at": row.created_at,
        **({"widget_id": str(row.id)} if row.kind == "webchat" else {}),
        **(told or {}),
    }


def webhook_url(row: ChannelAccount, public_url: str) -> str:
    """Where the provider posts to."""
    return f"{public_url.rstrip('/')}/webhooks/{row.kind}/{row.id}"


def _present(uow: UnitOfWork) -> Select[ChannelAccount]:
    return select(ChannelAccount).where(ChannelAccount.shop_id == uow.shop_id, ChannelAccount.removed_at.is_(None))


def _names_every_secret(row: ChannelAccount, vault: Vault, given: Mapping[str, Any]) -> bool:
    """Whether all secrets that merchants bring are given anew; those that we made mean nothing to anybody else."""
    kept = vault.open(row.sealed, context=str(row.id))
    return all(given.get(field.name) for field in _fields(row.kind) if field.name in kept and not field.generated)


async def _public_name(channel: Channel) -> str:
    """What links call the account. A provider that does not say connects all the same."""
    if not isinstance(channel, Linkable):
        return ""
    try:
        return await channel.public_name()
    except (Rejected, Unreachable) as refused:
        _log.warning("channel.name_unknown", extra={"fields": {"account": channel.account.id, "error": refused.code}})
        return ""


def _secrets(row: ChannelAccount, vault: Vault) -> Mapping[str, Any]:
    """The secrets as they can be used: none when the install's secret key was lost, for all are entered anew then."""
    try:
        return vault.open(row.sealed, context=str(row.id))
    except Misconfigured:
        return {}


def _fields(kind: str) -> Sequence[CredentialField]:
    try:
        return channel_class(kind).fields
    except NotFound as error:
        raise Invalid(error.detail, pointer="/kind") from error


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise Invalid(f"a name has 1 to {_LONGEST_NAME} characters", pointer="/name")
    return name.strip()


def _checked_base(api_base: str | None, *, allow_private: bool) -> str | None:
    if not api_base:
        return None
    parts = check_outside_url(api_base, allow_private=allow_private, pointer="/api_base")
    if parts.query or parts.fragment or not re.fullmatch(r"[A-Za-z0-9._~%/:-]*", parts.path):
        raise Invalid("the base address has no query and no fragment", pointer="/api_base")
    return api_base.rstrip("/")
