"""Static files of the pages: read once, served under a path that holds their common hash, so that they never expire.

The version stands before the file name, not after it, so that a module's relative import keeps it.
"""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

FOLDER = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is answered."""

    body: bytes
    media_type: str  # without a charset: the answer names it
    packed: bytes | None  # gzip, where that is smaller


def _asset(file: Path) -> Asset:
    body, kind = file.read_bytes(), _media_type(file)
    if file.suffix == ".js":
        body = _slim(body.decode()).encode()
    packed = gzip.compress(body, mtime=0)
    return Asset(body, kind, packed if len(packed) < len(body) else None)


def _slim(script: str) -> str:
    """The script without indentation and lines of comment: no line changes its meaning by that."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not re.match(r"//|/\*\*?(\s|$)|\*/?(\s|$)", line)) + "\n"


def _media_type(file: Path) -> str:
    return _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


class Assets:
    """All files under a folder, in memory: they are few and small."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.files = {
            file.relative_to(folder).as_posix(): _asset(file) for file in sorted(folder.rglob("*")) if file.is_file()
        }
        digest = hashlib.sha256()
        for name, asset in self.files.items():
            digest.update(name.encode() + b"\0" + asset.body + b"\0")
        self.version = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError for one that is not there, so that a typing error shows at once."""
        if name not in self.files:
            raise KeyError(f"no static file {name!r}")
        return f"/static/{self.version}/{name}"

    def find(self, name: str) -> Asset | None:
        """A file by its name below the folder."""
        return self.files.get(name)

    def modules(self, prefix: str) -> list[str]:
        """Addresses of the scripts below a folder, for preloading."""
        return [self.url(name) for name in self.files if name.startswith(prefix) and name.endswith(".js")]


ASSETS = Assets()


@get("/static/{version:str}/{name:path}", include_in_schema=False, sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], version: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """A static file. Only the present version may be kept for ever; an older page gets the present file."""
    asset = ASSETS.find(name.lstrip("/"))
    if asset is None:
        raise NotFoundException("no such file")
    kept = _FOREVER if version == ASSETS.version else "no-cache"
    return answer(request, asset, cache_control=kept)


def answer(request: Request[Any, Any, Any], asset: Asset, *, cache_control: str) -> Response[bytes]:
    """A file for pages of any origin, packed for whom takes it so."""
    packed = asset.packed if "gzip" in request.headers.get("accept-encoding", "") else None
    return Response(
        packed or asset.body,
        media_type=asset.media_type,
        headers={
            **({"Content-Encoding": "gzip"} if packed else {}),
            "Vary": "Accept-Encoding",
            "Cache-Control": cache_control,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
