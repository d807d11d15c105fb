"""What is said of shipping: the shop's own methods, and without any that the team arranges it; nothing is made up."""

import msgspec
import pytest

from catalog.kernel.money import Money
from catalog.shops.settings import ShippingMethod, ShopSettings
from checkout.pricing import service as pricing
from checkout.pricing.discounts import DiscountRule
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone
from tests.scenarios.play import Line, Play

PARCEL = ShippingMethod(
    code="parcel", name={"de": "Paket"}, price=Money(490, "EUR"), free_from=Money(10_000, "EUR"), days=(2, 3)
)


EXPRESS = ShippingMethod(code="express:air", name={"de": "Express"}, price=Money(990, "EUR"), days=(1, 1))
ABROAD = ShippingMethod(code="abroad", name={"de": "Ausland"}, price=Money(1990, "EUR"), countries=("FR",))


async def _set_up(phone: Phone, *methods: ShippingMethod, home: tuple[str, ...] = ()) -> None:
    parcel = msgspec.structs.replace(PARCEL, countries=home)
    async with phone.units(phone.shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            uow.shop_id, msgspec.json.encode(ShopSettings(shipping=(parcel, *methods))).decode(),
        )  # fmt: skip


async def test_methods_are_told_with_price_and_days(phone: Phone) -> None:
    await _set_up(phone)
    answer = "\n".join(await phone.say("was kostet der versand?"))
    assert "Paket: 4,90 €, 2–3 Werktage." in answer.replace("\xa0", " ")
    assert "Ab 100,00 € ist der Versand frei." in answer.replace("\xa0", " ")


async def test_to_a_country_that_is_named_those_methods_are_told_that_go_there(phone: Phone) -> None:
    home = msgspec.structs.replace(EXPRESS, countries=("DE", "AT"))
    await _set_up(phone, home, ABROAD)
    answer = "\n".join(await phone.say("was kostet der versand nach frankreich?"))
    assert "Ausland" in answer
    assert "Express" not in answer
    answer = "\n".join(await phone.say("was kostet der versand?")).replace("\xa0", " ")
    assert "Paket ist ab 100,00 € kostenlos." in answer
    assert "Express" in answer


async def test_the_day_is_told_for_the_country_of_a_city_and_the_country_of_another_place_is_asked(
    phone: Phone,
) -> None:
    await _set_up(phone, ABROAD, home=("DE", "AT"))
    assert "Paket: heute bestellt, bis" in "\n".join(await phone.say("wie lange dauert es nach Salzburg?"))
    assert "Ausland: heute bestellt, bis" in "\n".join(await phone.say("und wie schnell nach Lyon?"))
    assert "In welches Land" in "\n".join(await phone.say("wie lange nach Hintertupfing?"))
    assert "Paket: heute bestellt, bis" in "\n".join(await phone.say("Österreich"))


async def test_where_nothing_goes_to_it_is_said(phone: Phone) -> None:
    async with phone.units(phone.shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            uow.shop_id, msgspec.json.encode(ShopSettings(shipping=(ABROAD,))).decode(),
        )  # fmt: skip
    assert "Dorthin liefern wir leider nicht: Irland." in "\n".join(await phone.say("liefert ihr nach Irland?"))
    told = "\n".join(await phone.say("bis wann wäre die Lieferung da?"))
    assert "Dorthin liefern wir leider nicht: Deutschland." in told
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    told = "\n".join(await phone.say("Lindenstr 5, 10969 Berlin"))
    assert "Dorthin liefern wir leider nicht: Deutschland." in told


