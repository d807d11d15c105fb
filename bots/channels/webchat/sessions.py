"""Sessions of pages: opened, resumed by a refresh token that works once, joined to a proven customer, revoked.

A refresh token belongs to one request, named by the caller's `request_id`: the same request sent again (its answer
was lost) gets the same successor; any other use of a used token is theft and ends the whole family.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bots.channels.base import Account
from bots.channels.webchat import threads, tokens
from bots.channels.webchat.threads import Entry
from bots.channels.webchat.tokens import ACCESS_AGE, TICKET_AGE, Claims, Identity
from catalog.kernel import chance
from catalog.kernel.errors import Forged
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import fingerprint
from catalog.kernel.unit_of_work import UnitOfWork

REFRESH_AGE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page asks for a session. `now` is the machine's clock."""

    origin: str
    locale: str
    now: datetime
    entry: str | None = None
    refresh: str | None = None
    request_id: str = ""
    identity: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session with its tokens. `former` is the address it had before it was joined to a customer's thread."""

    session_id: UUID
    address: str
    access: str
    access_until: datetime
    refresh: str
    ticket: str
    former: str | None = None


class Revoked(Forged):
    """The refresh token is unknown, too old, or was used before: the family is closed."""


async def open_session(uow: UnitOfWork, account: Account, asked: Asked) -> Opened:
    """Make or resume a session. Raises Revoked; the caller commits even then, so that the family stays closed.

    A page on which another customer has signed in meanwhile begins anew: a proven thread is one customer's.
    """
    if asked.refresh:
        session_id, address, refresh = await _resume(uow, account, asked, asked.refresh)
        if asked.identity is not None:
            owner = await threads.subject(uow, UUID(account.id), address)
            if owner not in {None, asked.identity.subject}:
                session_id, address, refresh = await _begin(uow, account, asked)
    else:
        session_id, address, refresh = await _begin(uow, account, asked)
    former: str | None = None
    if asked.identity is not None:
        await _note_identity(uow, session_id, asked.identity)
        joined = await threads.join(uow, UUID(account.id), address, asked.identity.subject)
        if joined != address:
            await threads.append(uow, UUID(account.id), joined, Entry(kind="identity.merged", author="system", body={}))
            former, address = address, joined
            await uow.execute(
                "UPDATE webchat_session SET address = $2 WHERE id = $1 AND shop_id = $3",
                session_id, joined, uow.shop_id,
            )  # fmt: skip
    claims = Claims(
        sid=session_id, address=address, account=account.id, origin=asked.origin,
        exp=int((asked.now + ACCESS_AGE).timestamp()),
    )  # fmt: skip
    ticket = Claims(
        sid=session_id, address=address, account=account.id, origin=asked.origin, use="ticket",
        exp=int((asked.now + TICKET_AGE).timestamp()), nonce=chance.token(12),
    )  # fmt: skip
    return Opened(
        session_id=session_id, address=address, access=tokens.sign(account, claims),
        access_until=asked.now + ACCESS_AGE, refresh=refresh, ticket=tokens.sign(account, ticket), former=former,
    )  # fmt: skip


async def spend(uow: UnitOfWork, account_id: UUID, nonce: str, *, until: datetime, now: datetime) -> None:
    """Use up a nonce. Raises Forged when it was used before. Nonces that no token can carry any more are dropped."""
    await uow.execute(
        "DELETE FROM webchat_nonce WHERE shop_id = $1 AND expires_at < $2",
        uow.shop_id, now - timedelta(minutes=1),
    )  # fmt: skip
    stored = await uow.execute(
        "INSERT INTO webchat_nonce (account_id, nonce, shop_id, expires_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT DO NOTHING",
        account_id, nonce, uow.shop_id, until,
    )  # fmt: skip
    if not stored:
        raise Forged("this token was used before")


