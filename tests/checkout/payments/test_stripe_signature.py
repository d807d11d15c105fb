"""Our check of signatures agrees with the SDK's, and is stricter where that is lax."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.errors import Forged
from catalog.kernel.secrets import Secret
from checkout.payments.stripe_signature import sign, verify

_SECRET = Secret("whsec_1")
_SDK = cast("Any", stripe.WebhookSignature)  # the SDK gives it no types


def _now() -> datetime:
    return datetime.now(UTC)


@given(st.text())
def test_what_the_sdk_signs_we_accept(body: str) -> None:
    stamp = int(time.time())
    header = f"t={stamp},v1={_SDK._compute_signature(f'{stamp}.{body}', _SECRET.reveal())}"
    verify(body.encode(), header, [_SECRET], _now())


@given(st.text())
def test_what_we_sign_the_sdk_accepts(body: str) -> None:
    header = sign(body.encode(), _SECRET, int(time.time()))
    assert _SDK.verify_header(body, header, _SECRET.reveal(), tolerance=300)


def test_while_a_secret_is_rotated_either_is_good() -> None:
    now = _now()
    header = sign(b"{}", _SECRET, int(now.timestamp()))
    verify(b"{}", header, [Secret("whsec_new"), _SECRET], now)
    both = f"{header},v1={'0' * 64},v0=x"
    verify(b"{}", both, [_SECRET], now)


@pytest.mark.parametrize(
    "header",
    [None, "", "t=1", "v1=00", "t=,v1=00", "t=x,v1=00", "t=١,v1=00", "t=1,v1=ä", "t=99999999999999,v1=00", "t=1,v0=00"],
)
def test_headers_that_are_none_are_forged(header: str | None) -> None:
    with pytest.raises(Forged):
        verify(b"{}", header, [_SECRET], _now())


@pytest.mark.parametrize("seconds", [-301, 301])
def test_old_and_future_signatures_are_forged(seconds: int) -> None:
    now = _now()
    header = sign(b"{}", _SECRET, int(now.timestamp()))
    with pytest.raises(Forged):
        verify(b"{}", header, [_SECRET], now + timedelta(seconds=seconds + 1 if seconds > 0 else seconds))
    verify(b"{}", header, [_SECRET], now + timedelta(seconds=299 if seconds > 0 else -299))


@given(st.binary(), st.binary())
def test_no_other_body_fits(body: bytes, other: bytes) -> None:
    now = _now()
    header = sign(body, _SECRET, int(now.timestamp()))
    if other != body:
        with pytest.raises(Forged):
            verify(other, header, [_SECRET], now)


def test_an_empty_secret_signs_nothing() -> None:
    now = _now()
    with pytest.raises(Forged):
        verify(b"{}", sign(b"{}", Secret(""), int(now.timestamp())), [Secret("")], now)
