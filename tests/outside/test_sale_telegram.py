"""The same sale through Telegram's updates, where no window closes: what is said arrives as it is."""

from collections.abc import Callable

import pytest

from tests.outside import sale
from tests.outside.demo import Demo
from tests.outside.people import Person

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("words", [sale.GERMAN, sale.ENGLISH], ids=["de", "en"])
def test_a_sale_from_hello_to_refund(demo: Demo, person: Callable[[str], Person], words: sale.Words) -> None:
    jana = person("telegram")
    order = sale.first_minute(demo, jana, words)
    demo.advance(days=2)
    sale.ship(demo, order)
    bubble = jana.hears(words.shipped)
    assert any("dhl.de" in link for link in bubble.links)
    sale.sent_back(demo, jana, order, words)


def test_a_link_with_a_payload_opens_its_look(person: Callable[[str], Person]) -> None:
    said = person("telegram").start("LB7")
    assert len(said) == 2
    assert said[1].picture
    assert "24,90" in said[1].words


def test_a_blocked_bot_is_not_written_to(demo: Demo, person: Callable[[str], Person]) -> None:
    jana = person("telegram")
    jana.say("hallo")
    assert jana.client.post("/block").is_success
    jana.said += 1
    jana.settled()
    known = jana.conversation()
    demo.post(f"/conversations/{known['id']}/messages", {"text": "Noch eine Frage?"})
    jana.settled()
    last = [one for one in jana.messages() if one["direction"] == "outbound"][-1]
    assert (last["delivery"]["state"], last["delivery"]["reason"]) == ("refused", "opted_out")
