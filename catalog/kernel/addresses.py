"""Which addresses outside this machine the shop may call: pure rules, no name is looked up here.

Facts: IANA special-purpose registries (as `ipaddress` knows them) and the ways an IPv4 address hides in an IPv6 one
(RFC 4291 mapped and compatible, RFC 3056 6to4, RFC 4380 Teredo, RFC 6052 NAT64).
"""

import ipaddress
import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

from catalog.kernel.errors import Invalid

_LONGEST_URL = 2048
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")
_LOCAL_NAMES = re.compile(r"(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|arpa)$")
_BLANKS = re.compile(r"[\x00-\x20\x7f]")
# The resolver reads 127.1, 0x7f000001 and 2130706433 as addresses; a name's last label is never a number (RFC 1123).
_NUMBER_LABEL = re.compile(r"^(0[xX][0-9a-fA-F]*|\d+)$")


class AddressRefused(Invalid):
    """An address that the shop does not call. The sentence says why."""

    code = "address_refused"


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """True for an IP address that is reachable on the public internet; False for what is none or hides another."""
    try:
        parsed = ipaddress.ip_address(address) if isinstance(address, str) else address
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return False
        hidden = _hidden_ipv4(parsed)
        if hidden is not None:
            return is_public(hidden)
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved and not parsed.is_unspecified


def check_outside_url(url: str, *, allow_private: bool = False, pointer: str = "") -> SplitResult:
    """Refuse a URL that must not be called from here; the parts of it otherwise.

    https and public hosts only, unless `allow_private` (the lab) admits http and any host. A host name may still lead
    to a private address: whoever connects checks the answer of the name service with `is_public`
    (storefront/outside.py).
    """
    if len(url) > _LONGEST_URL or _BLANKS.search(url):
        raise AddressRefused("the address is too long or holds blanks; give a plain https URL", pointer=pointer)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused(f"{url!r} is no URL: {error}", pointer=pointer, url=url) from error
    schemes = ("https", "http") if allow_private else ("https",)
    if parts.scheme not in schemes:
        raise AddressRefused(f"{url!r} does not begin with https://", pointer=pointer, url=url)
    if not host:
        raise AddressRefused(f"{url!r} names no host", pointer=pointer, url=url)
    if parts.username is not None or parts.password is not None or "\\" in url:
        raise AddressRefused("the address holds a user name or a backslash; leave them out", pointer=pointer)
    if not allow_private:
        _check_host(host, url=url, pointer=pointer)
    return parts


def _check_host(host: str, *, url: str, pointer: str) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    name = host.rstrip(".").lower()
    inward = AddressRefused(f"{url!r} leads to a private network; give a public address", pointer=pointer, url=url)
    if address is not None:
        if not is_public(address):
            raise inward
    elif "." not in name or "%" in name or _LOCAL_NAMES.search(name) or _NUMBER_LABEL.match(name.rpartition(".")[2]):
        raise inward


def _hidden_ipv4(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _COMPATIBLE or any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
