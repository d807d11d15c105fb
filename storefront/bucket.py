"""A token bucket in memory: so many uses a second and, after a rest, so many at once. Each process has its own."""

import time


class Bucket:
    """Full at first."""

    def __init__(self, *, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._tokens = burst
        self._filled = time.monotonic()

    def take(self, count: int = 1) -> bool:
        """Use so many; False, with nothing used, when there are fewer."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._filled) * self._per_second)
        self._filled = now
        if self._tokens < count:
            return False
        self._tokens -= count
        return True
