"""Rows of pictures: which shop has which, and uploads that wait to be used."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Integer, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class Image(Base):
    """A shop's picture. `id` is the SHA-256 of the stored original, in hexadecimal; another shop may have it too."""

    __tablename__ = "image"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    mime: Mapped[str]
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    bytes: Mapped[int] = mapped_column(BigInteger)
    colour: Mapped[str] = mapped_column(String(7))
    fingerprint: Mapped[int] = mapped_column(BigInteger)  # 64 bits, kept as a signed number
    palette: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), server_default=text("'{}'"))  # fingerprint.Look
    received: Mapped[bool] = mapped_column(server_default=text("false"))  # only people sent it: nothing of the shop's
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("length(id) = 64", name="hash"),
        CheckConstraint("width > 0 AND height > 0 AND bytes > 0", name="size"),
    )


class Upload(Base):
    """A picture that a merchant or a shopper sent; the id is what the API takes as `upload_id`."""

    __tablename__ = "upload"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef] = mapped_column(index=True)
    image_id: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["shop_id", "image_id"], ["image.shop_id", "image.id"], ondelete="CASCADE"),)
