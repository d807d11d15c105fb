"""What an examination of the install finds.

A fault means that something does not work now; a warning, that it will not or should not stay so.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How much a finding matters."""

    FAULT = "fault"
    WARNING = "warning"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what is the matter, and the next step ("" when all is well)."""

    area: str
    weight: Weight
    cause: str
    next_step: str = ""

    def shown(self) -> dict[str, str]:
        """For `--json`."""
        return {key: str(value) for key, value in asdict(self).items()}
