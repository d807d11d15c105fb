"""The supervisor starts again what falls, gives up on what never stood, and ends everything when told."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog.kernel.errors import Misconfigured, Unavailable
from storefront.cli import supervisor as supervision
from storefront.cli.supervisor import Child, Supervisor, listen

_WEB = """
import http.server, sys, os, pathlib
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(str(os.getpid()).encode())
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
import socket
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""


def script(text: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", text, *arguments]


def environment() -> dict[str, str]:
    return dict(os.environ)


@contextmanager
def told_meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Run the supervisor in the main thread (signals need it) while another thread acts and then ends it."""

    def run() -> None:
        try:
            act()
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()


def eventually(happened: Callable[[], bool], within: float = 15) -> bool:
    until = time.monotonic() + within
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_a_killed_process_is_started_again_on_the_same_port() -> None:
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    child = Child(
        name="web", command=script(_WEB, str(listening.fileno())), environment=environment(),
        inherited=(listening.fileno(),),
    )  # fmt: skip
    pids: list[int] = []

    def act() -> None:
        assert eventually(ready.is_set)
        assert child.process is not None
        pids.append(child.process.pid)
        os.kill(pids[0], signal.SIGKILL)
        assert eventually(lambda: child.process is not None and child.process.pid != pids[0])
        assert eventually(lambda: supervision.is_ready("127.0.0.1", port))
        pids.append(child.process.pid)

    ready = threading.Event()
    with told_meanwhile(act):
        Supervisor(children=[child], ready_at=("127.0.0.1", port), on_ready=ready.set).run()
    assert len(set(pids)) == 2
    assert child.process is not None
    assert child.process.poll() is not None
    listening.close()


def test_kill_after_kill_keeps_a_process_away_for_no_longer_than_the_longest_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert supervision._LONGEST_PAUSE_S <= 5
    monkeypatch.setattr(supervision, "_FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(supervision, "_LONGEST_PAUSE_S", 0.05)
    child = Child(name="worker", command=script("import time; time.sleep(60)"), environment=environment())
    away: list[float] = []

    def act() -> None:
        for _ in range(12):
            assert eventually(lambda: child.process is not None)
            fallen = child.process
            assert fallen is not None
            fallen.kill()
            killed = time.monotonic()
            assert eventually(lambda: child.process not in {None, fallen})  # noqa: B023 - asked before the next round
            away.append(time.monotonic() - killed)

    with told_meanwhile(act):
        Supervisor(children=[child]).run()  # and it does not give up: nobody said that the process failed
    assert len(away) == 12
    assert max(away) < 3  # without a limit the last pauses are of ten seconds and more


def test_falls_are_forgotten_once_a_process_has_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "_STEADY_S", 0.3)
    child = Child(name="worker", command=script("import time; time.sleep(60)"), environment=environment())
    counted: list[int] = []

    def act() -> None:
        assert eventually(lambda: child.process is not None)
        fallen = child.process
        assert fallen is not None
        fallen.kill()
        assert eventually(lambda: child.falls.count == 1)
        assert eventually(lambda: child.falls.count == 0)
        counted.append(child.failed_starts)

    with told_meanwhile(act):
        Supervisor(children=[child]).run()
    assert counted == [0]


@pytest.mark.parametrize(("given", "wanted"), [({}, "2"), ({"MALLOC_ARENA_MAX": "4"}, "4")])
def test_a_process_keeps_little_of_what_its_threads_freed(given: dict[str, str], wanted: str, tmp_path: Path) -> None:
    told = tmp_path / "told"
    code = "import os, pathlib, sys, time; p = pathlib.Path(sys.argv[1]); p.write_text(os.environ['MALLOC_ARENA_MAX'])"
    child = Child(name="web", command=script(f"{code}; time.sleep(60)", str(told)), environment=environment() | given)
    waited: list[bool] = []
    with told_meanwhile(lambda: waited.append(eventually(lambda: told.exists() and told.read_text() == wanted))):
        Supervisor(children=[child]).run()
    assert waited == [True]


def test_a_process_that_never_comes_up_ends_the_supervisor_with_a_sentence() -> None:
    child = Child(name="worker", command=script("raise SystemExit(1)"), environment=environment())
    with pytest.raises(Unavailable, match="worker process does not start"):
        Supervisor(children=[child], ready_at=("127.0.0.1", 9)).run()


def test_a_process_that_ignores_the_request_to_end_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(supervision, "_GRACE_S", 0.3)
    up = tmp_path / "up"
    deaf = (
        "import signal, time, sys, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        " pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"
    )
    child = Child(name="deaf", command=script(deaf, str(up)), environment=environment())
    waited: list[bool] = []
    with told_meanwhile(lambda: waited.append(eventually(up.exists))):
        Supervisor(children=[child]).run()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_a_taken_port_is_refused_with_the_way_out() -> None:
    taken = listen("127.0.0.1", 0)
    with pytest.raises(Misconfigured, match="--port"):
        listen("127.0.0.1", taken.getsockname()[1])
    taken.close()
