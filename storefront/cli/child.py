"""A process of the supervisor's: `python -m storefront.cli.child PID web FD…`, `worker`, and the demo's helpers.

It ends when the supervisor does, however that ends. It reads its settings from the environment the supervisor made.
"""

import asyncio
import ctypes
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable

from catalog.kernel.errors import ShopError
from storefront import config, logging

_PR_SET_PDEATHSIG = 1


def tie_to_parent(parent: int) -> None:
    """Die with the parent, at once: everything here survives that, and a new parent needs the port and the database."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        sys.exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


def web(descriptor: int, tally: int, number: int) -> None:
    """Serve HTTP on a listening socket that was inherited, as one of several that count in `tally`."""
    from storefront.accepting import Tally  # noqa: PLC0415 - a worker never needs it
    from storefront.server import serve  # noqa: PLC0415 - neither this

    serve(config.load(), socket.socket(fileno=descriptor), Tally(tally, number))


def worker() -> None:
    """Deliver messages, handle events, run jobs."""
    from storefront.worker import run  # noqa: PLC0415 - the web never needs it

    run(config.load())


def prepare(doubles_url: str) -> None:
    """Bring the demo's database to where a demo can start; prints what `demo.json` needs."""
    from storefront.cli.preparation import prepare as run  # noqa: PLC0415 - only the demo needs it

    sys.stdout.write(json.dumps(asyncio.run(run(config.load(), doubles_url))) + "\n")


def doubles(descriptor: int) -> None:
    """Stand in for the providers on a listening socket that was inherited."""
    from storefront.lab.doubles import serve  # noqa: PLC0415 - only the demo needs it

    serve(config.load(), socket.socket(fileno=descriptor))


_ROLES: dict[str, Callable[..., None]] = {
    "web": lambda *numbers: web(*map(int, numbers)),
    "worker": worker,
    "prepare": prepare,
    "doubles": lambda descriptor: doubles(int(descriptor)),
}


def main(parent: str, role: str, *arguments: str) -> None:
    """Run one role until it ends or is told to."""
    tie_to_parent(int(parent))
    os.umask(0o077)  # pictures that shoppers send are nobody else's business
    settings = config.load()
    logging.configure(level=settings.log_level, style=settings.log_format)
    try:
        _ROLES[role](*arguments)
    except ShopError as error:
        sys.stderr.write(f"storefront: {error.detail}\n")
        sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
