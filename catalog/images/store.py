"""Where picture files are kept: a folder, or any S3-compatible bucket, behind one small face (obstore).

Files are named by the hash of what is in them, so they never change and may be shared by shops: the names are only
told to a shop that has the picture. Writes are atomic: a reader sees all of a file or none of it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from catalog.kernel.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

_QUERY = {"endpoint", "region", "virtual_hosted_style", "access_key_id", "secret_access_key", "skip_signature"}


class MediaStore:
    """A flat space of files, each written once."""

    def __init__(self, files: ObjectStore, folder: str = "") -> None:
        self._files = files
        self._folder = folder

    @classmethod
    def open(cls, location: str | Path) -> Self:
        """A folder (made when absent), `s3://bucket/prefix?endpoint=…&region=…`, or `memory://` for tests.

        Credentials of a bucket come from the usual AWS_* variables. Raises Misconfigured.
        """
        text = str(location)
        if text == "memory://":
            return cls(MemoryStore())
        if text.startswith("s3://"):
            return cls(_bucket(text))
        folder = Path(unquote(urlsplit(text).path) if text.startswith("file://") else text).expanduser()
        if "://" in text and not text.startswith("file://"):
            raise Misconfigured(
                f"STOREFRONT_MEDIA_URL {text.split('?', maxsplit=1)[0]!r}: give a folder or s3://bucket/prefix"
            )
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Misconfigured(f"the media folder {folder} cannot be made: {error.strerror}") from error
        return cls(LocalStore(prefix=folder))

    @property
    def received(self) -> Self:
        """What people sent: a space of its own, of which nothing is shown to everybody."""
        return type(self)(self._files, "received/")

    async def put(self, name: str, data: bytes) -> None:
        """Write the file; the same name again is the same content, and harmless."""
        try:
            await obstore.put_async(self._files, self._folder + name, data)
        except (BaseError, OSError) as error:
            raise Unavailable(f"the media store refuses {name}: {type(error).__name__}") from error

    async def find(self, name: str) -> bytes | None:
        """The file, or None when there is none."""
        try:
            answer = await obstore.get_async(self._files, self._folder + name)
            return bytes(await answer.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise Unavailable(f"the media store does not give {name}: {type(error).__name__}") from error

    async def exists(self, name: str) -> bool:
        """Whether the file is there."""
        try:
            await obstore.head_async(self._files, self._folder + name)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise Unavailable(f"the media store does not answer for {name}: {type(error).__name__}") from error
        return True

    async def remove(self, names: Sequence[str]) -> None:
        """Delete files; one that is not there is no fault."""
        for name in names:
            try:
                await obstore.delete_async(self._files, self._folder + name)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise Unavailable(f"the media store does not delete {name}: {type(error).__name__}") from error

    async def check(self) -> None:
        """Write, read and compare one small file. Raises Unavailable; `storefront doctor` calls it."""
        await self.put("check/ready", b"ready")
        if await self.find("check/ready") != b"ready":
            raise Unavailable("the media store did not give back what was just written")


def _bucket(url: str) -> S3Store:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    unknown = set(query) - _QUERY
    if unknown or not parts.netloc:
        raise Misconfigured(f"STOREFRONT_MEDIA_URL: s3://bucket/prefix?endpoint=…&region=…; unknown: {sorted(unknown)}")
    config = cast("S3Config", {"region": "us-east-1", **query})
    options: ClientConfig = {"timeout": "30s", "allow_http": query.get("endpoint", "").startswith("http://")}
    return S3Store(parts.netloc, prefix=parts.path.strip("/") or None, config=config, client_options=options)
