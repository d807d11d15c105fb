"""A shop's catalogue as a whole: its writers take turns, its rules bind every draft, its revision counts commits.

A writer locks the shop's row first, so that what was checked is still so when it is written, and `catalog_revision`
counts commits in their order.
"""

from catalog.kernel.errors import NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products.validation import Rules


async def lock_catalogue(uow: UnitOfWork) -> Rules:
    """Wait for this shop's other writers; what the shop demands of its drafts."""
    await uow.execute("SELECT 1 FROM shop WHERE id = $1 /* shop_id */ FOR NO KEY UPDATE", uow.shop_id)
    return await rules_of(uow)


async def rules_of(uow: UnitOfWork) -> Rules:
    """What the shop demands of its drafts."""
    row = await uow.fetchrow(
        "SELECT currency, default_locale, locales FROM shop WHERE id = $1 /* shop_id */", uow.shop_id
    )
    if row is None:
        raise NotFound("this shop does not exist any more", shop_id=str(uow.shop_id))
    locales = tuple(dict.fromkeys((row["default_locale"], *row["locales"])))
    return Rules(currency=row["currency"], default_locale=row["default_locale"], locales=locales)


async def bump(uow: UnitOfWork) -> int:
    """The catalogue changed: the new revision, in this same transaction."""
    revision: int = await uow.fetchval(
        "UPDATE shop SET catalog_revision = catalog_revision + 1"
        " WHERE id = $1 /* shop_id */ RETURNING catalog_revision",
        uow.shop_id,
    )
    return revision
