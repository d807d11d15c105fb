"""Writes any number of drafts, each whole or not at all, or says what writing them would do."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.catalogue import lock_catalogue, rules_of
from catalog.products.conflicts import all_faults
from catalog.products.plans import Plan, find_retired, find_stored, outcome_of, planned
from catalog.products.storing import store
from catalog.products.values import ProductDraft, Refused, Written


async def write(
    uow: UnitOfWork, drafts: Sequence[ProductDraft], *, product_ids: Mapping[str, UUID] | None = None
) -> list[Written | Refused]:
    """Write each draft whole or not at all; outcomes in the order of the drafts.

    A draft is found by its handle, or by the id that `product_ids` gives for its handle (a product that changes its
    handle). Writing what is there already changes nothing and bumps no revision.
    """
    rules = await lock_catalogue(uow)
    stored = await find_stored(uow, drafts, product_ids or {})
    retired = await find_retired(uow, drafts)
    faults = await all_faults(uow, drafts, rules, stored)
    outcomes: list[Written | Refused] = []
    plans: list[Plan] = []
    ids = iter(sorted(new_id() for _ in drafts))  # products of one call stay in its order
    for draft, found in zip(drafts, faults, strict=True):
        if found:
            outcomes.append(Refused(handle=draft.handle, faults=tuple(found)))
            continue
        plan = planned(draft, stored.get(draft.handle), next(ids), retired)
        outcome = outcome_of(plan)
        if outcome.changed:
            plans.append(plan)
        outcomes.append(outcome)
    if plans:
        await store(uow, plans, rules)
    return outcomes


async def judge(uow: UnitOfWork, drafts: Sequence[ProductDraft]) -> list[Written | Refused]:
    """What `write` would answer, without writing; ids of products that do not exist yet are not theirs."""
    rules = await rules_of(uow)
    stored = await find_stored(uow, drafts, {})
    faults = await all_faults(uow, drafts, rules, stored)
    return [
        Refused(handle=draft.handle, faults=tuple(found))
        if found
        else outcome_of(planned(draft, stored.get(draft.handle), new_id(), {}))
        for draft, found in zip(drafts, faults, strict=True)
    ]
