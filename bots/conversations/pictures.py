"""Pictures that people sent, kept for those who answer: in the thread on the desk, and with a return.

A message names its file by the channel's media id. What the web chat takes up is ours already; files of other channels
are fetched by a job (bots/turns/pictures.py).
"""

from collections.abc import Collection
from uuid import UUID

from bots.conversations.thread import Thread
from catalog.images import service as images
from catalog.images.errors import UnknownPicture
from catalog.images.service import Prepared, UploadView
from catalog.kernel.unit_of_work import UnitOfWork

_KEEP = """
INSERT INTO received_picture (conversation_id, media_id, shop_id, upload_id, image_id) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""
_STILL_SAID = """
SELECT EXISTS (SELECT FROM inbound_message WHERE account_id = $1 AND dedupe_key = $2 AND shop_id = $3
               AND body->>'media_id' = $4)
"""


async def keep_own(uow: UnitOfWork, thread: Thread, media_id: str) -> bool:
    """Keep what was uploaded to us; False for files of a provider."""
    if thread.kind != "webchat":
        return False
    try:
        await _keep(uow, thread, media_id, await images.get_sent(uow, UUID(media_id)))
    except (ValueError, UnknownPicture):
        return False
    return True


async def keep_fetched(uow: UnitOfWork, thread: Thread, media_id: str, prepared: Prepared, *, key: str) -> None:
    """Keep a provider's file; once, and not after its message (`key`) was forgotten. The conversation is locked."""
    if await find(uow, [media_id]):
        return
    if await uow.fetchval(_STILL_SAID, thread.account_id, key, uow.shop_id, media_id):
        await _keep(uow, thread, media_id, await images.add_upload(uow, prepared))
    else:
        await images.forget_prepared(uow, prepared)


async def find(uow: UnitOfWork, media_ids: Collection[str]) -> dict[str, str]:
    """The pictures (ids of images) that are kept of these files."""
    rows = await uow.fetch(
        "SELECT media_id, image_id FROM received_picture WHERE shop_id = $1 AND media_id = ANY($2::text[])",
        uow.shop_id, list(media_ids),
    )  # fmt: skip
    return {row["media_id"]: row["image_id"] for row in rows}


async def forget(uow: UnitOfWork, conversation_id: UUID) -> None:
    """Let go of a conversation's pictures, and of their files unless the shop shows them elsewhere."""
    rows = await uow.fetch(
        "DELETE FROM received_picture WHERE conversation_id = $1 AND shop_id = $2 RETURNING upload_id",
        conversation_id, uow.shop_id,
    )  # fmt: skip
    await images.forget_uploads(uow, [row["upload_id"] for row in rows])


async def _keep(uow: UnitOfWork, thread: Thread, media_id: str, upload: UploadView) -> None:
    await uow.execute(_KEEP, thread.id, media_id, uow.shop_id, upload.upload_id, upload.image.image_id)
