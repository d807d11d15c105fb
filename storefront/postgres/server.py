"""The embedded server's life: one owner at a time, everybody else attaches, and it dies with its owner.

The owner holds a file lock for as long as it lives (the kernel lets go of it even after kill -9) and the server is its
direct child. Whoever finds the lock free becomes the owner: it waits until the former server is gone, clears what a
crash left, and starts the server again. Whoever finds it held attaches. There is no TCP: the socket's folder is
private, which is also why the server trusts whoever reaches it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Self

import psycopg
from psycopg import sql

from catalog.kernel.errors import Misconfigured, Unavailable
from storefront.postgres import locks, owner, remains
from storefront.postgres.binaries import bin_dir, major_version

USER = "storefront"
DATABASE = "storefront"
_LAUNCH = Path(__file__).with_name("launch.py")
_TICK_S = 0.01
_START_LIMIT_S = 300.0  # recovery after a crash may take long; a server that has ended is noticed at once
_ORPHAN_PATIENCE_S = 10.0
_LOG_LIMIT_BYTES = 4_000_000

# For a small machine that also runs the shop: no parallel plans, no compiled expressions, modest memory.
_OPTIONS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "96MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2000",
}


class EmbeddedServer:
    """A PostgreSQL under `home`. Start it from the thread that lives longest: on Linux its end stops the server."""

    def __init__(self, home: Path, *, programs: Path | None = None, options: Mapping[str, str] | None = None) -> None:
        if os.name != "posix":
            raise Misconfigured(
                "the embedded database needs Linux or macOS; on Windows use WSL, "
                "or set STOREFRONT_DATABASE_URL to a running PostgreSQL"
            )
        self.home = home
        self._programs = programs
        self._options = {**_OPTIONS, **(options or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._owner_lock: int | None = None
        self._pipe: int | None = None
        self._folder = home
        self._sockets = home

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def is_owner(self) -> bool:
        """Whether the server is our child (else we attached to somebody's)."""
        return self._owner_lock is not None

    @property
    def pid(self) -> int | None:
        """The server's process id when it is our child and runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    @property
    def is_taken(self) -> bool:
        """Whether another process owns a server under this home at this moment."""
        if self.is_owner or not self.home.is_dir():
            return False
        free = locks.taken(self.home / "postgres.owner")
        if free is not None:
            os.close(free)
        return free is None

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self._folder / "log"

    @property
    def url(self) -> str:
        """A libpq URL over the Unix socket."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The URL of another database of this server."""
        return f"postgresql://{USER}@/{database}?host={self._sockets}"

    def start(self) -> Self:
        """Own the server, or attach to it when somebody else does. Safe to call from many processes at once."""
        owner.make_home(self.home)
        account = owner.account_for(self.home / "postgres" / "data")
        with locks.held(self.home / "postgres.starting"):
            self._folder = owner.reachable_folder(self.home, account)
            self._sockets = owner.socket_folder(self._folder, account)
            deadline = time.monotonic() + _START_LIMIT_S
            while True:
                self._owner_lock = locks.taken(self.home / "postgres.owner")
                if self._owner_lock is not None:
                    self._own(account)
                    return self
                if self._answers():
                    return self
                if time.monotonic() > deadline:
                    raise Unavailable(f"the embedded PostgreSQL's owner does not get it to answer; see {self.log}")
                time.sleep(_TICK_S)

    def stop(self) -> None:
        """Stop the server in an orderly way if it is ours; an attached one is left alone."""
        process, self._process = self._process, None
        if process is not None:
            for sign, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
                if process.poll() is not None:
                    break
                process.send_signal(sign)
                try:
                    process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
        for descriptor in (self._pipe, self._owner_lock):
            if descriptor is not None:
                os.close(descriptor)
        self._pipe = self._owner_lock = None

    def revive(self) -> bool:
        """Start the server again if it ended, or take it over from an owner that is gone; whether that was needed."""
        if self._owner_lock is None:
            free = locks.taken(self.home / "postgres.owner")
            if free is None:
                return False
            os.close(free)
            return self.start().is_owner
        if self.pid is not None:
            return False
        self._launch(owner.account_for(self._folder / "data"))
        return True

    def _own(self, account: owner.Account) -> None:
        try:
            data = self._folder / "data"
            if not data.is_dir():
                self._initialise(account)
            self._launch(account)
            self._create_database()
        except BaseException:
            self.stop()
            raise

    def _initialise(self, account: owner.Account) -> None:
        """Make the cluster beside its final place and move it there, so that a crash leaves nothing half-made."""
        programs = owner.readable_binaries(bin_dir(self._programs), account)
        nest = account.own(self._folder / "draft")
        remains.remove_tree(nest / "data")
        faults = []
        for locale in _locales(major_version(programs)):
            command = [
                str(programs / "initdb"), "-D", str(nest / "data"), "-U", USER, "-A", "trust",
                "-E", "UTF8", "-c", "log_timezone=UTC", *locale,
            ]  # fmt: skip
            if major_version(programs) < 16:  # noqa: PLR2004 - initdb learnt -c in 16
                command = [part for part in command if part not in {"-c", "log_timezone=UTC"}]
            done = self._run(account, command)
            if done.returncode == 0:
                (nest / "data").rename(self._folder / "data")
                remains.remove_tree(nest)
                return
            faults.append(done.stdout.strip())
            remains.remove_tree(nest / "data")
        raise Misconfigured(f"initdb failed under {nest}: {faults[-1]}")

    def _run(self, account: owner.Account, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._launcher(account, str(os.getpid()) if sys.platform == "linux" else "-", command),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            env=_environment(),
        )  # fmt: skip

    def _launch(self, account: owner.Account) -> None:
        """Start the server and wait until it is ready; retried while the former server's memory is still in use."""
        programs = owner.readable_binaries(bin_dir(self._programs), account)
        self._check_version(programs)
        deadline = time.monotonic() + _START_LIMIT_S
        remains.clear(self._folder / "data", self._sockets, patience_s=_ORPHAN_PATIENCE_S)
        while not self._starts(account, programs, deadline):
            said = remains.last_words(self.log)
            if not remains.is_passing(said) or time.monotonic() > deadline:
                raise Unavailable(f"the embedded PostgreSQL did not start: {said}; the whole story is in {self.log}")
            time.sleep(_TICK_S * 5)
            remains.clear(self._folder / "data", self._sockets, patience_s=_ORPHAN_PATIENCE_S)

    def _check_version(self, programs: Path) -> None:
        made_by = (self._folder / "data" / "PG_VERSION").read_text().strip()
        if made_by != str(major_version(programs)):
            raise Misconfigured(
                f"the data under {self._folder} was made by PostgreSQL {made_by}, the programs in {programs} are "
                f"{major_version(programs)}; install version {made_by}, or dump and restore (docs/runbook.md)"
            )

    def _starts(self, account: owner.Account, programs: Path, deadline: float) -> bool:
        """Whether the launched server became ready before it ended."""
        data = self._folder / "data"
        options = dict(self._options) | {"unix_socket_directories": str(self._sockets)}
        if major_version(programs) >= 18:  # noqa: PLR2004 - spare three worker processes that a small shop never feeds
            options.setdefault("io_method", "sync")
        flags = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), *flags]
        tie = str(os.getpid())
        inherited: tuple[int, ...] = ()
        if sys.platform != "linux":
            tie, inherited = self._tie_by_pipe()
        with _log_file(self.log) as log:
            self._process = subprocess.Popen(
                self._launcher(account, tie, command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=inherited, env=_environment(), start_new_session=True,
            )  # fmt: skip
        for descriptor in inherited:
            os.close(descriptor)
        while self._process.poll() is None:
            if remains.is_ready(data, self._process.pid):
                return True
            if time.monotonic() > deadline:
                self.stop()
                raise Unavailable(f"the embedded PostgreSQL did not become ready in time; see {self.log}")
            time.sleep(_TICK_S)
        return False

    def _tie_by_pipe(self) -> tuple[str, tuple[int, ...]]:
        if self._pipe is not None:
            os.close(self._pipe)
        reading, self._pipe = os.pipe()
        return f"pipe:{reading}", (reading,)

    def _launcher(self, account: owner.Account, tie: str, command: list[str]) -> list[str]:
        return [
            sys.executable, "-I", "-S", str(_LAUNCH), str(account.uid), str(account.gid), tie, *command
        ]  # fmt: skip

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _create_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _locales(major: int) -> Iterator[list[str]]:
    """Ways to the same sorting everywhere, best first: by code point, with Unicode's upper and lower case."""
    if major >= 17:  # noqa: PLR2004 - the builtin provider's first version
        yield ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    else:
        yield ["--locale=C.UTF-8"]
        yield ["--locale=C", "--lc-ctype=en_US.UTF-8"]
        yield ["--locale=C"]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _log_file(path: Path) -> BinaryIO:
    too_long = path.exists() and path.stat().st_size > _LOG_LIMIT_BYTES
    return path.open("wb" if too_long else "ab")
