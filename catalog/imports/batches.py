"""Judges and writes one batch of an import's products.

Each batch is one transaction that holds whole products, their stock, the report about them and the position reached:
what is written is known to be written. Writing a product again changes nothing, so a doubt at the edge does no harm.
"""

from collections import Counter
from collections.abc import Sequence

from catalog.imports.runs import MAX_ISSUES, Run, Tally, save
from catalog.imports.values import ERROR, FIXED, OK, SEVERITIES, Candidate, Issue
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import service as products
from catalog.products.values import Fault, ProductDraft, Refused, Written


async def import_batch(run: Run, candidates: Sequence[Candidate]) -> None:
    """Judge and write these products, in one transaction."""
    told = [list(candidate.issues) for candidate in candidates]
    drafts = [candidate.draft for candidate in candidates]
    _refuse_repeated(run, candidates, drafts, told)
    await run.pictures.add(candidates, drafts, told)
    async with run.units(run.shop_id) as uow:
        whole = await run.pictures.keep(uow, candidates, drafts)
        outcomes = await (products.check(uow, whole) if run.dry_run else products.bulk_upsert(uow, whole))
        by_handle = iter(outcomes)
        written: list[ProductDraft] = []
        fresh: list[Issue] = []
        for candidate, draft, issues in zip(candidates, drafts, told, strict=True):
            outcome = next(by_handle) if draft is not None else None
            if isinstance(outcome, Refused):
                issues.extend(_issue(candidate, fault) for fault in outcome.faults)
            elif outcome is not None and draft is not None:
                written.append(draft)
                run.tally.products[_kind(outcome)] += 1
            _count(run.tally, candidate, issues)
            fresh.extend(issues)
        run.position += len(candidates)
        if not run.dry_run:
            await _set_stock(uow, run, written)
            await save(uow, run, fresh)
    run.issues.extend(fresh[: max(0, MAX_ISSUES - len(run.issues))])


def _refuse_repeated(
    run: Run, candidates: Sequence[Candidate], drafts: list[ProductDraft | None], told: Sequence[list[Issue]]
) -> None:
    """A handle or SKU that stood earlier in this file is refused here: the later one must not undo the earlier."""
    for index, candidate in enumerate(candidates):
        if repeated := remember(run, candidate):
            told[index].extend(_issue(candidate, fault) for fault in repeated)
            drafts[index] = None


def remember(run: Run, candidate: Candidate) -> list[Fault]:
    """What of the candidate stood earlier in this file; nothing: it stands there from now on."""
    draft = candidate.draft
    if draft is None:
        return []
    repeated = [
        Fault(
            pointer=f"/variants/{place}/sku",
            detail=f"SKU {variant.sku!r} belongs to the product {run.skus[variant.sku]!r} in this file",
            value=variant.sku,
        )
        for place, variant in enumerate(draft.variants)
        if run.skus.get(variant.sku, draft.handle) != draft.handle
    ]
    if draft.handle in run.handles:
        detail = f"the handle {draft.handle!r} stands for another product of this file already"
        repeated.append(Fault(pointer="/handle", detail=detail, value=draft.handle))
    if not repeated:
        run.handles.add(draft.handle)
        run.skus.update((variant.sku, draft.handle) for variant in draft.variants)
    return repeated


async def _set_stock(uow: UnitOfWork, run: Run, written: Sequence[ProductDraft]) -> None:
    stock = {variant.sku: variant.stock for draft in written for variant in draft.variants if variant.stock is not None}
    if stock and run.set_stock is not None:
        await run.set_stock(uow, stock)


def _count(tally: Tally, candidate: Candidate, issues: Sequence[Issue]) -> None:
    """Every row by the worst said about it; a product that is refused refuses all its rows."""
    worst = dict.fromkeys(candidate.lines, OK)
    for issue in issues:
        line = issue.line if issue.line in worst else candidate.lines[0]
        worst[line] = max(worst[line], issue.severity, key=SEVERITIES.index)
    if any(issue.severity == ERROR for issue in issues):
        worst = dict.fromkeys(worst, ERROR)
    for severity in worst.values():
        tally.rows[severity] += 1
    for kind, count in Counter(issue.kind for issue in issues if issue.severity == FIXED).items():
        tally.fixes[kind] = tally.fixes.get(kind, 0) + count


def _issue(candidate: Candidate, fault: Fault) -> Issue:
    """A fault of the draft, at the line and column it comes from."""
    parts = fault.pointer.strip("/").split("/")
    line, name = candidate.lines[0], parts[0]
    if name == "variants" and len(parts) > 1:
        place = int(parts[1])
        line = candidate.variant_lines[place] if place < len(candidate.variant_lines) else line
        name = parts[2] if len(parts) > 2 else "sku"  # noqa: PLR2004 - /variants/0/price
    return Issue(
        line=line,
        column=candidate.columns.get(name, name),
        value="" if fault.value is None else str(fault.value)[:200],
        reason=fault.detail,
        severity=ERROR,
    )


def _kind(outcome: Written) -> str:
    if outcome.created:
        return "created"
    return "changed" if outcome.changed else "unchanged"
