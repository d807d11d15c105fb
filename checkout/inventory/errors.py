"""What the shelf refuses."""

from catalog.kernel.errors import Conflict


class CountedMeanwhile(Conflict):
    """The count that a new one is based on is not the present one."""

    code = "counted_meanwhile"
