"""Carriers we know, and the page where each shows a parcel.

Sources: the carriers' own public tracking pages. A carrier that is not here is taken with its name and its link.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from catalog.kernel.errors import Invalid

# The key is the name in small letters without blanks; {code} is the tracking code, {country} the destination's.
_PAGES: Mapping[str, tuple[str, str]] = {
    "dhl": ("DHL", "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={code}"),
    "dpd": ("DPD", "https://tracking.dpd.de/parcelstatus?query={code}"),
    "gls": ("GLS", "https://gls-group.com/track/{code}"),
    "hermes": (
        "Hermes", "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{code}"
    ),
    "ups": ("UPS", "https://www.ups.com/track?tracknum={code}"),
    "post": ("Deutsche Post", "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={code}"),
    "post_at": ("Österreichische Post", "https://www.post.at/sv/sendungsdetails?snr={code}"),
    "post_ch": ("Die Schweizerische Post", "https://service.post.ch/ekp-web/ui/entry/search/{code}"),
}  # fmt: skip
_OTHER_NAMES: Mapping[str, str] = {
    "deutschepost": "post", "deutschepostdhl": "dhl", "dhlpaket": "dhl", "österreichischepost": "post_at",
    "dieschweizerischepost": "post_ch", "swisspost": "post_ch", "austrianpost": "post_at", "myhermes": "hermes",
}  # fmt: skip
_LONGEST_URL = 1000


def carrier_name(carrier: str, country: str) -> str:
    """How a carrier is called: 'dhl' is 'DHL', and 'post' is the post of the country it sends to."""
    known = _known(carrier, country)
    return _PAGES[known][0] if known else " ".join(carrier.split())


def tracking_page(carrier: str, code: str, *, country: str) -> str:
    """The link to a parcel; empty for a carrier we do not know or without a code."""
    known = _known(carrier, country)
    return _PAGES[known][1].format(code=quote(code.strip(), safe="")) if known and code.strip() else ""


def check_link(url: str) -> str:
    """A merchant's own tracking link. Raises Invalid for anything but a web page: shoppers will open it."""
    parts = urlsplit(url.strip())
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or len(url) > _LONGEST_URL
        or re.search(r"\s", url.strip())
    ):
        raise Invalid("a tracking link begins with https:// and names a host", pointer="/tracking_url")
    return url.strip()


def _known(carrier: str, country: str) -> str | None:
    key = re.sub(r"[\s.\-]+", "", carrier).lower()
    key = _OTHER_NAMES.get(key, key)
    if key == "post" and country in {"AT", "CH", "LI"}:
        return "post_at" if country == "AT" else "post_ch"
    return key if key in _PAGES else None
