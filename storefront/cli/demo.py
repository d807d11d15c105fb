"""`storefront demo`: the whole shop on one machine, from nothing: database, sample goods, web, worker, the lab."""

import json
import logging
import os
import shutil
import socket
import subprocess
import webbrowser
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

import click

from catalog.kernel.errors import Conflict, Misconfigured, Unavailable
from catalog.kernel.secrets import Secret
from storefront import config
from storefront import logging as logs
from storefront.cli.run import at_address, web_children, worker_child
from storefront.cli.supervisor import Child, Supervisor, listen, role
from storefront.config import Settings
from storefront.postgres import EmbeddedServer

_log = logging.getLogger(__name__)
_HOST = "127.0.0.1"
_FIRST_PORT = 8000
_PORTS_TRIED = 100


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Left out: the first free one from 8000; 0 for any.")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Folder for all its data.")
@click.option("--no-browser", is_flag=True, help="Do not open the lab in a browser.")
@click.option("--reset", is_flag=True, help="Forget the demo's data first.")
def demo(*, port: int | None, home: Path | None, no_browser: bool, reset: bool) -> None:
    """The whole shop on this machine; stop it with Ctrl-C."""
    # A demo touches no real database and writes to nobody, whatever the environment names.
    decided = {"lab": "1", "database_url": "", "mail_url": "", "mail_from": "", **({"home": str(home)} if home else {})}
    settings = config.load(**decided)
    logs.configure(level=settings.log_level, style=settings.log_format)
    with ExitStack() as stack:
        server = EmbeddedServer(settings.home, programs=settings.postgres_bin)
        _refuse_a_second(server)
        if reset:
            wipe(settings.home)
            settings = config.load(**decided)  # the secret key went with the data
        if not (settings.home / "demo.json").exists():
            click.echo("Setting up the shop (once) …")
        server = stack.enter_context(server)
        web, double = _listen(port), _listen_for_doubles(settings.home)
        settings = at_address(replace(settings, database_url=Secret(server.url)), web)
        url, doubles_url = (f"http://{_HOST}:{one.getsockname()[1]}" for one in (web, double))
        told = _prepared(settings, doubles_url)

        def ready() -> None:
            known = {"url": url, **told, "pid": os.getpid(), "doubles_url": doubles_url}
            write_privately(settings.home / "demo.json", known)
            click.echo(f"Ready: {url}")
            if not no_browser:
                with suppress(webbrowser.Error):
                    webbrowser.open(f"{url}/lab")

        doubles = Child(
            name="doubles", command=role("doubles", str(double.fileno())), inherited=(double.fileno(),),
            environment=config.as_environment(settings),
        )  # fmt: skip
        Supervisor(
            children=[doubles, *web_children(settings, web), worker_child(settings)],
            server=server, ready_at=(_HOST, web.getsockname()[1]), on_ready=ready,
        ).run()  # fmt: skip


def beside(settings: Settings) -> Settings:
    """The settings as the demo has them that runs from the same home; without one, as they are."""
    if settings.database_url is not None or not EmbeddedServer(settings.home).is_taken:
        return settings
    with suppress(OSError, ValueError, KeyError):
        told = json.loads((settings.home / "demo.json").read_text())
        os.kill(told["pid"], 0)  # a shop may run from a home in which there once was a demo
        url = told["url"] if config.is_default(settings, "public_url") else settings.public_url
        return replace(settings, lab=True, public_url=url)
    return settings


def wipe(home: Path) -> None:
    """Remove what a demo keeps under `home`, and nothing else that may lie there."""
    data = home / "postgres"
    for folder in {data.resolve(), home / "media", home / "lab"}:
        if folder.is_dir():
            shutil.rmtree(folder)
    for path in (data, home / "demo.json", home / "secret_key"):
        if path.is_symlink() or path.is_file():
            path.unlink()


def write_privately(path: Path, value: dict[str, object]) -> None:
    """Put JSON into a file that only its owner reads; a reader sees the former content or the whole new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    draft.replace(path)


def _refuse_a_second(server: EmbeddedServer) -> None:
    if not server.is_taken:
        return
    where = ""
    with suppress(OSError, ValueError, KeyError):
        where = f" at {json.loads((server.home / 'demo.json').read_text())['url']}"
    raise Conflict(f"a shop is already running in {server.home}{where}; stop it first, or choose another --home")


def _listen(port: int | None) -> socket.socket:
    if port is not None:
        return listen(_HOST, port)
    for candidate in range(_FIRST_PORT, _FIRST_PORT + _PORTS_TRIED):
        with suppress(Misconfigured):
            return listen(_HOST, candidate)
    raise Misconfigured(f"no free port from {_FIRST_PORT} on; name one with --port")


def _listen_for_doubles(home: Path) -> socket.socket:
    """Where they were last time if that is free, so that links to their payment pages stay good; else anywhere."""
    with suppress(OSError, ValueError, KeyError, Misconfigured):
        former = json.loads((home / "demo.json").read_text())["doubles_url"]
        return listen(_HOST, int(former.rpartition(":")[2]))
    return listen(_HOST, 0)


def _prepared(settings: Settings, doubles_url: str) -> dict[str, object]:
    """Schema, sample shop, key and accounts, made by a process of its own: what it loads is not kept in memory."""
    done = subprocess.run(
        role("prepare", doubles_url),
        env=config.as_environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise Unavailable("the demo could not be prepared; what went wrong stands above")
    told: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return told
