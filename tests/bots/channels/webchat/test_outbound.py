"""What pages are given to draw."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bots.channels.base import Envelope, MediaLinks
from bots.channels.webchat import outbound
from bots.messages.fitted import FittedTemplate, rich
from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    CartView,
    Choices,
    Document,
    FormQuestion,
    ImageRef,
    LineView,
    Lookbook,
    Message,
    OrderStatus,
    PaymentRequest,
    Picture,
    ProductCard,
    TemplateUse,
    Text,
)
from catalog.kernel.money import Money

IMAGE = ImageRef(image_id="ab" * 32, alt="Basic-Tee grau", width=720, height=900)
CARD = Card(title="Basic-Tee grau", subtitle="24,90 €", image=IMAGE, number=1, options=("S", "M"), at=(0.25, 0.5))
PAY = Action(id="pay", title="Zahlungspflichtig bestellen", primary=True)
YES = Action(id="yes", title="Ja, 32")
LINE = LineView(title="Basic-Tee grau M", quantity=2, total="49,80 €", sku="TEE-M", image=IMAGE)


def body(message: Message, author: str = "bot") -> dict[str, Any]:
    envelope = Envelope(
        address="web-1", message_id="m1", media=MediaLinks(base="https://shop.example"), locale="de", author=author
    )
    call = outbound.render(rich(message), envelope)
    assert call.json is not None
    assert call.repeatable
    drawn: dict[str, Any] = call.json["body"]
    return drawn


def test_short_answers_stand_below_the_bubble() -> None:
    drawn = body(Text(text="Länge 32 ok?", actions=(YES,)))
    assert drawn["quick_replies"] == [{"id": "yes", "title": "Ja, 32"}]
    assert drawn["content"] == {"type": "text", "format": "md", "text": "Länge 32 ok?"}


@pytest.mark.parametrize(
    "actions",
    [(PAY,), (Action(id="o", title="Beleg", url="https://shop.example/o/1"),), tuple([YES] * 9)],
    ids=["binding", "link", "many"],
)
def test_binding_linking_and_many_answers_are_part_of_it(actions: tuple[Action, ...]) -> None:
    drawn = body(Text(text="Bestellen?", actions=actions))
    assert "quick_replies" not in drawn
    assert [action["title"] for action in drawn["content"]["actions"]] == [action.title for action in actions]


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        (Picture(image=IMAGE, text="So sieht es aus."), "image"),
        (Choices(text="Welche?", options=(YES,)), "choice"),
        (ProductCard(card=CARD), "product"),
        (Carousel(text="Das:", cards=(CARD, CARD)), "carousel"),
        (Lookbook(code="LB7", title="Herbst", image=IMAGE, text="1", cards=(CARD,)), "image"),
        (CartView(text="Korb", lines=(LINE,), total="49,80 €"), "cart"),
        (PaymentRequest(text="Zusammen", url="https://s.example/p/1", label="Bestellen", total="1"), "checkout"),
        (OrderStatus(text="Danke", number="K-1", state="paid", timeline=(("Bezahlt", True),)), "order"),
        (FormQuestion(text="Wohin?", field="address", location=True), "form"),
        (Document(url="https://s.example/r.pdf", name="Beleg.pdf"), "file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_message_has_its_own_form(message: Message, kind: str) -> None:
    assert body(message)["content"]["type"] == kind


def test_a_card_says_its_price_its_sku_and_its_pictures_shape() -> None:
    priced = replace(CARD, sku="TEE-M", price=Money(2490, "EUR"))
    drawn = body(ProductCard(card=priced))["content"]
    assert drawn["price"] == {"amount_minor": 2490, "currency": "EUR"}
    assert drawn["sku"] == "TEE-M"
    assert (drawn["image"]["w"], drawn["image"]["h"]) == (360, 450)


def test_a_cart_names_itself_and_its_pictures_keep_their_place() -> None:
    unmeasured = ImageRef(image_id=IMAGE.image_id, alt=IMAGE.alt)
    line = LineView(title="Basic-Tee grau M", quantity=2, total="49,80 €", sku="TEE-M", image=unmeasured)
    drawn = body(CartView(text="Korb", lines=(line,), total="49,80 €", cart_id="c-1"))["content"]
    assert drawn["cart_id"] == "c-1"
    assert (drawn["lines"][0]["image"]["w"], drawn["lines"][0]["image"]["h"]) == (360, 450)


def test_the_way_to_pay_says_how_much_and_until_when_the_goods_are_kept() -> None:
    until = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
    request = PaymentRequest(
        text="…", url="https://s.example/p/1", label="Bestellen", total="1 €", amount=Money(100, "EUR"),
        held_until=until,
    )  # fmt: skip
    drawn = body(request)["content"]
    assert drawn["amount"] == {"amount_minor": 100, "currency": "EUR"}
    assert drawn["expires_at"] == "2026-11-21T10:00:00.000Z"


def test_the_binding_button_leads_to_the_payment_page() -> None:
    drawn = body(PaymentRequest(text="…", url="https://s.example/p/1", label="Bestellen", total="1 €", lines=(LINE,)))
    assert drawn["content"]["actions"] == [
        {"id": "pay", "title": "Bestellen", "url": "https://s.example/p/1", "primary": True}
    ]


def test_a_look_says_where_its_pieces_are() -> None:
    drawn = body(Lookbook(code="LB7", title="Herbst", image=IMAGE, text="…", cards=(CARD,)))["content"]
    assert drawn["lookbook"] == "LB7"
    assert drawn["items"][0]["at"] == [0.25, 0.5]
    assert drawn["items"][0]["image"]["url"].endswith(f"/media/{IMAGE.image_id}/card.webp")


def test_pages_learn_whether_a_person_speaks() -> None:
    envelope = Envelope(
        address="web-1", message_id="m1", media=MediaLinks(base=""), locale="de", author="staff", reply_to="x"
    )
    call = outbound.render(rich(Text(text="Hier ist Mara.")), envelope)
    assert call.json is not None
    assert call.json["author"] == "agent"


def test_a_template_is_plain_words_here() -> None:
    use = TemplateUse(name="shipped", locale="de", parameters={}, text="Dein Paket ist unterwegs.")
    envelope = Envelope(address="web-1", message_id="m1", media=MediaLinks(base=""), locale="de")
    call = outbound.render(FittedTemplate(use=use), envelope)
    assert call.json is not None
    assert call.json["body"]["content"]["text"] == "Dein Paket ist unterwegs."
