"""The payer: the shop's page, its binding button, the payment page of Stripe's double, and back."""

import html
import re
from dataclasses import dataclass

import httpx

_HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
_INPUT = re.compile(r'<(?:input|select) id="(\w+)"')


@dataclass(frozen=True, slots=True)
class PayPage:
    """What `/p/{code}` shows."""

    link: str
    text: str
    hidden: dict[str, str]
    asked: frozenset[str]


def look(link: str) -> PayPage:
    """Open the link; looking changes nothing."""
    answer = httpx.get(link, timeout=30)
    assert answer.status_code == httpx.codes.OK, answer.text
    assert "og:title" in answer.text
    assert "<script" not in answer.text
    found = _HIDDEN.findall(answer.text)
    shown = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))
    return PayPage(link, shown.replace("\xa0", " "), dict(found), frozenset(_INPUT.findall(answer.text)))


def order(page: PayPage, **given: str) -> str:
    """Press the binding button; the address of the payment page."""
    answer = httpx.post(page.link, data={**page.hidden, **given}, timeout=60, follow_redirects=False)
    assert answer.status_code == httpx.codes.SEE_OTHER, f"{answer.status_code} {answer.text[:2000]}"
    return answer.headers["location"]


def pay(session_url: str, **form: str) -> httpx.Response:
    """Pay at the double's page, by wallet unless told otherwise, and follow its way back to the shop."""
    with httpx.Client(timeout=60) as browser:
        answer = browser.post(session_url.partition("#")[0], data=form or {"how": "wallet"})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text[:2000]
        return browser.get(answer.headers["location"], follow_redirects=True)


def page(session_url: str) -> str:
    """The payment page's words."""
    return httpx.get(session_url.partition("#")[0], timeout=30).text
