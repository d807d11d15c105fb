"""Which addresses outside may be called (catalog/kernel/addresses.py)."""

import pytest

from catalog.kernel.addresses import AddressRefused, check_outside_url, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - refused
        "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2002:7f00:1::", "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1", "2001:db8::1", "nonsense", "", "127.1",
    ],
)  # fmt: skip
def test_an_inward_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_outside_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/a", "ftp://shop.example/a", "file:///etc/passwd", "https://", "https:///a", "nonsense", "",
        "https://localhost/", "https://LOCALHOST./", "https://db.internal/", "https://intranet/", "https://127.0.0.1/",
        "https://127.1/", "https://2130706433/", "https://0x7f.0.0.1/", "https://shop.0x7f000001/", "https://[::1]/",
        "https://[::ffff:7f00:1]/", "https://user:pass@shop.example/", "https://user@shop.example/",
        "https://shop.example\\@127.0.0.1/", "https://shop.example/a b", "https://shop.example/\nHost: x",
        "https://shop.example:99999/", "https://[::1", "https://a.example/" + "x" * 3000,
    ],
)  # fmt: skip
def test_an_inward_or_strange_url_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_outside_url(url, pointer="/api_base")
    assert refused.value.pointer == "/api_base"


@pytest.mark.parametrize("url", ["https://shop.example/a.jpg", "https://8.8.8.8:8443/", "https://bücher.example/"])
def test_an_outside_url_is_taken(url: str) -> None:
    assert check_outside_url(url).scheme == "https"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost/", "https://intranet/x"])
def test_the_lab_takes_private_addresses(url: str) -> None:
    assert check_outside_url(url, allow_private=True).hostname
    with pytest.raises(AddressRefused):
        check_outside_url("file:///etc/passwd", allow_private=True)
