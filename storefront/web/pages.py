"""Templates of all pages: one Jinja environment, the phrases, and the headers that keep foreign code out.

In every template: `asset(name)`, `icon(name)`, `say(key, **values)`, `locale`, `direction`. Texts are escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Request
from markupsafe import Markup

from catalog.kernel.locale import FALLBACK, Phrases, cldr
from storefront.web.assets import ASSETS

_HERE = Path(__file__).parent
PHRASES = Phrases(_HERE / "locales")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment, built once."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"asset": ASSETS.url, "icon": icon, "embed": embed}
    return made


def render(template: str, locale: str, /, *, phrases: Phrases = PHRASES, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """A page's HTML in a language, with the texts of a part of the house."""
    say = partial(phrases.say, locale)
    return environment().get_template(template).render(say=say, locale=locale, direction=direction(locale), **values)


def wished(request: Request[Any, Any, Any]) -> str | None:
    """The language that a reader wishes: `?lang=`, else the first of Accept-Language that is worth anything."""
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return request.query_params.get("lang") or first or None


def spoken(wanted: str | None, locales: Iterable[str]) -> str:
    """The best of some languages for a wanted one ('de-DE' finds 'de') where no shop says which is its own."""
    known = set(locales)
    return next((found for found in (wanted, (wanted or "").split("-")[0]) if found in known), FALLBACK)


def icon(name: str, label: str = "") -> Markup:
    """An icon of the sprite; without a label it is decoration."""
    said = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(said, ASSETS.url("icons.svg"), name)


def embed(value: object) -> Markup:
    """A value as JSON inside `<script type="application/json">`: `<` is escaped, so nothing can end the element."""
    return Markup(msgspec.json.encode(value).decode().replace("<", "\\u003c"))  # noqa: S704 - escaped here


def direction(locale: str) -> str:
    """Writing direction of a language: 'ltr' or 'rtl'."""
    return str(cldr(locale).text_direction)


def headers(
    *,
    frame_ancestors: Sequence[str] = (),
    images: Sequence[str] = (),
    forms: Sequence[str] = (),
) -> Mapping[str, str]:
    """Response headers of a page: scripts, styles and calls only from here, framed only by those named.

    `forms`: where a form's answer may lead beside here.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(("'self'", "data:", "blob:", *images)),
        "connect-src": "'self'",
        "font-src": "'self'",
        "frame-src": "'self'",
        "manifest-src": "'self'",
        "form-action": " ".join(("'self'", *forms)),
        "base-uri": "'none'",
        "frame-ancestors": " ".join(("'self'", *frame_ancestors)),
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
