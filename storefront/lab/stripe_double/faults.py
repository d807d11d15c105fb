"""The fault switches of Stripe's double."""

from storefront.lab.switches import Switches


class Faults(Switches):
    """What can go wrong between a shop and its payment provider."""

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
