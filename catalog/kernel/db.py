"""The engine, the metadata and the column kinds every model shares."""

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Self, cast
from uuid import UUID

import msgspec
from asyncpg import Connection as Driver
from asyncpg import InterfaceError, PostgresConnectionError
from asyncpg.exceptions import OperatorInterventionError
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    Text,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.pool import PoolProxiedConnection

from catalog.kernel.pool import FairPool, demand_greenlet

# What a database says that does not answer, is being stopped or still starts: the same may be tried again in a moment.
AWAY = (OSError, InterfaceError, PostgresConnectionError, OperatorInterventionError)

# Constraint names are the same wherever the schema is made, so that migrations can name them.
_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Json(TypeDecorator[Any]):
    """A JSON column of the ORM. The driver hands JSON over as text: the turn path decodes only what it needs."""

    impl = JSONB
    cache_ok = True

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 - SQLAlchemy's form
        """The decoded value."""
        return msgspec.json.decode(value) if isinstance(value, str) else value


class Base(DeclarativeBase):
    """Base of every mapped row. Relationships are declared `lazy="raise"`: nothing loads behind our back."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration form
        datetime: DateTime(timezone=True),
        dict[str, Any]: Json,
        list[Any]: Json,
        str: Text,
        int: BigInteger,
    }


Pk = Annotated[UUID, mapped_column(primary_key=True)]
ShopRef = Annotated[UUID, mapped_column(ForeignKey("shop.id", ondelete="CASCADE"))]
Currency = Annotated[str, mapped_column(String(3))]


def create_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine in driver autocommit: transactions are the unit of work's (unit_of_work.py), on the driver itself.

    `url` is a libpq URL (`postgresql://…`); a socket directory may stand in `?host=`.
    """
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        isolation_level="AUTOCOMMIT",
        poolclass=FairPool,
        pool_size=pool_size,
        pool_use_lifo=True,  # the few that are in use stay warm: each has plans and a cache of its own
        max_overflow=0,  # a connection beyond the pool would be opened and closed again for every transaction
        pool_reset_on_return=None,
        hide_parameters=True,  # an error's words go to logs, and parameters are what people wrote
        json_deserializer=str,
        connect_args={"statement_cache_size": 500, "server_settings": {"application_name": "storefront"}},
    )
    event.listen(engine.sync_engine, "do_connect", demand_greenlet)
    event.listen(engine.sync_engine, "connect", _leave_json)
    event.listen(engine.sync_engine, "checkout", _refuse_dead)
    return engine


class Lent:
    """A connection of the pool for one transaction: the driver's own, with SQLAlchemy's around it only when asked for.

    `engine.connect()` would build the latter every time, at the price of three statements of a turn.
    """

    def __init__(self, engine: AsyncEngine, pool: FairPool, pooled: PoolProxiedConnection) -> None:
        self._engine = engine
        self._pool = pool
        self._pooled = pooled
        self.driver = cast("Driver", pooled.driver_connection)

    @classmethod
    async def of(cls, engine: AsyncEngine) -> Self:
        """The next free connection; waits for one. Give it back, once, also when it was thrown away.

        A database that refuses it is told by the driver's own error, like everything else on this connection.
        """
        pool = cast("FairPool", engine.pool)
        try:
            return cls(engine, pool, await pool.lend())
        except engine.dialect.loaded_dbapi.Error as error:
            raise error.__cause__ or error from None

    @cached_property
    def connection(self) -> AsyncConnection:
        """The same connection for the ORM."""
        return AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._pooled))

    def give_back(self) -> None:
        """Let the next one have it."""
        self._pool.take_back(self._pooled)

    def throw_away(self) -> None:
        """Nobody may have it any more: close it at once, whatever it is doing."""
        self.driver.terminate()
        self._pooled.invalidate()


def _leave_json(adapted: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter
    """JSON is text for the driver, as it is without SQLAlchemy, whose own codec calls Python for every value."""
    adapted.run_async(lambda driver: driver.reset_type_codec("jsonb", schema="pg_catalog"))


def _refuse_dead(adapted: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter
    """A restarted database leaves dead connections in the pool: throw them all away and take a fresh one.

    Transactions run on the driver itself, so SQLAlchemy never sees the error that would tell it.
    """
    if adapted.driver_connection.is_closed():
        raise InvalidatePoolError("the database closed this connection")
