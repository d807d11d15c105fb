"""Server processes under measurement: their CPU and memory by the kernel's accounting."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storefront import config
from storefront.cli import run, supervisor

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Served:
    """Running processes with those that they started, and their port (0 when they listen to nothing)."""

    processes: Sequence[subprocess.Popen[bytes]]
    port: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(_ticks(pid) for pid in self._pids()) / _TICKS

    def memory(self) -> float:
        """Resident megabytes; what processes share counts for each."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._pids()) * _PAGE / 1e6

    def _pids(self) -> list[int]:
        owned = [process.pid for process in self.processes]
        return [*owned, *(int(pid) for own in owned for pid in _children(own))]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def floor(environment: Mapping[str, str], count: int) -> Iterator[Served]:
    """A uvicorn of so many processes with the floor."""
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "--factory", "tests.bench.floor:app", "--port", str(port), "--loop", "uvloop",
        "--http", "httptools", "--workers", str(count), "--no-access-log", "--log-level", "warning",
        "--timeout-graceful-shutdown", "2",
    ]  # fmt: skip
    with _running([subprocess.Popen(command, env={**os.environ, **environment})], port) as served:
        asyncio.run(_answers(served, "/health"))
        yield served


@contextmanager
def product(environment: Mapping[str, str], count: int) -> Iterator[Served]:
    """The web processes of `storefront serve --workers`."""
    listening = supervisor.listen("127.0.0.1", 0)
    children = run.web_children(config.load(environment), listening, count)
    with listening, _running(_started(children), listening.getsockname()[1]) as served:
        asyncio.run(_answers(served, "/health/ready"))
        yield served


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[Served]:
    """The worker of `storefront serve`."""
    with _running(_started([run.worker_child(config.load(environment))]), 0) as served:
        yield served


def _started(children: Sequence[supervisor.Child]) -> list[subprocess.Popen[bytes]]:
    for child in children:
        child.tend()
    return [child.process for child in children if child.process is not None]


@contextmanager
def _running(processes: Sequence[subprocess.Popen[bytes]], port: int) -> Iterator[Served]:
    try:
        yield Served(processes, port)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)


async def _answers(served: Served, path: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in served.processes):
            raise RuntimeError("the server ended")
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
            writer.write(b"GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n" % path.encode())
            line = await reader.readline()
            writer.close()
            if b" 200 " in line:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not come up in a minute")
