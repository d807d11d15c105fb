"""Signed tokens of the web chat: access (15 minutes), stream tickets (60 seconds), and the merchant's identity tokens.

Ages are judged by the machine's clock, never by the lab's movable one. Keys come from the account's own
`token_secret`; identity tokens (JWT, HS256) are signed by the merchant's site with `identity_secret`.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from bots.channels.base import Account
from catalog.kernel.errors import Forged, Misconfigured
from catalog.kernel.secrets import same

ACCESS_AGE = timedelta(minutes=15)
TICKET_AGE = timedelta(seconds=60)
_IDENTITY_AGE = timedelta(minutes=5)
_SKEW = timedelta(seconds=30)


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What an access token says. `exp` is in seconds since 1970."""

    sid: UUID
    address: str
    account: str
    origin: str
    exp: int
    use: str = "access"
    nonce: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A customer for whom the merchant's site vouches."""

    subject: str
    email: str | None
    name: str | None
    nonce: str
    expires_at: datetime


_claims = msgspec.json.Decoder(Claims)


def sign(account: Account, claims: Claims) -> str:
    """The token for these claims."""
    payload = _text(msgspec.json.encode(claims))
    return f"{payload}.{_text(_mac(account, payload))}"


def read(account: Account, token: str, *, now: datetime, use: str = "access") -> Claims:
    """The claims of a token of this account. Raises Forged when it is none, is changed, too old or for another use."""
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(_bytes(signature), _mac(account, payload)):
        raise Forged("the token's signature does not hold")
    try:
        claims = _claims.decode(_bytes(payload))
    except msgspec.MsgspecError as error:
        raise Forged("the token cannot be read") from error
    if claims.account != account.id or claims.use != use:
        raise Forged("the token is for something else")
    if claims.exp <= now.timestamp():
        raise Forged("the token has expired", expired=True)
    return claims


def successor(account: Account, refresh: str, request_id: str) -> str:
    """The refresh token that follows one, for the request that asked: asking again the same way gives the same."""
    return _text(_mac(account, f"refresh:{refresh}:{request_id}"))


def read_identity(account: Account, token: str, *, now: datetime) -> Identity:
    """Whom the merchant's site vouches for: HS256, `aud` this account, at most five minutes to live, with a nonce.

    Raises Forged. That the nonce is used once, the caller sees to.
    """
    secret = account.text("identity_secret")
    if not secret:
        raise Forged("this web chat has no identity_secret: identity tokens are not taken")
    head, _, signature = token.rpartition(".")
    header, _, payload = head.partition(".")
    wanted = hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest()
    if _object(header).get("alg") != "HS256" or not hmac.compare_digest(_bytes(signature), wanted):
        raise Forged("the identity token's signature does not hold")
    return _identity(_object(payload), account, now)


def _identity(claims: dict[str, Any], account: Account, now: datetime) -> Identity:
    audience, expires, nonce = claims.get("aud"), claims.get("exp"), claims.get("nonce")
    if account.id not in (audience if isinstance(audience, list) else [audience]):
        raise Forged("the identity token is for another widget: aud must be the widget id")
    if (
        not isinstance(expires, int | float)
        or not 0 < expires - now.timestamp() <= (_IDENTITY_AGE + _SKEW).total_seconds()
    ):
        raise Forged("the identity token has expired, or lives longer than five minutes")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject or not isinstance(nonce, str) or not nonce:
        raise Forged("the identity token needs sub and nonce")
    return Identity(
        subject=subject[:200],
        email=_words(claims.get("email"), 254),
        name=_words(claims.get("name"), 200),
        nonce=f"identity:{hashlib.sha256(nonce.encode()).hexdigest()}",
        expires_at=datetime.fromtimestamp(expires, now.tzinfo),
    )


def _words(given: object, most: int) -> str | None:
    """A text that the database can hold; None for anything else."""
    found = given.replace("\x00", "").strip() if isinstance(given, str) else ""
    return found if 0 < len(found) <= most else None


def origin_allowed(account: Account, origin: str, *, own: str) -> bool:
    """Whether pages of this origin may talk to the account: the install's own, or one the merchant named."""
    allowed = account.credentials.get("allowed_origins") or ()
    names = [allowed] if isinstance(allowed, str) else [str(name) for name in allowed]
    return any(same(origin, name.rstrip("/")) for name in (own, *names))


def _mac(account: Account, text: str) -> bytes:
    secret = account.text("token_secret")
    if not secret:
        raise Misconfigured("this web chat account has no token_secret: create the account again")
    return hmac.new(secret.encode(), f"webchat v1:{account.id}:{text}".encode(), hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Forged("the token cannot be read") from error


def _object(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(_bytes(text), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Forged("the token cannot be read") from error
