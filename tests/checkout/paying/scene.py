"""A shop with goods, a shopper with a cart and a link, and Stripe's double behind the real client."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import msgspec

from catalog.kernel import outbox
from catalog.kernel.outbox import Subscriptions
from catalog.kernel.unit_of_work import Units
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.inventory import service as inventory
from checkout.orders import service as orders
from checkout.orders.models import Order
from checkout.paying import hearing, opening, reactions, tasks
from checkout.paying.desk import PaymentsDesk
from checkout.paying.opening import Problem, RedirectTo
from checkout.payments import links, refunds, service
from checkout.payments.refunds import RefundView
from checkout.payments.service import PaymentView
from checkout.payments.stripe import StripeGateways
from storefront.bootstrap import House, subscriptions
from storefront.lab.stripe_double import StripeDouble, sessions
from storefront.lab.stripe_double.delivery import compose
from tests.checkout.factories import TEE, make_customer, make_variant
from tests.checkout.payments.factories import VAULT, make_account
from tests.checkout.payments.wiring import WEBHOOK_SECRET, Wired, wired
from tests.conftest import FrozenClock

ADDRESS = {
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "street": "Lindenstraße 5",
    "postal_code": "10969",
    "city": "Berlin",
    "country": "DE",
}


@dataclass
class Scene:
    """What a test moves about in."""

    units: Units
    clock: FrozenClock
    shop_id: UUID
    wired: Wired
    desk: PaymentsDesk
    account_id: UUID
    customer_id: UUID

    @property
    def double(self) -> StripeDouble:
        """The provider."""
        return self.wired.double

    async def fill_cart(self, quantity: int = 2) -> str:
        """Put tees into the cart; the code of its link."""
        async with self.units(self.shop_id) as uow:
            change = await carts.apply(uow, self.customer_id, [Add(TEE, quantity)], "de")
            assert not change.refused
            assert change.cart.id is not None
            return await links.link_for(
                uow,
                cart_id=change.cart.id,
                cart_version=change.cart.version,
                customer_id=self.customer_id,
                conversation_id=None,
                locale="de",
            )

    async def press(self, code: str, **form: str) -> RedirectTo | Problem:
        """The binding button."""
        return await opening.pay(self.desk, self.shop_id, code, ADDRESS | form)

    async def to_the_page(self, quantity: int = 2) -> RedirectTo:
        """From an empty cart to the provider's page."""
        result = await self.press(await self.fill_cart(quantity))
        assert isinstance(result, RedirectTo)
        return result

    def shopper_pays(self, session_id: str | None = None, method: str = "card") -> str:
        """On the provider's page; the newest page unless told otherwise."""
        chosen = session_id or list(self.double.objects["checkout.session"])[-1]
        return sessions.pay(self.double, chosen, method=method, email=None, name=None)

    async def buys(self) -> None:
        """The order is placed, paid and told of."""
        await self.to_the_page()
        self.shopper_pays()
        await self.webhooks()

    async def calls_off(self, by: str) -> None:
        """The newest order is cancelled."""
        async with self.units(self.shop_id) as uow:
            await orders.cancel(uow, (await orders.page(uow)).items[0].id, by)

    async def lose_goods_to_others(self) -> None:
        """The order runs out, and while its payment is on its way the shelf is emptied."""
        async with self.units(self.shop_id) as uow:
            await orders.expire(uow, (await orders.page(uow)).items[0].id)
            await uow.execute("UPDATE reservation SET state = 'released' WHERE shop_id = $1", self.shop_id)
            await inventory.set_on_hand(uow, TEE, 0)

    async def webhooks(self, *, copies: int = 1, shuffle: random.Random | None = None, only: str = "") -> None:
        """Deliver what the provider has queued."""
        queue = [entry for entry in self.double.deliveries for _ in range(copies)]
        self.double.deliveries.clear()
        if shuffle is not None:
            shuffle.shuffle(queue)
        for entry in queue:
            if only in self.double.objects["event"][entry["event"]]["type"]:
                await self.webhook(entry)

    async def webhook(self, entry: dict[str, Any]) -> None:
        """Deliver one of them."""
        webhook = compose(self.double, entry)
        await hearing.handle_webhook(
            self.desk, self.account_id, webhook.body, webhook.headers["Stripe-Signature"], datetime.now(UTC)
        )

    async def events_and_jobs(self) -> list[str]:
        """Let the house run: reactions to events and jobs, until nothing waits; the names of the jobs."""
        ran: list[str] = []
        while True:
            handled = await self._events()
            jobs = await self._jobs()
            ran += jobs
            if not handled and not jobs:
                return ran

    async def order(self) -> Order:
        """The newest order."""
        return (await self.orders())[-1]

    async def orders(self) -> Sequence[Order]:
        """Every order, oldest first."""
        async with self.units(self.shop_id) as uow:
            return list((await orders.page(uow)).items)[::-1]

    async def payments(self) -> Sequence[PaymentView]:
        """The attempts of all orders, oldest first."""
        async with self.units(self.shop_id) as uow:
            ids = [order.id for order in (await orders.page(uow)).items]
            found = await service.payments_by_order(uow, ids)
        return sorted((each for attempts in found.values() for each in attempts), key=lambda each: each.id)

    async def refunds(self) -> Sequence[RefundView]:
        """The refunds of all orders, oldest first."""
        async with self.units(self.shop_id) as uow:
            ids = [order.id for order in (await orders.page(uow)).items]
            found = await refunds.refunds_by_order(uow, ids)
        return sorted((each for many in found.values() for each in many), key=lambda each: each.id)

    async def told(self) -> list[str]:
        """The names of all events that were announced, in order."""
        async with self.units(self.shop_id) as uow:
            rows = await uow.fetch("SELECT name FROM domain_event WHERE shop_id = $1 ORDER BY id", self.shop_id)
        return [row["name"] for row in rows]

    async def _events(self) -> int:
        async with self.units(None) as uow:
            claimed = await outbox.claim(uow)
        for each in claimed:
            for handler in _handlers()[type(each.event)]:
                async with self.units(self.shop_id) as uow:
                    await handler(uow, each.event)
            async with self.units(self.shop_id) as uow:
                await outbox.finish(uow, each)
        return len(claimed)

    async def _jobs(self) -> list[str]:
        async with self.units(None) as uow:
            rows = await uow.fetch("DELETE FROM procrastinate_jobs RETURNING task_name, args::text AS args")
        for row in rows:
            await tasks.TASKS[row["task_name"]](self.desk, **msgspec.json.decode(row["args"]))
        return [row["task_name"] for row in rows]


@asynccontextmanager
async def open_scene(units: Units, clock: FrozenClock, shop_id: UUID, *, stock: int = 20) -> AsyncIterator[Scene]:
    """The scene, with tees on the shelf and a shopper who has said nothing yet."""
    double = StripeDouble(base_url="https://pay.example", now=lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock moves
    double.configure_webhook("https://shop.example/webhooks/stripe/1", WEBHOOK_SECRET)
    async with wired(double) as made:
        gateways = StripeGateways(VAULT)
        gateways._http = made.http
        async with units(shop_id) as uow:
            await make_variant(uow, stock=stock)
            customer_id = await make_customer(uow)
            account_id = await make_account(uow)
        desk = PaymentsDesk(units=units, gateways=gateways, public_url="https://shop.example")
        yield Scene(units, clock, shop_id, made, desk, account_id, customer_id)


@cache
def _handlers() -> Subscriptions:
    """Of those who hear events in a whole house, paying itself."""
    house = SimpleNamespace(settings=SimpleNamespace(public_url="https://shop.example"), mailer=None)
    return {
        event: [handler for handler in handlers if handler.__module__ == reactions.__name__]
        for event, handlers in subscriptions(cast("House", house)).items()
    }
