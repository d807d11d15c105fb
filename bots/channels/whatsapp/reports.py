"""What Meta reports by itself: of a message of ours, of who wants no campaigns, of a template, of the account."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bots.channels.reading import Json, digest, instant, name_of, obj, objs, text, unrecognised
from bots.channels.whatsapp.outbound import LANGUAGES
from bots.messages.inbound import (
    AccountReported,
    InboundEvent,
    MarketingPreference,
    Receipt,
    ReceiptReceived,
    TemplateChanged,
)

RECEIPTS: Mapping[str, Receipt] = {
    "sent": Receipt.SENT,
    "delivered": Receipt.DELIVERED,
    "read": Receipt.READ,
    "played": Receipt.READ,  # a voice message was listened to
    "failed": Receipt.FAILED,
}
_ENDS = frozenset({"DISABLE", "DISABLED", "ACCOUNT_DELETED"})
LOCALES: Mapping[str, str] = {language: locale for locale, language in LANGUAGES.items()}


def read_status(status: Json, at: datetime) -> InboundEvent:
    """A status of a message of ours; the state of an Indian payment has the same shape and is kept for the operator."""
    word, provider_id = text(status, "status"), name_of(status, "id")
    at = instant(status, "timestamp", otherwise=at)
    if text(status, "type") == "payment" or word not in RECEIPTS or not provider_id:
        return unrecognised(f"status:{text(status, 'type')[:20] or 'message'}:{word[:20]}", status, at)
    errors = objs(status, "errors")
    error = errors[0] if errors else {}
    return ReceiptReceived(
        dedupe_key=f"status:{provider_id}:{word}",
        at=at,
        provider_id=provider_id,
        receipt=RECEIPTS[word],
        message_id=name_of(status, "biz_opaque_callback_data"),
        code=text(error, "code") or None,
        detail=text(obj(error, "error_data"), "details") or text(error, "title"),
    )


def read_preferences(value: Json, at: datetime) -> Iterator[InboundEvent]:
    """Who wants to hear of campaigns, and who does not any more."""
    for preference in objs(value, "user_preferences"):
        address = name_of(preference, "user_id") or name_of(preference, "wa_id")
        word, category = text(preference, "value"), text(preference, "category")
        when = instant(preference, "timestamp", otherwise=at)
        if not address or word not in {"stop", "resume"} or category != "marketing_messages":
            yield unrecognised("user_preferences", preference, when)
            continue
        key = f"preference:{address}:{word}:{when.timestamp():.0f}"
        yield MarketingPreference(dedupe_key=key, at=when, address=address, allowed=word == "resume")


def read_template_status(value: Json, at: datetime) -> Iterator[InboundEvent]:
    """These webhooks carry no id: the batch's time is part of the key, or a second pause would look like a repeat."""
    name, status = name_of(value, "message_template_name"), text(value, "event").lower()
    if not name or not status:
        yield unrecognised("template", value, at)
        return
    reason, language = text(value, "reason"), text(value, "message_template_language")
    more = text(obj(value, "other_info"), "description")
    yield TemplateChanged(
        dedupe_key=f"template:{digest(value)}",
        at=at,
        name=name,
        locale=LOCALES.get(language, language),
        status=status,
        reason=more or ("" if reason == "NONE" else reason),
    )


def read_template_rating(value: Json, at: datetime) -> Iterator[InboundEvent]:
    """Quality and category change what a template costs and risks, not whether it may be sent: for the operator."""
    mark = text(value, "new_quality_score") or text(value, "new_category")
    what = f"template:{text(value, 'message_template_name')[:60]}:{mark.lower()[:20]}"
    yield unrecognised(what, value, at)


def read_account(value: Json, at: datetime) -> Iterator[InboundEvent]:
    """What befell the account: disabled, given back, restricted, warned; its PIN changed. These have no id either."""
    alert = obj(value, "alert_info") or value
    ban = text(obj(value, "ban_info"), "waba_ban_state")
    event, severity = text(value, "event"), text(alert, "alert_severity")
    facts = [event, ban, severity, text(alert, "alert_type"), text(alert, "alert_description")]
    facts += [text(one, "restriction_type") for one in objs(value, "restriction_info")]
    facts += [text(obj(value, "violation_info"), "violation_type")]
    words = ": ".join(filter(None, facts))
    if not words:
        yield unrecognised("account", value, at)
        return
    key = f"account:{digest(value)}"
    if {event, ban} & _ENDS or severity == "CRITICAL":
        yield AccountReported(dedupe_key=key, at=at, words=words, standing="fails")
    else:
        yield AccountReported(dedupe_key=key, at=at, words=words, standing="works" if ban == "REINSTATE" else "")
