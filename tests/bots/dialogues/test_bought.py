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


async def test_a_payment_that_fails_comes_with_the_way_to_try_again(phone: Phone, clock: FrozenClock) -> None:
    await _after(phone, clock, BOUGHT[0])
    assert "Bezahlt ist bisher nichts" in await _says(phone, "meine Kreditkarte wurde abgelehnt")
    assert "Noch nicht" in await _says(phone, "wurde schon was abgebucht?")
    assert "sehen wir nicht" in await _says(phone, "ist das sicher?")
    await _after(phone, clock, ("merchant", "is paid"))
    assert "Ja, bezahlt" in await _says(phone, "wurde schon was abgebucht?")
    assert "jemanden aus dem Team" in await _says(phone, "das wurde doppelt abgebucht!")


async def test_a_parcel_that_is_overdue_or_said_to_be_there_is_a_persons(phone: Phone, clock: FrozenClock) -> None:
    await _after(phone, clock, *SENT)
    assert "hätte bis" not in await _says(phone, "wo ist mein Paket?")
    clock.advance(days=12)
    assert "hätte bis" in await _says(phone, "mein Paket ist nie angekommen")
    assert "Mensch" in phone.offers
    assert "hätte bis" not in await _says(phone, "status der bestellung bitte")
    assert "jemanden aus dem Team" in await _says(phone, "laut DHL wurde das Paket zugestellt, hier ist aber nichts")


async def test_who_has_handed_in_a_return_hears_how_far_it_is(phone: Phone, clock: FrozenClock) -> None:
    await _after(
        phone, clock, *SENT, ("shopper", "ich möchte das Tee zurückgeben"), ("shopper", "(Zurückgeben)"),
        ("shopper", "(Gefällt nicht)"),
    )  # fmt: skip
    assert "angemeldet" in await _says(phone, "ich habs gestern beim paketshop abgegeben")


async def test_a_fault_has_more_rights_than_a_change_of_mind(phone: Phone, clock: FrozenClock) -> None:
    await _after(phone, clock, *SENT)
    assert "gesetzlichen Rechte" in await _says(phone, "wie lange ist darauf Garantie?")
    assert "Mensch" in phone.offers
    await _after(phone, clock, ("shopper", "das shirt ist kaputt"))
    assert "innerhalb von 14 Tagen" in await _says(phone, "muss ich da porto zahlen?")
    assert "Team" in await _says(phone, "ich will es nicht zurückgeben, könnt ihr das reparieren lassen")


async def test_more_of_what_was_bought_is_ordered_as_before(phone: Phone, clock: FrozenClock) -> None:
    await _after(phone, clock, *SENT, ("time", "40 days"))
    said = await _says(phone, "das graue shirt von neulich ist spitze, ich bräucht nochmal zwei stück davon")
    assert "2 × Basic-Tee grau, M" in said
    assert "49,80" in said
