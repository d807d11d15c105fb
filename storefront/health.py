"""For operations: is it alive, may it get traffic, what has it done."""

import asyncio
from datetime import timedelta

from asyncpg import InterfaceError, PostgresError
from litestar import Request, Response, get
from litestar.datastructures import State
from sqlalchemy.exc import DBAPIError

from storefront import metrics
from storefront.bootstrap import House

_PATIENCE_S = 2.0

_GAUGES = """
/* all shops */ SELECT
  (SELECT count(*) FROM outbound_message WHERE state IN ('queued', 'sending') AND not_before < 'infinity')
    AS outbox_waiting,
  (SELECT count(*) FROM inbound_message WHERE outcome IS NULL) AS inbound_open,
  (SELECT count(*) FROM domain_event WHERE finished_at IS NULL) AS events_waiting,
  lost.*
FROM (
  SELECT count(*) FILTER (WHERE state = 'failed') AS outbox_failed_last_hour,
         count(*) FILTER (WHERE state = 'refused') AS outbox_refused_last_hour,
         count(*) FILTER (WHERE state = 'uncertain') AS outbox_uncertain_last_hour
  FROM outbound_message WHERE state IN ('failed', 'refused', 'uncertain') AND settled_at > $1
) lost
"""


@get("/health/live", include_in_schema=False, sync_to_thread=False)
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@get("/health/ready", include_in_schema=False)
async def ready(request: Request[object, object, State]) -> Response[dict[str, str]]:
    """The database answers too: send traffic here."""
    house: House = request.app.state.house
    try:
        async with asyncio.timeout(_PATIENCE_S), house.units(None) as uow:
            await uow.fetchval("SELECT 1")
    except (TimeoutError, OSError, PostgresError, InterfaceError, DBAPIError) as error:
        return Response({"status": "waiting", "for": "database", "error": type(error).__name__}, status_code=503)
    return Response({"status": "ready"})


@get("/metrics", include_in_schema=False, media_type="text/plain; version=0.0.4")
async def metrics_page(request: Request[object, object, State]) -> str:
    """This process' counters, the install's backlogs, and what of its messages did not arrive."""
    house: House = request.app.state.house
    async with house.units(None) as uow:
        row = await uow.fetchrow(_GAUGES, uow.now - timedelta(hours=1))
    return metrics.expose({name: float(value) for name, value in (dict(row) if row else {}).items()})
