"""Talk after the sale: what lay in the cart is an order now, and nothing said of it puts one more piece into a cart."""

from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone
from tests.scenarios.play import Line, Play

BOUGHT = (("shopper", "1 graues Basic-Tee in M bitte"), ("merchant", "is paid"))
SENT = (*BOUGHT, ("merchant", "ships"))


async def _after(phone: Phone, clock: FrozenClock, *said: tuple[str, str]) -> None:
    await Play(phone, clock, "bought").run([Line(at, who, what) for at, (who, what) in enumerate(said, 1)])


async def _says(phone: Phone, text: str) -> str:
    return "\n".join(await phone.say(text)).replace("\xa0", " ")


async def test_what_was_bought_is_asked_of_as_an_order(phone: Phone, clock: FrozenClock) -> None:
    await _after(phone, clock, *BOUGHT)
    assert "ist bezahlt" in await _says(phone, "und wann geht das raus?")


async def test_a_size_after_an_exchange_is_no_second_piece(phone: Phone, clock: FrozenClock) -> None:
    await _after(
        phone, clock, *SENT, ("time", "3 days"), ("shopper", "das shirt ist zu klein"), ("shopper", "(Tausch gegen L)")
    )
    await _says(phone, "L")
    assert "Dein Korb ist leer" in await _says(phone, "warenkorb")
