"""The whole schema: every table of every feature, found by its name `models`, plus what SQLAlchemy cannot say.

A `models` module may also hold `BEFORE` and `AFTER`: tuples of SQL statements (functions, triggers, special indexes)
that run before or after its tables are made. They are repeatable (`CREATE OR REPLACE`, `IF NOT EXISTS`).
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from procrastinate.schema import SchemaManager
from sqlalchemy import MetaData

from catalog.kernel.db import Base

# Both are trusted extensions: a database's owner may create them.
EXTENSIONS = ("pg_trgm", "unaccent")


_ROOT = Path(__file__).parent.parent
_PACKAGES = ("catalog", "checkout", "bots", "storefront")


def _models() -> Iterator[ModuleType]:
    for package in _PACKAGES:
        for path in sorted((_ROOT / package).rglob("models.py")):
            yield import_module(".".join(path.relative_to(_ROOT).with_suffix("").parts))


MODULES: tuple[ModuleType, ...] = tuple(_models())
metadata: MetaData = Base.metadata


def statements_before() -> list[str]:
    """What must stand before the tables: extensions, the job queue's own schema, functions that indexes use."""
    extensions = [f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS]
    return [*extensions, SchemaManager.get_schema(), *said("BEFORE")]


def statements_after() -> list[str]:
    """What needs the tables: triggers and the like."""
    return said("AFTER")


def said(name: str) -> list[str]:
    """Every statement that a models module declares under this name (`BEFORE` or `AFTER`)."""
    return [statement for module in MODULES for statement in getattr(module, name, ())]
