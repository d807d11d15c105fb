"""`storefront serve` and `storefront worker`: production."""

import logging
import socket
from contextlib import ExitStack
from dataclasses import replace

import click

from catalog.kernel.secrets import Secret
from storefront import config, migrations
from storefront import logging as logs
from storefront.accepting import make_tally
from storefront.cli.supervisor import Child, Supervisor, listen, loopback, role
from storefront.config import Settings
from storefront.postgres import EmbeddedServer

_log = logging.getLogger(__name__)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Web only; run `storefront worker` elsewhere.")
def serve(*, host: str, port: int, workers: int, no_worker: bool) -> None:
    """The shop: web, with a worker beside it. Refuses to start on an old schema."""
    settings = configured()
    with ExitStack() as stack:
        settings, server = with_database(settings, stack)
        migrations.check(settings.dsn)
        listening = listen(host, port)
        settings = at_address(settings, listening)
        where = (loopback(host), listening.getsockname()[1])
        children = [*web_children(settings, listening, workers), *([] if no_worker else [worker_child(settings)])]
        Supervisor(
            children=children, server=server, ready_at=where,
            on_ready=lambda: _log.info("serve.ready", extra={"fields": {"url": settings.public_url, "port": where[1]}}),
        ).run()  # fmt: skip


@click.command()
def worker() -> None:
    """Delivery and jobs alone; any number, on any number of machines."""
    settings = configured()
    with ExitStack() as stack:
        settings, server = with_database(settings, stack)
        migrations.check(settings.dsn)
        Supervisor(children=[worker_child(settings)], server=server).run()


def configured() -> Settings:
    """The environment's settings, logging by them."""
    settings = config.load()
    logs.configure(level=settings.log_level, style=settings.log_format)
    for name in config.unknown():
        _log.warning("setting.unknown", extra={"fields": {"name": name}})
    return settings


def with_database(settings: Settings, stack: ExitStack) -> tuple[Settings, EmbeddedServer | None]:
    """The settings with a database that answers, and the embedded server when it is ours to keep alive."""
    if settings.database_url is not None:
        return settings, None
    server = stack.enter_context(EmbeddedServer(settings.home, programs=settings.postgres_bin))
    return replace(settings, database_url=Secret(server.url)), server


def at_address(settings: Settings, listening: socket.socket) -> Settings:
    """Without STOREFRONT_PUBLIC_URL, the shop's address is where it listens."""
    if not config.is_default(settings, "public_url"):
        return settings
    host, port = listening.getsockname()[:2]
    name = loopback(host)
    return replace(settings, public_url=f"http://{f'[{name}]' if ':' in name else name}:{port}")


def web_children(settings: Settings, listening: socket.socket, count: int = 1) -> list[Child]:
    """So many web processes on one socket."""
    environment, tally = config.as_environment(settings), make_tally(count)
    return [
        Child(
            name=f"web {number + 1}",
            command=role("web", str(listening.fileno()), str(tally), str(number)),
            environment=environment,
            inherited=(listening.fileno(), tally),
        )
        for number in range(count)
    ]


def worker_child(settings: Settings) -> Child:
    """The process that delivers and runs jobs."""
    return Child(name="worker", command=role("worker"), environment=config.as_environment(settings))
