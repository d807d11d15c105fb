"""What a crash leaves behind in a data folder: a stale postmaster.pid, an orphaned server, memory still in use.

postmaster.pid (storage/lmgr/README and miscadmin.h of PostgreSQL): line 1 is the process id, line 8 the status.
PostgreSQL itself takes a zombie or a recycled process id for a living server; we look closer.
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from catalog.kernel.errors import Unavailable

_STATUS_LINE = 7
_TICK_S = 0.02
# Said while the processes of a killed server have not all ended; the same start works a moment later.
_PASSING = ("shared memory block", "postmaster.pid", "is another postmaster", "is already in use")


def is_ready(data: Path, pid: int) -> bool:
    """Whether the server with this process id takes connections."""
    lines = _lock_lines(data)
    return len(lines) > _STATUS_LINE and lines[0] == str(pid) and lines[_STATUS_LINE].strip() == "ready"


def clear(data: Path, sockets: Path, *, patience_s: float) -> None:
    """Wait for a former server to end (an orphan is told to, after `patience_s`), then remove its lock files.

    Only the owner of the data may call it: nobody else may start a server there. PostgreSQL's own check of shared
    memory still stands between two servers on one folder.
    """
    lines = _lock_lines(data)
    pid = int(lines[0]) if lines and lines[0].isdecimal() else 0
    for sign in (signal.SIGINT, signal.SIGQUIT, None):
        until = time.monotonic() + patience_s
        while is_server(pid, data) and time.monotonic() < until:
            time.sleep(_TICK_S)
        if not is_server(pid, data):
            for leftover in (data / "postmaster.pid", *sockets.glob(".s.PGSQL.*")):
                leftover.unlink(missing_ok=True)
            return
        if sign is not None:
            os.kill(pid, sign)
    raise Unavailable(f"another PostgreSQL (process {pid}) keeps running in {data}; stop it, then start again")


def is_server(pid: int, data: Path) -> bool:
    """Whether the process is alive, no zombie, and a PostgreSQL that works in this folder."""
    if pid <= 0:
        return False
    process = Path("/proc") / str(pid)
    if Path("/proc/self/stat").exists():
        try:
            state = process.joinpath("stat").read_text().rpartition(")")[2].split()[0]
            return state not in "ZX" and process.joinpath("cwd").readlink() == data.resolve()
        except OSError:  # ended meanwhile, or somebody else's process: then it is no server of ours
            return False
    answer = subprocess.run(
        ["/bin/ps", "-o", "state=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return bool(answer) and not answer.startswith("Z") and "postgres" in answer and str(data) in answer


def last_words(log: Path) -> str:
    """The last complaint in the server's log."""
    try:
        lines = log.read_text(errors="replace").splitlines()[-20:]
    except OSError:
        return "it wrote no log"
    complaints = [line for line in lines if "FATAL" in line or "ERROR" in line or "PANIC" in line]
    return (complaints or lines or ["it said nothing"])[-1].strip()


def is_passing(said: str) -> bool:
    """Whether the complaint ends by itself in a moment."""
    return any(words in said.lower() for words in _PASSING)


def remove_tree(folder: Path) -> None:
    """Remove a folder, if there is one."""
    if folder.exists():
        shutil.rmtree(folder)


def _lock_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return []
