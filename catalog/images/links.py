"""Addresses of pictures that people sent: signed, and good for ten minutes by the machine's clock.

The key in an address is for a picture, not for one size of it: another size has the same address but for its name.
"""

import base64
import hmac
from datetime import datetime, timedelta

from catalog.images.service import media_path
from catalog.kernel.errors import Forged
from catalog.kernel.secrets import Secret, derived, same

GOOD_FOR = timedelta(minutes=10)
_STEP_S = 60  # within a minute the address stays the same, so that a browser fetches the picture once
_SIGNATURE_BYTES = 16


class ReceivedLinks:
    """Makes the addresses and checks them. `base`: where pictures are, without a slash at the end."""

    def __init__(self, secret_key: Secret, base: str) -> None:
        self._base = base
        self._key = derived(secret_key, "received pictures v1")

    def url(self, image_id: str, rendition: str, *, now: datetime) -> str:
        """The address of a rendition, with its key."""
        until = int((now + GOOD_FOR).timestamp()) // _STEP_S * _STEP_S
        return f"{self._base}{media_path(image_id, rendition)}?key={until}.{self._signature(image_id, until)}"

    def seconds_left(self, image_id: str, key: str, *, now: datetime) -> int:
        """How long an address with this key still holds. Raises Forged when it does not (any more)."""
        end, _, signature = key.partition(".")
        if not (end.isascii() and end.isdecimal()) or not same(signature, self._signature(image_id, end)):
            raise Forged("this address is not one of ours")
        left = int(end) - int(now.timestamp())
        if left <= 0:
            raise Forged("this address has expired", expired=True)
        return left

    def _signature(self, image_id: str, until: int | str) -> str:
        made = hmac.digest(self._key, f"{image_id}:{until}".encode(), "sha256")[:_SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(made).decode().rstrip("=")
