"""The first release: the job queue's own schema, then the tables of every package, each as SQL of its own."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_EXTENSIONS = ("pg_trgm", "unaccent")
_PARTS = ("jobs", "catalog", "checkout", "bots", "storefront")


def upgrade() -> None:
    for extension in _EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for part in _PARTS:
        statements = Path(__file__).with_name(f"0001_{part}.sql").read_text()
        op.execute(sa.text(statements.replace(":", "\\:")))
