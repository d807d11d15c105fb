"""Fault switches: what can go wrong between a shop and its payment provider, on purpose."""

import msgspec


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """All off by default. Counters count down: `rate_limit_next=2` refuses two calls, then all is well."""

    down: bool = False  # nothing answers: connections are cut before anything happens
    delay_ms: int = 0  # every API call takes this long
    error_500_next: int = 0  # 500 before anything happens; not kept with the key
    error_500_stored_next: int = 0  # 500 after the work was done, and kept with the key, as Stripe does
    rate_limit_next: int = 0  # 429
    cut_next: int = 0  # the work is done, the answer never arrives
    webhook_delay_ms: int = 0
    webhook_drop_next: int = 0  # lost for good, not even retried
    webhook_drop_all: bool = False  # nothing arrives, and what waits is tried again later
    webhook_copies: int = 1  # each event is delivered this many times
    webhook_reorder: bool = False  # events wait for each other a moment and leave newest first
    refund_pending: bool = False  # refunds take a while, as with bank transfers
    refund_fails: bool = False  # refunds that were sent come back

    def take(self, counter: str) -> bool:
        """Whether the counted fault strikes now."""
        left: int = getattr(self, counter)
        if left <= 0:
            return False
        setattr(self, counter, left - 1)
        return True

    def set(self, changes: dict[str, object]) -> None:
        """Turn switches. Raises msgspec.ValidationError for an unknown switch or a wrong kind of value."""
        wanted = msgspec.convert({**msgspec.structs.asdict(self), **changes}, Faults)
        for name in self.__struct_fields__:
            setattr(self, name, getattr(wanted, name))
