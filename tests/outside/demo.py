"""A running demo for tests: started once, on its own database, and spoken to over HTTP alone."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from storefront import config

_ROOT = Path(__file__).parents[2]
_READY_WITHIN_S = 180
_LAST_WORDS = 3000
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Demo:
    """Where it is, and its merchant's way in."""

    home: Path
    url: str
    doubles_url: str
    shop_id: str
    slug: str
    pid: int
    api: httpx.Client

    def get(self, path: str, **query: Any) -> Any:  # noqa: ANN401 - JSON
        """What the merchant API says."""
        answer = self.api.get(path, params=query)
        assert answer.status_code == httpx.codes.OK, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def all(self, path: str) -> list[Any]:
        """A list of the merchant API, page after page."""
        page = self.get(path, limit=100)
        items: list[Any] = page["items"]
        while page["next_cursor"]:
            page = self.get(path, limit=100, cursor=page["next_cursor"])
            items += page["items"]
        return items

    def post(self, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """What the merchant does."""
        answer = self.api.post(path, json=body) if body is not None else self.api.post(path)
        assert answer.is_success, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def advance(self, **units: float) -> None:
        """Move the install's time, as `advance(days=2)`; the doubles notice within half a second."""
        seconds = {"days": 86_400, "hours": 3_600, "minutes": 60}
        total = sum(int(count * seconds[unit]) for unit, count in units.items())
        answer = self.api.post(f"{self.url}/lab/api/clock", json={"advance_seconds": total})
        assert answer.status_code == httpx.codes.OK, answer.text
        time.sleep(0.7)

    def order(self, order_id: str) -> Any:  # noqa: ANN401 - JSON
        """An order as it is now."""
        return self.get(f"/orders/{order_id}")


def eventually(look: Callable[[], Found | None], *, within: float = 20, what: str = "it") -> Found:
    """What `look` finds, as soon as it finds something."""
    until = time.monotonic() + within
    while True:
        if found := look():
            return found
        assert time.monotonic() < until, f"{what} did not happen within {within} s"
        time.sleep(0.1)


@contextmanager
def running(home: Path) -> Iterator[Demo]:
    """A demo in a folder of its own, stopped afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    _share_pictures(home)
    log = home.parent / f"{home.name}.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "storefront.cli.main", "demo", "--home", str(home), "--no-browser", "--port", "0"],
            cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            with opened(_told(process, home, log), home) as demo:
                yield demo
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def opened(told: dict[str, Any], home: Path) -> Iterator[Demo]:
    """The merchant's connection to a demo that runs."""
    with httpx.Client(
        base_url=f"{told['url']}/api/v1", headers={"authorization": f"Bearer {told['api_key']}"}, timeout=60
    ) as api:
        yield Demo(home, told["url"], told["doubles_url"], told["shop_id"], told["slug"], told["pid"], api)


def _told(process: subprocess.Popen[bytes], home: Path, log: Path) -> dict[str, Any]:
    """What demo.json says once `Ready` is printed."""
    until = time.monotonic() + _READY_WITHIN_S
    while "Ready: " not in log.read_text(errors="replace"):
        words = log.read_text(errors="replace")[-_LAST_WORDS:]
        assert process.poll() is None, f"the demo ended with {process.returncode}:\n{words}"
        assert time.monotonic() < until, f"the demo is not ready:\n{words}"
        time.sleep(0.2)
    told: dict[str, Any] = json.loads((home / "demo.json").read_text())
    return told


def _share_pictures(home: Path) -> None:
    """Drawing the sample's pictures is most of a first start: later runs on this machine find them drawn."""
    drawn = Path(tempfile.gettempdir()) / f"storefront-tests-pictures-{os.getuid()}"
    drawn.mkdir(mode=0o700, exist_ok=True)
    if not (home / "sample").exists() and drawn.stat().st_uid == os.getuid():
        (home / "sample").symlink_to(drawn)
