"""A lookbook and its numbered places."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class Lookbook(Base):
    """A scene. Its code is kept as the merchant writes it and found in any case."""

    __tablename__ = "lookbook"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    code: Mapped[str]
    title: Mapped[dict[str, Any]]
    image_id: Mapped[str] = mapped_column(String(64))
    alt: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["shop_id", "image_id"], ["image.shop_id", "image.id"]),
        Index("uq_lookbook_shop_id_code", "shop_id", func.upper(text("code")), unique=True),
    )


class Hotspot(Base):
    """A numbered place in the scene that shows a product, or one variant of it. x and y: 0 to 1 from the top left."""

    __tablename__ = "hotspot"

    lookbook_id: Mapped[UUID] = mapped_column(ForeignKey("lookbook.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    shop_id: Mapped[ShopRef]
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), index=True)
    variant_id: Mapped[UUID | None] = mapped_column(ForeignKey("variant.id", ondelete="CASCADE"))
    x: Mapped[float]
    y: Mapped[float]

    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("x BETWEEN 0 AND 1 AND y BETWEEN 0 AND 1", name="inside"),
    )
