"""Third-party reference data that does not belong to this repository: found by a setting or beside the project."""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent


def shared(path: str) -> Path:
    """A file or folder of the reference data. Skips the test when it is not on this machine."""
    base = Path(os.environ.get("STOREFRONT_SHARED") or _ROOT.parent / "shared")
    found = base / path
    if not found.exists():
        pytest.skip(f"reference data {path!r} is not on this machine; set STOREFRONT_SHARED to its folder")
    return found
