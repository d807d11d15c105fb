"""Files that cannot be imported, at all or now."""

from catalog.kernel.errors import Conflict, Invalid


class UnreadableFile(Invalid):
    """The file is not what its content pretends to be; the sentence says where and why."""

    code = "import_unreadable"


class UnknownColumns(Invalid):
    """No known kind of file has these columns."""

    code = "import_unknown_columns"


class BeingImported(Conflict):
    """Another run of the same file is under way in this shop."""

    code = "import_running"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is being imported into this shop already; wait until that run ends, or stop it and import again:"
            " it continues where that run stood",
            file=name,
        )
