"""Becomes a PostgreSQL program: drops root, ties its life to its owner's, then execs.

Run by path (`python -I -S launch.py UID GID TIE PROGRAM ARG…`), so it imports the standard library only. A separate
program instead of `preexec_fn`, which is unsafe once the owner has threads. TIE is the owner's process id, or
`pipe:FD` where the kernel has no parent-death signal (a watcher then waits for the pipe to close), or `-`.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def become(uid: int, gid: int, tie: str, command: list[str]) -> None:
    """Exec `command`; never returns."""
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    if tie.startswith("pipe:"):
        _watch(int(tie.removeprefix("pipe:")))
    elif tie != "-":
        # After setuid, which clears the setting; exec keeps it.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != int(tie):  # the owner died before the tie was made
            sys.exit(1)
    os.chdir("/")
    os.execv(command[0], command)  # noqa: S606 - the caller names the program by its full path


def _watch(pipe: int) -> None:
    """Fork a watcher that interrupts us when the owner's end of the pipe closes."""
    server = os.getpid()
    if os.fork():
        os.close(pipe)
        return
    os.setsid()
    os.read(pipe, 1)
    os.kill(server, signal.SIGINT)
    os._exit(0)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
