"""Runs of imports, so that a killed one continues, what they had to say, and where pictures came from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class ImportRun(Base):
    """One import of one file. `position` counts the products that are written or refused for good."""

    __tablename__ = "import_run"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    file_hash: Mapped[str]
    file_name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    position: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    counts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('running', 'done')", name="state"),
        Index("uq_import_run_running", "shop_id", "file_hash", unique=True, postgresql_where=text("state = 'running'")),
        Index("ix_import_run_shop_id_started_at", "shop_id", "started_at"),
    )


class ImportIssue(Base):
    """What a run said about a place in the file."""

    __tablename__ = "import_issue"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shop_id: Mapped[ShopRef]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), index=True)
    line: Mapped[int] = mapped_column(Integer)
    column: Mapped[str]
    value: Mapped[str]
    reason: Mapped[str]
    kind: Mapped[str]
    severity: Mapped[str]

    __table_args__ = (CheckConstraint("severity IN ('fixed', 'question', 'error')", name="severity"),)


class ImageSource(Base):
    """An address from which the shop's picture was fetched, so that the next import need not fetch it again."""

    __tablename__ = "image_source"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(primary_key=True)
    image_id: Mapped[str] = mapped_column(String(64))

    __table_args__ = (ForeignKeyConstraint(["shop_id", "image_id"], ["image.shop_id", "image.id"], ondelete="CASCADE"),)
