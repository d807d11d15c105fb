"""Has the sample shop's pictures drawn, once: by several processes at a time, into a folder that keeps them."""

import asyncio
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from catalog.kernel.errors import Unavailable
from storefront.sample import goods
from storefront.sample.looks import LOOKS

WIDTH = 960


def names() -> list[str]:
    """Every picture of the shop; lookbook scenes first, they take longest."""
    return [look.code for look in LOOKS] + [
        name for product in goods.all_goods() for name in goods.picture_names(product)
    ]


async def drawn(folder: Path | None, *, width: int = WIDTH) -> Mapping[str, bytes]:
    """All pictures by name. Drawn into `folder` where they are missing; without one, into a passing folder."""
    if folder is not None:
        return await _drawn(_emptied_of_former(folder) / f"{_edition()}-{width}", width)
    with tempfile.TemporaryDirectory(prefix="storefront-sample-") as passing:
        return await _drawn(Path(passing), width)


def _emptied_of_former(folder: Path) -> Path:
    """Forget what older drawing code drew."""
    for former in folder.glob(f"{'[0-9a-f]' * 12}-*"):
        if not former.name.startswith(_edition()):
            shutil.rmtree(former, ignore_errors=True)
    return folder


async def _drawn(folder: Path, width: int) -> Mapping[str, bytes]:
    wanted = names()
    missing = [name for name in wanted if not (folder / f"{name}.jpg").exists()]
    if missing:
        # Whole products go to one process, which draws the shape once for all its colours.
        hands = max(1, min(8, os.cpu_count() or 1))
        heads = list(dict.fromkeys(name.partition(".")[0] for name in missing))
        shares = [
            [name for name in missing if heads.index(name.partition(".")[0]) % hands == hand] for hand in range(hands)
        ]
        await asyncio.gather(*(_draw(folder, share, width) for share in shares if share))
    return {name: (folder / f"{name}.jpg").read_bytes() for name in wanted}


async def _draw(folder: Path, share: Sequence[str], width: int) -> None:
    """One process of our own, told the names on its standard input."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "storefront.sample.draw", str(folder), str(width), stdin=asyncio.subprocess.PIPE
    )
    await process.communicate("\n".join(share).encode())
    if process.returncode:
        raise Unavailable("the sample shop's pictures could not be drawn; what went wrong stands above")


def _edition() -> str:
    """Changes when the drawing code does, so that a kept folder never shows yesterday's look."""
    digest = hashlib.sha256()
    for path in sorted((Path(__file__).parent / "draw").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
