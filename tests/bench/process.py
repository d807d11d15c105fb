"""Server processes under measurement: their CPU and memory by the kernel's accounting."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class Served:
    """A running process with those that it started, and its port (0 when it listens to nothing)."""

    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        return sum(_ticks(pid) for pid in self._pids()) / _TICKS

    def memory(self) -> float:
        """Resident megabytes; what processes share counts for each."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self._pids()) * _PAGE / 1e6

    def _pids(self) -> list[int]:
        own = self.process.pid
        return [own, *(int(pid) for pid in Path(f"/proc/{own}/task/{own}/children").read_text().split())]


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
def serving(app: str, environment: Mapping[str, str], *, health: str, processes: int) -> Iterator[Served]:
    """A uvicorn of so many processes with the factory `app`; ready when `health` answers 200."""
    port = free_port()
    command = [
        sys.executable, "-m", "uvicorn", "--factory", app, "--port", str(port), "--loop", "uvloop", "--http",
        "httptools", "--workers", str(processes),
        "--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "2",
    ]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        asyncio.run(_answers(port, health, process))
        yield Served(process, port)
    finally:
        process.terminate()
        process.wait(15)


@contextmanager
def working(environment: Mapping[str, str]) -> Iterator[Served]:
    """A worker process."""
    command = [sys.executable, "-c", "from storefront import config, worker; worker.run(config.load())"]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        yield Served(process, 0)
    finally:
        process.terminate()
        process.wait(15)


async def _answers(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n" % path.encode())
            line = await reader.readline()
            writer.close()
            if b" 200 " in line:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("the server did not come up in a minute")
