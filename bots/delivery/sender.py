"""The sender: claims due messages in batches and brings them to the providers.

A lease gives a crashed sender's messages back after 30 seconds. Calls run concurrently, one at a time per conversation,
and end before their lease does: one that would not is not begun. After trouble with the database, which others may have
had too, a sender leaves them time to write what became of their calls before it takes any over. A sender that stops in
order leaves no lease behind (`finish`).
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from bots.channels.base import Channel, Envelope, MediaLinks, Rejected, Sent, Unreachable, WireCall
from bots.conversations import addresses
from bots.conversations.events import DeliveryFailed
from bots.conversations.states import DELIVERY, DeliveryState
from bots.delivery import effects, receipts, retry
from bots.delivery.claiming import Job, claim
from bots.delivery.effects import Judged
from bots.delivery.outbox import CHANNEL
from bots.delivery.retry import Attempt, Verdict
from bots.messages.fitted import FittedMessage, FittedTemplate, FittedText, dump, load
from catalog.kernel.errors import ShopError, Unavailable
from catalog.kernel.unit_of_work import UnitOfWork, Units

_log = logging.getLogger(__name__)
_BATCH = 64
_LONGEST_CALL_S = 20.0  # a call ends, and is written down, before its lease does: else another sender would repeat it
_PATIENCE_S = 10.0  # so long after trouble with the database nobody's message is taken over
_LAST_CALL_S = 8.0  # so long a sender that stops waits for the calls on their way
_LOOK_S = 1.0  # so long the quick calls of a batch wait for the slow ones before they are written down
_NOT_REACHED = frozenset({"failed", "refused"})


class Channels(Protocol):
    """Finds the adapter of an account."""

    async def get(self, account_id: UUID, shop_id: UUID) -> Channel:
        """The adapter, built once per process and credentials. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job."""

    job: Job
    verdict: Verdict
    sent: Sent | None = None


class Sender:
    """Brings the outbox to the providers. Any number may run, on any number of machines."""

    def __init__(
        self,
        units: Units,
        channels: Channels,
        media: MediaLinks,
        *,
        longest_call_s: float = _LONGEST_CALL_S,
        last_call_s: float = _LAST_CALL_S,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._units = units
        self._channels = channels
        self._media = media
        self._longest_call_s = longest_call_s
        self._last_call_s = last_call_s
        self._patience_s = patience_s
        self._patient_until = 0.0  # on the loop's clock
        self._calls: dict[asyncio.Task[Done], UUID] = {}  # and the message of each

    async def step(self) -> int:
        """Claim a batch, send it, write what became of it; returns how many messages it handled.

        Slow calls go on and are written by a later step, so that one provider's slowness stops nobody else. So is what
        could not be written because the database was away: nothing is sent again that was sent.
        """
        try:
            return await self._step()
        except Exception:
            self._patient_until = _time() + self._patience_s
            raise

    async def finish(self) -> None:
        """Claim nothing more, and write down what becomes of the calls on their way: else they would be made again.

        One that does not end in time is cut short.
        """
        if self._calls:
            _, late = await asyncio.wait(self._calls, timeout=self._last_call_s)
            for call in late:
                call.cancel()
            await asyncio.wait(self._calls)
            await self._settle()

    async def _step(self) -> int:
        await self._settle()
        jobs, handled = await self._claim()
        self._calls |= {asyncio.create_task(self._deliver(job)): job.id for job in jobs}
        if self._calls:
            await asyncio.wait(self._calls, timeout=_LOOK_S)
            await self._settle()
        return handled

    async def _claim(self) -> tuple[list[Job], int]:
        room = _BATCH - len(self._calls)
        if not room:
            return [], 0
        until = _time() + self._longest_call_s
        async with self._units(None) as uow:
            # Our own calls are cut short in time: if their lease is over all the same, the clock has jumped.
            own = list(self._calls.values())
            ended_by = uow.now if _time() >= self._patient_until else None
            return await claim(uow, room, own=own, ended_by=ended_by, until=until)

    async def _deliver(self, job: Job) -> Done:
        """What became of one message. No fault of it may keep what became of the others from being written."""
        try:
            async with asyncio.timeout_at(job.until):
                channel = await self._channels.get(job.account_id, job.shop_id)
            message = _due_form(job)
            if message is None:
                return Done(job, Verdict(state=DeliveryState.REFUSED, reason="window_closed"))
            call = channel.render(message, self._envelope(job))
            if _time() >= job.until:
                raise TimeoutError  # noqa: TRY301 - as if the account had not been found in time
        except Unavailable as error:  # for a moment, unlike other refusals
            return Done(job, _broken(job, error, may_have_arrived=False))
        except ShopError as error:
            _log.warning("message.unrenderable", extra={"fields": {"message": job.id, "error": type(error).__name__}})
            return Done(job, Verdict(state=DeliveryState.FAILED, reason=error.code))
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - as the docstring says
            return Done(job, _broken(job, error, may_have_arrived=False))
        return await self._send(job, channel, call, message=message)

    async def _send(self, job: Job, channel: Channel, call: WireCall, *, message: FittedMessage) -> Done:
        try:
            async with asyncio.timeout_at(job.until):
                return Done(job, Verdict(state=DeliveryState.SENT), await channel.send(call))
        except Rejected as error:
            attempt = Attempt(number=job.attempts, message=message, plan=job.plan, at=job.at, now=job.claimed_at)
            return Done(job, retry.on_rejection(error, attempt))
        except Unreachable as error:
            return Done(job, retry.on_silence(error, attempt=job.attempts, repeatable=call.repeatable))
        except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - as in _deliver
            return Done(job, _broken(job, error, may_have_arrived=not call.repeatable))

    def _envelope(self, job: Job) -> Envelope:
        return Envelope(
            address=job.address,
            message_id=str(job.id),
            media=self._media,
            locale=job.locale,
            reply_to=job.reply_to,
            aliases=job.aliases,
            author=job.author,
        )

    async def _settle(self) -> None:
        by_shop: dict[UUID, set[asyncio.Task[Done]]] = {}
        for call in self._calls:
            if call.done():
                by_shop.setdefault(call.result().job.shop_id, set()).add(call)
        for shop_id, calls in by_shop.items():
            async with self._units(shop_id) as uow:
                await _write(uow, [call.result() for call in calls])
            for call in calls:
                del self._calls[call]


def _time() -> float:
    return asyncio.get_running_loop().time()


def _broken(job: Job, error: BaseException, *, may_have_arrived: bool) -> Verdict:
    """A fault of ours, or a call that took too long."""
    facts = {"message": job.id, "error": type(error).__name__}
    _log.warning("message.broken", exc_info=error, extra={"fields": facts})
    silence = Unreachable("our own fault", may_have_arrived=may_have_arrived)
    return retry.on_silence(silence, attempt=job.attempts, repeatable=False)


def _due_form(job: Job) -> FittedMessage | None:
    """The message as it may go now: itself, its template once the window has closed, or None."""
    message = load(job.body)
    if not _late(job) or isinstance(message, FittedTemplate):
        return message
    return FittedTemplate(use=job.plan.template) if job.plan is not None and job.plan.template is not None else None


def _late(job: Job) -> bool:
    return job.plan is not None and job.closes_at is not None and job.claimed_at >= job.closes_at


_WRITE = """
UPDATE outbound_message m SET state = r.state, provider_id = r.provider_id, reason = r.reason, provider_code = r.code,
  not_before = coalesce(r.not_before, m.not_before), lease_until = NULL, attempts = m.attempts - r.uncounted,
  -- Without a plan there never was a template, or the person was erased meanwhile.
  body = CASE WHEN m.plan = '{}' THEN m.body ELSE coalesce(r.body::jsonb, m.body) END,
  text = CASE WHEN m.plan = '{}' THEN m.text ELSE coalesce(r.text, m.text) END,
  settled_at = CASE WHEN r.state = 'queued' THEN NULL ELSE $2::timestamptz END
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::text[],
  $10::text[], $11::int[]) AS r(id, state, provider_id, reason, code, not_before, body, text, uncounted)
