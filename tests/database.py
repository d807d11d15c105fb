"""One PostgreSQL for a test run, one template made once, one database cloned from it for each worker process."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psycopg
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from storefront import migrations, schema
from storefront.postgres import EmbeddedServer

TEMPLATE = "storefront_template"
# A test database need not survive a power cut.
_HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@contextmanager
def running_server(external: str | None, programs: Path | None = None) -> Iterator[str]:
    """The URL of a server's maintenance database: the one named by `external`, else an embedded one of our own."""
    if external:
        yield external
        return
    home = Path(tempfile.mkdtemp(prefix="storefront-tests-"))
    home.chmod(0o711)
    try:
        with EmbeddedServer(home, programs=programs, options=_HASTY) as server:
            yield server.url_of("postgres")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def url_of(server: str, database: str) -> str:
    """The server's URL with another database."""
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")


def make_template(server: str) -> None:
    """The empty shop: every table, extension and function."""
    url = recreate(server, TEMPLATE, template="template1")
    make_from_models(url)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES (%s)", (migrations.head(),))


def make_from_models(url: str) -> None:
    """Every table as the models say, in an empty database."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in schema.statements_before():
            connection.exec_driver_sql(statement.replace("%", "%%"))
        schema.metadata.create_all(connection)


def recreate(server: str, database: str, *, template: str = TEMPLATE) -> str:
    """A fresh copy of the template under this name; its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template)))
    return url_of(server, database)


def drop(server: str, database: str) -> None:
    """Remove a database whatever is connected to it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


class Broom:
    """Empties a database again and again over one connection: the first deletes of a new one take far longer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None

    async def sweep(self) -> None:
        """Remove every row of the product's tables, once nobody else works in them.

        Deleting some rows from 70 tables takes 2 ms and truncating the tables 150, so only grown tables are truncated.
        """
        connection = await self._connected()
        tables, grown = await connection.fetchrow(_TABLES, _GROWN_BYTES)
        async with connection.transaction():
            await connection.execute("LOCK TABLE shop")
            if grown:
                await connection.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
            else:
                await connection.execute("SET LOCAL session_replication_role = replica")  # any order, nothing cascades
                await connection.execute(";".join(f"DELETE FROM {name}" for name in tables))  # noqa: S608 - ours

    async def put_away(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            await self._connection.close()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():  # some tests end every connection
            self._connection = await asyncpg.connect(self._url, server_settings={"lock_timeout": "10s"})
        return self._connection


_GROWN_BYTES = 2**19
_TABLES = """
SELECT array_agg(quote_ident(relname)), bool_or(pg_relation_size(oid) > $1)
FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""
