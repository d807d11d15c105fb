"""Calls to the Graph API and what its refusals mean. Source: Meta, "Error codes", "Media", "Message templates".

Meta has no idempotency key for messages: a send without an answer may have arrived, and Unreachable says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from bots.channels import transport
from bots.channels.base import Account, FailureKind, Media, Rejected, Sent, Unreachable, WireCall
from bots.channels.reading import obj, objs, text
from bots.channels.transport import Reply
from bots.channels.whatsapp.outbound import VERSION

BASE = "https://graph.facebook.com"
FAILURES: Mapping[str, FailureKind] = {
    "0": FailureKind.TOKEN,
    "190": FailureKind.TOKEN,
    "3": FailureKind.TOKEN,
    "10": FailureKind.TOKEN,
    **{str(code): FailureKind.TOKEN for code in range(200, 300)},  # permissions
    "131005": FailureKind.TOKEN,
    "1": FailureKind.RETRY,
    "2": FailureKind.RETRY,
    "131000": FailureKind.RETRY,
    "131016": FailureKind.RETRY,
    "133004": FailureKind.RETRY,
    "131057": FailureKind.RETRY,
    "4": FailureKind.RATE,
    "80007": FailureKind.RATE,
    "130429": FailureKind.RATE,
    "131056": FailureKind.RATE,
    "131048": FailureKind.RATE,  # too many people blocked or reported the number
    "131052": FailureKind.RETRY,
    "131053": FailureKind.MEDIA,
    "132069": FailureKind.RATE,
    "134101": FailureKind.RETRY,
    "100": FailureKind.BUG,
    "131008": FailureKind.BUG,
    "131009": FailureKind.BUG,
    "131021": FailureKind.BUG,
    "131051": FailureKind.BUG,
    "135000": FailureKind.BUG,
    "131063": FailureKind.BUG,
    "132068": FailureKind.BUG,
    "134100": FailureKind.BUG,
    "134102": FailureKind.BUG,
    "33": FailureKind.QUOTA,  # the number is deleted
    "133010": FailureKind.QUOTA,  # the number is not registered
    "368": FailureKind.QUOTA,
    "130497": FailureKind.QUOTA,
    "131031": FailureKind.QUOTA,
    "131037": FailureKind.QUOTA,
    "131042": FailureKind.QUOTA,
    "131045": FailureKind.QUOTA,
    "131064": FailureKind.QUOTA,
    "134011": FailureKind.QUOTA,
    "131026": FailureKind.UNREACHABLE,
    "131030": FailureKind.WITHHELD,  # not on the list of a test number
    "131049": FailureKind.WITHHELD,  # this person has had enough promotions today, from all shops
    "131062": FailureKind.WITHHELD,  # needs the phone number, we have the BSUID only
    "130472": FailureKind.WITHHELD,  # Meta's experiment
    "131047": FailureKind.WINDOW,
    "131050": FailureKind.NO_MARKETING,
    **{str(code): FailureKind.TEMPLATE for code in (132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016)},
}
_WAITS: Mapping[str, float] = {"131057": 60.0, "131048": 3600.0, "134101": 600.0, "132069": 3600.0}
_WHOLE_ACCOUNT = frozenset({"4", "80007", "130429", "131048", "131057"})
_PAIR_RATE = "131056"
_MEDIA_HOSTS = ("fbsbx.com", "facebook.com", "whatsapp.net", "fbcdn.net")  # the token goes nowhere else


async def send(http: httpx.AsyncClient, account: Account, call: WireCall) -> Sent:
    """Send a message, or do a call that only sets a state. Raises Rejected or Unreachable."""
    reply = await _call(http, account, call)
    messages = objs(reply.json, "messages")
    if not messages and not call.repeatable:
        raise Unreachable("accepted, but the answer names no message", may_have_arrived=True)
    users = [text(person, "user_id") for person in objs(reply.json, "contacts")]
    return Sent(provider_id=text(messages[0], "id") if messages else "", aliases=tuple(filter(None, users)))


async def fetch_media(http: httpx.AsyncClient, account: Account, media_id: str) -> Media:
    """A shopper's file. Its address lives five minutes and may be gone already: then a new one is asked for, once."""
    for attempt in range(2):
        described = await get(http, account, f"/{VERSION}/{quote(media_id, safe='')}")
        url = text(described, "url")
        _check_media_url(url, account)
        status, body, mime = await transport.download(http, url, headers=_authorization(account))
        if status == 404 and not attempt:  # noqa: PLR2004 - HTTP
            continue
        if status != 200:  # noqa: PLR2004 - HTTP
            raise _refusal(Reply(status, {}, {}))
        return Media(body=body, mime=text(described, "mime_type") or mime.partition(";")[0])
    raise Rejected("the file is gone", kind=FailureKind.BUG, provider_code="404")


async def subscribe(http: httpx.AsyncClient, account: Account) -> None:
    """Let the app receive the webhooks of the WhatsApp Business Account."""
    path = f"/{VERSION}/{account.text('waba_id')}/subscribed_apps"
    await _call(http, account, WireCall(method="POST", path=path, repeatable=True))


