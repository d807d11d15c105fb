"""Writes migrations from the models, for developers: `python -m storefront.migrations.generate [name]`.

Without a name, the first migration is written anew (only until the first release). With one, the next number gets
what the models have and the migrations lack; read it before you commit it.
"""

import sys
import tempfile
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Float, TypeDecorator, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.pool import NullPool

from storefront import migrations, schema
from storefront.postgres import EmbeddedServer

JOBS = "0001_jobs.sql"

_FIRST = '''"""The first release: every table, the job queue's own schema, functions and triggers."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy import TEXT, SmallInteger, Text
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
{before}
    op.execute(sa.text(Path(__file__).with_name("{jobs}").read_text().replace(":", "\\\\:")))
{tables}
{after}
'''

_NEXT = '''"""{title}."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import TEXT, SmallInteger, Text
from sqlalchemy.dialects import postgresql

revision = "{number}"
down_revision = "{previous}"


def upgrade() -> None:
{tables}
'''


def _is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Whether Alembic should compare a thing: not the queue's tables, nor Alembic's own."""
    return not (kind == "table" and name is not None and name.startswith(("procrastinate_", "alembic_")))


def _differs(_context: object, _inspected: object, _meta: object, found: object, wanted: object) -> bool | None:
    """Single precision has two spellings; all else as Alembic sees it."""
    return False if isinstance(found, Float) and isinstance(wanted, Float) else None


# What Alembic compares; the test that holds models and migrations together uses the same.
COMPARED = {"include_object": _is_ours, "compare_type": _differs}


def main(name: str | None) -> None:
    """Write the file, and say which."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)
        with EmbeddedServer(Path(home)) as server:
            written = _first(server.url) if name is None else _next(server.url, name)
    sys.stdout.write(f"wrote {written}\n")


def _first(url: str) -> Path:
    before = [
        *(f"CREATE EXTENSION IF NOT EXISTS {extension}" for extension in schema.EXTENSIONS),
        *schema.said("BEFORE"),
    ]
    with _open(url) as connection:
        tables = _render(connection)
    migrations.VERSIONS.mkdir(exist_ok=True)
    (migrations.VERSIONS / JOBS).write_text(SchemaManager.get_schema())
    path = migrations.VERSIONS / "0001_first_release.py"
    path.write_text(
        _FIRST.format(before=_executed(before), jobs=JOBS, tables=tables, after=_executed(schema.said("AFTER")))
    )
    return path


def _next(url: str, name: str) -> Path:
    migrations.upgrade(url)
    previous = migrations.head()
    number = f"{int(previous) + 1:04d}"
    with _open(url) as connection:
        tables = _render(connection)
    path = migrations.VERSIONS / f"{number}_{name}.py"
    path.write_text(
        _NEXT.format(title=name.replace("_", " ").capitalize(), number=number, previous=previous, tables=tables)
    )
    return path


def _open(url: str) -> Connection:
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool).connect()


def _render(connection: Connection) -> str:
    context = MigrationContext.configure(connection, opts=COMPARED)
    operations = produce_migrations(context, schema.metadata).upgrade_ops
    return "    " + render_python_code(operations or UpgradeOps(ops=[]), render_item=_render_item)


def _render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our column kinds appear as what the database has, so that old migrations never change with them."""
    if kind == "type" and isinstance(item, TypeDecorator) and isinstance(item.impl, JSONB):
        return "postgresql.JSONB()"
    return False


def _executed(statements: list[str]) -> str:
    return "\n".join(f"    op.execute({statement.strip()!r})" for statement in statements)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
