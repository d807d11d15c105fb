"""Stock as the rest of the trade asks for it. All join the caller's transaction; none waits for a sweeper."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.inventory import repository
from checkout.inventory.availability import Held, Level, Short, StockLine, decide_hold, shortages
from checkout.inventory.errors import CountedMeanwhile

HOLDS = repository.HOLDS
_MOST_UNITS = 1_000_000_000
_TIDY_AFTER = timedelta(days=1)


async def set_on_hand(uow: UnitOfWork, sku: str, on_hand: int, *, counted_from: int | None = None) -> Level:
    """Say how many units stand on the shelf.

    Raises NotFound for a SKU the shop does not sell, Invalid below zero, and CountedMeanwhile when `counted_from` is
    not what stands there.
    """
    if counted_from is not None:
        present = {row["on_hand"] for row in await repository.ensure_levels(uow, [sku])}
        if present - {counted_from}:
            raise CountedMeanwhile(f"{sku}: not {counted_from} stand there but {min(present)}; read it again", sku=sku)
    if await set_many(uow, {sku: on_hand}):
        raise NotFound(f"this shop has no SKU {sku!r}", sku=sku)
    return (await levels(uow, [sku]))[sku]


async def set_many(uow: UnitOfWork, counts: Mapping[str, int]) -> list[str]:
    """Set many SKUs at once; returns those the shop does not sell. Raises Invalid for a count below zero."""
    for sku, on_hand in counts.items():
        if not 0 <= on_hand <= _MOST_UNITS:
            raise Invalid(f"{sku}: {on_hand} units cannot stand on a shelf", pointer="/on_hand", sku=sku)
    rows = await repository.ensure_levels(uow, counts)
    deltas = [(row["variant_id"], row["sku"], counts[row["sku"]] - row["on_hand"]) for row in rows]
    changed = [change for change in deltas if change[2]]
    if changed:
        await repository.move(uow, changed, reason="set")
    return sorted(set(counts) - {row["sku"] for row in rows})


async def adjust(uow: UnitOfWork, sku: str, delta: int) -> Level:
    """Add units found or take away units lost. Raises NotFound for an unknown SKU, Invalid below zero."""
    rows = await repository.ensure_levels(uow, [sku])
    if not rows:
        raise NotFound(f"this shop has no SKU {sku!r}", sku=sku)
    row = rows[0]
    if not 0 <= row["on_hand"] + delta <= _MOST_UNITS:
        raise Invalid(f"{sku}: {row['on_hand']} on hand cannot change by {delta}", pointer="/delta", sku=sku)
    if delta:
        await repository.move(uow, [(row["variant_id"], sku, delta)], reason="adjusted")
    return (await levels(uow, [sku]))[sku]


async def levels(uow: UnitOfWork, skus: Collection[str]) -> dict[str, Level]:
    """Levels by SKU, in one query. A SKU that was never stocked has nothing on hand, nor has one that is not sold."""
    known = await levels_of_sold(uow, skus)
    return {sku: known.get(sku) or Level(sku, 0, 0) for sku in skus}


async def levels_of_sold(uow: UnitOfWork, skus: Collection[str]) -> dict[str, Level]:
    """Levels by SKU; one that the shop does not sell is left out."""
    return await repository.read_levels(uow, skus)


async def available(uow: UnitOfWork, variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Units that can be bought now, by variant; one that was never stocked is left out."""
    return await repository.read_available(uow, variant_ids)


async def in_stock(uow: UnitOfWork, product_ids: Collection[UUID]) -> set[UUID]:
    """Of some products, those with a variant that can be bought now."""
    return await repository.read_in_stock(uow, product_ids)


async def hold(
    uow: UnitOfWork,
    cart_id: UUID,
    lines: Sequence[StockLine],
    *,
    until: datetime,
    order_id: UUID | None = None,
) -> tuple[Held | Short, ...]:
    """Set the cart's holds to these lines, each for itself; the answers stand in the order of the lines.

    A short line keeps whatever the cart held of it before. A hold is never shortened in time.
    """
    variant_ids = [line.variant_id for line in lines]
    await repository.lock_levels(uow, variant_ids)
    shelves = await repository.read_shelves(uow, cart_id, variant_ids)
    answers = tuple(decide_hold(line, shelves.get(line.variant_id), until) for line in lines)
    held = {
        line.variant_id: line.quantity for line, answer in zip(lines, answers, strict=True) if isinstance(answer, Held)
    }
    if held:
        await repository.write_holds(uow, cart_id, held, until=until, order_id=order_id)
    return answers


def hold_decided(
    uow: UnitOfWork, cart_id: UUID, quantities: dict[UUID, int], *, until: datetime, released: Collection[UUID] = ()
) -> list[object]:
    """Parameters of HOLDS for what the caller has already decided under the levels' locks (the cart's turn path)."""
    return repository.hold_arguments(uow, cart_id, quantities, until=until, released=released)


async def release_order(uow: UnitOfWork, order_id: UUID) -> None:
    """An order ended unpaid: its holds are its cart's again and end when their time is over."""
    await repository.detach_order(uow, order_id)


async def drop_order(uow: UnitOfWork, order_id: UUID) -> None:
    """An order was called off: its holds end at once."""
    await repository.release_order_holds(uow, order_id)


async def extend_for_order(uow: UnitOfWork, order_id: UUID, *, until: datetime) -> None:
    """Keep an order's holds at least until then: the end of its payment plus slack."""
    await repository.extend_order(uow, order_id, until)


async def consume(uow: UnitOfWork, order_id: UUID, *, cart_id: UUID, lines: Sequence[StockLine]) -> tuple[Short, ...]:
    """Sell the lines of a paid order: all of them, or nothing and the short ones are returned.

    The cart's own holds are used first; without them only units nobody else holds may go. Selling the same order
    again changes nothing.
    """
    variant_ids = [line.variant_id for line in lines]
    await repository.lock_levels(uow, variant_ids)
    if await repository.was_moved(uow, reason="sold", reference=order_id):
        return ()
    short = shortages(lines, await repository.read_shelves(uow, cart_id, variant_ids))
    if short:
        return short
    await repository.move(
        uow, [(line.variant_id, line.sku, -line.quantity) for line in lines], reason="sold", reference=order_id
    )
    await repository.spend_holds(uow, cart_id, lines)
    return ()


async def restock(uow: UnitOfWork, lines: Sequence[StockLine], *, reason: str, reference: UUID) -> None:
    """Put units back, exactly once for each reason ('cancelled', 'returned'), reference and variant.

    A variant that was deleted meanwhile has no shelf: the movement is kept, nothing else changes.
    """
    if not lines:
        return
    await repository.lock_levels(uow, [line.variant_id for line in lines])
    deltas = [(line.variant_id, line.sku, line.quantity) for line in lines]
    await repository.move(uow, deltas, reason=reason, reference=reference)


async def tidy(uow: UnitOfWork) -> int:
    """Delete holds that ended a day ago or earlier. Nothing depends on it: ended holds count as free anyway."""
    return await repository.tidy(uow, uow.now - _TIDY_AFTER)
