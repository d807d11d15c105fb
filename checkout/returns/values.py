"""Returns as others see them, and what is asked for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from catalog.kernel.errors import Invalid
from catalog.kernel.money import Money
from checkout.orders.models import Order
from checkout.returns.models import ReturnRow
from checkout.returns.states import ReturnState, Wish

LONGEST_REASON = 500
_LONGEST_CODE = 60
_LONGEST_LINK = 500  # a template's words hold it beside the address
_LINK = re.compile(r"https://[^\s/?#@\[\]]+(?:[/?#]\S*)?")


@dataclass(frozen=True, slots=True)
class Return:
    """A return as others see it; `lines` are SKU, units and reason."""

    id: UUID
    order_id: UUID
    state: ReturnState
    wish: Wish
    lines: tuple[tuple[str, int, str], ...]
    photos: tuple[str, ...]
    rejection: str
    label_url: str
    code: str
    refund_id: UUID | None
    refund: Money | None
    requested_at: datetime
    decided_at: datetime | None
    received_at: datetime | None

    def present(self) -> dict[str, Any]:
        """In the form of the outside contract."""
        return {
            "id": self.id,
            "order_id": self.order_id,
            "state": str(self.state),
            "wish": str(self.wish),
            "lines": [{"sku": sku, "quantity": quantity, "reason": reason} for sku, quantity, reason in self.lines],
            "photos": list(self.photos),
            "rejection": self.rejection,
            "label_url": self.label_url,
            "code": self.code,
            "refund_id": self.refund_id,
            "refund": {"minor": self.refund.minor, "currency": self.refund.currency} if self.refund else None,
            "requested_at": self.requested_at,
            "decided_at": self.decided_at,
            "received_at": self.received_at,
        }


@dataclass(frozen=True, slots=True)
class Returnable:
    """What of an order may come back: units by SKU, and the last day (None: nothing was sent yet)."""

    units: Mapping[str, int]
    until: date | None
    is_open: bool


def view(row: ReturnRow) -> Return:
    """A row as a value."""
    return Return(
        id=row.id, order_id=row.order_id, state=ReturnState(row.state), wish=Wish(row.wish),
        lines=tuple((line.sku, line.quantity, line.reason) for line in row.lines),
        photos=tuple(str(photo) for photo in row.photos), rejection=row.rejection, label_url=row.label_url,
        code=row.label_code, refund_id=row.refund_id,
        refund=None if row.refund_minor is None else Money(row.refund_minor, row.currency),
        requested_at=row.requested_at, decided_at=row.decided_at, received_at=row.received_at,
    )  # fmt: skip


def checked_label(label_url: str, code: str) -> tuple[str, str]:
    """Link and code of a return label, as the shopper is told them. Raises Invalid."""
    url, code = label_url.strip(), code.strip()
    if url and (not _LINK.fullmatch(url) or len(url) > _LONGEST_LINK):
        raise Invalid(
            f"a label's link begins with https://, names a host and has at most {_LONGEST_LINK} characters",
            pointer="/label_url",
        )
    if len(code) > _LONGEST_CODE or not code.isprintable():
        raise Invalid(f"a code is one line of at most {_LONGEST_CODE} characters", pointer="/code")
    return url, code


def wanted_lines(lines: Sequence[tuple[str, int, str]], order: Order) -> dict[str, tuple[int, str]]:
    """Units and reason by SKU; lines of one SKU are one, with the first reason. Raises Invalid at the bad line."""
    if not lines:
        raise Invalid("a return names at least one line", pointer="/lines")
    known = {line.sku for line in order.lines}
    wanted: dict[str, tuple[int, str]] = {}
    for index, (sku, quantity, reason) in enumerate(lines):
        if sku not in known:
            raise Invalid(f"order {order.number} has no {sku}", pointer=f"/lines/{index}/sku", sku=sku)
        if quantity < 1:
            raise Invalid("at least one unit comes back", pointer=f"/lines/{index}/quantity", sku=sku)
        if len(reason) > LONGEST_REASON:
            raise Invalid(f"at most {LONGEST_REASON} characters", pointer=f"/lines/{index}/reason", sku=sku)
        former = wanted.get(sku, (0, ""))
        wanted[sku] = (former[0] + quantity, former[1] or reason.strip())
    return wanted
