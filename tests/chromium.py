"""The Chromium that browser tests drive: one of the machine's, or Playwright's own. Prints its path when run."""

import os
import shutil
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def executable() -> str | None:
    """Its path: STOREFRONT_CHROMIUM, the machine's, or the one in Playwright's cache; None when there is none."""
    chosen = os.environ.get("STOREFRONT_CHROMIUM")
    found = chosen or next((path for name in _NAMES if (path := shutil.which(name))), None)
    return found or _playwrights()


def _playwrights() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    mac = Path.home() / "Library" / "Caches" / "ms-playwright"
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    builds = [path for root in (cache, mac) for pattern in patterns for path in root.glob(pattern)]
    return str(max(builds)) if builds else None


if __name__ == "__main__":
    path = executable()
    print(path or "there is no Chromium on this machine; run `make setup`")
    sys.exit(path is None)