async def test_an_address_in_another_country_that_is_served_is_taken_and_the_country_told(phone: Phone) -> None:
    home = msgspec.structs.replace(EXPRESS, countries=("DE", "AT"))
    await _set_up(phone, home)
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    told = "\n".join(await phone.say("Bitte senden Sie es an Frau Petra Krause, Herrengasse 14, 8010 Graz."))
    assert "Herrengasse 14, 8010 Graz, Österreich" in told


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("12 Baker Street, London NW1 6XE", "Vereinigtes Königreich"),
        ("Hauptstr. 5, 11000 Belgrad, Serbien", "Serbien"),
        ("Bahnhofstr. 1, Zürich, Schweiz", "Schweiz"),
    ],
)
async def test_to_an_address_where_nothing_goes_another_is_asked_for(phone: Phone, address: str, country: str) -> None:
    await _set_up(phone, home=("DE", "AT"))
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    told = "\n".join(await phone.say(address))
    assert told == f"Dorthin liefern wir leider nicht: {country}. Gibt es eine andere Adresse?"
    assert "Lindenstraße 5, 10969 Berlin," in "\n".join(await phone.say("Lindenstr 5, 10969 Berlin"))


async def test_an_address_on_file_where_nothing_goes_any_more_is_asked_for_again(phone: Phone) -> None:
    await _set_up(phone)
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    await phone.say("Hauptstr. 1, 1010 Wien, Österreich")
    await _set_up(phone, home=("DE",))
    told = "\n".join(await phone.say("zur kasse"))
    assert told == "Dorthin liefern wir leider nicht: Österreich. Gibt es eine andere Adresse?"


async def test_where_several_countries_fit_an_address_the_country_is_asked_for(phone: Phone) -> None:
    neighbours = msgspec.structs.replace(EXPRESS, countries=("AT", "BE", "DK"))
    await _set_up(phone, neighbours, home=("DE",))
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    asked = "\n".join(await phone.say("Xylo 5, 1010 Wien"))
    assert "das Land" in asked
    assert "Xylo 5, 1010 Wien, Österreich" in "\n".join(await phone.say("Österreich"))


async def test_a_country_that_is_not_the_shops_own_stands_in_the_summary(phone: Phone) -> None:
    await _set_up(phone)
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    told = "\n".join(await phone.say("Hauptstr. 1, 1010 Wien, Österreich"))
    assert told.startswith("Hauptstraße 1, 1010 Wien, Österreich, Lieferung bis ")
    await phone.say("andere Adresse")
    assert "Berlin, Deutschland" not in "\n".join(await phone.say("Lindenstr 5, 10969 Berlin"))


async def test_without_any_method_no_price_and_no_day_is_made_up(phone: Phone) -> None:
    answer = "\n".join(await phone.say("was kostet der versand?"))
    assert "noch keinen Versand eingerichtet" in answer
    assert "0 €" not in answer
    assert "Mensch" in phone.offers
    await phone.say("zwei Basic-Tee grau in M")
    assert "Versand nach Absprache" in "\n".join(await phone.say("warenkorb"))
    await phone.say("zur kasse")
    summary = "\n".join(await phone.say("Lindenstr 5, 10969 Berlin"))
    assert "Wann geliefert wird, sagt dir das Team." in summary
    assert "Lieferung bis" not in summary


async def test_the_same_again_names_the_shipping_in_its_sum(phone: Phone, clock: FrozenClock) -> None:
    await _set_up(phone)
    player = Play(phone, clock, "again")
    await phone.say("graues Basic-Tee in M")
    await player.run([Line(1, "merchant", "is paid"), Line(2, "merchant", "ships"), Line(3, "time", "40 days")])
    said = "\n".join(await phone.say("ich brauche noch mal zwei von den grauen T-Shirts")).replace("\xa0", " ")
    assert "2 × Basic-Tee grau, M (wie " in said
    assert "*54,70 €*, davon 4,90 € Versand, an Lindenstraße 5." in said


