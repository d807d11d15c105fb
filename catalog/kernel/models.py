"""Rows of the kernel: the outbox of domain events, counts of uses and the lab's clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, ShopRef


class StoredEvent(Base):
    """A domain event that waits for, or has had, its handlers. `done` names the handlers that finished."""

    __tablename__ = "domain_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shop_id: Mapped[UUID]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    done: Mapped[list[str]] = mapped_column(ARRAY(TEXT), server_default=text("'{}'"))
    finished_at: Mapped[datetime | None]
    fault: Mapped[str | None]

    __table_args__ = (
        Index("ix_domain_event_waiting", "not_before", "id", postgresql_where=text("finished_at IS NULL")),
        Index("ix_domain_event_shop_id_id", "shop_id", "id"),
    )


class UseCount(Base):
    """How often something was done in a window: messages of a page, withdrawals of a network."""

    __tablename__ = "use_count"

    shop_id: Mapped[ShopRef] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    window_at: Mapped[datetime]
    used: Mapped[int] = mapped_column(Integer)


class LabClockRow(Base):
    """The install's clock offset: one row, only ever there when the lab has moved time."""

    __tablename__ = "lab_clock"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    offset_seconds: Mapped[int]

    __table_args__ = (CheckConstraint("id = 1 AND offset_seconds >= 0", name="one_row_forward"),)
