"""A shop's language model: where it is asked, with which key, what it may cost and what it has cost this month."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Integer
from sqlalchemy.orm import Mapped, mapped_column

from catalog.kernel.db import Base, Currency, Pk, ShopRef


class ModelAccount(Base):
    """One row a shop. Prices are minor units per million tokens; `spent_micro` is millionths of a minor unit."""

    __tablename__ = "model_account"

    id: Mapped[Pk]
    shop_id: Mapped[ShopRef] = mapped_column(unique=True)
    base_url: Mapped[str]
    model: Mapped[str]
    sealed: Mapped[bytes]
    output: Mapped[str]
    budget_ms: Mapped[int] = mapped_column(Integer)
    threshold_percent: Mapped[int] = mapped_column(Integer)
    currency: Mapped[Currency]
    cap_minor: Mapped[int]
    input_price_minor: Mapped[int]
    output_price_minor: Mapped[int]
    month: Mapped[date] = mapped_column(Date)
    spent_micro: Mapped[int]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("output IN ('json_schema', 'tool')", name="output"),
        CheckConstraint("budget_ms BETWEEN 100 AND 10000", name="budget"),
        CheckConstraint("threshold_percent BETWEEN 0 AND 100", name="threshold"),
        CheckConstraint(
            "cap_minor >= 0 AND input_price_minor >= 0 AND output_price_minor >= 0 AND spent_micro >= 0", name="amounts"
        ),
    )