async def test_of_several_ways_one_is_chosen_by_its_name_and_the_order_is_sent_that_way(phone: Phone) -> None:
    await _set_up(phone, EXPRESS, ABROAD)
    await phone.say("was kostet der versand?")
    assert "Express" not in phone.offers  # there is nothing to send yet
    await phone.say("graues Basic-Tee in M")
    await phone.say("Versand?")
    assert {"Paket", "Express"} <= set(phone.offers)
    assert "Ausland" not in phone.offers
    assert "· Versand 9,90 € = *34,80 €*" in "\n".join(await phone.say("Express")).replace("\xa0", " ")
    await phone.say("zur kasse")
    assert "*34,80 €*" in "\n".join(await phone.say("Lindenstr 5, 10969 Berlin")).replace("\xa0", " ")


@pytest.mark.parametrize(
    "words",
    [
        "ja express bitte",
        "Express",
        "dann doch lieber per Expressversand",
        "ich nehme Express",
        "schickt es mit express",
    ],
)
async def test_a_way_is_chosen_in_words_too(phone: Phone, words: str) -> None:
    await _set_up(phone, EXPRESS, ABROAD)
    await phone.say("graues Basic-Tee in M")
    assert "Versand 9,90 € = *34,80 €*" in "\n".join(await phone.say(words)).replace("\xa0", " ")
    assert "Versand 4,90 € = *29,80 €*" in "\n".join(await phone.say("doch lieber als Paket")).replace("\xa0", " ")


async def test_a_way_is_chosen_in_english_too_and_the_question_for_the_address_stays(phone: Phone) -> None:
    await _set_up(phone, EXPRESS)
    await phone.say("a grey basic tee in M please")
    await phone.say("checkout")
    assert "Where to?" in "\n".join(await phone.say("yes express please"))
    assert "*€34.80*" in "\n".join(await phone.say("Lindenstr 5, 10969 Berlin"))


@pytest.mark.parametrize(
    "words", ["express?", "was kostet express", "gibt es auch express", "geht express nach paris?"]
)
async def test_a_question_about_a_way_chooses_none(phone: Phone, words: str) -> None:
    await _set_up(phone, EXPRESS)
    await phone.say("graues Basic-Tee in M")
    await phone.say(words)
    assert "Versand 4,90 €" in "\n".join(await phone.say("Warenkorb")).replace("\xa0", " ")


@pytest.mark.parametrize("words", ["wann ist die Lieferung da?", "und bis wann wäre es dort?"])
async def test_who_asks_when_hears_the_day(phone: Phone, words: str) -> None:
    await _set_up(phone, EXPRESS, ABROAD)  # a Monday
    await phone.say("graues Basic-Tee in M")
    told = "\n".join(await phone.say(words))
    assert "Express: heute bestellt, bis " in told
    assert "Ausland" not in told
    assert "€" not in told


@pytest.mark.parametrize(
    "words", ["Could they go to three different addresses?", "geht das an zwei verschiedene Adressen?"]
)
async def test_an_order_goes_to_one_address_and_that_is_said(phone: Phone, words: str) -> None:
    await phone.say("graues Basic-Tee in M")
    told = "\n".join(await phone.say(words))
    assert "an eine Adresse" in told or "to one address" in told


async def test_what_the_cart_names_adds_up_to_its_total(phone: Phone) -> None:
    await _set_up(phone)
    await phone.say("graues Basic-Tee in M")
    said = "\n".join(await phone.say("warenkorb")).replace("\xa0", " ")
    assert "Basic-Tee grau, M 24,90 € · Versand 4,90 € = *29,80 €*." in said
    async with phone.units(phone.shop_id) as uow:
        await pricing.create_discount(uow, DiscountRule("HERBST", amount=Money(500, "EUR")))
    said = "\n".join(await phone.say("gutschein HERBST")).replace("\xa0", " ")
    assert "Basic-Tee grau, M 24,90 € · Rabatt -5,00 € · Versand 4,90 € = *24,80 €*." in said


async def test_a_way_that_is_gone_is_not_taken(phone: Phone) -> None:
    await _set_up(phone, EXPRESS)
    await phone.say("graues Basic-Tee in M")
    await phone.say("Versand?")
    await _set_up(phone)
    assert "So kann dein Warenkorb nicht verschickt werden." in "\n".join(await phone.say("Express"))