async def _begin(uow: UnitOfWork, account: Account, asked: Asked) -> tuple[UUID, str, str]:
    session_id, refresh = new_id(), chance.token(32)
    address = f"web-{session_id.hex}"
    await uow.execute(
        """INSERT INTO webchat_session (id, shop_id, account_id, address, locale, origin, entry, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        session_id, uow.shop_id, UUID(account.id), address, asked.locale, asked.origin, asked.entry,
        asked.now, asked.now + REFRESH_AGE,
    )  # fmt: skip
    await _store(uow, session_id, refresh, asked.now)
    return session_id, address, refresh


async def _note_identity(uow: UnitOfWork, session_id: UUID, identity: Identity) -> None:
    """Keep what the site says of the person for their messages; nobody is a customer before they have written."""
    await uow.execute(
        "UPDATE webchat_session SET name = $2, email = $3 WHERE id = $1 AND shop_id = $4",
        session_id, identity.name, identity.email, uow.shop_id,
    )  # fmt: skip


async def _resume(uow: UnitOfWork, account: Account, asked: Asked, refresh: str) -> tuple[UUID, str, str]:
    row = await uow.fetchrow(
        """
        SELECT session.id, session.address, session.revoked_at, token.used_with, token.expires_at
        FROM webchat_refresh token JOIN webchat_session session ON session.id = token.session_id
        WHERE token.hash = $1 AND session.account_id = $2 AND session.shop_id = $3 FOR NO KEY UPDATE
        """,
        fingerprint(refresh), UUID(account.id), uow.shop_id,
    )  # fmt: skip
    if row is None or row["revoked_at"] is not None or row["expires_at"] <= asked.now:
        raise Revoked("this session is over: open a new one")
    repeated = row["used_with"] is not None and row["used_with"] == asked.request_id
    if row["used_with"] is not None and not (repeated and asked.request_id):
        await revoke(uow, row["id"], asked.now)
        raise Revoked("this refresh token was used before: the session is closed")
    following = tokens.successor(account, refresh, asked.request_id)
    if not repeated:
        await uow.execute(
            "UPDATE webchat_refresh SET used_with = $2 WHERE hash = $1 AND shop_id = $3",
            fingerprint(refresh), asked.request_id, uow.shop_id,
        )  # fmt: skip
        await _store(uow, row["id"], following, asked.now)
    await uow.execute(
        "UPDATE webchat_session SET expires_at = $2, locale = $3, origin = $4, entry = coalesce($5, entry)"
        " WHERE id = $1 AND shop_id = $6",
        row["id"], asked.now + REFRESH_AGE, asked.locale, asked.origin, asked.entry, uow.shop_id,
    )  # fmt: skip
    return row["id"], row["address"], following


async def revoke(uow: UnitOfWork, session_id: UUID, now: datetime) -> None:
    """End a session: its tokens are refused from now on."""
    address = await uow.fetchval(
        "UPDATE webchat_session SET revoked_at = $2 WHERE id = $1 AND shop_id = $3 RETURNING address",
        session_id, now, uow.shop_id,
    )  # fmt: skip
    if address is not None:
        uow.notify(threads.CHANNEL, address)


async def standing(uow: UnitOfWork, claims: Claims) -> bool:
    """Whether the session of a token still stands, and still where the token says."""
    row = await uow.fetchrow(
        "SELECT address, revoked_at FROM webchat_session WHERE id = $1 AND shop_id = $2",
        claims.sid, uow.shop_id,
    )  # fmt: skip
    return row is not None and row["revoked_at"] is None and row["address"] == claims.address


async def _store(uow: UnitOfWork, session_id: UUID, refresh: str, now: datetime) -> None:
    await uow.execute(
        "INSERT INTO webchat_refresh (hash, shop_id, session_id, expires_at) VALUES ($1, $2, $3, $4)",
        fingerprint(refresh), uow.shop_id, session_id, now + REFRESH_AGE,
    )  # fmt: skip
