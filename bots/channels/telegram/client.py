"""Calls to the Bot API and what its refusals mean. Source: core.telegram.org/bots/api, "Making requests"; Bots FAQ.

The token stands in every address, so addresses appear in no error and no log. Sends are not idempotent: one without an
answer may have arrived, and Unreachable says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

import httpx

from bots.channels import transport
from bots.channels.base import Account, FailureKind, Media, Rejected, Sent, Unreachable, WireCall
from bots.channels.reading import Json, number, obj, text
from bots.channels.telegram.inbound import ALLOWED_UPDATES
from bots.channels.transport import Reply

BASE = "https://api.telegram.org"
FAILURES: Mapping[str, FailureKind] = {
    "401": FailureKind.TOKEN,
    "404": FailureKind.TOKEN,  # an unknown token makes an unknown path
    "403": FailureKind.UNREACHABLE,
    "429": FailureKind.RATE,
    "400": FailureKind.BUG,
}
# Telegram has one code for many faults: parts of its descriptions, in lower case, decide within a code.
DESCRIPTIONS: Mapping[tuple[str, str], FailureKind] = {
    ("403", "blocked by the user"): FailureKind.OPTED_OUT,
    ("403", "user is deactivated"): FailureKind.UNREACHABLE,
    ("403", "can't initiate conversation"): FailureKind.UNREACHABLE,
    ("400", "chat not found"): FailureKind.UNREACHABLE,
    ("400", "peer_id_invalid"): FailureKind.UNREACHABLE,
    ("400", "user not found"): FailureKind.UNREACHABLE,
    ("400", "group chat was upgraded"): FailureKind.UNREACHABLE,
    ("400", "message is not modified"): FailureKind.STALE,
    ("400", "message to edit not found"): FailureKind.STALE,
    ("400", "message to delete not found"): FailureKind.STALE,
    ("400", "query is too old"): FailureKind.STALE,
    ("400", "query_id_invalid"): FailureKind.STALE,
    ("400", "failed to get http url content"): FailureKind.MEDIA,
    ("400", "wrong type of the web page content"): FailureKind.MEDIA,
}
_NO_REASON = frozenset({500, 502, 504})
_OK = 200
_MANY_WAITING = 100


async def send(http: httpx.AsyncClient, account: Account, call: WireCall) -> Sent:
    """Do a call, once more if the chat has moved; a sent message's id names it. Raises Rejected or Unreachable."""
    reply = await _ask(http, account, call)
    moved_to = number(obj(reply.json, "parameters"), "migrate_to_chat_id")
    if not moved_to:
        return Sent(provider_id=text(_result(reply, call), "message_id"))
    chat_id = int(moved_to)
    there = replace(call, json={**(call.json or {}), "chat_id": chat_id})
    return Sent(provider_id=text(await _call(http, account, there), "message_id"), aliases=(str(chat_id),))


async def fetch_media(http: httpx.AsyncClient, account: Account, media_id: str) -> Media:
    """A shopper's file, at most 20 MB: more Telegram hands out to no bot."""
    call = WireCall(method="POST", path="/getFile", json={"file_id": media_id}, repeatable=True)
    for attempt in range(2):
        described = await _call(http, account, call)
        path = text(described, "file_path").lstrip("/")
        if (number(described, "file_size") or 0) > transport.MOST_MEDIA_BYTES:
            raise Rejected("the file is too large", kind=FailureKind.BUG, provider_code="too_large")
        url = f"{_base(account)}/file/bot{_token(account)}/{quote(path)}"
        status, body, mime = await transport.download(http, url)
        if status == _OK:
            known = mime.partition(";")[0].strip()
            return Media(body=body, mime=known or "application/octet-stream", name=path.rpartition("/")[2])
        if attempt:
            raise Rejected("the file is gone", kind=FailureKind.BUG, provider_code=str(status))
    raise AssertionError("unreachable")


async def register(http: httpx.AsyncClient, account: Account) -> None:
    """Point the bot's webhook here, with our secret and the kinds of updates that we read."""
    body = {
        "url": account.webhook_url,
        "secret_token": account.text("webhook_secret"),
        "allowed_updates": ALLOWED_UPDATES,
        "max_connections": 40,
    }
    await _call(http, account, WireCall(method="POST", path="/setWebhook", json=body, repeatable=True))


async def username(http: httpx.AsyncClient, account: Account) -> str:
    """The bot's name, as links have it."""
    bot = await _call(http, account, WireCall(method="POST", path="/getMe", json={}, repeatable=True))
    return text(bot, "username")


async def check(http: httpx.AsyncClient, account: Account) -> Sequence[str]:
    """What is wrong with token or webhook, in sentences."""
    await _call(http, account, WireCall(method="POST", path="/getMe", json={}, repeatable=True))
    info = await _call(http, account, WireCall(method="POST", path="/getWebhookInfo", json={}, repeatable=True))
    findings = []
    if text(info, "url") != account.webhook_url:
        findings.append(f"the bot's webhook points elsewhere: `POST /api/v1/channels/{account.id}/connect` sets it")
    if text(info, "last_error_message"):
        findings.append(f"Telegram could not deliver: {text(info, 'last_error_message')}")
    waiting = number(info, "pending_update_count") or 0
    if waiting > _MANY_WAITING:
        findings.append(f"{waiting:.0f} updates wait at Telegram: is this install reachable from outside?")
    return findings


def failure(code: str, description: str = "") -> FailureKind:
    """What a refusal means: code first, words second."""
    for (known, words), kind in DESCRIPTIONS.items():
        if known == code and words in description.lower():
            return kind
    return FAILURES.get(code, FailureKind.RETRY if code.startswith("5") else FailureKind.BUG)


async def _call(http: httpx.AsyncClient, account: Account, call: WireCall) -> Json:
    return _result(await _ask(http, account, call), call)


async def _ask(http: httpx.AsyncClient, account: Account, call: WireCall) -> Reply:
    return await transport.request(http, call, f"{_base(account)}/bot{_token(account)}{call.path}")


def _result(reply: Reply, call: WireCall) -> Json:
    if reply.json.get("ok") is True:
        return obj(reply.json, "result")
    code = text(reply.json, "error_code")
    if not code and reply.status in {_OK, *_NO_REASON}:
        raise Unreachable(f"no readable answer (status {reply.status})", may_have_arrived=not call.repeatable)
    code, description = code or str(reply.status), text(reply.json, "description")
    parameters = obj(reply.json, "parameters")
    raise Rejected(
        description or f"refused with status {reply.status}",
        kind=failure(code, description),
        provider_code=code,
        retry_after=number(parameters, "retry_after") or transport.retry_after(reply.headers),
    )


def _base(account: Account) -> str:
    return (account.api_base or BASE).rstrip("/")


def _token(account: Account) -> str:
    return account.text("bot_token")
