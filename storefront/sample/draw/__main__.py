"""`python -m storefront.sample.draw FOLDER WIDTH`: draw the pictures named on standard input, one a line."""

import sys
from pathlib import Path

from storefront.sample.draw.gallery import draw_into


def main() -> None:
    """Sort by product and view, so that a shape is drawn once for all its colours."""
    names = sys.stdin.read().splitlines()
    names.sort(key=lambda name: (name.partition(".")[0], name.rpartition(".")[2]))
    draw_into(Path(sys.argv[1]), names, width=int(sys.argv[2]))


main()
