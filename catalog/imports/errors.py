"""Files that cannot be imported at all."""

from catalog.kernel.errors import Invalid


class UnreadableFile(Invalid):
    """The file is not what its content pretends to be; the sentence says where and why."""

    code = "import_unreadable"


class UnknownColumns(Invalid):
    """No known kind of file has these columns."""

    code = "import_unknown_columns"
