"""Webhooks: signed, tried again until they are answered, and lost, doubled or shuffled when a fault switch says so."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

import httpx
import msgspec

from catalog.kernel.secrets import Secret
from checkout.payments.stripe_signature import sign
from storefront.lab.stripe_double.answers import Json
from storefront.lab.stripe_double.double import StripeDouble
from storefront.lab.stripe_double.operations import tick

_OK = range(200, 300)
# Stripe goes on for three days; a lab has less patience. Seconds of the machine, by number of tries.
_WAITS_S = (1, 2, 5, 10, 30, 60, 300, 900, 3600)
_MOST_TRIES = 20
_GATHER_S = 0.4


@dataclass(frozen=True, slots=True)
class Webhook:
    """One delivery, ready for the wire."""

    url: str
    headers: dict[str, str]
    body: bytes


def compose(double: StripeDouble, entry: Json) -> Webhook:
    """The signed request of a queued delivery."""
    endpoint = double.objects["webhook_endpoint"][entry["endpoint"]]
    body = msgspec.json.encode(double.objects["event"][entry["event"]])
    header = sign(body, Secret(endpoint["secret"]), int(time.time()))
    return Webhook(endpoint["url"], {"Content-Type": "application/json", "Stripe-Signature": header}, body)


class Courier:
    """Delivers what the double has queued, in the background, until it is stopped."""

    def __init__(self, double: StripeDouble, client: httpx.AsyncClient) -> None:
        self._double = double
        self._client = client
        self._news = asyncio.Event()
        self._tried = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        double.on_event = self._news.set

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="stripe-double-courier")

    async def stop(self) -> None:
        """End; what was not delivered is kept for the next start."""
        self._double.on_event = lambda: None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._double.save()

    async def deliver_due(self) -> int:
        """Try everything that is due once; how many were answered well."""
        faults = self._double.faults
        due = [entry for entry in self._double.deliveries if entry["at"] <= time.time()]
        if faults.webhook_reorder:
            due.reverse()
        answered = 0
        for entry in due:
            if faults.take("webhook_drop_next"):
                self._double.deliveries.remove(entry)
                continue
            if await self._delivered(entry):
                answered += 1
                self._double.deliveries.remove(entry)
                self._double.objects["event"][entry["event"]]["pending_webhooks"] = 0
            elif entry["tries"] >= _MOST_TRIES:
                self._double.deliveries.remove(entry)
            else:
                wait = _WAITS_S[min(entry["tries"], len(_WAITS_S) - 1)]
                entry["tries"] += 1
                entry["at"] = time.time() + wait
        if due:
            self._tried.set()
            self._double.save()
        return answered

    async def settled(self, *, within_s: float) -> None:
        """Wait a moment for the queue to empty, as the hosted page waits before it sends the shopper back."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while any(entry["tries"] == 0 for entry in self._double.deliveries):
                    self._tried.clear()
                    await self._tried.wait()

    async def _delivered(self, entry: Json) -> bool:
        faults = self._double.faults
        if faults.webhook_drop_all:
            return False
        if faults.webhook_delay_ms:
            await asyncio.sleep(faults.webhook_delay_ms / 1000)
        webhook = compose(self._double, entry)
        well = True
        for _ in range(max(1, faults.webhook_copies)):
            try:
                response = await self._client.post(webhook.url, content=webhook.body, headers=webhook.headers)
            except httpx.HTTPError:
                return False
            well = well and response.status_code in _OK
        return well

    async def _run(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._news.wait()
            self._news.clear()
            if self._double.faults.webhook_reorder:
                await asyncio.sleep(_GATHER_S)
            tick(self._double)
            await self.deliver_due()
