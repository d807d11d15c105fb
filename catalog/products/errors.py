"""What the catalogue refuses."""

from collections.abc import Sequence
from uuid import UUID

from catalog.kernel.errors import Conflict, Invalid, NotFound
from catalog.products.values import Fault


class InvalidProduct(Invalid):
    """A draft with faults; `faults` has all of them, `pointer` is the first one's."""

    code = "invalid_product"

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        rest = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(
            first.detail + rest,
            pointer=first.pointer,
            faults=[{"pointer": fault.pointer, "detail": fault.detail} for fault in faults],
        )
        self.faults = tuple(faults)


class HandleTaken(Conflict):
    """Another product of the shop has the handle."""

    code = "handle_taken"

    def __init__(self, handle: str) -> None:
        super().__init__(f"a product with the handle {handle!r} exists; change it, or choose another", handle=handle)


class StaleRevision(Conflict):
    """The caller's copy is not the newest one."""

    code = "stale_revision"

    def __init__(self, *, expected: int, present: int) -> None:
        super().__init__(
            f"revision {expected} is not the newest one ({present}); read it again",
            expected=expected,
            present=present,
        )


class ProductNotFound(NotFound):
    """The shop has no such product."""

    code = "product_not_found"

    def __init__(self, name: UUID | str) -> None:
        super().__init__(f"no product {name}", product=str(name))
