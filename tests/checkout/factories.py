"""Rows that trade needs: goods straight into the catalogue's tables, carts and orders through their services."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.customers.values import Delivery
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.models import Order

TEE = "TEE-GREY-M"


async def make_product(
    uow: UnitOfWork,
    *,
    handle: str = "basic-tee",
    title: dict[str, str] | None = None,
    status: str = "active",
    attributes: dict[str, Any] | None = None,
    options: tuple[str, ...] = ("colour", "size"),
) -> UUID:
    """A product without variants."""
    product_id = new_id()
    await uow.execute(
        "INSERT INTO product (id, shop_id, handle, title, status, attributes, options, digest, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $8)",
        product_id, uow.shop_id, handle, json.dumps(title or {"de": "Basic-Tee", "en": "Basic tee"}), status,
        json.dumps(attributes or {}), list(options), uow.now,
    )  # fmt: skip
    return product_id


async def make_variant(
    uow: UnitOfWork,
    sku: str = TEE,
    *,
    price: int = 2490,
    stock: int | None = 20,
    product_id: UUID | None = None,
    options: dict[str, str] | None = None,
    currency: str = "EUR",
    attributes: dict[str, Any] | None = None,
) -> UUID:
    """A variant on sale, of a product of its own unless one is given; `stock` None: never counted."""
    product_id = product_id or await make_product(uow, handle=sku.lower(), attributes=attributes)
    variant_id = new_id()
    await uow.execute(
        "INSERT INTO variant (id, shop_id, product_id, sku, options, price_minor, currency, position)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
        variant_id, uow.shop_id, product_id, sku, json.dumps(options or {"colour": "grey", "size": "M"}), price,
        currency,
    )  # fmt: skip
    if stock is not None:
        await inventory.set_on_hand(uow, sku, stock)
    return variant_id


async def make_image(uow: UnitOfWork, product_id: UUID, *, position: int, option: dict[str, str] | None) -> str:
    """A picture of a product, or of one of its option values; gives its id."""
    image_id = uuid4().hex * 2
    await uow.execute(
        "INSERT INTO image (shop_id, id, mime, width, height, bytes, colour, fingerprint, created_at)"
        " VALUES ($1, $2, 'image/webp', 800, 1000, 1, '#ffffff', 0, $3)",
        uow.shop_id, image_id, uow.now,
    )  # fmt: skip
    await uow.execute(
        "INSERT INTO product_image (product_id, position, shop_id, image_id, alt, option)"
        " VALUES ($1, $2, $3, $4, '{}', $5)",
        product_id, position, uow.shop_id, image_id, json.dumps(option) if option else None,
    )  # fmt: skip
    return image_id


async def make_customer(uow: UnitOfWork, *, country: str | None = None, locale: str = "de") -> UUID:
    """A person, with an address when a country is given."""
    customer_id = new_id()
    address = {"street": "Lindenstraße 5", "postal_code": "10969", "city": "Berlin", "country": country}
    await uow.execute(
        "INSERT INTO customer (id, shop_id, name, email, locale, address, created_at)"
        " VALUES ($1, $2, 'Ada', $3, $4, $5, $6)",
        customer_id, uow.shop_id, "ada@example.org", locale, json.dumps(address) if country else None, uow.now,
    )  # fmt: skip
    return customer_id


def delivery(**changes: str) -> Delivery:
    """To Ada in Berlin, unless told otherwise."""
    values = {
        "name": "Ada Lovelace", "email": "ada@example.org", "street": "Lindenstraße 5", "postal_code": "10969",
        "city": "Berlin", "country": "DE",
    }  # fmt: skip
    return Delivery(**{**values, **changes})


async def make_order(
    uow: UnitOfWork,
    lines: Mapping[str, int] | None = None,
    *,
    customer_id: UUID | None = None,
    paid: bool = False,
    conversation_id: UUID | None = None,
) -> Order:
    """An order of goods that exist already (two tees unless told otherwise), placed and, if wanted, paid."""
    person = customer_id or await make_customer(uow)
    change = await carts.apply(uow, person, [Add(sku, count) for sku, count in (lines or {TEE: 2}).items()], "de")
    assert not change.refused, change.refused
    order = await orders.place(uow, person, delivery(), locale="de", conversation_id=conversation_id)
    if paid:
        outcome = await orders.mark_paid(uow, await orders.lock_order(uow, order.id))
        assert outcome == orders.PaidOutcome.PAID
    return order


async def make_capture(uow: UnitOfWork, order: Order) -> UUID:
    """A captured payment of the whole order; gives its id."""
    account_id, payment_id = new_id(), new_id()
    await uow.execute(
        "INSERT INTO payment_account (id, shop_id, kind, sealed, active, created_at)"
        " VALUES ($1, $2, 'stripe', '', false, $3)",
        account_id, uow.shop_id, uow.now,
    )  # fmt: skip
    await uow.execute(
        "INSERT INTO payment (id, shop_id, order_id, account_id, attempt, state, amount_minor, currency,"
        " idempotency_key, success_url, cancel_url, expires_at, provider_id, intent_id, captured_minor,"
        " captured_currency, captured_at, created_at)"
        " VALUES ($1, $2, $3, $4, 1, 'captured', $5, $6::text, $7, '', '', $8, $7, $7, $5, $6::text, $8, $8)",
        payment_id, uow.shop_id, order.id, account_id, order.total_minor, order.currency, str(payment_id), uow.now,
    )  # fmt: skip
    return payment_id
