"""The whole schema: every table of every feature, found by its name `models`, and what must stand before them."""

from importlib import import_module
from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import MetaData, Table

from catalog.kernel.db import Base

# Both are trusted extensions: a database's owner may create them.
EXTENSIONS = ("pg_trgm", "unaccent")
# A package's tables refer to tables of its own and of the packages before it.
PACKAGES = ("catalog", "checkout", "bots", "storefront")

# Jobs that failed for good are few among many, and are looked for with every page of orders.
_FAILED_JOBS = "CREATE INDEX ix_procrastinate_jobs_failed ON procrastinate_jobs (id) WHERE status = 'failed';"
_ROOT = Path(__file__).parent.parent
for _package in PACKAGES:
    for _path in sorted((_ROOT / _package).rglob("models.py")):
        import_module(".".join(_path.relative_to(_ROOT).with_suffix("").parts))

metadata: MetaData = Base.metadata


def tables(package: str) -> list[Table]:
    """A package's tables, each after those that it refers to."""
    owners = {mapper.local_table: mapper.class_.__module__.partition(".")[0] for mapper in Base.registry.mappers}
    return [table for table in metadata.sorted_tables if owners[table] == package]


def job_queue() -> str:
    """The job queue's own schema, and an index of ours on it."""
    return f"{SchemaManager.get_schema()}\n{_FAILED_JOBS}\n"


def statements_before() -> list[str]:
    """What must stand before the tables: extensions and the job queue."""
    return [*(f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS), job_queue()]
