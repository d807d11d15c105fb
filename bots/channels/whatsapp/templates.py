"""Our templates at WhatsApp: handed in for review, and how reviews stand. Source: Meta, "Message templates"."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from bots.channels.base import Account, FailureKind, Rejected
from bots.channels.reading import digest, text
from bots.channels.whatsapp import client
from bots.channels.whatsapp.outbound import LANGUAGES
from bots.messages.inbound import TemplateChanged
from bots.messages.templates import TEMPLATES, TemplateSpec

_EXAMPLE_CODE = "A7K-2QX"
_WHOLE_ACCOUNT = frozenset({FailureKind.TOKEN, FailureKind.QUOTA, FailureKind.RETRY})


def creation(spec: TemplateSpec, locale: str, public_url: str) -> Mapping[str, Any]:
    """The body that hands a template in."""
    body: dict[str, Any] = {"type": "BODY", "text": spec.texts[locale]}
    if spec.parameters:
        named = [{"param_name": name, "example": example} for name, example in spec.examples.items()]
        body["example"] = {"body_text_named_params": named}
    components = [body]
    if spec.button:
        address = public_url.rstrip("/") + spec.path
        button = {
            "type": "URL",
            "text": spec.button[locale],
            "url": address + "{{1}}",
            "example": [address + _EXAMPLE_CODE],
        }
        components.append({"type": "BUTTONS", "buttons": [button]})
    return {
        "name": spec.name,
        "language": LANGUAGES.get(locale, locale),
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": components,
    }


async def synchronise(
    http: httpx.AsyncClient, account: Account, *, public_url: str, at: datetime
) -> Sequence[TemplateChanged]:
    """Hand in what is missing; how every one of our templates stands now. Repeating it does no harm.

    Raises Unreachable, or Rejected for the token; a template that is refused is reported as rejected with the reason.
    """
    there = {(text(one, "name"), text(one, "language")): one for one in await client.list_templates(http, account)}
    states = []
    for spec in TEMPLATES.values():
        for locale in spec.texts:
            found = there.get((spec.name, LANGUAGES.get(locale, locale)))
            if found is None:
                found = await _hand_in(http, account, creation(spec, locale, public_url))
            states.append(_state(spec.name, locale, found, at))
    return states


async def _hand_in(http: httpx.AsyncClient, account: Account, body: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return await client.create_template(http, account, body)
    except Rejected as refused:
        if refused.kind in _WHOLE_ACCOUNT:
            raise
        return {"status": "REJECTED", "rejected_reason": refused.detail}


def _state(name: str, locale: str, found: Mapping[str, Any], at: datetime) -> TemplateChanged:
    reason = text(found, "rejected_reason")
    status = text(found, "status").lower() or "pending"
    return TemplateChanged(
        dedupe_key=f"template:{digest([name, locale, status, at.isoformat()])}",
        at=at,
        name=name,
        locale=locale,
        status=status,
        reason="" if reason == "NONE" else reason,
    )
