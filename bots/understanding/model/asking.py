"""The way to a model's endpoint, as the rest of the house sees it; who speaks HTTP is the edge's business."""

from dataclasses import dataclass
from typing import Protocol

from bots.understanding.model.accounts import ModelAccess


class ModelSilent(Exception):
    """The endpoint did not answer, or not with an answer: refused, failed, broken, too long."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back: the text of the answer, and the tokens it took (None where the endpoint does not say)."""

    content: str
    input_tokens: int | None
    output_tokens: int | None


class ModelClient(Protocol):
    """Asks an OpenAI-compatible endpoint."""

    async def complete(self, access: ModelAccess, body: bytes) -> Completion:
        """Send the request's body. Raises ModelSilent; the caller limits the time."""
        ...
