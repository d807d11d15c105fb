"""Letters say what the law wants said, in the reader's language, and nobody writes headers into them."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops.profile import ShopProfile
from catalog.shops.settings import Legal, Returns, ShopSettings
from checkout.fulfilment import service as fulfilment
from checkout.orders.models import Order
from checkout.payments import refunds
from checkout.returns import service as returns
from checkout.returns.withdrawals import Withdrawal
from storefront.mail import letters
from storefront.mail.letters import Letter
from tests.checkout.factories import TEE, make_capture, make_order, make_variant

SENDER = "post@shop.example"
AT = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
SHOP = ShopProfile(
    id=UUID(int=1), slug="linden", name="Linden & Söhne", currency="EUR", country="DE", default_locale="de",
    locales=("de", "en"), revision=1, catalog_revision=1,
    settings=ShopSettings(legal=Legal(company="Linden GmbH", email="hallo@linden.example")),
)  # fmt: skip


def a_withdrawal(**changes: Any) -> Withdrawal:  # noqa: ANN401 - fields differ
    values = {"id": UUID(int=7), "order_id": None, "number": "K-1042", "name": "Jana Muster",
              "email": "jana@example.org", "what": "", "declared_at": AT}  # fmt: skip
    return Withdrawal(**{**values, **changes})


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("de", ("am 23. November 2026 um 00:30 Uhr", "Widerrufen: die ganze Bestellung", "Bestellnummer: K-1042")),
        ("en", ("on 23 November 2026 at 00:30", "Withdrawn from: the whole order", "Order number: K-1042")),
    ],
)
def test_an_acknowledgement_says_what_was_declared_and_when_by_the_shops_clock(
    locale: str, words: tuple[str, ...]
) -> None:
    letter = letters.acknowledgement(a_withdrawal(), SHOP, locale)
    for said in (*words, "Jana Muster", "jana@example.org", str(UUID(int=7)), "Linden GmbH\nhallo@linden.example"):
        assert said in letter.text
    assert "K-1042" in letter.subject
    assert "ein Gürtel" in letters.acknowledgement(a_withdrawal(what="ein Gürtel"), SHOP, locale).text


def test_an_envelope_names_shop_answers_and_the_letter_itself() -> None:
    letter = letters.acknowledgement(a_withdrawal(), SHOP, "de")
    first, again = (letters.sealed(letter, SHOP, sender=SENDER, at=AT) for _ in range(2))
    assert str(first["From"]) == f"Linden & Söhne <{SENDER}>"
    assert (first["To"], first["Reply-To"]) == ("jana@example.org", "hallo@linden.example")
    assert first["Message-ID"] == again["Message-ID"] == f"<withdrawal.{UUID(int=7)}@shop.example>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content() == letter.text
    assert max(map(len, first.as_bytes().splitlines())) < 100
    assert first.as_bytes().isascii()


def test_a_host_in_other_letters_is_written_as_the_network_knows_it() -> None:
    letter = letters.acknowledgement(a_withdrawal(email="jana@müller.example"), SHOP, "de")
    assert str(letters.sealed(letter, SHOP, sender=SENDER, at=AT)["To"]) == "jana@xn--mller-kva.example"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_nothing_that_people_write_becomes_a_header(name: str, number: str, local: str, host: str) -> None:
    letter = letters.acknowledgement(
        a_withdrawal(name=f"{name}\r\nBcc: x@y.example", number=f"{number}\r\n\r\nBcc: x@y.example",
                     email=f"{local}@{host}.example"), SHOP, "en",
    )  # fmt: skip
    try:
        message = letters.sealed(letter, SHOP, sender=SENDER, at=AT)
        raw = message.as_bytes()
    except ValueError:  # no letter can go there
        return
    head = raw.partition(b"\r\n\r\n")[0]
    names = re.findall(rb"^([\w-]+):", head, re.MULTILINE)
    assert len(names) == len(set(names))
    assert b"Bcc" not in names
    assert len(message["To"].addresses) == 1


def test_no_letter_goes_where_none_can_go() -> None:
    for to in ("", "jana", "jana@nowhere", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example"):
        with pytest.raises(ValueError, match="no letter"):
            letters.sealed(Letter("order.1", to, "Hallo", "Hallo"), SHOP, sender=SENDER, at=AT)


async def test_a_confirmation_holds_the_whole_contract(uow: UnitOfWork, shop: object) -> None:
    await make_variant(uow)
    order = await make_order(uow, paid=True)
    letter = letters.confirmation(order, await profiles.get(uow), "https://shop.test")
    for said in (
        f"deine Bestellung {order.number} vom", "2 × Basic-Tee", "zu je 24,90\xa0€: 49,80\xa0€", "Versand: ",
        "MwSt.: 7,95\xa0€", "Gesamt: ", "Ada Lovelace\nLindenstraße 5\n10969 Berlin",
        f"https://shop.test/o/{order.code}", f"https://shop.test/withdraw/linden?order={order.number}&lang=de",
        "https://shop.test/legal/linden/withdrawal?lang=de",
    ):  # fmt: skip
        assert said in letter.text, said
    assert (letter.to, letter.key) == ("ada@example.org", f"order.{order.id}")
    settings = ShopSettings(legal=Legal(withdrawal={"de": "# Widerrufsbelehrung\n\nDu hast das Recht …\n"}))
    await uow.execute(
        "UPDATE shop SET settings = $2, revision = 2 WHERE id = $1 /* shop_id */",
        uow.shop_id, msgspec.json.encode(settings).decode(),
    )  # fmt: skip
    told = letters.confirmation(order, await profiles.get(uow), "https://shop.test").text
    assert "\n\nWiderrufsbelehrung\n\nDu hast das Recht …\n\nLinden\n" in told
    assert "/legal/" not in told


async def _sent_back(uow: UnitOfWork) -> Order:
    """An order of which a parcel left, and one piece came back and is to be paid for."""
    await make_variant(uow)
    settings = ShopSettings(returns=Returns(address="Linden, Weg 1, 10969 Berlin"))
    await uow.execute(
        "UPDATE shop SET settings = $2, revision = 2 WHERE id = $1 /* shop_id */",
        uow.shop_id, msgspec.json.encode(settings).decode(),
    )  # fmt: skip
    order = await make_order(uow, paid=True)
    await make_capture(uow, order)
    await fulfilment.ship(uow, order.id, carrier="DHL", tracking_code="00340434")
    back = await returns.request(uow, order.id, lines=[(TEE, 1, "zu weit")], wish="refund")
    await returns.approve(uow, back.id, label_url="https://post.example/r", code="QR-77")
    await returns.receive(uow, back.id, with_refund=True)
    return order


WORDS = {
    "de": (
        ("Dein Paket zu L-1001 ist unterwegs", "2 × Basic-Tee", "Sendung verfolgen (DHL 00340434):\nhttps://", "/o/"),
        ("Deine Rückgabe zu L-1001 ist bestätigt", "1 × Basic-Tee", "sende es an:\nLinden, Weg 1, 10969 Berlin\n\n",
         "Dein Rücksendeetikett:\nhttps://post.example/r\n\nDein Code für die Abgabe: QR-77\n\n"),
        ("Deine Rücksendung zu L-1001 ist angekommen", "1 × Basic-Tee", "24,90\xa0€ gehen an dich zurück"),
        ("Deine Erstattung zu L-1001 ist unterwegs", "24,90\xa0€ zu Bestellung L-1001", "5–10 Tage"),
    ),
    "en": (
        ("Your parcel for L-1001 is on its way", "2 × Basic", "Track the parcel (DHL 00340434):\nhttps://", "/o/"),
        ("Your return for L-1001 is confirmed", "1 × Basic", "send it to:\nLinden, Weg 1, 10969 Berlin\n\n",
         "Your return label:\nhttps://post.example/r\n\nYour drop-off code: QR-77\n\n"),
        ("Your return for L-1001 has arrived", "1 × Basic", "€24.90 goes back to you"),
        ("Your refund for L-1001 is on its way", "€24.90 for order L-1001", "5–10 days"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("locale", ["de", "en"])
async def test_what_becomes_of_an_order_is_told_with_all_that_one_needs(
    uow: UnitOfWork, shop: object, locale: str
) -> None:
    order, profile = await _sent_back(uow), await profiles.get(uow)
    order.locale = locale
    parcel = (await fulfilment.of_order(uow, order.id))[0]
    back = (await returns.page(uow)).items[0]
    (refund,) = (await refunds.refunds_by_order(uow, [order.id]))[order.id]
    told = [
        letters.shipped(order, parcel, profile, "https://shop.test"), letters.return_approved(order, back, profile),
        letters.return_received(order, back, profile), letters.refunded(order, refund, profile),
    ]  # fmt: skip
    for letter, (subject, *words) in zip(told, WORDS[locale], strict=True):
        assert (letter.subject, letter.to) == (subject, "ada@example.org")
        for said in ("Ada Lovelace", "L-1001", *words):
            assert said in letter.text, said
        assert "\n\n\n" not in letter.text
    assert [letter.key for letter in told] == [
        f"shipped.{parcel.id}", f"approved.{back.id}", f"received.{back.id}", f"refunded.{refund.id}"
    ]  # fmt: skip


async def test_what_there_is_not_leaves_no_gap_in_a_letter(uow: UnitOfWork, shop: object) -> None:
    await make_variant(uow)
    order, profile = await make_order(uow, paid=True), await profiles.get(uow)
    parcel = await fulfilment.ship(uow, order.id)
    back = await returns.approve(uow, (await returns.request(uow, order.id, lines=[(TEE, 1, "")])).id)
    for letter in (
        letters.shipped(order, parcel, profile, ""), letters.return_approved(order, back, profile),
        letters.return_received(order, back, profile),
    ):  # fmt: skip
        assert "\n\n\n" not in letter.text
        assert "{" not in letter.text
