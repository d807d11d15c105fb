"""Doubles of a language model: what it says is scripted, what it was asked is kept."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bots.understanding.model.accounts import ModelAccess
from bots.understanding.model.asking import Completion, ModelSilent

Script = Callable[[dict[str, Any]], str]


def answer(**fields: object) -> str:
    """A whole answer, as an honest model writes it."""
    plain: dict[str, object] = {
        "intents": ["unclear"], "cart_ops": [], "filters": None, "product": None, "colour": None, "size": None,
        "asks": [], "order": None, "items": [], "reason": None, "confidence": 0.9,
    }  # fmt: skip
    return json.dumps(plain | fields)


def add(product: str, **fields: object) -> dict[str, object]:
    """An operation that adds."""
    plain = {"op": "add", "product": product, "colour": None, "size": None, "quantity": 1, "line": None}
    return plain | fields


@dataclass(slots=True)
class ModelDouble:
    """Answers by its script, after a wait; `fault` makes it silent. `meanwhile` happens while it thinks."""

    script: Script
    wait_s: float = 0.0
    fault: str = ""
    tokens: tuple[int | None, int | None] = (1000, 100)
    meanwhile: Callable[[], Any] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def complete(self, access: ModelAccess, body: bytes) -> Completion:
        """The scripted answer."""
        self.asked.append(json.loads(body))
        if self.meanwhile is not None:
            await self.meanwhile()
        await asyncio.sleep(self.wait_s)
        if self.fault:
            raise ModelSilent(self.fault)
        return Completion(self.script(self.asked[-1]), *self.tokens)
