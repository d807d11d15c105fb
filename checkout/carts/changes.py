"""What operations make of a cart's lines. Pure: goods and stock are given, refusals are values, order is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never
from uuid import UUID

import msgspec
from msgspec.structs import replace

from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.products.measures import UnitPrice
from checkout.carts.values import (
    Add,
    CartOp,
    ChangeVariant,
    Clear,
    OutOfStock,
    Refusal,
    Remove,
    SetQuantity,
    TooMany,
    TooManyLines,
    UnknownLine,
    UnknownSku,
)
from checkout.pricing.lines import MAX_LINES, MAX_PER_LINE


class Goods(msgspec.Struct, frozen=True):
    """A variant as the catalogue and the shelf have it now. `free`: the most this cart could hold of it."""

    variant_id: UUID
    sku: str
    handle: str
    title: str
    variant_title: str
    options: dict[str, str]
    price: Money
    image_id: str | None
    tax_class: str
    is_sold: bool
    free: int
    price_by_measure: UnitPrice | None = None


class Line(msgspec.Struct, frozen=True):
    """A line in the making."""

    id: UUID
    variant_id: UUID
    sku: str
    quantity: int
    seen: Money


@dataclass(slots=True)
class Draft:
    """The lines while operations are applied, in order; each is done whole or refused whole."""

    lines: list[Line]
    goods: Mapping[str, Goods]
    applied: list[CartOp] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def apply(self, ops: Iterable[CartOp]) -> None:
        """Try every operation; a refusal never stops the next."""
        for op in ops:
            refusal = self._try(op)
            if refusal is None:
                self.applied.append(op)
            else:
                self.refused.append(refusal)

    def restore(self, wanted: Sequence[Line]) -> None:
        """Put former lines in place of these; what is not there any more is left out or cut down, and said so."""
        self.lines = []
        for line in wanted:
            found = self.goods.get(line.sku)
            if found is None or not found.is_sold:
                self.refused.append(UnknownSku(line.sku))
                continue
            if line.quantity > found.free:
                self.refused.append(OutOfStock(line.sku, line.quantity, found.free))
            if quantity := min(line.quantity, found.free):
                self.lines.append(replace(line, variant_id=found.variant_id, quantity=quantity, seen=found.price))

    def _try(self, op: CartOp) -> Refusal | None:
        match op:
            case Add():
                return self._add(op)
            case SetQuantity():
                return self._set(op)
            case ChangeVariant():
                return self._change(op)
            case Remove():
                return self._remove(op.line_id)
            case Clear():
                self.lines.clear()
                return None
            case _:
                assert_never(op)

    def _add(self, op: Add) -> Refusal | None:
        index = self._index_of_sku(op.sku)
        in_cart = 0 if index is None else self.lines[index].quantity
        found = self.goods.get(op.sku)
        if op.quantity < 1:
            return TooMany(op.sku, op.quantity, MAX_PER_LINE)
        if found is None or not found.is_sold:
            return UnknownSku(op.sku)
        if refusal := _check(found, in_cart + op.quantity, in_cart=in_cart):
            return refusal
        if index is not None:
            self.lines[index] = replace(self.lines[index], quantity=in_cart + op.quantity)
        elif len(self.lines) >= MAX_LINES:
            return TooManyLines(op.sku, MAX_LINES)
        else:
            self.lines.append(Line(new_id(), found.variant_id, found.sku, op.quantity, found.price))
        return None

    def _set(self, op: SetQuantity) -> Refusal | None:
        index = self._index(op.line_id)
        if index is None:
            return UnknownLine(op.line_id)
        if op.quantity == 0:
            del self.lines[index]
            return None
        line = self.lines[index]
        if op.quantity > line.quantity or op.quantity < 0:
            # Fewer is always possible, even of something that is short or not sold any more.
            found = self.goods.get(line.sku)
            if found is None or not found.is_sold:
                return UnknownSku(line.sku)
            if refusal := _check(found, op.quantity, in_cart=line.quantity):
                return refusal
        self.lines[index] = replace(line, quantity=op.quantity)
        return None

    def _change(self, op: ChangeVariant) -> Refusal | None:
        index = self._index(op.line_id)
        if index is None:
            return UnknownLine(op.line_id)
        found = self.goods.get(op.sku)
        if found is None or not found.is_sold:
            return UnknownSku(op.sku)
        other = self._index_of_sku(op.sku)
        joined = 0 if other is None or other == index else self.lines[other].quantity
        quantity = self.lines[index].quantity if op.quantity is None else op.quantity
        if quantity < 1:
            return TooMany(op.sku, quantity, MAX_PER_LINE)
        if refusal := _check(found, quantity + joined, in_cart=joined):
            return refusal
        self.lines[index] = Line(op.line_id, found.variant_id, found.sku, quantity + joined, found.price)
        if other is not None and other != index:
            del self.lines[other]
        return None

    def _remove(self, line_id: UUID) -> Refusal | None:
        index = self._index(line_id)
        if index is None:
            return UnknownLine(line_id)
        del self.lines[index]
        return None

    def _index(self, line_id: UUID) -> int | None:
        return next((index for index, line in enumerate(self.lines) if line.id == line_id), None)

    def _index_of_sku(self, sku: str) -> int | None:
        return next((index for index, line in enumerate(self.lines) if line.sku == sku), None)


def _check(goods: Goods, wanted: int, *, in_cart: int) -> Refusal | None:
    if not 1 <= wanted <= MAX_PER_LINE:
        return TooMany(goods.sku, wanted, MAX_PER_LINE)
    if wanted > goods.free:
        return OutOfStock(goods.sku, wanted, goods.free, in_cart)
    return None
