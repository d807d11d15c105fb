"""No link is sent for a sum that the payment provider cannot take."""

import pytest

from tests.scenarios.phone import Phone


async def _price(phone: Phone, minor: int) -> None:
    async with phone.units(phone.shop_id) as uow:
        await uow.execute("UPDATE variant SET price_minor = $2 WHERE shop_id = $1", uow.shop_id, minor)


@pytest.mark.parametrize(
    ("minor", "told"),
    [
        (20, "0,40 € sind für eine Onlinezahlung zu wenig, sie beginnt bei 0,50 €."),
        (60_000_000, "1.200.000,00 € sind für eine Onlinezahlung zu viel, 999.999,99 € gehen auf einmal."),
    ],
)
async def test_a_sum_that_cannot_be_paid_is_told_instead_of_a_link(phone: Phone, minor: int, told: str) -> None:
    await _price(phone, minor)
    await phone.say("zwei Basic-Tee grau in M")
    await phone.say("zur kasse")
    answer = "\n".join(await phone.say("Lindenstr 5, 10969 Berlin")).replace("\xa0", " ")
    assert told in answer
    assert not phone.links
    await _price(phone, 2490)
    await phone.say("zur kasse")
    assert len(phone.links) == 1
