"""How PostgreSQL runs the statements of a turn: by indexes from the first message on, by plans that are kept."""

import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from bots.turns.desk import Door
from catalog.kernel import statistics
from catalog.kernel.db import create_engine
from catalog.kernel.unit_of_work import Units
from tests import database
from tests.bench import shop as bench
from tests.conftest import FrozenClock
from tests.scenarios.phone import Phone, desk_for

_GENERIC_PLANS = 160_000  # the first server version that explains a statement without its parameters
_PEOPLE, _TURNS = 30, 4
_TRIALS = 5  # calls for which PostgreSQL makes a plan each before it thinks of keeping one
_GROWING = {
    "conversation", "address_alias", "inbound_message", "outbound_message", "customer", "cart", "cart_line",
    "cart_version", "reservation", "variant", "product", "stock_level", "shop_order",
}  # fmt: skip
# Other people of the shop: carts of four lines each, and what they hold. The parameters: shop, instant, people.
_CROWD_SIZE = 2000
_CROWD = (
    """INSERT INTO customer (id, shop_id, name, locale, created_at)
       SELECT gen_random_uuid(), $1, 'Ada ' || n, 'de', $2 FROM generate_series(1, $3::int) n""",
    """INSERT INTO cart (id, shop_id, customer_id, state, version, currency, changed_at)
       SELECT gen_random_uuid(), $1, id, 'open', 1, 'EUR', $2 FROM customer WHERE shop_id = $1 LIMIT $3""",
    """INSERT INTO cart_line (id, shop_id, cart_id, position, variant_id, quantity, seen_minor)
       SELECT gen_random_uuid(), $1, cart.id, n, goods.id, 1, 1990
       FROM (SELECT id, row_number() OVER () AS place FROM cart WHERE shop_id = $1 AND changed_at = $2 LIMIT $3) cart
       CROSS JOIN generate_series(1, 4) n
       JOIN (SELECT id, row_number() OVER () AS place FROM variant WHERE shop_id = $1) goods
       ON goods.place = (cart.place * 4 + n) % 500 + 1""",
    """INSERT INTO reservation (id, shop_id, variant_id, cart_id, quantity, expires_at, state)
       SELECT gen_random_uuid(), $1, variant_id, cart_id, 1, $2::timestamptz + interval '45 minutes', 'held'
       FROM cart_line WHERE shop_id = $1 LIMIT $3 * 4""",
)


@dataclass(slots=True)
class Young:
    """A shop in a database that nobody has analysed, served through one connection."""

    dsn: str
    units: Units
    door: Door
    clock: FrozenClock
    people: int = 0

    async def talk(self, people: int, turns: int) -> None:
        """So many people say what they want, one after the other; each in a conversation of their own."""
        desk, said = desk_for(self.units), itertools.cycle(bench.said()[::7])
        for _ in range(people):
            self.people += 1
            phone = Phone(units=self.units, shop_id=self.door.shop_id, desk=desk, door=self.door, clock=self.clock,
                          address=f"49170{self.people:07}")  # fmt: skip
            for _ in range(turns):
                assert await phone.say(next(said))

    async def prepared(self) -> dict[str, tuple[int, int]]:
        """The connection's statements of turns: how often each was run by a kept plan, and by one made for the call."""
        async with self.units(None) as uow:
            rows = await uow.fetch(
                "SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements"
                " WHERE statement ~ '(conversation|cart)' AND generic_plans + custom_plans > $1",
                _PEOPLE * _TURNS // 2,
            )  # fmt: skip
        return {row["statement"]: (row["generic_plans"], row["custom_plans"]) for row in rows}


@pytest.fixture
async def young(server: str, clock: FrozenClock) -> AsyncIterator[Young]:
    name = f"storefront_young_{os.getpid()}"
    dsn = database.recreate(server, name)
    shop_id, account_id = await bench.build(dsn, "k" * 48)
    engine = create_engine(dsn, pool_size=1)
    door = Door(account_id=account_id, shop_id=shop_id, kind="whatsapp")
    yield Young(dsn, Units(engine, clock), door, clock)
    await engine.dispose()
    database.drop(server, name)


def _read_whole(plan: Any) -> set[str]:  # noqa: ANN401 - JSON
    """The tables that a plan reads from end to end."""
    if isinstance(plan, list):
        return set().union(*map(_read_whole, plan))
    if not isinstance(plan, dict):
        return set()
    own = {plan["Relation Name"]} if plan.get("Node Type") == "Seq Scan" else set()
    return own | _read_whole(list(plan.values()))


async def test_no_turn_reads_a_growing_table_whole_even_when_the_first_goods_have_just_been_imported(
    young: Young,
) -> None:
    await statistics.refresh(young.units)
    await young.talk(_PEOPLE, _TURNS)
    prepared = await young.prepared()
    with psycopg.connect(young.dsn) as connection:
        if connection.info.server_version < _GENERIC_PLANS:
            pytest.skip("this server explains no statement without its parameters")
        whole = {
            statement: found
            for statement in prepared
            for plan in connection.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {statement}".encode())
            if (found := _read_whole(plan[0]) & _GROWING)
        }
    assert len(prepared) >= 5
    assert whole == {}


async def test_turns_run_by_kept_plans_once_there_are_statistics(young: Young) -> None:
    async with young.units(young.door.shop_id) as uow:
        for statement in _CROWD:
            await uow.execute(statement, uow.shop_id, uow.now, _CROWD_SIZE)
        await uow.driver.execute("ANALYZE")
    await young.talk(_PEOPLE, _TURNS)
    made_for_the_call = {statement: made for statement, (_, made) in (await young.prepared()).items()}
    assert len(made_for_the_call) >= 5
    assert {statement: made for statement, made in made_for_the_call.items() if made > _TRIALS} == {}
