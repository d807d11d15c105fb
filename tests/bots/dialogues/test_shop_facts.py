"""What is asked of the shop itself is answered from its settings: address, hours, where goods go back to, payment."""

import msgspec
import pytest

from catalog.shops.settings import Legal, Returns, ShopSettings
from storefront.sample import settings as sample
from tests.scenarios.phone import Phone

LEGAL = Legal(
    company="Linden GmbH",
    email="hallo@linden.example",
    imprint={
        "de": "# Impressum\n\nWebergasse 12, 07743 Jena\nE-Mail: hallo@linden.example\nTelefon: 03641 1234",
        "en": "# Imprint\n\nWebergasse 12, 07743 Jena\nE-mail: hallo@linden.example\nPhone: +49 3641 1234",
    },
)


async def _set_up(phone: Phone, settings: ShopSettings) -> None:
    async with phone.units(phone.shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            uow.shop_id, msgspec.json.encode(settings).decode(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("wo sitzt Ihre Firma?", "Webergasse 12, 07743 Jena"),
        ("Eine Telefonnummer haben Sie sicher auch?", "Telefon: 03641 1234"),
        ("wie ist eure mailadresse?", "hallo@linden.example"),
        ("whats your email", "hallo@linden.example"),
        ("what's your phone number?", "Phone: +49 3641 1234"),
        ("hi when are you people open", "09:00–18:00"),
        ("habt ihr samstags offen?", "09:00–18:00"),
    ],
)
@pytest.mark.parametrize("before", [None, "Chino"])
async def test_address_phone_and_hours_are_those_of_the_settings(
    phone: Phone, question: str, told: str, before: str | None
) -> None:
    await _set_up(phone, ShopSettings(legal=LEGAL, hours={"mon": ["09:00-18:00"]}))
    if before:
        await phone.say(before)
    assert told in "\n".join(await phone.say(question))


async def test_a_shop_without_an_imprint_says_that_it_has_none_of_these(phone: Phone) -> None:
    assert "habe ich hier nicht" in "\n".join(await phone.say("wie ist eure Telefonnummer?"))
    assert "Mensch" in phone.offers


@pytest.mark.parametrize(
    "question", ["what's the address where i can send things back to", "wohin schicke ich die Sachen zurück?"]
)
async def test_where_goods_go_back_to_is_told(phone: Phone, question: str) -> None:
    await _set_up(phone, ShopSettings(returns=Returns(address="Linden, Retouren, Webergasse 12, 07743 Jena")))
    await phone.say("graues Basic-Tee in M")
    assert "Retouren, Webergasse 12" in "\n".join(await phone.say(question))


@pytest.mark.parametrize(
    "question", ["kann ich mit paypal zahlen?", "geht auch auf rechnung?", "can i pay with klarna?"]
)
async def test_a_means_of_payment_that_the_page_alone_knows_is_not_promised(phone: Phone, question: str) -> None:
    answer = "\n".join(await phone.say(question))
    assert "zusagen kann ich es dir nicht" in answer or "I can't promise it" in answer


async def test_a_card_is_taken(phone: Phone) -> None:
    answer = "\n".join(await phone.say("kann ich mit kreditkarte zahlen?"))
    assert "Karte, Apple Pay" in answer
    assert "zusagen" not in answer


@pytest.mark.parametrize("question", ["wann kommt das wenn ich heute bestelle", "geht das bis dienstag?"])
async def test_when_it_comes_is_no_question_about_the_piece_spoken_of(phone: Phone, question: str) -> None:
    await phone.say("Chino")
    answer = "\n".join(await phone.say(question))
    assert "Versand" in answer
    assert "59,90" not in answer


@pytest.mark.parametrize(("locale", "written"), [("de", "49 €"), ("en", "€49")])
def test_the_terms_of_the_sample_name_the_threshold_of_its_shipping(locale: str, written: str) -> None:
    shop = sample.settings()
    assert shop.shipping[0].free_from is not None
    assert shop.shipping[0].free_from.minor == 4900
    assert written in shop.legal.terms[locale]
