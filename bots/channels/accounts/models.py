"""A merchant's account at a chat provider."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Pk, ShopRef


class ChannelAccount(Base):
    """Public credentials stand open, secret ones sealed under the row's id.

    `provider_account` names the account at the provider (or a fingerprint of the token that does). `detail` holds the
    provider's words when it refused to connect, or when it refuses what is sent: since `failing_since`. `public_name`
    is what links to its chat name, learnt while connecting: a bot, a number. `revision` counts changes: built adapters
    compare it. A removed account keeps its row, because its conversations are history; its secrets are gone.
    """

    __tablename__ = "channel_account"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef]
    kind: Mapped[str]
    name: Mapped[str]
    credentials: Mapped[dict[str, Any]]
    sealed: Mapped[bytes]
    api_base: Mapped[str | None]
    provider_account: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=text("'not_connected'"))
    detail: Mapped[str] = mapped_column(server_default=text("''"))
    public_name: Mapped[str] = mapped_column(server_default=text("''"))
    failing_since: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('connected', 'not_connected')", name="state"),
        Index("ix_channel_account_shop_id_created_at", "shop_id", "created_at", "id"),
        Index(
            "uq_channel_account_provider_account",
            "shop_id",
            "kind",
            "provider_account",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
