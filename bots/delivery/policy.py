"""The planner: decides before sending whether a message may go, as what, until when, and if not, why not.

Facts: WhatsApp's customer service window (24 h after the person's last message, then approved templates only) and
Telegram's rule that a person must have written first stand in the channels' README files. The answer is stored with
the message and shown to staff.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from bots.messages.capabilities import Capabilities
from bots.messages.outbound import TemplateUse

_LONGEST_WAY = timedelta(days=7)  # so long Meta tries to bring a message; no other provider tries for longer


class Plan(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was decided for a message. `until`: it may leave as it is until then, or later if they write again."""

    by: str  # "free", "template", or "kept": for when the person writes again
    until: datetime | None = None
    template: TemplateUse | None = None  # what may go instead once `until` has passed


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing may be sent; `reason` is one of the stable words of the API."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the planner knows of a conversation."""

    capabilities: Capabilities
    last_inbound_at: datetime | None
    blocked: str | None  # why, in one of the stable words of the API
    now: datetime


def written_at(told: datetime, now: datetime) -> datetime:
    """When a message counts as written: as the provider says, unless its clock is plainly wrong."""
    return told if timedelta(0) <= now - told <= _LONGEST_WAY else now


def closes_at(window: timedelta | None, last_inbound_at: datetime | None) -> datetime | None:
    """When a reply window closes; None where the channel has none, or nobody has opened it."""
    return last_inbound_at + window if window is not None and last_inbound_at is not None else None


def plan(situation: Situation, template: TemplateUse | None, *, approved: bool) -> Plan | Refusal:
    """Free inside the window, the approved template outside, else a refusal that says which of them was missing."""
    if situation.blocked:
        return Refusal(situation.blocked)
    window = situation.capabilities.reply_window
    if window is None:
        return Plan("free")
    closes = closes_at(window, situation.last_inbound_at)
    usable = template if template is not None and approved and situation.capabilities.templates else None
    if closes is not None and situation.now < closes:
        return Plan("free", until=closes, template=usable)
    if usable is not None:
        return Plan("template", template=usable)
    return Refusal("window_closed" if template is None or not situation.capabilities.templates else "no_template")
