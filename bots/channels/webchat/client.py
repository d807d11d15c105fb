"""The web chat's "provider": our own tables. Sending stores an event and wakes the open pages; no HTTP is involved."""

from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError

from bots.channels.base import Account, FailureKind, Media, Rejected, Sent, Unreachable, WireCall
from bots.channels.webchat import threads
from bots.channels.webchat.outbound import EVENTS, TYPING
from bots.channels.webchat.threads import Entry
from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from catalog.images.store import MediaStore
from catalog.kernel.db import AWAY
from catalog.kernel.errors import Misconfigured
from catalog.kernel.unit_of_work import UnitOfWork, Units


class WebchatClient:
    """Does the calls of one account, each in a transaction of its own."""

    def __init__(self, account: Account, units: Units | None, media: MediaStore | None) -> None:
        self._account_id = UUID(account.id)
        self._shop_id = UUID(account.shop_id)
        self._given_units = units
        self._given_media = media

    @property
    def _units(self) -> Units:
        if self._given_units is None:
            raise Misconfigured("this web chat was built without a database: give registry.build its units")
        return self._given_units

    @property
    def _media(self) -> MediaStore:
        if self._given_media is None:
            raise Misconfigured("this web chat was built without a media store: give registry.build its media")
        return self._given_media

    async def call(self, call: WireCall) -> Sent:
        """Store an event, or show that we are writing. Raises Unreachable while the database is away."""
        body = dict(call.json or {})
        try:
            async with self._units(self._shop_id) as uow:
                if call.path == TYPING:
                    await threads.show_typing(uow, self._account_id, str(body["address"]))
                    return Sent(provider_id="")
                if call.path == EVENTS:
                    return Sent(provider_id=str(await self._store(uow, body)))
        except UniqueViolationError:  # the same message, sent by another process at the same moment
            return await self._sent_before(str(body["message_id"]))
        except AWAY as error:
            raise Unreachable("the database does not answer", may_have_arrived=False) from error
        raise Rejected(f"the web chat has no call {call.path!r}", kind=FailureKind.BUG, provider_code="path")

    async def fetch(self, media_id: str) -> Media:
        """A picture that a shopper uploaded, as it was cleaned and stored. Raises Rejected."""
        try:
            async with self._units(self._shop_id) as uow:
                upload = await images.get_sent(uow, UUID(media_id))
            body = await images.original(self._media.received, upload.image.image_id)
        except (ValueError, UnknownPicture) as error:
            raise Rejected("there is no such upload", kind=FailureKind.STALE, provider_code="unknown_upload") from error
        return Media(body=body, mime=upload.image.mime, name=upload.filename)

    async def _store(self, uow: UnitOfWork, call: dict[str, Any]) -> UUID:
        message_id = str(call["message_id"])
        known = await threads.find_sent(uow, self._account_id, message_id)
        if known is not None:
            return known
        entry = Entry(kind="message", author=str(call["author"]), body=call["body"], message_id=message_id)
        event_id, _ = await threads.append(uow, self._account_id, str(call["address"]), entry)
        return event_id

    async def _sent_before(self, message_id: str) -> Sent:
        async with self._units(self._shop_id) as uow:
            known = await threads.find_sent(uow, self._account_id, message_id)
        return Sent(provider_id=str(known or ""))
