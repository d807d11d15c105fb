"""The composition root: builds the collaborators of a process, and holds the one table of who hears which event."""

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from bots.channels.base import ChannelTools, MediaLinks
from bots.conversations import erasure
from bots.delivery.sender import Sender
from bots.dialogues.media import TAKE_PICTURE
from bots.notices import orders as order_notices
from bots.notices import parcels as parcel_notices
from bots.notices import returns as return_notices
from bots.replies.phrases import PHRASES
from bots.turns import pictures
from bots.turns.advice import Adviser
from bots.turns.desk import TurnDesk
from bots.turns.places import Places
from bots.turns.shelves import Shelves
from catalog.images import service as images
from catalog.images.fetch import PictureFetcher
from catalog.images.links import ReceivedLinks
from catalog.images.store import MediaStore
from catalog.kernel import chance
from catalog.kernel.clock import LabClock, SystemClock
from catalog.kernel.db import create_engine
from catalog.kernel.events import DomainEvent, known
from catalog.kernel.listen import Hints, Listener
from catalog.kernel.outbox import Handler, Subscriptions
from catalog.kernel.secrets import Vault
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.products import reindexing
from catalog.shops.service import list_shops
from checkout.carts import reactions as cart_reactions
from checkout.carts.events import CartSuperseded
from checkout.customers.events import CustomerErased, CustomersMerged, CustomersParted
from checkout.fulfilment.events import ParcelShipped
from checkout.inventory import service as inventory
from checkout.orders import reactions as order_reactions
from checkout.orders.events import (
    OrderCancelled,
    OrderExpired,
    OrderInException,
    OrderPaid,
    OrderPaymentPending,
    OrderRestCancelled,
)
from checkout.paying import reactions as paying
from checkout.paying import tasks as payment_tasks
from checkout.paying.desk import PaymentsDesk
from checkout.payments.events import (
    DisputeClosed,
    FraudWarned,
    PaymentDisputed,
    PaymentFailed,
    RefundFailed,
    RefundSucceeded,
)
from checkout.payments.stripe import StripeGateways
from checkout.returns import reactions as return_reactions
from checkout.returns import service as returns
from checkout.returns.events import ReturnApproved, ReturnReceived, ReturnRejected, WithdrawalDeclared
from storefront import endpoints, housekeeping
from storefront.config import Settings
from storefront.courtesy import Courtesy
from storefront.directory import Directory
from storefront.language_model import HttpModel
from storefront.mail import mailing
from storefront.mail.transport import Mailer, open_mailer
from storefront.outside import open_client, open_transport
from storefront.schedule import Repeated, Task
from storefront.web import trade_phrases

_log = logging.getLogger(__name__)


E = TypeVar("E", bound=DomainEvent)
E_contra = TypeVar("E_contra", bound=DomainEvent, contravariant=True)


class _TakesUrl(Protocol[E_contra]):
    """A handler that links to our own pages."""

    def __call__(self, uow: UnitOfWork, event: E_contra, /, *, public_url: str) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The collaborators of one process."""

    settings: Settings
    dsn: str
    engine: AsyncEngine
    units: Units
    vault: Vault
    store: MediaStore
    media: MediaLinks
    received: ReceivedLinks
    listener: Listener
    directory: Directory
    turns: TurnDesk
    sender: Sender
    payments: PaymentsDesk
    http: httpx.AsyncClient
    pictures: PictureFetcher
    courtesy: Courtesy
    mailer: Mailer | None  # None: the install sends no e-mail


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Build everything; close it on leaving. Opens no connection to the database before it is needed."""
    if settings.seed is not None:
        chance.seed(settings.seed)
    for phrases in (PHRASES, trade_phrases.PHRASES):  # what the worker says, too
        phrases.learn(settings.home / "phrases")
    async with AsyncExitStack() as stack:
        engine = create_engine(settings.dsn, pool_size=settings.pool_size)
        stack.push_async_callback(engine.dispose)
        hints = await stack.enter_async_context(Hints(engine))
        units = Units(engine, LabClock() if settings.lab else SystemClock(), hints.push)
        http = await stack.enter_async_context(open_client(allow_private=settings.lab))
        listener = await stack.enter_async_context(Listener(settings.dsn))
        vault = Vault(settings.secret_key)
        store = MediaStore.open(settings.media_url)
        media = MediaLinks(base=settings.media_base_url or settings.public_url)
        directory = Directory(
            units=units, vault=vault, tools=ChannelTools(http=http, units=units, media=store),
            public_url=settings.public_url, allow_private=settings.lab,
        )  # fmt: skip
        pictures = PictureFetcher(open_transport(allow_private=settings.lab), allow_private=settings.lab)
        stack.push_async_callback(pictures.close)
        payments = PaymentsDesk(
            units=units, gateways=StripeGateways(vault, functools.partial(open_client, allow_private=settings.lab)),
            public_url=settings.public_url, picture=_pictures(media),
        )  # fmt: skip
        stack.push_async_callback(payments.gateways.close)
        yield House(
            settings=settings, dsn=settings.dsn, engine=engine, units=units, vault=vault, store=store, media=media,
            received=ReceivedLinks(settings.secret_key, media.base), listener=listener, directory=directory,
            turns=TurnDesk(
                units=units, channels=directory, store=store, public_url=settings.public_url, shelves=Shelves(units),
                places=Places(settings.turns_at_once),
                adviser=Adviser(HttpModel(http, allow_private=settings.lab), vault),
            ),
            sender=Sender(units, directory, media), payments=payments, http=http,
            pictures=pictures,
            courtesy=Courtesy(),
            mailer=open_mailer(settings.mail_url, settings.mail_from),
        )  # fmt: skip


