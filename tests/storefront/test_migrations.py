"""The migrations make what the models say, once, and a server with another schema is told the command."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from catalog.kernel.errors import Misconfigured, Unavailable
from storefront import migrations, schema
from storefront.migrations import generate
from tests import database

# Constraints, indexes, columns and functions by their text: Alembic compares neither checks nor expressions.
_EVERYTHING = """
SELECT 'column', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
       || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname <> 'alembic_version'
UNION ALL
SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE n.nspname = 'public' AND conrelid <> 0 AND conrelid::regclass::text <> 'alembic_version'
UNION ALL
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL
SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT tgisinternal
UNION ALL
SELECT 'function', p.oid::regprocedure::text, md5(prosrc) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
"""


def everything(url: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        return {(row[0], row[1], row[2]) for row in connection.execute(_EVERYTHING)}


def test_from_empty_to_head_is_what_the_models_say(server: str) -> None:
    migrated = database.recreate(server, "migrated", template="template1")
    assert migrations.upgrade(migrated)[0] == "0001"
    assert migrations.upgrade(migrated) == []
    engine = create_engine(migrated.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=generate.COMPARED)
        assert compare_metadata(context, schema.metadata) == [], "run `make db`"
    made = database.recreate(server, "made", template="template1")
    database.make_from_models(made)
    assert everything(migrated) == everything(made), "run `make db`"
    for name in ("migrated", "made"):
        database.drop(server, name)


def test_the_queue_of_the_migrations_is_the_one_that_is_installed() -> None:
    frozen = (migrations.VERSIONS / generate.JOBS).read_text()
    assert frozen == schema.job_queue(), "procrastinate changed its schema: add a migration with its own steps"


def test_history_is_one_line_of_numbers() -> None:
    numbers = sorted(path.name[:4] for path in migrations.VERSIONS.glob("[0-9]*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]
    assert migrations.head() == numbers[-1]


def test_an_old_or_newer_schema_is_refused_with_the_command(server: str) -> None:
    url = database.recreate(server, "empty", template="template1")
    with pytest.raises(Misconfigured, match="storefront db migrate"):
        migrations.check(url)
    migrations.upgrade(url)
    migrations.check(url)
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match="newer"):
        migrations.check(url)
    with pytest.raises(Misconfigured, match="newer"):
        migrations.upgrade(url)
    database.drop(server, "empty")


def test_a_database_that_does_not_answer_is_named(server: str) -> None:
    nowhere = database.url_of(server, "nowhere")
    with pytest.raises(Unavailable, match="does not answer"):
        migrations.check(nowhere)
    with pytest.raises(Unavailable, match="does not answer"):
        migrations.upgrade(nowhere)
