"""What follows from a provider's no, or from its silence: pure decisions over one attempt."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bots.channels.base import FailureKind, Rejected, Unreachable
from bots.conversations.states import DeliveryState
from bots.delivery.policy import Plan
from bots.messages.fit import without_picture
from bots.messages.fitted import FittedMessage, FittedTemplate, FittedText
from bots.messages.outbound import TemplateUse
from catalog.kernel import chance

MAX_ATTEMPTS = 8
_LONGEST_S = 600
_PATIENCE = timedelta(hours=24)  # so long a message waits for a provider that says "slow down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A message as a provider was given it, how often; when it was written, and when it was given."""

    number: int
    message: FittedMessage
    plan: Plan | None
    at: datetime
    now: datetime

    @property
    def template(self) -> TemplateUse | None:
        """What may go in the message's place, once."""
        return self.plan.template if self.plan is not None and not isinstance(self.message, FittedTemplate) else None

    @property
    def is_old(self) -> bool:
        """No use to anybody any more. What has a window of its own ends with that."""
        return (self.plan is None or self.plan.until is None) and self.now - self.at >= _PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The message's next state, when to look at it again, the words for staff, and what goes in its place.

    `block`: nothing more goes to this person until they write, for the same reason. `counts`: one try less is left.
    `alert`: the account itself is refused, in the provider's words.
    """

    state: DeliveryState
    reason: str | None = None
    code: str | None = None
    wait: timedelta | None = None
    pause_account: timedelta | None = None
    block: bool = False
    no_marketing: bool = False
    counts: bool = True
    alert: str = ""
    instead: FittedTemplate | FittedText | None = None


def backoff(attempt: int) -> timedelta:
    """1 s · 2^(attempt-1), with jitter up to a quarter more, at most ten minutes."""
    return timedelta(seconds=min(2 ** (attempt - 1), _LONGEST_S) * (1 + chance.source().random() / 4))


def on_rejection(error: Rejected, attempt: Attempt) -> Verdict:  # noqa: PLR0911 - one case each
    """What a refusal means for this message."""
    failed = Verdict(state=DeliveryState.FAILED, reason=error.kind.value, code=error.provider_code)
    match error.kind:
        case FailureKind.RETRY if attempt.number < MAX_ATTEMPTS:
            return _again(failed, error, attempt)
        case FailureKind.RATE if not attempt.is_old:
            # Doing as one was told is no failed try.
            return replace(_again(failed, error, attempt), counts=error.retry_after is None)
        case FailureKind.WINDOW if attempt.template is not None:
            instead = FittedTemplate(use=attempt.template)
            return replace(failed, state=DeliveryState.QUEUED, wait=timedelta(0), instead=instead)
        case FailureKind.MEDIA:
            return _without_picture(failed, error, attempt)
        case FailureKind.UNREACHABLE | FailureKind.OPTED_OUT:
            return replace(failed, block=True)
        case FailureKind.NO_MARKETING:
            return replace(failed, no_marketing=True)
        case FailureKind.TOKEN | FailureKind.QUOTA:
            return replace(failed, alert=f"{error.detail} ({error.provider_code})")
        case FailureKind.STALE:
            return Verdict(state=DeliveryState.SENT, code=error.provider_code)
        case _:
            return failed


def _again(failed: Verdict, error: Rejected, attempt: Attempt) -> Verdict:
    wait = backoff(attempt.number)
    if error.backoff is not None:
        wait = timedelta(seconds=error.backoff ** (attempt.number - 1))
    if error.retry_after:
        wait = timedelta(seconds=error.retry_after)
    pause = wait if error.scope == "account" else None
    return replace(failed, state=DeliveryState.QUEUED, wait=wait, pause_account=pause)


def _without_picture(failed: Verdict, error: Rejected, attempt: Attempt) -> Verdict:
    """The picture gets a second chance, the words go in any case."""
    if attempt.number == 1:
        return _again(failed, error, attempt)
    left = without_picture(attempt.message)
    return replace(failed, state=DeliveryState.QUEUED, wait=timedelta(0), instead=left) if left else failed


def words_of(instead: FittedTemplate | FittedText) -> str:
    """What the desk and the API show of what goes in a message's place."""
    return instead.use.text if isinstance(instead, FittedTemplate) else instead.text


def on_silence(error: Unreachable, *, attempt: int, repeatable: bool) -> Verdict:
    """No answer: repeat what cannot double; leave open what may have arrived."""
    if error.may_have_arrived and not repeatable:
        return Verdict(state=DeliveryState.UNCERTAIN, reason="no_answer")
    if attempt >= MAX_ATTEMPTS:
        return Verdict(state=DeliveryState.FAILED, reason=FailureKind.RETRY.value)
    wait = timedelta(seconds=error.retry_after) if error.retry_after else backoff(attempt)
    return Verdict(state=DeliveryState.QUEUED, reason=FailureKind.RETRY.value, wait=wait)
