"""The tree of refusals. Every error a caller can act on is a ShopError with a stable code and its values.

ShopError
├── Invalid            the input is wrong: names the field (a JSON pointer), the value and the way out
├── NotFound           no such thing in this shop
├── Conflict           true, but not now: the state or a newer version forbids it
│   └── IllegalTransition
├── Forbidden          the caller may not
├── Forged             a webhook whose signature, token or time does not hold
├── Unreadable         well signed, but the body cannot be read
├── Unavailable        a provider or a resource does not answer; trying again later is right
└── Misconfigured      the operator has to change a setting; says which and how
"""

from typing import Any, ClassVar


class ShopError(Exception):
    """A refusal with a stable `code`, a sentence for people and its values. Holds no secret and no message body."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str, **values: Any) -> None:  # noqa: ANN401 - values are whatever names the refusal
        super().__init__(detail)
        self.detail = detail
        self.values = values


class Invalid(ShopError):
    """The input is wrong. `pointer` is the JSON pointer of the field (RFC 6901)."""

    code: ClassVar[str] = "invalid"

    def __init__(self, detail: str, *, pointer: str = "", **values: Any) -> None:  # noqa: ANN401 - as above
        super().__init__(detail, **values)
        self.pointer = pointer


class NotFound(ShopError):
    """No such thing in this shop."""

    code: ClassVar[str] = "not_found"


class Conflict(ShopError):
    """Right in form, but the present state forbids it."""

    code: ClassVar[str] = "conflict"


class IllegalTransition(Conflict):
    """A state machine has no such move."""

    code: ClassVar[str] = "illegal_transition"


class Forbidden(ShopError):
    """The caller is known but may not do this."""

    code: ClassVar[str] = "forbidden"


class Forged(ShopError):
    """A request whose signature, token or time does not hold. Nothing of it may be stored."""

    code: ClassVar[str] = "forged"


class Unreadable(ShopError):
    """A well-signed request whose body is not what the provider documents."""

    code: ClassVar[str] = "unreadable"


class Unavailable(ShopError):
    """Somebody we depend on does not answer; the same call may work later."""

    code: ClassVar[str] = "unavailable"


class Misconfigured(ShopError):
    """A setting is missing or wrong; the sentence names it and the next step."""

    code: ClassVar[str] = "misconfigured"
