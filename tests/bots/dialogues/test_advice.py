"""Questions that ask for no product by name: what there is, which one to take, what returning costs."""

import msgspec

from catalog.shops.settings import Returns, ShopSettings
from tests.scenarios.phone import Phone


async def test_who_asks_what_is_sold_gets_to_choose(phone: Phone) -> None:
    browsed = await phone.say("stöbern")
    asked = await phone.say("was verkauft ihr eigentlich?")
    assert asked[-1] == browsed[-1]
    assert not any("nichts gefunden" in reply for reply in asked)


async def test_who_asks_which_one_to_take_is_told_one_of_the_list(phone: Phone) -> None:
    await phone.say("zeig mir t-shirts")
    answer = "\n".join(await phone.say("welches würdest du nehmen?"))
    assert "Am nächsten an dem, was du suchst: *Basic-Tee*." in answer
    assert "24,90" in answer


async def test_what_the_shop_says_of_sending_back_is_told_with_the_right_to_do_so(phone: Phone) -> None:
    settings = ShopSettings(returns=Returns(days=30, note={"de": "Das Porto zahlen wir."}))
    async with phone.units(phone.shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            uow.shop_id, msgspec.json.encode(settings).decode(),
        )  # fmt: skip
    answer = "\n".join(await phone.say("wer zahlt die rücksendung?"))
    assert "30 Tagen" in answer
    assert "Das Porto zahlen wir." in answer


async def test_who_takes_what_was_never_shown_is_asked_which(phone: Phone) -> None:
    assert "Schreib die Nummer oder den Namen" in "\n".join(await phone.say("leg beide in den warenkorb"))


async def test_what_to_wear_for_an_occasion_is_shown_as_looks_rather_than_some_product(phone: Phone) -> None:
    looks = await phone.say("lookbooks")
    assert (await phone.say("ich brauch was für ne hochzeit"))[-1] == looks[-1]
