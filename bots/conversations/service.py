"""Conversations as the desk and the API see them: lists, messages both ways, a person's words, taking over."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from bots.channels.registry import CHANNELS
from bots.conversations import alternatives, cards, lanes
from bots.delivery import outbox
from bots.delivery.outbox import Posting
from bots.messages import templates
from bots.messages.outbound import Text
from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.pages import Page, cut, read_cursor
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles

_MOST_TEXT = 4000


def _shown(conversations: str) -> str:
    """A statement that shows some conversations, with whom they are and what was said last.

    That is the answer, where question and answer came in the same instant.
    """
    return f"""
        SELECT c.id, c.account_id, c.kind, c.address, c.customer_id, c.locale, c.held_by, c.needs_person, c.blocked,
               c.last_inbound_at, c.updated_at, c.created_at, cu.name,
               said.text AS said, said.author AS said_by, said.kind AS said_kind, said.at AS said_at
        FROM ({conversations}) c
        LEFT JOIN customer cu ON cu.id = c.customer_id AND cu.shop_id = $1
        LEFT JOIN LATERAL (
          SELECT * FROM (
            (SELECT text, 'shopper' AS author, kind, received_at AS at FROM inbound_message
             WHERE conversation_id = c.id AND shop_id IS NOT DISTINCT FROM $1 ORDER BY seq DESC LIMIT 1)
            UNION ALL
            (SELECT text, author, NULL, at FROM outbound_message
             WHERE conversation_id = c.id AND shop_id IS NOT DISTINCT FROM $1 ORDER BY seq DESC LIMIT 1)
          ) either ORDER BY at DESC, author = 'shopper' LIMIT 1
        ) said ON true
        ORDER BY c.updated_at DESC, c.id DESC
    """  # noqa: S608 - constants


_ONE = _shown("SELECT * FROM conversation WHERE shop_id = $1 AND id = $2")
_PAGE = _shown(
    "SELECT * FROM conversation WHERE shop_id = $1 AND ($2::timestamptz IS NULL OR (updated_at, id) < ($2, $3::uuid))"
    " AND ($4::bool IS NULL OR (needs_person IS NOT NULL) = $4) ORDER BY updated_at DESC, id DESC LIMIT $5"
)


async def page(
    uow: UnitOfWork, *, cursor: str | None = None, limit: int = 50, needs_person: bool | None = None
) -> Page[dict[str, Any]]:
    """Conversations, latest news first. Raises Invalid for a cursor that this list did not give out."""
    before, before_id = read_cursor(cursor, tuple[datetime, UUID]) or (None, None)
    rows = await uow.fetch(_PAGE, uow.shop_id, before, before_id, needs_person, limit + 1)
    found = cut(rows, limit, key=lambda row: (row["updated_at"], row["id"]))
    return Page(tuple(_present(row) for row in found.items), found.next_cursor)


async def get(uow: UnitOfWork, conversation_id: UUID) -> dict[str, Any]:
    """One conversation. Raises NotFound."""
    row = await uow.fetchrow(_ONE, uow.shop_id, conversation_id)
    if row is None:
        raise NotFound(f"there is no conversation {conversation_id}", conversation_id=str(conversation_id))
    return _present(row)


_MESSAGES = """
SELECT * FROM (
  SELECT id, 'inbound' AS direction, provider_id, text, at, received_at AS stored_at, seq, kind,
         outcome_detail AS outcome, NULL AS state, NULL AS reason, NULL AS provider_code,
         NULL::timestamptz AS next_try_at, 'shopper' AS author,
         NULL::jsonb AS body, NULL::jsonb AS plan,
         CASE WHEN kind = 'MediaReceived' THEN (
           SELECT image_id FROM received_picture p WHERE p.conversation_id = $1 AND p.media_id = body->>'media_id'
         ) END AS image_id
  FROM inbound_message WHERE conversation_id = $1 AND shop_id = $2
  UNION ALL
  SELECT id, 'outbound', provider_id, text, at, at, seq, NULL, NULL, state, reason, provider_code,
         CASE WHEN state = 'queued' AND not_before < 'infinity' THEN not_before END, author, body, plan, NULL
  FROM outbound_message WHERE conversation_id = $1 AND shop_id = $2
) m WHERE ($3::timestamptz IS NULL OR (stored_at, direction, seq) > ($3, $4::text, $5::bigint))
ORDER BY stored_at, direction, seq LIMIT $6
"""


async def messages(
    uow: UnitOfWork, conversation_id: UUID, *, cursor: str | None = None, limit: int = 200
) -> Page[dict[str, Any]]:
    """Messages of a conversation in the order they happened. Raises NotFound, Invalid for a foreign cursor.

    Those that this thread could not bring say what else reaches the person, as it is now.
    """
    conversation = await get(uow, conversation_id)
    at, direction, seq = read_cursor(cursor, tuple[datetime, str, int]) or (None, None, None)
    rows = await uow.fetch(_MESSAGES, conversation_id, uow.shop_id, at, direction, seq, limit + 1)
    found = cut(rows, limit, key=lambda row: (row["stored_at"], row["direction"], row["seq"]))
    shown = tuple(_message(row) for row in found.items)
    shut_out = [one["delivery"] for one in shown if one.get("delivery", {}).get("reason") in alternatives.SHUT]
    if shut_out:
        instead = await alternatives.find(uow, conversation_id, UUID(conversation["contact_id"]))
        for delivery in shut_out:
            delivery["instead"] = instead
    return Page(shown, found.next_cursor)


async def say(uow: UnitOfWork, conversation_id: UUID, text: str) -> dict[str, Any]:
    """A person of the team writes; the lane is theirs from now on. Raises NotFound, Invalid.

    After the reply window the words wait, and a template tells the shopper that they do.
    """
    words = text.strip()
    if not words or len(words) > _MOST_TEXT:
        raise Invalid(f"a message has 1 to {_MOST_TEXT} characters", pointer="/text", length=len(words))
    thread = await lanes.take(uow, conversation_id)
    cause = f"staff:{new_id()}"
    shop = await profiles.at_revision(uow, thread.revision, thread.catalog_revision)
    await outbox.post_or_keep(
        uow, thread, [Text(text=words)], CHANNELS[thread.kind].capabilities,
        Posting(
            author="staff", cause=cause,
            template=templates.use("reply_waiting", shop.locale(thread.locale), shop=shop.name),
        ),
    )  # fmt: skip
    row = await uow.fetchrow(
        "SELECT id, 'outbound' AS direction, provider_id, text, at, state, reason, provider_code,"
        " CASE WHEN not_before < 'infinity' THEN not_before END AS next_try_at,"
        " author, plan, body, NULL AS kind, NULL AS outcome FROM outbound_message"
        " WHERE conversation_id = $1 AND shop_id = $2 AND cause = $3",
        conversation_id, uow.shop_id, f"{cause}#0",
    )  # fmt: skip
    if row is None:
        raise NotFound("the message was not stored", conversation_id=str(conversation_id))
    return _message(row)


def _present(row: Record) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "channel_id": str(row["account_id"]),
        "kind": row["kind"],
        "address": row["address"],
        "contact_id": str(row["customer_id"]),
        "name": row["name"],
        "locale": row["locale"],
        "held_by": row["held_by"],
        "needs_person": row["needs_person"],
        "blocked": row["blocked"] is not None,
        "last_message": _last(row),
        "last_inbound_at": row["last_inbound_at"],
        "updated_at": row["updated_at"],
        "created_at": row["created_at"],
    }


def _last(row: Record) -> dict[str, Any] | None:
    if row["said_at"] is None:
        return None
    return {"author": row["said_by"], "text": row["said"], "kind": row["said_kind"], "at": row["said_at"]}


def _message(row: Record) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": str(row["id"]),
        "direction": row["direction"],
        "provider_id": row["provider_id"],
        "text": row["text"],
        "at": row["at"],
        "author": row["author"],
    }
    if row["direction"] == "inbound":
        shown["kind"] = row["kind"]
        shown["outcome"] = msgspec.json.decode(row["outcome"]) if row["outcome"] else None
        shown["picture"] = {"image_id": row["image_id"], "alt": row["text"]} if row["image_id"] else None
        return shown
    delivery = {"state": row["state"], "reason": row["reason"], "provider_code": row["provider_code"]}
    if row["state"] == "queued":
        delivery["next_try_at"] = row["next_try_at"]
    shown["delivery"] = {**{key: value for key, value in delivery.items() if value is not None},
                         "provider_id": row["provider_id"]}  # fmt: skip
    shown["plan"] = msgspec.json.decode(row["plan"])
    return shown | cards.shown(row["body"])
