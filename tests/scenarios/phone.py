"""A shopper's phone without a network: words go into the inbox, answers are read from the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import msgspec
from asyncpg import Record

from bots.messages.fitted import FittedMessage, load
from bots.messages.inbound import (
    ActionChosen,
    InboundEvent,
    LocationShared,
    MediaKind,
    MediaReceived,
    Sender,
    TextReceived,
    UnsupportedReceived,
)
from bots.turns import inbox, pending
from bots.turns.desk import Door, TurnDesk
from bots.turns.shelves import Shelves
from catalog.images.store import MediaStore
from catalog.kernel.ids import new_id
from catalog.kernel.unit_of_work import UnitOfWork, Units


@dataclass(slots=True)
class Phone:
    """One person on one channel."""

    units: Units
    shop_id: UUID
    desk: TurnDesk
    door: Door
    clock: Any
    address: str = "491700000001"
    locale: str | None = None
    _seen: set[int] = field(default_factory=set)
    _count: int = 0
    offers: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    async def say(self, text: str) -> list[str]:
        """Write words; the words of every bubble that came back."""
        return await self.send(TextReceived(**self.stamp(), text=text))

    async def tap(self, title: str) -> list[str]:
        """Tap what was offered under this title; where a channel shows no buttons, type it."""
        if title not in self.offers:
            return await self.say(title)
        return await self.send(ActionChosen(**self.stamp(), action_id=self.offers[title], title=title))

    async def quote(self, shown: str, text: str) -> list[str]:
        """Answer to the last message of the shop that shows these words."""
        async with self.units(self.shop_id) as uow:
            provider_id = await uow.fetchval(
                "UPDATE outbound_message SET provider_id = 'sent-' || seq WHERE id = (SELECT id FROM outbound_message"
                " WHERE shop_id = $1 AND strpos(text || body::text, $2) > 0 ORDER BY seq DESC LIMIT 1)"
                " RETURNING provider_id",
                uow.shop_id, shown,
            )  # fmt: skip
        assert provider_id is not None
        return await self.send(TextReceived(**self.stamp(), text=text, reply_to=provider_id))

    async def give(self, what: str, *, caption: str = "") -> list[str]:
        """Send a photo, voice note, video, sticker, location, or something the provider cannot pass on."""
        if what == "location":
            return await self.send(LocationShared(**self.stamp(), latitude=52.5, longitude=13.4))
        kinds = {
            "photo": MediaKind.IMAGE, "voice": MediaKind.AUDIO, "video": MediaKind.VIDEO, "sticker": MediaKind.STICKER,
        }  # fmt: skip
        if what not in kinds:
            return await self.send(UnsupportedReceived(**self.stamp(), what=what))
        return await self.send(MediaReceived(**self.stamp(), kind=kinds[what], media_id="media-1", caption=caption))

    async def burst(self, texts: Sequence[str]) -> list[str]:
        """Several messages before the first is looked at, as providers batch them."""
        await inbox.receive(self.desk, self.door, [TextReceived(**self.stamp(), text=text) for text in texts])
        self.clock.advance(seconds=2)
        return await self.wait()

    async def conversation(self, uow: UnitOfWork) -> Record:
        """The conversation's row."""
        row = await uow.fetchrow(
            "SELECT * FROM conversation WHERE account_id = $1 AND address = $2 AND shop_id = $3",
            self.door.account_id, self.address, uow.shop_id,
        )  # fmt: skip
        assert row is not None
        return row

    async def send(self, event: InboundEvent) -> list[str]:
        """Hand an event in; the words of every bubble that came back."""
        await inbox.receive(self.desk, self.door, [event])
        return await self.read()

    async def wait(self) -> list[str]:
        """Let the worker look at open turns."""
        await pending.step(self.desk)
        return await self.read()

    async def read(self) -> list[str]:
        """Bubbles since the last look."""
        async with self.units(self.shop_id) as uow:
            rows = await uow.fetch(
                "SELECT m.seq, m.body, m.text FROM outbound_message m JOIN conversation c ON c.id = m.conversation_id"
                " WHERE m.shop_id = $1 AND c.account_id = $2 AND c.address = $3 AND m.seq <> ALL($4)"
                " AND m.not_before < 'infinity' ORDER BY m.seq",
                self.shop_id, self.door.account_id, self.address, self._seen,
            )  # fmt: skip
        if rows:
            self._seen |= {row["seq"] for row in rows}
            self.offers, self.links = {}, []
        for row in rows:
            self._learn(load(row["body"]))
        return [row["text"] for row in rows]

    def _learn(self, message: FittedMessage) -> None:
        body = cast("dict[str, Any]", msgspec.json.decode(msgspec.json.encode(message)))
        self._walk(body.get("body", body))

    def _walk(self, value: object) -> None:
        if isinstance(value, dict):
            if "id" in value and "title" in value:
                self.offers.setdefault(value["title"], value["id"])
            if value.get("url"):
                self.links.append(value["url"])
            for part in value.values():
                self._walk(part)
        elif isinstance(value, list):
            for part in value:
                self._walk(part)

    def stamp(self) -> dict[str, Any]:
        """What every event of this person has: a fresh key, the time, who they are."""
        self._count += 1
        key = f"{self.address}:{self._count}"
        return {
            "dedupe_key": key, "at": self.clock.now, "provider_id": key,
            "sender": Sender(address=self.address, name="Jana", locale=self.locale),
        }  # fmt: skip


async def open_account(units: Units, shop_id: UUID, kind: str) -> Door:
    """A channel account without credentials: nothing is sent through it."""
    account_id = new_id()
    async with units(shop_id) as uow:
        await uow.execute(
            "INSERT INTO channel_account (id, shop_id, kind, name, credentials, sealed, provider_account, state,"
            " detail, revision, created_at) VALUES ($1, $2, $3, $3, '{}', ''::bytea, $4, 'connected', '', 1, $5)",
            account_id, shop_id, kind, str(account_id), uow.now,
        )  # fmt: skip
    return Door(account_id=account_id, shop_id=shop_id, kind=kind)


def desk_for(units: Units) -> TurnDesk:
    """What a turn needs, with pictures in memory."""
    return TurnDesk(
        units=units, channels=cast("Any", None), store=MediaStore.open("memory://"), public_url="https://shop.test",
        shelves=Shelves(units),
    )  # fmt: skip