WHERE m.id = r.id AND m.shop_id = $1 AND m.state = 'sending'
RETURNING m.id, m.conversation_id, m.state, m.reason
"""


async def _write(uow: UnitOfWork, done: Sequence[Done]) -> None:
    sent = [(one.job.account_id, one.sent.provider_id) for one in done if one.sent and one.sent.provider_id]
    await receipts.lock(uow, [provider_id for _, provider_id in sent])
    instead = [_instead(one) for one in done]
    written = await uow.fetch(
        _WRITE, uow.shop_id, uow.now, [one.job.id for one in done],
        [DELIVERY.move(DeliveryState.SENDING, one.verdict.state) for one in done],
        [one.sent.provider_id if one.sent else None for one in done], [one.verdict.reason for one in done],
        [one.verdict.code for one in done],
        [uow.now + one.verdict.wait if one.verdict.wait is not None else None for one in done],
        [dump(message) if message else None for message in instead],
        [retry.words_of(message) if message else None for message in instead],
        [int(not one.verdict.counts) for one in done],
    )  # fmt: skip
    await receipts.apply_waiting(uow, sent)
    await addresses.learn(uow, [
        (one.job.account_id, one.job.conversation_id, alias)
        for one in done if one.sent
        for alias in one.sent.aliases if alias not in (one.job.address, *one.job.aliases)
    ])  # fmt: skip
    for row in written:
        if row["state"] in _NOT_REACHED:
            uow.record(
                DeliveryFailed(conversation_id=row["conversation_id"], message_id=row["id"], reason=row["reason"])
            )
    await effects.take(
        uow,
        [
            Judged(
                one.job.account_id, one.job.conversation_id, one.verdict, one.job.claimed_at,
                proves=one.job.proves and one.sent is not None,
            )
            for one in done
        ],
    )  # fmt: skip
    uow.hint(CHANNEL)


def _instead(one: Done) -> FittedTemplate | FittedText | None:
    """What goes, or the template that went, in the message's place: what the shopper reads is what staff see."""
    plan = one.job.plan
    went = (
        FittedTemplate(use=plan.template) if plan is not None and plan.template is not None and _late(one.job) else None
    )
    return one.verdict.instead or went
