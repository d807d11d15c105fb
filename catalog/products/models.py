"""Rows of products, variants, their pictures and prices. Rows that orders may name are retired, never removed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Currency, Pk, ShopRef


class Category(Base):
    """A place in the tree of goods. The path of slugs ('women/dresses') names it; a parent's path is its beginning."""

    __tablename__ = "category"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[dict[str, Any]]


class Product(Base):
    """What is shown. A deleted product keeps its row, because orders may name it, and frees its handle.

    `digest` is a hash of everything a merchant can set, so that writing the same again changes nothing.
    """

    __tablename__ = "product"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    handle: Mapped[str]
    title: Mapped[dict[str, Any]]
    description: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    category_path: Mapped[str] = mapped_column(server_default=text("''"))
    brand: Mapped[str] = mapped_column(server_default=text("''"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    options: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    status: Mapped[str]
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    digest: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("status IN ('draft', 'active', 'archived')", name="status"),
        CheckConstraint("deleted_at IS NULL OR status = 'archived'", name="deleted_is_archived"),
        Index(
            "uq_product_shop_id_handle",
            "shop_id",
            "handle",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(
            "ix_product_shop_id_category_path",
            "shop_id",
            "category_path",
            postgresql_ops={"category_path": "text_pattern_ops"},
        ),
        Index("ix_product_shop_id_id", "shop_id", "id"),
    )


class Variant(Base):
    """What is sold. Its id stays with its SKU; a variant no longer offered is retired until its SKU is sold again.

    `lowest_30d_minor` is the lowest price of the 30 days before the present reduction began (Directive 98/6/EC Art.
    6a), null when the price is not reduced or there was none before. `content` ('750 ml') and `unit_price_base` are
    measures of goods sold by measure (see measures.py).
    """

    __tablename__ = "variant"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), index=True)
    sku: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    price_minor: Mapped[int]
    compare_at_minor: Mapped[int | None]
    lowest_30d_minor: Mapped[int | None]
    currency: Mapped[Currency]
    gtin: Mapped[str | None]
    weight_g: Mapped[int | None]
    content: Mapped[str | None]
    unit_price_base: Mapped[str | None]
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("compare_at_minor > price_minor", name="compare_at"),
        CheckConstraint("weight_g >= 0", name="weight"),
        CheckConstraint("unit_price_base IS NULL OR content IS NOT NULL", name="unit_price_base"),
        Index(
            "uq_variant_shop_id_sku",
            "shop_id",
            "sku",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
        Index("ix_variant_retired", "shop_id", "sku", postgresql_where=text("retired_at IS NOT NULL")),
    )


class PriceChange(Base):
    """A price from an instant on: the evidence behind every 'lowest price of the last 30 days'."""

    __tablename__ = "price_change"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shop_id: Mapped[ShopRef]
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    price_minor: Mapped[int]
    compare_at_minor: Mapped[int | None]
    currency: Mapped[Currency]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_price_change_variant_id_changed_at", "variant_id", "changed_at"),)


class ProductImage(Base):
    """A picture of a product, or with `option` ({"colour": "grey"}) of one of its option values."""

    __tablename__ = "product_image"

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    shop_id: Mapped[ShopRef]
    image_id: Mapped[str] = mapped_column(String(64))
    alt: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    option: Mapped[dict[str, Any] | None]

    __table_args__ = (
        ForeignKeyConstraint(["shop_id", "image_id"], ["image.shop_id", "image.id"]),
        Index("ix_product_image_shop_id_image_id", "shop_id", "image_id"),
    )
