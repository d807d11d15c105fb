"""The `Stripe-Signature` header: `t=<unix>,v1=<hex>[,v1=…]`, HMAC-SHA256 over `"{t}." + raw body`.

Own code because the SDK decodes the body before it checks it and lets timestamps of the future pass.
Source: https://docs.stripe.com/webhooks#verify-manually
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from catalog.kernel.errors import Forged
from catalog.kernel.secrets import Secret

TOLERANCE_S = 300


def verify(raw: bytes, header: str | None, secrets: Sequence[Secret], received_at: datetime) -> None:
    """Raises Forged unless one of the secrets signed these bytes within 300 s, before or after, of `received_at`."""
    stamp, signatures = _read(header or "")
    if not any(_matches(raw, stamp, signatures, secret) for secret in secrets):
        raise Forged("no configured webhook secret made this signature; compare the endpoint's secret with ours")
    if abs(received_at.timestamp() - int(stamp)) > TOLERANCE_S:
        raise Forged("the signature is older or newer than 300 s; check this machine's clock")


def sign(raw: bytes, secret: Secret, at: int) -> str:
    """The header for a body, as Stripe makes it."""
    return f"t={at},v1={_digest(raw, str(at), secret)}"


def _read(header: str) -> tuple[str, list[str]]:
    stamp, signatures = "", []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == "v1":
            signatures.append(value)
    if not (stamp.isascii() and stamp.isdigit()) or len(stamp) > 12 or not signatures:  # noqa: PLR2004 - year 33658
        raise Forged("the Stripe-Signature header is missing or has no time or no v1 signature")
    return stamp, signatures


def _matches(raw: bytes, stamp: str, signatures: Sequence[str], secret: Secret) -> bool:
    if not secret:
        return False
    expected = _digest(raw, stamp, secret).encode()
    return any(hmac.compare_digest(expected, signature.encode()) for signature in signatures)


def _digest(raw: bytes, stamp: str, secret: Secret) -> str:
    return hmac.new(secret.reveal().encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
