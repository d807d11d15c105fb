"""A language model's advice for a turn: asked between two transactions, never inside one.

The message is stored first, so that nothing is lost while the model thinks. Its reading is used only if the
conversation still stands as it stood when it was asked; the built-in reading is used otherwise, and whenever the model
is late, silent, implausible or too dear.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bots.conversations import memory as memories
from bots.conversations.states import Lane
from bots.conversations.thread import Thread
from bots.dialogues import quotes
from bots.dialogues.advance import needs_reader
from bots.dialogues.context import context_of
from bots.messages.inbound import PersonEvent, TextReceived
from bots.turns.desk import Advice, TurnDesk
from bots.turns.turn import Turn
from bots.understanding import hostile
from bots.understanding.lexicon import Lexicon
from bots.understanding.model import accounts, answer, question
from bots.understanding.model.accounts import ModelAccess
from bots.understanding.model.asking import Completion, ModelClient, ModelSilent
from bots.understanding.model.question import Question
from bots.understanding.normalise import normalise
from bots.understanding.reader import RuleReader
from bots.understanding.reading import Context, Reading
from catalog.kernel.secrets import Vault
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles

SLACK = timedelta(seconds=2)  # after the model's time is up, the worker may answer instead
_FAULTS, _REST = 3, timedelta(seconds=30)  # a model that failed so often in a row is left alone for a while
_BY_RULES = frozenset({"unsubscribe", "privacy_request", "human_handover", "affirm", "clear_cart"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question ready to be sent, with all that its answer is judged by."""

    shop_id: UUID
    conversation_id: UUID
    text: str
    context: Context
    known: Reading
    lexicon: Lexicon
    access: ModelAccess
    question: Question
    reserved: int
    at: datetime


@dataclass(slots=True)
class Adviser:
    """Decides when the model is asked, asks it, and keeps count of its faults."""

    client: ModelClient
    vault: Vault
    _faults: dict[UUID, tuple[int, datetime]] = field(default_factory=dict)

    async def prepare(
        self, desk: TurnDesk, uow: UnitOfWork, thread: Thread, event: PersonEvent, inbound_id: UUID
    ) -> Asked | None:
        """The question for a message; None when the built-in reader is to read it. Looks, changes only the costs."""
        shop = await profiles.at_revision(uow, thread.revision, thread.catalog_revision)
        if shop.settings.model.use == "never" or not isinstance(event, TextReceived) or self._rests(shop.id, uow.now):
            return None
        if thread.open_inbound or thread.held_by != Lane.BOT.value or thread.blocked:
            return None
        turn = Turn(
            desk=desk, uow=uow, shop=shop, thread=thread, memory=memories.load(thread.state),
            locale=shop.locale(thread.locale), inbound_id=inbound_id,
        )  # fmt: skip
        await quotes.recall(turn, event)
        if not needs_reader(turn, event):
            return None
        return await self._question(turn, event.text)

    async def _question(self, turn: Turn, text: str) -> Asked | None:
        uow, shop = turn.uow, turn.shop
        reader = await turn.desk.reader(uow, shop)
        context = await context_of(turn)
        known = reader.read(text, context, lang=turn.locale)
        if not isinstance(reader, RuleReader) or _settled(text, context, known):
            return None
        access = await accounts.access(uow, self.vault)
        if access is None or (shop.settings.model.use == "below_threshold" and known.confidence >= access.threshold):
            return None
        asked = question.ask(text, context, known, reader.lexicon, model=access.model, output=access.output)
        # A token is two bytes or more in every common vocabulary: the most that this can cost.
        reserved = access.cost(len(asked.body) // 2, question.ANSWER_TOKENS)
        if not await accounts.reserve(uow, reserved):
            _log.info("model.cap_reached", extra={"fields": {"shop": shop.id}})
            return None
        return Asked(
            shop_id=shop.id, conversation_id=turn.thread.id, text=text, context=context, known=known,
            lexicon=reader.lexicon, access=access, question=asked, reserved=reserved, at=uow.now,
        )  # fmt: skip

    async def ask(self, asked: Asked) -> tuple[Advice | None, int]:
        """The model's advice within its time, or None; and what it cost, in millionths of a minor unit."""
        access, completion, fault = asked.access, None, ""
        try:
            async with asyncio.timeout(access.budget_ms / 1000):
                completion = await self.client.complete(access, asked.question.body)
        except TimeoutError:
            fault = "late"
        except ModelSilent as silent:
            fault = str(silent)
        if completion is None:
            self._count(asked, fault)
            return None, asked.reserved if fault == "late" else 0
        self._faults.pop(asked.shop_id, None)
        cost = self._cost(asked, completion)
        try:
            reading = answer.read(
                completion.content, asked.question, asked.context, asked.known, asked.lexicon, by=access.model
            )
        except answer.Implausible as reason:
            _log.info("model.implausible", extra={"fields": {"shop": asked.shop_id, "reason": str(reason)[:200]}})
            return None, cost
        return Advice(text=asked.text, context=asked.context, reading=reading), cost

    def _cost(self, asked: Asked, completion: Completion) -> int:
        if completion.input_tokens is None or completion.output_tokens is None:
            return asked.reserved
        return asked.access.cost(completion.input_tokens, completion.output_tokens)

    def _rests(self, shop_id: UUID, now: datetime) -> bool:
        count, since = self._faults.get(shop_id, (0, now))
        return count >= _FAULTS and since <= now < since + _REST

    def _count(self, asked: Asked, fault: str) -> None:
        count, _ = self._faults.get(asked.shop_id, (0, asked.at))
        self._faults[asked.shop_id] = count + 1, asked.at
        _log.warning("model.silent", extra={"fields": {"shop": asked.shop_id, "fault": fault, "in_a_row": count + 1}})


def _settled(text: str, context: Context, known: Reading) -> bool:
    """Whether rules alone decide: answers to a question of yes or no, rights, attacks, nothing said, far too much."""
    return (
        (context.pending is not None and context.pending.confirm is not None)
        or known.confirm is not None
        or known.action is not None
        or known.address_like
        or bool(_BY_RULES.intersection(known.intents))
        or not text.strip()
        or len(text) > question.LONGEST
        or hostile.is_attack(normalise(text).folded)
    )
