"""Declarations by the online function: kept as they came, and answered by letter within measure."""

from uuid import uuid4

import pytest

from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.returns import withdrawals
from tests.checkout.factories import make_order, make_variant
from tests.conftest import FrozenClock

GIVEN = {"number": "L-1001", "name": "Jana Muster", "email": "jana@example.org"}


async def test_a_declaration_is_kept_as_it_came(uow: UnitOfWork, shop: object) -> None:
    made = await withdrawals.declare(uow, **GIVEN | {"email": " Jana@Example.org "}, what="der Gürtel")
    assert (made.order_id, made.email, made.what) == (None, "Jana@Example.org", "der Gürtel")
    assert await withdrawals.get(uow, made.id) == made
    with pytest.raises(NotFound):
        await withdrawals.get(uow, uuid4())


@pytest.mark.parametrize(
    "email", ["", "jana", "jana@nowhere", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.ex"]
)
async def test_an_address_that_no_letter_could_reach_is_asked_for_again(
    uow: UnitOfWork, shop: object, email: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await withdrawals.declare(uow, **GIVEN | {"email": email})
    assert caught.value.pointer == "/email"


async def test_nobody_fills_a_strangers_mailbox_by_the_form(uow: UnitOfWork, shop: object, clock: FrozenClock) -> None:
    async def mailed(**changes: str) -> bool:
        return await withdrawals.may_be_mailed(uow, await withdrawals.declare(uow, **GIVEN | changes))

    assert [await mailed() for _ in range(4)] == [True, True, True, False]
    assert not await mailed(email="JANA@example.org")
    assert await mailed(email="other@example.org")
    await uow.execute("UPDATE withdrawal SET declared_at = declared_at - interval '25 hours' WHERE shop_id = $1",
                      uow.shop_id)  # fmt: skip
    assert await mailed()


async def test_a_flood_of_foreign_addresses_ends_but_not_for_who_has_an_order(uow: UnitOfWork, shop: object) -> None:
    await make_variant(uow)
    order = await make_order(uow)
    foreign = [await withdrawals.declare(uow, **GIVEN | {"email": f"p{index}@example.org"}) for index in range(51)]
    assert not await withdrawals.may_be_mailed(uow, foreign[-1])
    own = await withdrawals.declare(uow, number=order.number.lower(), name="Ada", email="ADA@example.org")
    assert own.order_id == order.id
    assert await withdrawals.may_be_mailed(uow, own)
