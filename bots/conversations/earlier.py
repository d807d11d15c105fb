"""What became of a message since it came: its wordings up to now, and what they made of the cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts.values import CartSpan

# From the message (and those that were read together with it) on, all that has had its turn.
_SINCE = """
WITH target AS (
  SELECT seq, coalesce(outcome_detail->>'into', id::text) AS lead FROM inbound_message
  WHERE conversation_id = $1 AND shop_id IS NOT DISTINCT FROM $2 AND provider_id = $3 AND kind <> 'Edited'
  ORDER BY seq DESC LIMIT 1
)
SELECT m.id::text, m.provider_id, m.text, m.outcome_detail::text AS detail,
       CASE WHEN m.kind = 'Edited' THEN m.body->>'target' END AS target, target.lead
FROM inbound_message m, target
WHERE m.conversation_id = $1 AND m.shop_id IS NOT DISTINCT FROM $2 AND m.outcome IS NOT NULL
  AND (m.seq >= target.seq OR m.outcome_detail->>'into' = target.lead)
ORDER BY m.seq
"""
_TAKEN_UP = frozenset({"offer", "answer"})


class _Detail(msgspec.Struct, frozen=True):
    into: str | None = None
    reading: dict[str, Any] = {}
    cart: CartSpan | None = None


_details = msgspec.json.Decoder(_Detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A message that has had its turn, together with those that were read with it as one thought.

    `texts`: the words of each as they read now, by the provider's id. `span`: what they and their edits made of the
    cart. `is_answer`: whether they said yes to something; such words alone mean nothing. `is_cart_changed_by_others`:
    whether later messages changed the cart.
    """

    texts: dict[str, str]
    span: CartSpan | None
    is_answer: bool
    is_cart_changed_by_others: bool


async def find(uow: UnitOfWork, conversation_id: UUID, provider_id: str) -> Earlier | None:
    """What has become of the message; None when it has had no turn of ours."""
    rows = await uow.fetch(_SINCE, conversation_id, uow.shop_id, provider_id)
    if not rows:
        return None
    lead, said = rows[0]["lead"], [(row, _details.decode(row["detail"] or "{}")) for row in rows]
    parts = [(row, detail) for row, detail in said if row["target"] is None and lead in (row["id"], detail.into)]
    texts = {row["provider_id"]: row["text"] for row, _ in parts}
    edits = [(row, detail) for row, detail in said if row["target"] in texts]
    texts |= {row["target"]: row["text"] for row, _ in edits if row["text"]}
    own = [detail for _, detail in (*parts, *edits)]
    return Earlier(
        texts=texts,
        span=_span_of([detail.cart for detail in own if detail.cart]),
        is_answer=any(_TAKEN_UP.intersection(detail.reading.get("intents", ())) for _, detail in parts),
        is_cart_changed_by_others=any(detail.cart and detail not in own for _, detail in said),
    )


def _span_of(spans: Sequence[CartSpan]) -> CartSpan | None:
    return CartSpan(spans[-1].cart_id, spans[0].before, spans[-1].after) if spans else None