async def phone_number(http: httpx.AsyncClient, account: Account) -> str:
    """The number's digits, as links have them."""
    path = f"/{VERSION}/{account.text('phone_number_id')}"
    shown = text(await get(http, account, path, fields="display_phone_number"), "display_phone_number")
    return "".join(sign for sign in shown if sign.isdecimal())


async def check(http: httpx.AsyncClient, account: Account) -> Sequence[str]:
    """What is wrong with token, number or subscription, in sentences."""
    fields = "display_phone_number,verified_name,quality_rating,status,name_status,throughput"
    number = await get(http, account, f"/{VERSION}/{account.text('phone_number_id')}", fields=fields)
    findings = []
    if text(number, "quality_rating") == "RED":
        findings.append("WhatsApp rates the number's quality RED: pause campaigns; see WhatsApp Manager, Insights")
    if text(number, "status") not in {"", "CONNECTED"}:
        findings.append(f"the number is {text(number, 'status')}, not CONNECTED: open WhatsApp Manager, Phone numbers")
    if text(number, "name_status") in {"DECLINED", "EXPIRED"}:
        findings.append("the display name was declined: choose another in WhatsApp Manager, Phone numbers")
    apps = await get(http, account, f"/{VERSION}/{account.text('waba_id')}/subscribed_apps")
    if not objs(apps, "data"):
        findings.append(f"no app receives its webhooks: `POST /api/v1/channels/{account.id}/connect` subscribes yours")
    return findings


async def list_templates(http: httpx.AsyncClient, account: Account) -> Sequence[Mapping[str, Any]]:
    """Every template of the WhatsApp Business Account, with name, language, status and category."""
    found: list[Mapping[str, Any]] = []
    after = ""
    while True:
        asked = {"fields": "name,language,status,category,quality_score,rejected_reason", "limit": "100"}
        page = await get(http, account, _templates_path(account), **asked, **({"after": after} if after else {}))
        found += objs(page, "data")
        after = text(obj(obj(page, "paging"), "cursors"), "after")
        if not after or not text(obj(page, "paging"), "next"):
            return found


async def create_template(http: httpx.AsyncClient, account: Account, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hand a template in for review; `{id, status, category}`."""
    reply = await _call(http, account, WireCall(method="POST", path=_templates_path(account), json=body))
    return reply.json


def refusal(code: str, details: str = "told by a status", *, status: int = 400, wait: float | None = None) -> Rejected:
    """The refusal that a code of an answer or of a failed status means. `wait`: seconds that the provider asks for."""
    return Rejected(
        details,
        kind=_failure(code, status=status),
        provider_code=code,
        retry_after=wait or _WAITS.get(code),
        scope="account" if code in _WHOLE_ACCOUNT or status == 429 else "recipient",  # noqa: PLR2004 - HTTP
        backoff=4.0 if code == _PAIR_RATE else None,
    )


def _failure(code: str, *, status: int) -> FailureKind:
    """For unknown codes the HTTP status decides."""
    if code in FAILURES:
        return FAILURES[code]
    if status in {401, 403}:
        return FailureKind.TOKEN
    if status == 429:  # noqa: PLR2004 - HTTP
        return FailureKind.RATE
    return FailureKind.RETRY if status >= 500 else FailureKind.BUG  # noqa: PLR2004 - HTTP


async def get(http: httpx.AsyncClient, account: Account, path: str, **query: str) -> Mapping[str, Any]:
    """Read an object of the Graph API."""
    full = f"{path}?{urlencode(query)}" if query else path
    return (await _call(http, account, WireCall(method="GET", path=full, repeatable=True))).json


async def _call(http: httpx.AsyncClient, account: Account, call: WireCall) -> Reply:
    base = (account.api_base or BASE).rstrip("/")
    reply = await transport.request(http, call, base + call.path, headers=_authorization(account))
    if reply.status < 300:  # noqa: PLR2004 - HTTP
        return reply
    if reply.status in {500, 502, 504} and not obj(reply.json, "error"):
        # A gateway's error page says nothing about the message behind it.
        raise Unreachable(
            f"the provider answered {reply.status} without a reason", may_have_arrived=not call.repeatable
        )
    raise _refusal(reply)


def _refusal(reply: Reply) -> Rejected:
    error = obj(reply.json, "error")
    code = text(error, "code") or str(reply.status)
    details = text(obj(error, "error_data"), "details") or text(error, "message")
    return refusal(
        code, details or f"refused with status {reply.status}", status=reply.status,
        wait=transport.retry_after(reply.headers),
    )  # fmt: skip


def _authorization(account: Account) -> dict[str, str]:
    return {"authorization": f"Bearer {account.text('access_token')}"}


def _templates_path(account: Account) -> str:
    return f"/{VERSION}/{account.text('waba_id')}/message_templates"


def _check_media_url(url: str, account: Account) -> None:
    parts, own = urlsplit(url), urlsplit(account.api_base or BASE)
    host = parts.hostname or ""
    meta = parts.scheme == "https" and any(host == known or host.endswith("." + known) for known in _MEDIA_HOSTS)
    if not meta and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise Rejected("the file's address is not Meta's", kind=FailureKind.BUG, provider_code="media_host")
