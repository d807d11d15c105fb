"""The state of our templates at each provider account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, ShopRef


class TemplateState(Base):
    """How the provider's review of one template in one language stands."""

    __tablename__ = "template_state"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("channel_account.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(primary_key=True)
    shop_id: Mapped[ShopRef]
    status: Mapped[str]
    reason: Mapped[str]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_template_state_shop_id", "shop_id"),)
