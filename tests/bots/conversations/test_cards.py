"""The cards that the desk shows of a stored message."""

import json
from dataclasses import replace

import pytest

from bots.channels.registry import CHANNELS
from bots.conversations import cards
from bots.messages.fit import fit
from bots.messages.fitted import dump
from bots.messages.outbound import Action, Card, Carousel, ImageRef, ProductCard, Text

_TEE = ImageRef(image_id="aa", alt="A tee")
_CARDS = (
    Card(title="Basic tee", subtitle="€24.90", image=_TEE, actions=(Action(id="pick:1", title="Choose"),)),
    Card(
        title="2-pack of *socks*", subtitle="from €9.90\n(2 pairs)", image=_TEE, options=("S", "M"),
        actions=(Action(id="pick:2", title="Choose"),),
    ),
)  # fmt: skip


@pytest.mark.parametrize("kind", ["webchat", "whatsapp"])
def test_cards_side_by_side_keep_number_title_price_and_picture(kind: str) -> None:
    (fitted,) = fit(Carousel(text="Look:", cards=_CARDS), CHANNELS[kind].capabilities)
    shown = cards.shown(dump(fitted))["cards"]
    assert [(card["number"], card["image_id"]) for card in shown] == [(1, "aa"), (2, "aa")]
    assert shown[0] == {"number": 1, "title": "Basic tee", "subtitle": "€24.90", "image_id": "aa"}
    assert shown[1]["title"].replace("*", "") == "2-pack of socks"
    assert shown[1]["subtitle"].startswith("from €9.90")


def test_goods_in_a_list_are_cards_below_the_picture_of_all_and_answers_are_none() -> None:
    plain = tuple(replace(card, image=None) for card in _CARDS)
    more = (Action(id="more", title="Show more"),)
    message = Carousel(text="Look:", cards=plain, grid=_TEE, actions=more)
    picture, listed = (cards.shown(dump(one)) for one in fit(message, CHANNELS["whatsapp"].capabilities))
    assert picture == {"picture": {"image_id": "aa", "alt": "A tee"}, "cards": []}
    assert listed["picture"] is None
    assert [(card["number"], card["title"]) for card in listed["cards"]] == [(1, "Basic tee"), (2, "2-pack of socks")]
    assert [card["subtitle"][:4] for card in listed["cards"]] == ["€24.", "from"]


def test_a_product_by_itself_is_a_card_without_a_number_also_without_a_picture() -> None:
    card = Card(title="Gift card", subtitle="€50.00", image=None)
    (fitted,) = fit(ProductCard(card=card), CHANNELS["webchat"].capabilities)
    assert cards.shown(dump(fitted))["cards"] == [
        {"number": 0, "title": "Gift card", "subtitle": "€50.00", "image_id": None}
    ]


def test_words_alone_have_no_cards() -> None:
    (fitted,) = fit(Text(text="*1* Hello"), CHANNELS["webchat"].capabilities)
    assert cards.shown(dump(fitted)) == {"picture": None, "cards": []}


@pytest.mark.parametrize("body", [{}, {"type": "hologram"}, {"type": "rich", "kind": "Hologram", "body": {}}], ids=str)
def test_a_body_of_another_release_is_no_reason_to_hide_the_thread(body: dict[str, object]) -> None:
    assert cards.shown(json.dumps(body)) == {"picture": None, "cards": []}