async def test_goods_that_are_called_like_a_country_are_none(phone: Phone) -> None:
    await _set_up(phone, msgspec.structs.replace(EXPRESS, countries=("DE",)))
    assert "Express" in "\n".join(await phone.say("was kostet der versand für das jersey?"))


async def _known_as(phone: Phone) -> str:
    async with phone.units(phone.shop_id) as uow:
        found: str = await uow.fetchval("SELECT name FROM customer WHERE shop_id = $1", uow.shop_id)
    return found


async def test_a_name_told_with_the_address_is_who_the_parcel_is_for(phone: Phone) -> None:
    await phone.say("graues Basic-Tee in M")
    await phone.say("zur kasse")
    former = await _known_as(phone)
    await phone.say("ja gerne, lindenstr 5")
    await phone.say("10969 Berlin")
    assert await _known_as(phone) == former
    await phone.say("andere Adresse")
    await phone.say("grace hopper\nlindenstr 5\n10969 Berlin")
    assert await _known_as(phone) == "Grace Hopper"


async def test_what_a_cart_lacks_for_free_delivery_is_told(phone: Phone) -> None:
    await _set_up(phone)
    await phone.say("1 graues Basic-Tee in M")
    said = "\n".join(await phone.say("wie viel fehlt mir noch bis zum kostenlosen Versand?")).replace("\xa0", " ")
    assert "fehlen dir noch 75,10 €" in said
    assert "2–3 Werktage" not in said


async def test_the_plain_way_is_the_standard_one_by_any_name(phone: Phone) -> None:
    standard = msgspec.structs.replace(PARCEL, code="std", name={"de": "Standardversand"})
    await _set_up(phone, EXPRESS, standard)
    await phone.say("1 graues Basic-Tee in M")
    await phone.say("per express bitte")
    said = "\n".join(await phone.say("ach nee, der normale Versand reicht doch")).replace("\xa0", " ")
    assert "4,90" in said
    assert "9,90" not in said


async def test_the_address_of_last_time_is_taken_and_not_asked_for(phone: Phone) -> None:
    await _set_up(phone)
    await phone.say("1 graues Basic-Tee in M")
    assert "Wohin" in "\n".join(await phone.say("an die gleiche adresse wie immer"))
    assert "Wohin" in "\n".join(await phone.say("nach hause"))
    await phone.say("Ahornweg 3, 10969 Berlin")
    await phone.say("was kostet der Versand?")
    assert "Ahornweg 3" in "\n".join(await phone.say("selbe adresse wie letztes mal"))
    assert "Ahornweg 3" in "\n".join(await phone.say("ja doch zu mir nach hause"))
    await phone.say("adresse ändern")
    assert "Ahornweg 3" in "\n".join(await phone.say("same as last time"))
    assert "1 × Basic-Tee" in "\n".join(await phone.say("warenkorb"))
    assert "3 × Basic-Tee" in "\n".join(await phone.say("2 graue Basic-Tee in M wie immer"))


async def test_a_house_number_is_put_right_alone(phone: Phone) -> None:
    await _set_up(phone)
    await phone.say("1 graues Basic-Tee in M")
    await phone.say("zur kasse")
    await phone.say("Ahornweg 17b, 10969 Berlin")
    assert "Ahornweg 71b, 10969 Berlin" in "\n".join(await phone.say("ups die hausnummer ist 71b, nicht 17b"))
    assert "Ahornweg 7, 10969 Berlin" in "\n".join(await phone.say("stimmt nicht, hausnr 7"))
    assert "Wohin" in "\n".join(await phone.say("die hausnummer ist falsch"))
    await phone.say("Ahornweg 17, 10969 Berlin, bei Demir, 2. OG")
    assert "Ahornweg 7, bei Demir, 2. OG" in "\n".join(await phone.say("hausnummer 7 nicht 17"))
    told = "\n".join(await phone.say("ich brauch es aber bis mittwoch"))
    assert "heute bestellt" in told
