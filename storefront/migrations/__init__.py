"""The database's schema through time: numbered steps under `versions/`, run by `storefront db migrate`.

The configuration is this package itself, never a file in the working directory. A step waits at most LOCK_TIMEOUT for
a table that a running shop holds, then gives up and changes nothing; running it again is safe.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from catalog.kernel.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection

LOCK_TIMEOUT = "5s"
VERSIONS = Path(__file__).parent / "versions"
# One migration at a time for a database, whoever starts it: an advisory lock of this number.
_ADVISORY_LOCK = 7_263_541


def upgrade(dsn: str, *, say: Callable[[str], None] = lambda _: None) -> list[str]:
    """Bring the schema to head; the revisions that ran, none when it was there already.

    Raises Unavailable when the database does not answer or a running shop holds a table too long.
    """
    # Alembic, and with it every model, is loaded only where a schema is changed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with _exclusive(dsn) as connection:
        config.attributes["connection"] = connection
        present = revision(dsn)
        _check_known(present)
        steps = [path for path in _files() if present is None or _number(path) > present]
        for path in steps:
            say(path.stem)
            try:
                command.upgrade(config, _number(path))
            except DBAPIError as error:
                raise Unavailable(
                    f"migration {path.stem} did not finish and changed nothing: {str(error.orig).strip()}; "
                    "run `storefront db migrate` again when the shop is quieter"
                ) from error
    return [_number(path) for path in steps]


def check(dsn: str) -> None:
    """Raise Misconfigured, naming the command, unless the schema is the one this version was written for."""
    present = revision(dsn)
    _check_known(present)
    if present != head():
        state = "has no schema" if present is None else f"is at {present}"
        raise Misconfigured(f"the database {state}, this version needs {head()}; run `storefront db migrate`")


def revision(dsn: str) -> str | None:
    """The database's revision; None for an empty database. Raises Unavailable when it does not answer."""
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            found = connection.execute("SELECT to_regclass('alembic_version') IS NOT NULL").fetchone()
            if found is None or not found[0]:
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except psycopg.OperationalError as error:
        raise Unavailable(f"the database does not answer: {str(error).strip()}") from error
    return None if row is None else str(row[0])


def head() -> str:
    """The newest revision this version knows."""
    return _number(_files()[-1])


def _files() -> list[Path]:
    return sorted(path for path in VERSIONS.glob("*.py") if re.match(r"\d{4}_", path.name))


def _number(path: Path) -> str:
    return path.name[:4]


def _check_known(present: str | None) -> None:
    if present is not None and present > head():
        raise Misconfigured(
            f"the database is at {present}, newer than this version's {head()}; install the newer storefront again"
        )


@contextmanager
def _exclusive(dsn: str) -> "Iterator[Connection]":
    """The only connection that migrates this database now."""
    from sqlalchemy import create_engine, text  # noqa: PLC0415 - as in `upgrade`
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    url = dsn.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        connection = create_engine(url, poolclass=NullPool).connect()
    except OperationalError as error:
        raise Unavailable(f"the database does not answer: {str(error.orig).strip()}") from error
    with connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _ADVISORY_LOCK})
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        yield connection
