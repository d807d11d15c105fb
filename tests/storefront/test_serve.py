"""The real processes: started, refused, killed and started again, as an operator does it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from storefront import config, migrations
from storefront.cli.demo import wipe, write_privately
from storefront.cli.supervisor import listen
from storefront.postgres import EmbeddedServer

pytestmark = pytest.mark.slow
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("install") / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def commands(home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts `storefront …` on the install; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []
    environment = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "storefront.cli.main", *arguments], cwd=_ROOT, text=True,
            env=environment | {"STOREFRONT_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    data = (home / "postgres").resolve()
    assert eventually(lambda: not children_of(data)), "something outlived its supervisor"
    wipe(home)


def children_of(data: Path) -> list[int]:
    """PostgreSQL servers that still work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == data / "data" and "Z" not in (process / "stat").read_text().split(")")[
                1
            ][:3]:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def eventually(happened: Callable[[], bool], within: float = 60) -> bool:
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    with closing(listen("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def processes_of(supervisor: int) -> dict[str, int]:
    """The supervisor's children: {web, worker, postgres} to process id."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            words = (process / "cmdline").read_bytes().decode().split("\0")
        except (OSError, IndexError):
            continue
        if parent == supervisor:
            role = words[4] if "storefront.cli.child" in words else Path(words[0]).name
            found[role] = int(process.name)
    return found


def test_serving_an_old_schema_is_refused_and_names_the_command(commands: Callable[..., subprocess.Popen[str]]) -> None:
    process = commands("serve", "--port", "0")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "storefront db migrate" in said


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_an_install_survives_the_killing_of_each_of_its_processes(
    commands: Callable[..., subprocess.Popen[str]], home: Path
) -> None:
    assert commands("db", "migrate").wait(60) == 0
    port = free_port()
    serving = commands("serve", "--port", str(port))
    assert eventually(lambda: is_ready(port))

    # Beside the running server, other commands attach to its database.
    creating = commands(
        "shop", "create", "--name", "Loom", "--currency", "EUR", "--country", "DE", "--locale", "de", "--json"
    )
    told, _ = creating.communicate(timeout=60)
    assert json.loads(told)["slug"] == "loom"

    for role in ("web", "worker", "postgres"):
        before = processes_of(serving.pid)
        os.kill(before[role], signal.SIGKILL)
        assert eventually(lambda: processes_of(serving.pid).get(role, before[role]) != before[role]), role  # noqa: B023
        assert eventually(lambda: is_ready(port)), role

    serving.kill()
    serving.wait()
    assert eventually(lambda: not is_ready(port)), "a web process outlived its supervisor"
    again = commands("serve", "--port", str(port))
    assert eventually(lambda: is_ready(port))
    with EmbeddedServer(home) as attached, psycopg.connect(attached.url) as connection:
        assert not attached.is_owner
        assert connection.execute("SELECT slug FROM shop").fetchall() == [("loom",)]

    busy = commands("serve", "--port", str(port))
    _, said = busy.communicate(timeout=60)
    assert busy.returncode == 1
    assert "--port" in said

    again.send_signal(signal.SIGTERM)
    assert again.wait(30) == 0
    assert not is_ready(port)


def test_several_web_processes_and_no_worker_share_an_external_database(server: str, dsn: str) -> None:
    del server
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    environment |= {"STOREFRONT_DATABASE_URL": dsn, "STOREFRONT_SECRET_KEY": "k" * 40}
    migrations.check(dsn)
    process = subprocess.Popen(
        [sys.executable, "-m", "storefront.cli.main", "serve", "--port", str(port), "--workers", "2", "--no-worker"],
        cwd=_ROOT, env=environment,
    )  # fmt: skip
    try:
        assert eventually(lambda: is_ready(port))
        assert all(is_ready(port) for _ in range(8))
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_a_reset_forgets_the_demo_and_nothing_else(home: Path) -> None:
    write_privately(home / "demo.json", {"url": "http://127.0.0.1:1"})
    assert (home / "demo.json").stat().st_mode & 0o077 == 0
    for name in ("media", "lab", "holiday pictures"):
        (home / name).mkdir()
    (home / "secret_key").write_text("k")
    wipe(home)
    assert [path.name for path in home.iterdir()] == ["holiday pictures"]
