"""A whole sale through WhatsApp's signed webhooks: hello, cart, paid, shipped, told outside the window, sent back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.outside import payer, sale
from tests.outside.demo import Demo, eventually
from tests.outside.people import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def jana(demo: Demo, person: Callable[[str], Person]) -> Person:
    eventually(lambda: approved(demo), what="the approval of the templates")
    return person("whatsapp")


def approved(demo: Demo) -> bool:
    """Whether the double's review of our templates has reached the shop."""
    channel = next(one for one in demo.get("/channels")["items"] if one["kind"] == "whatsapp")
    assert channel["state"] == "connected", channel
    return bool(channel["templates"]) and all(one["status"] == "approved" for one in channel["templates"])


def test_a_sale_in_german_from_hello_to_refund(demo: Demo, jana: Person) -> None:
    order = sale.first_minute(demo, jana, sale.GERMAN)
    demo.advance(days=2)
    shipped = _shipped_by_template(demo, jana, order, r"ist unterwegs mit DHL, Nummer 00340434161094042557")
    assert order["number"] in shipped.words
    sale.sent_back(demo, jana, order, sale.GERMAN)
    assert demo.order(order["id"])["state"] in {"fulfilled", "closed"}


def test_a_sale_in_english_from_hello_to_refund(demo: Demo, jana: Person) -> None:
    order = sale.first_minute(demo, jana, sale.ENGLISH)
    demo.advance(days=2)
    _shipped_by_template(demo, jana, order, r"on its way with DHL, tracking number 00340434161094042557")
    sale.sent_back(demo, jana, order, sale.ENGLISH)


def test_the_teams_words_after_the_window_wait_until_the_person_writes(demo: Demo, jana: Person) -> None:
    jana.say("hallo")
    demo.advance(days=2)
    known = jana.conversation()
    answers = [
        demo.api.post(f"/conversations/{known['id']}/messages", json={"text": text})
        for text in ("Bist du noch da?", "Wir hätten etwas für dich.")
    ]
    assert [one.json()["delivery"]["reason"] for one in answers] == ["window_closed", "window_closed"]
    assert jana.hears("geantwortet").template == "reply_waiting"
    assert [bubble.words for bubble in jana.say("ja?")] == ["Bist du noch da?", "Wir hätten etwas für dich."]
    told = [one for one in jana.messages() if one["direction"] == "outbound"][-2:]
    assert all(one["delivery"]["state"] in {"sent", "delivered", "read"} for one in told), told


def test_a_cart_from_the_catalogue_fills_ours(demo: Demo, jana: Person) -> None:
    sku = sale.sku_of(demo, "basic-tee", size="M", colour="grey")
    lines: list[Any] = [{"product_retailer_id": sku, "quantity": 2, "item_price": 1, "currency": "EUR"}]
    said = jana.do("order", {"lines": lines})
    assert "49,80" in said[-1].words


def test_a_superseded_link_shows_the_present_cart_and_never_the_old_page(demo: Demo, jana: Person) -> None:
    for words in ("Hey Charles 👋 (#LB7)", "die 1 in m, zwei", "zur kasse"):
        jana.say(words)
    first = sale.link_in(jana.say(sale.GERMAN.address))
    page = payer.look(first)
    assert "49,80 €" in page.text
    old = payer.order(page, name="Jana Muster", email="jana@example.org")
    said = jana.say("doch nur eins")
    assert "24,90" in said[-1].words
    assert "29,80 €" in payer.look(first).text
    eventually(lambda: "abgelaufen" in payer.page(old), what="the end of the old payment page")


def _shipped_by_template(demo: Demo, jana: Person, order: Any, words: str) -> Any:  # noqa: ANN401 - JSON
    sale.ship(demo, order)
    bubble = jana.hears(words)
    assert bubble.template == "order_shipped"
    assert any(link.startswith(f"{demo.url}/o/") for link in bubble.links)
    jana.settled()
    told = [one for one in jana.messages() if one["direction"] == "outbound"][-1]
    assert told["delivery"]["state"] in {"sent", "delivered", "read"}
    return bubble
