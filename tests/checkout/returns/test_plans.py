"""What is asked every hour, or by anybody, does not read all orders of a shop."""

from catalog.kernel.unit_of_work import UnitOfWork
from checkout.returns import repository, withdrawals


async def _plan(uow: UnitOfWork, statement: str, *args: object) -> str:
    await uow.execute("SET LOCAL enable_seqscan = off")  # a young table is read as a whole
    return "\n".join(row[0] for row in await uow.fetch(f"EXPLAIN {statement}", uow.shop_id, *args))


async def test_orders_left_in_peace_are_found_by_their_day(uow: UnitOfWork) -> None:
    plan = await _plan(uow, repository.LEFT_IN_PEACE, uow.now, ["closed"], 100)
    assert "ix_shop_order_fulfilled" in plan


async def test_the_order_of_a_withdrawal_is_found_by_its_number(uow: UnitOfWork) -> None:
    plan = await _plan(uow, withdrawals.ORDER_MEANT, "k-1001", "ada@example.org")
    assert "ix_shop_order_number_in_capitals" in plan
