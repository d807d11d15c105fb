"""What follows from a provider's no, or from its silence: pure decisions over one attempt."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bots.channels.base import FailureKind, Rejected, Unreachable
from bots.conversations.states import DeliveryState
from bots.messages.fitted import FittedMessage, FittedTemplate
from bots.messages.outbound import TemplateUse
from catalog.kernel import chance

MAX_ATTEMPTS = 8
_LONGEST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The message's next state, when to look at it again, the words for staff, and what goes in its place.

    `block`: nothing more goes to this person until they write, for the same reason.
    """

    state: DeliveryState
    reason: str | None = None
    code: str | None = None
    wait: timedelta | None = None
    pause_account: timedelta | None = None
    block: bool = False
    no_marketing: bool = False
    instead: FittedTemplate | None = None


def backoff(attempt: int) -> timedelta:
    """1 s · 2^(attempt-1), with jitter up to a quarter more, at most ten minutes."""
    base = min(timedelta(seconds=2 ** (attempt - 1)), _LONGEST)
    return base * (1 + chance.source().random() / 4)


def on_rejection(error: Rejected, *, attempt: int, message: FittedMessage, template: TemplateUse | None) -> Verdict:
    """What a refusal means for this message, which may become its template once."""
    failed = Verdict(state=DeliveryState.FAILED, reason=error.kind.value, code=error.provider_code)
    match error.kind:
        case FailureKind.RETRY | FailureKind.RATE if attempt < MAX_ATTEMPTS:
            return _again(failed, error, attempt=attempt)
        case FailureKind.WINDOW if template is not None and not isinstance(message, FittedTemplate):
            instead = FittedTemplate(use=template)
            return replace(failed, state=DeliveryState.QUEUED, wait=timedelta(0), instead=instead)
        case FailureKind.UNREACHABLE | FailureKind.OPTED_OUT:
            return replace(failed, block=True)
        case FailureKind.NO_MARKETING:
            return replace(failed, no_marketing=True)
        case FailureKind.STALE:
            return Verdict(state=DeliveryState.SENT, code=error.provider_code)
        case _:
            return failed


def _again(failed: Verdict, error: Rejected, *, attempt: int) -> Verdict:
    wait = backoff(attempt)
    if error.backoff is not None:
        wait = timedelta(seconds=error.backoff ** (attempt - 1))
    if error.retry_after:
        wait = timedelta(seconds=error.retry_after)
    pause = wait if error.scope == "account" else None
    return replace(failed, state=DeliveryState.QUEUED, wait=wait, pause_account=pause)


def on_silence(error: Unreachable, *, attempt: int, repeatable: bool) -> Verdict:
    """No answer: repeat what cannot double; leave open what may have arrived."""
    if error.may_have_arrived and not repeatable:
        return Verdict(state=DeliveryState.UNCERTAIN, reason="no_answer")
    if attempt >= MAX_ATTEMPTS:
        return Verdict(state=DeliveryState.FAILED, reason=FailureKind.RETRY.value)
    wait = timedelta(seconds=error.retry_after) if error.retry_after else backoff(attempt)
    return Verdict(state=DeliveryState.QUEUED, reason=FailureKind.RETRY.value, wait=wait)
