"""Keeps an install running: owns the embedded database and the listening socket, and starts again whatever ends.

The supervisor does no work itself. It can be killed at any instant: the kernel then ends its children and, through
the database's own tie, PostgreSQL; the next start finds everything as after a power cut.
"""

import contextlib
import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from catalog.kernel.errors import Misconfigured, ShopError, Unavailable
from storefront.postgres import EmbeddedServer

_log = logging.getLogger(__name__)

_TICK_S = 0.1
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 5.0  # so long, at most, a shop is without what keeps falling
_STEADY_S = 10.0  # after so long former falls are forgotten
_FAILED_STARTS = 3  # what ends by itself so often before it ever stood is a fault of the install, not of the moment
_GRACE_S = 15.0
# glibc keeps freed memory for every thread that ever asked for some; pictures, drawn in threads, would cost a quarter
# more for good. An operator's own settings go before these.
_THRIFTY = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "262144"}


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, for any number of processes. Raises Misconfigured when the port is taken or not allowed."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(2048)
    except (OSError, OverflowError) as error:
        made.close()
        raise Misconfigured(
            f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}; "
            "stop what uses it, or choose another with --port"
        ) from error
    return made


def role(name: str, *arguments: str) -> list[str]:
    """The command of one of our own processes (child.py), tied to this one."""
    return [sys.executable, "-m", "storefront.cli.child", str(os.getpid()), name, *arguments]


@dataclass(slots=True)
class Falls:
    """How often something fell in a row, and when it may be tried again: after a pause that doubles, up to a limit."""

    count: int = 0
    _not_before: float = 0.0

    def note(self) -> float:
        """One more; the pause in seconds."""
        pause: float = min(_FIRST_PAUSE_S * 2**self.count, _LONGEST_PAUSE_S)
        self.count += 1
        self._not_before = time.monotonic() + pause
        return pause

    def are_rested(self) -> bool:
        """Whether the pause is over."""
        return time.monotonic() >= self._not_before


@dataclass(slots=True, kw_only=True)
class Child:
    """One process that is to run for as long as the supervisor does."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    inherited: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    falls: Falls = field(default_factory=Falls)
    failed_starts: int = 0
    _started: float = 0.0

    def tend(self) -> None:
        """Start it if it does not run and its pause is over."""
        if self.process is not None:
            code = self.process.poll()
            if time.monotonic() - self._started > _STEADY_S:
                self.falls, self.failed_starts = Falls(), 0
            if code is None:
                return
            # Killed by somebody else (below zero) it may be as often as they like.
            self.failed_starts += code >= 0
            facts = {"process": self.name, "code": code, "pause_s": self.falls.note()}
            _log.warning("process.ended", extra={"fields": facts})
            self.process = None
        if self.falls.are_rested():
            self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**_THRIFTY, **self.environment},
            pass_fds=self.inherited,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._started = time.monotonic()

    def ask_to_end(self) -> None:
        """Send SIGTERM, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for its end, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.warning("process.killed", extra={"fields": {"process": self.name}})
            self.process.kill()
            self.process.wait()


@dataclass(slots=True, kw_only=True)
class Supervisor:
    """Runs children until told to stop. `server` is the embedded database to keep alive, when there is one."""

    children: Sequence[Child]
    server: EmbeddedServer | None = None
    ready_at: tuple[str, int] | None = None  # where /health/ready is asked
    on_ready: Callable[[], None] = lambda: None
    _stop: bool = field(default=False, init=False)
    _ready: bool = field(default=False, init=False)
    _database_falls: Falls = field(default_factory=Falls, init=False)

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises Unavailable when a process does not come up at all."""
        former = {number: signal.signal(number, self._told) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self._stop:
                self._tend()
                time.sleep(_TICK_S)
        finally:
            self._end()
            for number, handler in former.items():
                signal.signal(number, handler)

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self._stop = True

    def _tend(self) -> None:
        if self.server is not None:
            self._tend_database(self.server)
        for child in self.children:
            child.tend()
            if not self._ready and child.failed_starts >= _FAILED_STARTS:
                raise Unavailable(f"the {child.name} process does not start; what it said stands above")
        if not self._ready and self.ready_at is not None and is_ready(*self.ready_at):
            self._ready = True
            self.on_ready()

    def _tend_database(self, server: EmbeddedServer) -> None:
        if not self._database_falls.are_rested():
            return
        try:
            if server.revive():
                _log.warning("database.revived", extra={"fields": {"pid": server.pid}})
            self._database_falls = Falls()
        except ShopError as error:
            facts = {"error": error.detail, "pause_s": self._database_falls.note()}
            _log.error("database.down", extra={"fields": facts})

    def _end(self) -> None:
        for child in self.children:
            child.ask_to_end()
        until = time.monotonic() + _GRACE_S
        for child in self.children:
            child.end(until)


def is_ready(host: str, port: int) -> bool:
    """Whether the web answers that everything it needs is there."""
    connection = http.client.HTTPConnection(host, port, timeout=1.0)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def loopback(host: str) -> str:
    """Where this machine reaches a server that listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
