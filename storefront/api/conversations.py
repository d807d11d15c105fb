"""Conversations: read along, write as a person of the team, hand over, hand back."""

from typing import Annotated, Any, cast
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from bots.conversations import lanes, presence
from bots.conversations import service as conversations
from catalog.kernel.pages import Page
from catalog.kernel.unit_of_work import UnitOfWork
from storefront.api.answers.talk import Conversation, Messages, OutboundMessage
from storefront.api.http import ApiRequest, Cursor, Limit, house_of, photo_of, shop_of, unit
from storefront.api.idempotency import once

_SCOPE = "conversations"


class Words(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person of the team says."""

    text: str


@get("/conversations", summary="List conversations")
async def list_conversations(
    request: ApiRequest,
    cursor: Cursor = None,
    limit: Limit = 50,
    needs_person: Annotated[bool | None, QueryParameter(description="only those that wait for a person")] = None,
) -> Page[Conversation]:
    """Latest news first."""
    async with unit(request, _SCOPE) as uow:
        page = await conversations.page(uow, cursor=cursor, limit=limit, needs_person=needs_person)
    return cast("Page[Conversation]", page)


@get("/conversations/{conversation_id:uuid}", summary="Read a conversation")
async def read_conversation(request: ApiRequest, conversation_id: FromPath[UUID]) -> Conversation:
    """Who, where, and who holds the lane."""
    async with unit(request, _SCOPE) as uow:
        return cast("Conversation", await conversations.get(uow, conversation_id))


@get("/conversations/{conversation_id:uuid}/messages", summary="List messages")
async def list_messages(
    request: ApiRequest, conversation_id: FromPath[UUID], cursor: Cursor = None, limit: Limit = 200
) -> Messages:
    """Both ways, in order: inbound with their outcome, outbound with their delivery.

    `picture.url` shows the picture; what a shopper sends has one once it was fetched, good for ten minutes: read the
    messages again for another.
    """
    async with unit(request, _SCOPE) as uow:
        page = await conversations.messages(uow, conversation_id, cursor=cursor, limit=limit)
    for item in page.items:
        _address(request, item)
    return cast("Messages", {"items": page.items, "next_cursor": page.next_cursor})


@post("/conversations/{conversation_id:uuid}/messages", summary="Write as a person", status_code=201)
async def say(request: ApiRequest, conversation_id: FromPath[UUID], data: JSONBody[Words]) -> Response[OutboundMessage]:
    """Takes the lane by itself: what the bot had computed before does not leave any more."""

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        return 201, _address(request, await conversations.say(uow, conversation_id, data.text))

    return await once(request, shop_of(request, _SCOPE), work)


@post("/conversations/{conversation_id:uuid}/handover", summary="Take the lane", status_code=200)
async def handover(request: ApiRequest, conversation_id: FromPath[UUID]) -> Conversation:
    """A person holds the conversation; the bot is silent."""
    async with unit(request, _SCOPE) as uow:
        await lanes.take(uow, conversation_id)
        return cast("Conversation", await conversations.get(uow, conversation_id))


@post("/conversations/{conversation_id:uuid}/typing", summary="Show that a person writes", status_code=204)
async def typing(request: ApiRequest, conversation_id: FromPath[UUID]) -> None:
    """The shopper sees it for 20 seconds, or until the message is there.

    In the web chat, while a person holds the lane; elsewhere nothing happens.
    """
    async with unit(request, _SCOPE) as uow:
        await presence.show_typing(uow, conversation_id)


@post("/conversations/{conversation_id:uuid}/handback", summary="Give the lane back", status_code=200)
async def handback(request: ApiRequest, conversation_id: FromPath[UUID]) -> Conversation:
    """The bot answers again."""
    async with unit(request, _SCOPE) as uow:
        await lanes.give_back(uow, conversation_id)
        return cast("Conversation", await conversations.get(uow, conversation_id))


def _address(request: ApiRequest, message: dict[str, Any]) -> dict[str, Any]:
    """The message, its picture with an address."""
    if picture := message["picture"]:
        sent, image_id = message["direction"] == "inbound", picture["image_id"]
        picture["url"] = photo_of(request, image_id) if sent else house_of(request).media.url(image_id, "photo.jpg")
    return message


ROUTER = Router(
    path="/", tags=["Conversations"],
    route_handlers=[list_conversations, read_conversation, list_messages, say, handover, typing, handback],
)  # fmt: skip
