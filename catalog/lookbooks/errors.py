"""What lookbooks refuse."""

from uuid import UUID

from catalog.kernel.errors import Conflict, Invalid, NotFound


class InvalidLookbook(Invalid):
    """A draft with a fault; `pointer` says where."""

    code = "invalid_lookbook"


class LookbookNotFound(NotFound):
    """The shop has no such lookbook."""

    code = "lookbook_not_found"

    def __init__(self, name: UUID | str) -> None:
        super().__init__(f"no lookbook {name}", lookbook=str(name))


class CodeTaken(Conflict):
    """Another lookbook of the shop has the code."""

    code = "lookbook_code_taken"

    def __init__(self, code: str) -> None:
        super().__init__(f"a lookbook with the code {code!r} exists; change it, or choose another", lookbook=code)