def _pictures(media: MediaLinks) -> Callable[[str], str | None]:
    """Addresses of pictures for a provider's own page, which fetches https only."""

    def address(image_id: str) -> str | None:
        return media.url(image_id, "card.jpg") if media.base.startswith("https://") else None

    return address


def subscriptions(house: House) -> Subscriptions:
    """Who hears which event. A handler may run twice, and is remembered by its name."""
    url = house.settings.public_url
    table = dict((
        _on(CartSuperseded, paying.supersede_order),
        _on(CustomersMerged, cart_reactions.on_customers_merged),
        _on(CustomersParted, cart_reactions.on_customers_parted),
        _on(CustomerErased, cart_reactions.on_customer_erased, order_reactions.on_customer_erased,
            return_reactions.on_customer_erased, erasure.on_customer_erased),
        _on(OrderPaid, _with_url(order_notices.thank, url), *_mailed(house, mailing.confirm)),
        _on(OrderPaymentPending, order_notices.tell_pending),
        _on(OrderCancelled, paying.refund_cancelled, order_notices.tell_cancelled),
        _on(OrderRestCancelled, order_notices.tell_rest_cancelled),
        _on(OrderExpired, paying.close_pages, order_notices.tell_expired),
        _on(OrderInException, order_notices.tell_exception),
        _on(PaymentFailed, order_notices.tell_failed),
        _on(RefundSucceeded, paying.end_refunded, return_reactions.on_refund_succeeded, order_notices.tell_refunded,
            *_mailed(house, mailing.tell_refunded)),
        _on(PaymentDisputed, paying.note_trouble),
        _on(DisputeClosed, paying.note_trouble),
        _on(FraudWarned, paying.note_trouble),
        _on(RefundFailed, order_notices.tell_refund_failed),
        _on(ParcelShipped, _with_url(parcel_notices.tell_shipped, url), *_mailed(house, mailing.tell_shipped)),
        _on(ReturnApproved, return_notices.tell_approved, *_mailed(house, mailing.tell_return_approved)),
        _on(ReturnRejected, return_notices.tell_rejected),
        _on(ReturnReceived, return_notices.tell_received, *_mailed(house, mailing.tell_return_received)),
        _on(WithdrawalDeclared, return_notices.flag_withdrawal, return_notices.acknowledge_withdrawal),
    ))  # fmt: skip
    return table | {event: (*table.get(event, ()), endpoints.fan_out) for event in known().values()}


def _on(
    event: type[E], *handlers: Callable[[UnitOfWork, E], Awaitable[None]]
) -> tuple[type[DomainEvent], tuple[Handler, ...]]:
    """Who hears an event. A handler of another one does not pass the type checker."""
    return event, cast("tuple[Handler, ...]", handlers)


def _mailed(
    house: House, handler: Callable[[UnitOfWork, E], Awaitable[None]]
) -> tuple[Callable[[UnitOfWork, E], Awaitable[None]], ...]:
    """A handler that writes letters, where the install sends any."""
    return (handler,) if house.mailer else ()


def _with_url(handler: _TakesUrl[E], url: str) -> Callable[[UnitOfWork, E], Awaitable[None]]:
    @functools.wraps(handler)
    async def run(uow: UnitOfWork, event: E) -> None:
        await handler(uow, event, public_url=url)

    return run


def _with_payments(task: Task) -> Task:
    @functools.wraps(task)
    async def run(house: House, **arguments: Any) -> None:  # noqa: ANN401 - JSON
        await task(house.payments, **arguments)

    return run


async def take_picture(house: House, **arguments: Any) -> None:  # noqa: ANN401 - JSON
    """Keep a shopper's picture, and answer it with goods that look like it."""
    await pictures.take(house.turns, **arguments)


async def forget_picture(house: House, *, image_id: str) -> None:
    """Delete the files of a picture that a person sent, unless a shop shows it."""
    await images.forget_files(house.units, house.store, image_id)


async def reindex(house: House, *, shop_id: str, category: str, after: str | None) -> None:
    """Give some products' words to search again; the rest follow."""
    async with house.units(UUID(shop_id)) as uow:
        await reindexing.step(uow, category=category, after=UUID(after) if after else None)


async def tidy(house: House) -> None:
    """Let go of holds long over, close orders whose days to return are past: in every shop, whatever befalls one."""
    async with house.units(None) as uow:
        shops = await list_shops(uow)
    for shop_id, _, _ in shops:
        try:
            async with house.units(shop_id) as uow:
                await inventory.tidy(uow)
                await returns.close_finished(uow)
        except Exception as error:  # noqa: BLE001 - the next hour tries again
            _log.exception("shop.not_tidied", extra={"fields": {"shop": shop_id, "error": type(error).__name__}})


async def review_templates(house: House) -> None:
    """Hand in missing templates and learn how reviews stand."""
    await house.directory.review()


TASKS: Mapping[str, Task] = {name: _with_payments(task) for name, task in payment_tasks.TASKS.items()} | {
    "endpoints.deliver": endpoints.deliver,
    TAKE_PICTURE: take_picture,
    images.FORGET: forget_picture,
    reindexing.REINDEX: reindex,
    mailing.ACKNOWLEDGE: mailing.send_acknowledgement,
    mailing.CONFIRM: mailing.send_confirmation,
    mailing.SHIPPED: mailing.send_shipped,
    mailing.RETURN_APPROVED: mailing.send_return_approved,
    mailing.RETURN_RECEIVED: mailing.send_return_received,
    mailing.REFUNDED: mailing.send_refunded,
}
REPEATED: Sequence[Repeated] = (
    *(Repeated(cron, _with_payments(task)) for cron, task in payment_tasks.REPEATED.items()),
    Repeated("37 * * * *", tidy),
    Repeated("47 * * * *", housekeeping.prune),
    Repeated("23 4 * * *", review_templates),
)
