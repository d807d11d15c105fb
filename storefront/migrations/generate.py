"""Writes migrations from the models, for developers: `python -m storefront.migrations.generate [name]`.

Without a name, the SQL of the first migration is written anew (only until the first release). With one, the next
number gets what the models have and the migrations lack; read it before you commit it.
"""

import re
import sys
import tempfile
from pathlib import Path
from typing import Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations.ops import UpgradeOps
from sqlalchemy import Connection, Float, Table, TypeDecorator, create_engine
from sqlalchemy.dialects.postgresql import JSONB, asyncpg
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from storefront import migrations, schema
from storefront.postgres import EmbeddedServer

JOBS = "0001_jobs.sql"
_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]

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
    """Write the files, and say which."""
    written = _first() if name is None else [_next(name)]
    sys.stdout.writelines(f"wrote {path}\n" for path in written)


def _first() -> list[Path]:
    """The job queue, then each package's tables: `0001_<part>.sql`."""
    texts = {JOBS: schema.job_queue()}
    for package in schema.PACKAGES:
        texts[f"0001_{package}.sql"] = "\n".join(_made(table) for table in schema.tables(package))
    for name, text in texts.items():
        (migrations.VERSIONS / name).write_text(text)
    return [migrations.VERSIONS / name for name in texts]


def _made(table: Table) -> str:
    """The statements that make a table and its indexes."""
    made: list[CreateTable | CreateIndex] = [
        CreateTable(table),
        *(CreateIndex(index) for index in sorted(table.indexes, key=lambda one: str(one.name))),
    ]
    lines = "".join(f"{str(one.compile(dialect=_DIALECT)).strip()};\n" for one in made)
    return re.sub(r"[ \t]+$", "", lines, flags=re.MULTILINE).replace("\t", "    ")


def _next(name: str) -> Path:
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)
        with EmbeddedServer(Path(home)) as server:
            migrations.upgrade(server.url)
            with _open(server.url) as connection:
                tables = _render(connection)
    previous = migrations.head()
    number = f"{int(previous) + 1:04d}"
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


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
