"""The token bucket: a burst at once, then as many as the rate fills in."""

from storefront.bucket import Bucket


def _rest(bucket: Bucket, seconds: float) -> None:
    bucket._filled -= seconds


def test_a_burst_may_be_used_at_once_and_no_more() -> None:
    bucket = Bucket(per_second=0.0, burst=3.0)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_what_does_not_fit_uses_nothing() -> None:
    bucket = Bucket(per_second=0.0, burst=3.0)
    assert not bucket.take(4)
    assert bucket.take(3)


def test_after_a_rest_there_is_as_much_as_the_rate_gives_and_at_most_a_burst() -> None:
    bucket = Bucket(per_second=0.01, burst=3.0)
    assert bucket.take(3)
    _rest(bucket, 150)
    assert [bucket.take(), bucket.take()] == [True, False]
    _rest(bucket, 10_000)
    assert not bucket.take(4)
    assert bucket.take(3)
