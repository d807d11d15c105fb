"""Pictures that were sent as one are answered once, though each comes by itself."""

from bots.messages.inbound import MediaKind, MediaReceived
from catalog.kernel import jobs
from checkout.returns import service as returns
from tests.scenarios.phone import Phone
from tests.scenarios.play import Line, Play


def pictures(phone: Phone, count: int, caption: str = "") -> list[MediaReceived]:
    """An album; its words stand with the second picture."""
    return [
        MediaReceived(
            **phone.stamp(), kind=MediaKind.IMAGE, media_id=f"media-{number}", album="g1",
            caption=caption if number == 1 else "",
        )
        for number in range(count)
    ]  # fmt: skip


async def send(phone: Phone, album: list[MediaReceived]) -> list[str]:
    """Every picture for itself, as they come; what is answered in the end."""
    for picture in album:
        assert await phone.send(picture) == []
        phone.clock.advance(seconds=0.3)
    phone.clock.advance(seconds=2)
    return await phone.wait()


async def test_an_album_is_thanked_for_once_and_every_picture_is_kept(phone: Phone) -> None:
    await phone.say("hallo")
    (answer,) = await send(phone, pictures(phone, 3))
    assert "Danke für das Bild" in answer
    async with phone.units(phone.shop_id) as uow:
        outcomes = await uow.fetch("SELECT outcome FROM inbound_message WHERE shop_id = $1 ORDER BY seq", uow.shop_id)
        assert (await jobs.backlog(uow.driver))["due"] == 3
    assert [row["outcome"] for row in outcomes[1:]] == ["merged", "merged", "answered"]


async def test_the_words_of_an_album_are_read_wherever_they_stand(phone: Phone) -> None:
    await phone.say("hallo")
    assert "Versand" in "\n".join(await send(phone, pictures(phone, 2, caption="was kostet der Versand?")))


async def test_a_picture_alone_is_answered_at_once(phone: Phone) -> None:
    await phone.say("hallo")
    assert await phone.give("photo")


async def test_a_return_gets_every_picture_of_an_album(phone: Phone) -> None:
    broken = (
        ("shopper", "1 graues Basic-Tee in M bitte"), ("merchant", "is paid"), ("merchant", "ships"),
        ("shopper", "ich möchte das Tee zurückgeben"), ("shopper", "(Zurückgeben)"), ("shopper", "(Kaputt)"),
    )  # fmt: skip
    await Play(phone, phone.clock, "broken").run([Line(at, who, what) for at, (who, what) in enumerate(broken, 1)])
    assert "angemeldet" in "".join(await send(phone, pictures(phone, 3)))
    async with phone.units(phone.shop_id) as uow:
        (told,) = (await returns.page(uow)).items
    assert sorted(told.photos) == ["media-0", "media-1", "media-2"]
