"""`storefront db …`, and the way every command reaches the database."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import click
import psycopg

from catalog.kernel.clock import LabClock, SystemClock
from catalog.kernel.db import create_engine
from catalog.kernel.errors import Unavailable
from catalog.kernel.secrets import Secret
from catalog.kernel.unit_of_work import Units
from storefront import config, migrations
from storefront.config import Settings
from storefront.postgres import EmbeddedServer, client_dir


@contextmanager
def reached(settings: Settings) -> Iterator[Settings]:
    """The settings with a database that answers: an embedded one is attached to, or owned until the block ends."""
    if settings.database_url is not None:
        yield settings
        return
    with EmbeddedServer(settings.home, programs=settings.postgres_bin) as server:
        yield replace(settings, database_url=Secret(server.url))


@contextmanager
def current() -> Iterator[Settings]:
    """The environment's settings with a database whose schema is this version's."""
    with reached(config.load()) as settings:
        migrations.check(settings.dsn)
        yield settings


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Units]:
    """Units of work for a command's duration."""
    engine = create_engine(settings.dsn, pool_size=3)  # an import keeps one for its lock
    try:
        yield Units(engine, LabClock() if settings.lab else SystemClock())
    finally:
        await engine.dispose()


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def migrate(*, as_json: bool) -> None:
    """Bring the schema to this version's; safe to run again and beside a running shop."""
    with reached(config.load()) as settings:
        ran = migrations.upgrade(
            settings.dsn, say=(lambda _: None) if as_json else (lambda step: click.echo(f"… {step}"))
        )
    if as_json:
        click.echo(f'{{"head": "{migrations.head()}", "ran": {len(ran)}}}')
    else:
        click.echo(f"The schema is at {migrations.head()}.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def dump(*, file: Path) -> None:
    """Write all that the database holds into FILE, beside a running shop too; not the pictures, nor the secret key."""
    with reached(config.load()) as settings:
        _run(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={file}", settings.dsn)
    file.chmod(0o600)
    click.echo(f"{file} holds the database.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.confirmation_option(prompt="This replaces what the database holds. Go on?")
def restore(*, file: Path) -> None:
    """Replace what the database holds by a dump. Stop the shop first."""
    with reached(config.load()) as settings:
        _run(
            settings, "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
            f"--dbname={settings.dsn}", str(file),
        )  # fmt: skip
    click.echo("The database is as the dump says; run `storefront db migrate` if this version is newer.")


def _run(settings: Settings, program: str, *arguments: str) -> None:
    programs = client_dir(_server_major(settings.dsn), settings.postgres_bin)
    done = subprocess.run([str(programs / program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"{program} failed: {done.stderr.strip()}")


def _server_major(dsn: str) -> int:
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            return connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise Unavailable(f"the database does not answer: {str(error).strip()}") from error
