"""Runs the suite once more on every other PostgreSQL version of this machine, browser tests left out."""

import os
import subprocess
import sys

from storefront.postgres.binaries import bin_dir, major_version, system_bin_dirs


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
                "--dist",
                "loadgroup",
                "-q",
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
