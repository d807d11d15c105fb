"""Secrets: hidden in repr and logs, encrypted at rest, compared in constant time."""

import base64
import hashlib
import hmac
import os
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from catalog.kernel.errors import Misconfigured

_NONCE_BYTES = 12


class Secret:
    """A text that never shows itself; `reveal()` is the only way to read it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself. Hand it straight to whoever needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and same(self._value, other._value)

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)


class Vault:
    """Encrypts credentials with AES-256-GCM under a key derived (HKDF-SHA256) from the install's secret key.

    `context` binds a sealed value to its row, so that it cannot be copied to another one.
    """

    def __init__(self, secret_key: Secret) -> None:
        self._cipher = AESGCM(derived(secret_key, "credentials v1"))

    def seal(self, values: dict[str, Any], *, context: str) -> bytes:
        """Encrypt a JSON object."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, msgspec.json.encode(values), context.encode())

    def open(self, sealed: bytes, *, context: str) -> dict[str, Any]:
        """Decrypt. Raises Misconfigured when the install's secret key is not the one that sealed."""
        try:
            plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: too short to be sealed by anybody
            raise Misconfigured(
                "stored credentials do not open: STOREFRONT_SECRET_KEY is not the key that sealed them; "
                "set the former key, or enter the credentials again"
            ) from error
        return msgspec.json.decode(plain, type=dict[str, Any])


def derived(secret_key: Secret, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, made (HKDF-SHA256) of the install's secret key."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=b"storefront", info=purpose.encode())
    return derive.derive(secret_key.reveal().encode())


def same(left: str, right: str) -> bool:
    """Constant-time comparison."""
    return hmac.compare_digest(left.encode(), right.encode())


def fingerprint(token: str) -> str:
    """SHA-256 of an unguessable token, URL-safe: what we store instead of the token."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).decode().rstrip("=")
