"""Runs what needs a database once more on every other PostgreSQL version of this machine, browser tests left out."""

import os
import subprocess
import sys

import pytest

from storefront.postgres.binaries import bin_dir, major_version, system_bin_dirs


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """As a plugin: leave out tests that no fixture gives a database to, which another version cannot change."""
    chosen = {True: list[pytest.Item](), False: list[pytest.Item]()}
    for item in items:
        chosen["server" in getattr(item, "fixturenames", ())].append(item)
    config.hook.pytest_deselected(items=chosen[False])
    items[:] = chosen[True]


def main() -> int:
    """The first failing run's exit code, else 0."""
    tested = {major_version(bin_dir())}
    for programs in system_bin_dirs():
        major = major_version(programs)
        if major in tested:
            continue
        tested.add(major)
        print(f"The same suite on PostgreSQL {major} …", flush=True)
        code = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-n",
                "auto",
                "-q",
                "-p",
                "tests.versions",
                "-m",
                "not browser and not slow",
            ],
            env=os.environ | {"STOREFRONT_TEST_POSTGRES": str(programs)},
            check=False,
        ).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
