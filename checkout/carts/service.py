"""What can be asked of a cart. A change is one transaction under the cart's lock; prices come from the database."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace

from catalog.kernel.errors import Unavailable
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from checkout.carts import holding as holdings
from checkout.carts import repository, viewing
from checkout.carts.changes import Draft, Line
from checkout.carts.errors import CartNotFound
from checkout.carts.events import CartSuperseded
from checkout.carts.repository import LockedCart, Needs, Snapshot
from checkout.carts.states import CART, CartState
from checkout.carts.values import (
    Add,
    BareLine,
    CartChange,
    CartOp,
    CartSpan,
    CartView,
    ChangeVariant,
    DiscountRefused,
    NothingToUndo,
    SetQuantity,
)
from checkout.carts.viewing import Discount, Reading, Terms
from checkout.inventory import service as inventory
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRefusal

CONTENTS, UNITS = repository.CONTENTS, repository.UNITS
_TRIES = 5
_bare = msgspec.json.Decoder(list[tuple[UUID, str, str, dict[str, str], int]])


async def view(uow: UnitOfWork, customer_id: UUID, locale: str, *, country: str | None = None) -> CartView:
    """The person's open cart with the prices and stock of now; empty when there is none. Changes nothing.

    `country`: where it goes, when that is another one than the address on file (the page's form).
    """
    reading, profile = await _read(uow, customer_id, (), locale)
    return await _show(uow, customer_id, reading, profile, country=country)


async def contents(uow: UnitOfWork, customer_id: UUID) -> tuple[BareLine, ...]:
    """What is in the person's open cart, in order, without prices and stock: a fraction of what `view` costs."""
    return contents_of(await repository.read_contents(uow, customer_id))


def contents_of(found: str) -> tuple[BareLine, ...]:
    """The same from what the expression CONTENTS gave in somebody else's statement."""
    return tuple(BareLine(*line) for line in _bare.decode(found))


async def apply(uow: UnitOfWork, customer_id: UUID, ops: Sequence[CartOp], locale: str) -> CartChange:
    """Try the operations in order; each is done whole or refused as a value, and what was done is one new version.

    Every line is held anew, unless that was done a moment ago. When nothing could be done, nothing changes.
    """
    needs = Needs(
        skus={op.sku for op in ops if isinstance(op, Add | ChangeVariant)},
        line_ids={op.line_id for op in ops if isinstance(op, SetQuantity | ChangeVariant)},
    )
    reading, profile = await _lock_and_read(uow, customer_id, needs, locale)
    draft = Draft(list(reading.lines), reading.by_sku())
    draft.apply(ops)
    was, span = reading.version, None
    if draft.applied:
        reading = await _store(uow, customer_id, reading, draft.lines, profile=profile, before=was)
        span = CartSpan(reading.cart_id, was, reading.version) if reading.cart_id else None
    cart = await _show(uow, customer_id, reading, profile)
    return CartChange(cart, tuple(draft.applied), tuple(draft.refused), span)


async def undo(uow: UnitOfWork, customer_id: UUID, locale: str) -> CartChange:
    """Bring back the lines before the last change; undoing again goes further back. Stock is checked as of now."""
    for _ in range(_TRIES):
        target = await _undo_target(uow, customer_id)
        if target is None:
            return CartChange(await view(uow, customer_id, locale), refused=(NothingToUndo(),))
        if (changed := await _restore(uow, customer_id, *target, locale)) is not None:
            return changed
    raise Unavailable("the cart is being changed by somebody else all the time; try again")


async def take_back(uow: UnitOfWork, customer_id: UUID, span: CartSpan, locale: str) -> CartChange | None:
    """Bring back the lines before `span`; None when the cart has changed since, or they are not remembered any more."""
    cart = await repository.find_open(uow, customer_id)
    if cart is None or (cart.id, cart.version) != (span.cart_id, span.after):
        return None
    snapshot = await _snapshot(uow, span.cart_id, span.before)
    return await _restore(uow, customer_id, span.after, snapshot, locale) if snapshot else None


async def lines_before(uow: UnitOfWork, customer_id: UUID) -> dict[str, int]:
    """Units by SKU that undoing the last change would bring back."""
    target = await _undo_target(uow, customer_id)
    return {sku: quantity for _, sku, quantity, _ in target[1].lines} if target else {}


async def put_discount(uow: UnitOfWork, customer_id: UUID, code: str | None, locale: str) -> CartChange:
    """Put a code on the cart, or take it off (None). A code that takes nothing off is refused and not kept."""
    reading, profile = await _lock_and_read(uow, customer_id, Needs(), locale)
    wanted = pricing.normal_code(code) if code else None
    trial = replace(reading, discount_code=wanted)
    cart = await _show(uow, customer_id, trial, profile)
    if wanted and cart.discount_refusal and not _may_hold_later(cart):
        refused = DiscountRefused(wanted, cart.discount_refusal)
        return CartChange(await _show(uow, customer_id, reading, profile), refused=(refused,))
    if wanted != reading.discount_code:
        reading = await _store(uow, customer_id, trial, list(reading.lines), profile=profile, before=reading.version)
        cart = await _show(uow, customer_id, reading, profile)
    if cart.discount_refusal and wanted:
        return CartChange(cart, refused=(DiscountRefused(wanted, cart.discount_refusal),))
    return CartChange(cart)


async def put_shipping(uow: UnitOfWork, customer_id: UUID, code: str | None, locale: str) -> CartChange:
    """Choose a shipping method; one that does not go there, or None, leaves the choice to the shop (the cheapest)."""
    reading, profile = await _lock_and_read(uow, customer_id, Needs(), locale)
    if code != reading.shipping_code:
        wanted = replace(reading, shipping_code=code)
        reading = await _store(uow, customer_id, wanted, list(reading.lines), profile=profile, before=reading.version)
    return CartChange(await _show(uow, customer_id, reading, profile))


async def lock_cart(uow: UnitOfWork, cart_id: UUID) -> LockedCart:
    """Lock a cart before its order (the order of locks: conversation, cart, order, stock). Raises CartNotFound."""
    cart = await repository.find_and_lock(uow, cart_id)
    if cart is None:
        raise CartNotFound("there is no such cart", cart_id=str(cart_id))
    return cart


async def lock_view(
    uow: UnitOfWork, customer_id: UUID, locale: str, *, country: str | None = None
) -> tuple[CartView, str | None]:
    """Lock the person's cart and the levels of its lines, then view it: what placing an order starts from.

    The second value is the code of a discount that takes something off.
    """
    reading, profile = await _lock_and_read(uow, customer_id, Needs(every_line=True), locale)
    cart = await _show(uow, customer_id, reading, profile, country=country)
    return cart, cart.discount_code if cart.totals.discount else None


async def mark_ordered(uow: UnitOfWork, cart_id: UUID, version: int) -> None:
    """An order was made from this version; changing the cart from now on is announced as CartSuperseded."""
    await repository.set_ordered(uow, cart_id, version)


async def close(uow: UnitOfWork, cart_id: UUID, version: int) -> bool:
    """The order of this version is paid, or will be: the cart is done, the next wish opens a new one.

    A cart that was changed since stays open, with its lines. False for that one, and for one that was closed before.
    """
    cart = await lock_cart(uow, cart_id)
    if cart.version != version or cart.state == CartState.PLACED:
        return False
    await repository.set_state(uow, cart_id, CART.move(CartState(cart.state), CartState.PLACED))
    return True


async def reopen(uow: UnitOfWork, cart_id: UUID, version: int) -> bool:
    """The money for this version did not come: it is the person's cart again, unless they have begun another.

    Whether it is open now.
    """
    cart = await lock_cart(uow, cart_id)
    if cart.state == CartState.OPEN:
        return True
    if cart.version != version or await repository.find_open(uow, cart.customer_id) is not None:
        return False
    await repository.set_state(uow, cart_id, CART.move(CartState(cart.state), CartState.OPEN))
    return True


async def _read(uow: UnitOfWork, customer_id: UUID, skus: Iterable[str], locale: str) -> tuple[Reading, ShopProfile]:
    rows = await repository.read(uow, customer_id, list(skus))
    profile = await profiles.at_revision(uow, rows[0]["revision"], rows[0]["catalog_revision"])
    return viewing.read(rows, profile, profile.locale(locale)), profile


async def _lock_and_read(uow: UnitOfWork, customer_id: UUID, needs: Needs, locale: str) -> tuple[Reading, ShopProfile]:
    for _ in range(_TRIES):
        locked = await repository.lock_for_change(uow, customer_id, needs)
        if locked is None:
            await repository.open_cart(uow, customer_id)
            continue
        reading, profile = await _read(uow, customer_id, needs.skus, locale)
        # While the lock was waited for, the cart may have been placed, or have got lines whose levels are not locked.
        if reading.cart_id == locked[0] and _needed(uow, reading, needs) <= locked[1]:
            return reading, profile
    raise Unavailable("the cart is being changed by somebody else all the time; try again")


def _needed(uow: UnitOfWork, reading: Reading, needs: Needs) -> set[UUID]:
    """The variants whose levels must be locked for a change: those it may hold more of."""
    needed = {goods.variant_id for goods in reading.goods.values() if goods.sku in needs.skus}
    for line in reading.lines:
        held, until = reading.holds.get(line.variant_id, (0, uow.now))
        comfortable = held >= line.quantity and until > uow.now + repository.COMFORT
        if needs.every_line or line.id in needs.line_ids or not comfortable:
            needed.add(line.variant_id)
    return {variant_id for variant_id in needed if reading.goods[variant_id].free}


async def _store(
    uow: UnitOfWork,
    customer_id: UUID,
    reading: Reading,
    lines: Sequence[Line],
    *,
    profile: ShopProfile,
    before: int | None,
) -> Reading:
    """Write a new version and hold its lines; the reading as it is afterwards, without asking the database again."""
    if reading.cart_id is None:
        raise CartNotFound("the cart was not locked", customer_id=str(customer_id))
    told = tuple(replace(line, seen=reading.goods[line.variant_id].price) for line in lines)
    version = reading.version + 1
    until = uow.now + timedelta(minutes=profile.settings.hold_minutes)
    holding = holdings.decide(reading, told, until)
    await repository.write(
        uow, told,
        inventory.hold_decided(uow, reading.cart_id, holding.anew, until=until, released=holding.released),
        stored=reading.lines, version=version, before=before, discount_code=reading.discount_code,
        shipping_code=reading.shipping_code,
    )  # fmt: skip
    if reading.ordered_version is not None:
        uow.record(
            CartSuperseded(
                cart_id=reading.cart_id, customer_id=customer_id, ordered_version=reading.ordered_version,
                version=version,
            )
        )  # fmt: skip
    return replace(reading, version=version, lines=told, holds=holding.after, ordered_version=None)


async def _show(
    uow: UnitOfWork, customer_id: UUID, reading: Reading, profile: ShopProfile, *, country: str | None = None
) -> CartView:
    discount = None
    if reading.discount_code:
        rule, uses = await pricing.rule_and_uses(uow, reading.discount_code, customer_id, cart_id=reading.cart_id)
        discount = Discount(reading.discount_code, rule, uses)
    terms = Terms(profile, uow.now, country or reading.country or profile.country, discount, reading.shipping_code)
    return viewing.show(reading, terms)


async def _undo_target(uow: UnitOfWork, customer_id: UUID) -> tuple[int, Snapshot] | None:
    """The open cart's version, and the snapshot that undoing it brings back."""
    cart = await repository.find_open(uow, customer_id)
    if cart is None or cart.version == 0:
        return None
    current = await repository.find_snapshot(uow, cart.id, cart.version)
    if current is None or current.before is None:
        return None
    target = await _snapshot(uow, cart.id, current.before)
    return (cart.version, target) if target else None


async def _snapshot(uow: UnitOfWork, cart_id: UUID, version: int) -> Snapshot | None:
    return await repository.find_snapshot(uow, cart_id, version) if version else Snapshot(0, None, [])


async def _restore(
    uow: UnitOfWork, customer_id: UUID, version: int, snapshot: Snapshot, locale: str
) -> CartChange | None:
    """The lines of a snapshot again, as far as the stock goes; None when the cart is of another version by now."""
    skus = {sku for _, sku, _, _ in snapshot.lines}
    reading, profile = await _lock_and_read(uow, customer_id, Needs(skus, every_line=True), locale)
    if reading.version != version:
        return None
    draft = Draft(list(reading.lines), reading.by_sku())
    draft.restore(_lines_of(snapshot, reading))
    reading = await _store(uow, customer_id, reading, draft.lines, profile=profile, before=snapshot.before)
    span = CartSpan(reading.cart_id, version, reading.version) if reading.cart_id else None
    return CartChange(await _show(uow, customer_id, reading, profile), refused=tuple(draft.refused), span=span)


def _lines_of(snapshot: Snapshot, reading: Reading) -> list[Line]:
    prices = {goods.sku: goods.price for goods in reading.goods.values()}
    return [
        Line(UUID(line_id), UUID(variant_id), sku, quantity, prices[sku])
        for variant_id, sku, quantity, line_id in snapshot.lines
        if sku in prices
    ]


def _may_hold_later(cart: CartView) -> bool:
    """A code that only waits for a larger cart is kept: it takes off as soon as the cart is large enough."""
    return cart.discount_refusal is DiscountRefusal.BELOW_MINIMUM
