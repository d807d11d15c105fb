"""Stripe: Checkout Sessions, refunds, events. The only module that imports the SDK.

The SDK (15.2.1) and the version header are pinned together: code, Stripe's published description and our samples agree.
Raising either is one deliberate change. Source: https://docs.stripe.com/api
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
import stripe

from catalog.kernel.errors import Misconfigured
from catalog.kernel.money import Money
from catalog.kernel.secrets import Secret, Vault
from checkout.payments import stripe_amounts, stripe_reading, stripe_signature
from checkout.payments.errors import Declined, ProviderDown, ProviderRefused
from checkout.payments.gateway import (
    Account,
    AttemptReport,
    AttemptView,
    Checked,
    OpenedSession,
    OrderView,
    Outcome,
    ProviderEvent,
    RefundOrder,
)
from checkout.payments.stripe_session import session_params

KIND = "stripe"
VERSION = "2026-05-27.dahlia"
_API = "https://api.stripe.com"
# A page waits for the answer, so ten seconds; the SDK's own is 80.
_TIMEOUT_S = 10
_RETRIES = 2
_DEAD_INTENTS = frozenset({"requires_payment_method", "canceled"})


@dataclass(frozen=True, slots=True)
class StripeCredentials:
    """An account's secrets: several webhook secrets stand side by side while one is rotated."""

    secret_key: Secret
    webhook_secrets: tuple[Secret, ...]

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "StripeCredentials":
        """From the merchant's JSON `{secret_key, webhook_secret}`, where webhook_secret is one or a list."""
        given = values.get("webhook_secret") or ()
        secrets = [given] if isinstance(given, str) else list(given)
        return cls(Secret(str(values["secret_key"])), tuple(Secret(str(secret)) for secret in secrets))

    @property
    def live(self) -> bool:
        """Whether the key moves real money."""
        return "_live_" in self.secret_key.reveal()


class StripeGateway:
    """One Stripe account."""

    def __init__(self, credentials: StripeCredentials, *, api_base: str | None, http: stripe.HTTPXClient) -> None:
        self.live = credentials.live
        self._secrets = credentials.webhook_secrets
        self._client = stripe.StripeClient(
            credentials.secret_key.reveal(),
            stripe_version=VERSION,
            max_network_retries=_RETRIES,
            http_client=http,
            base_addresses={"api": (api_base or _API).rstrip("/")},
        )

    async def open_session(self, attempt: AttemptView, order: OrderView) -> OpenedSession:
        """Make the hosted page. The same attempt sends the same key and parameters, so it gives the same page."""
        self.payable(order.total)
        with _translated():
            session = await self._client.v1.checkout.sessions.create_async(
                cast("Any", session_params(attempt, order)), {"idempotency_key": attempt.idempotency_key}
            )
        event = self._look("look.session", session)
        report = event.report
        if not isinstance(report, AttemptReport) or report.amount not in {None, attempt.amount} or not session.url:
            raise ProviderRefused(
                "the session does not carry the order's total, or is closed already", session=session.id
            )
        return OpenedSession(session.id, session.url, attempt.expires_at, attempt.amount, event)

    async def fetch_session(self, session_id: str) -> ProviderEvent:
        """How the session stands. For a finished but unpaid one the intent tells whether money is still on its way."""
        with _translated():
            session = await self._client.v1.checkout.sessions.retrieve_async(session_id)
            event = self._look("look.session", session)
            report = event.report
            if not isinstance(report, AttemptReport) or report.outcome is not Outcome.PENDING or not report.intent_id:
                return event
            intent = await self._client.v1.payment_intents.retrieve_async(report.intent_id)
        return self._look("look.session_failed", session) if intent.status in _DEAD_INTENTS else event

    async def expire_session(self, session_id: str) -> ProviderEvent:
        """Close the page. Stripe refuses when it is not open any more: then what it has become is the news."""
        try:
            with _translated():
                session = await self._client.v1.checkout.sessions.expire_async(session_id)
        except ProviderRefused:
            return await self.fetch_session(session_id)
        return self._look("look.session", session)

    async def refund(self, order: RefundOrder) -> ProviderEvent:
        """Send money back, under a key made from our refund's id."""
        params: dict[str, Any] = {
            "payment_intent": order.intent_id,
            "amount": stripe_amounts.to_units(order.amount),
            "reason": "requested_by_customer",
            "metadata": {"order_id": str(order.order_id), "refund_id": str(order.refund_id)},
        }
        if order.return_id is not None:
            params["metadata"]["return_id"] = str(order.return_id)
        with _translated():
            refund = await self._client.v1.refunds.create_async(
                cast("Any", params), {"idempotency_key": order.idempotency_key}
            )
        return self._look("look.refund", refund)

    async def fetch_refund(self, provider_id: str) -> ProviderEvent:
        """How the refund stands now."""
        with _translated():
            return self._look("look.refund", await self._client.v1.refunds.retrieve_async(provider_id))

    async def find_refund(self, intent_id: str, refund_id: UUID) -> ProviderEvent | None:
        """The refund that carries our id, if Stripe made it."""
        with _translated():
            page = await self._client.v1.refunds.list_async({"payment_intent": intent_id, "limit": 100})
            async for refund in page.auto_paging_iter():
                if (refund.metadata or {}) and refund.to_dict()["metadata"].get("refund_id") == str(refund_id):
                    return self._look("look.refund", refund)
        return None

    def verify_and_parse_webhook(self, raw: bytes, header: str | None, received_at: datetime) -> ProviderEvent:
        """The news in a webhook; `received_at` is the machine's clock, whatever time the lab shows."""
        stripe_signature.verify(raw, header, self._secrets, received_at)
        return stripe_reading.read_event(raw)

    async def events_since(self, since: datetime) -> AsyncIterator[ProviderEvent]:
        """News since an instant, newest first as Stripe lists them; it keeps 30 days."""
        with _translated():
            page = await self._client.v1.events.list_async(
                {
                    "created": {"gt": int(since.timestamp())},
                    "limit": 100,
                    "types": list(stripe_reading.EVENTS),
                }
            )
            async for event in page.auto_paging_iter():
                yield stripe_reading.read_event(msgspec.json.encode(event.to_dict()))

    def payable(self, amount: Money) -> None:
        """Raises AmountNotPayable for an amount that Stripe's page cannot charge."""
        stripe_amounts.check_total(amount)

    async def check(self) -> Checked:
        """Ask for something that every key of ours must be allowed to read."""
        with _translated():
            await self._client.v1.checkout.sessions.list_async({"limit": 1})
        notes = () if self._secrets else ("no webhook_secret: payments are only noticed by looking, minutes late",)
        return Checked(live=self.live, notes=notes)

    def _look(self, kind: str, obj: stripe.StripeObject) -> ProviderEvent:
        return stripe_reading.look(kind, obj.to_dict(), livemode=self.live)


class StripeHttp(stripe.HTTPXClient):
    """The SDK's async client, handing httpx its body by the name that httpx 0.28 wants. Refuses blocking calls."""

    def __init__(self, client: Any | None = None) -> None:  # noqa: ANN401 - of a library that only the edge knows
        super().__init__(timeout=_TIMEOUT_S)
        if client is not None:
            self._client_async = client

    def _get_request_args_kwargs(
        self, method: str, url: str, headers: Mapping[str, str], post_data: str | bytes | None
    ) -> list[Any]:
        args, kwargs = super()._get_request_args_kwargs(method, url, headers, post_data)
        body = kwargs.pop("data")
        return [args, kwargs | ({"content": body} if body else {})]


class StripeGateways:
    """Opens Stripe accounts over one pool of connections; one per event loop.

    `open_client` gives the httpx client, where the SDK's own shall not connect wherever an `api_base` leads.
    """

    def __init__(self, vault: Vault, open_client: Callable[[], Any] | None = None) -> None:
        self._vault = vault
        self._open_client = open_client
        self._http: StripeHttp | None = None
        self._open: dict[UUID, tuple[bytes, str | None, StripeGateway]] = {}

    def open(self, account: Account) -> StripeGateway:
        """The account's gateway, kept until its credentials change."""
        kept = self._open.get(account.id)
        if kept is not None and kept[:2] == (account.sealed, account.api_base):
            return kept[2]
        if account.kind != KIND:
            raise Misconfigured(f"payment accounts of kind {account.kind!r} are not known; use {KIND!r}")
        values = self._vault.open(account.sealed, context=f"payment_account:{account.id}")
        gateway = StripeGateway(StripeCredentials.read(values), api_base=account.api_base, http=self.http)
        self._open[account.id] = (account.sealed, account.api_base, gateway)
        return gateway

    @property
    def http(self) -> StripeHttp:
        """The shared client, made at first use."""
        if self._http is None:
            self._http = StripeHttp(self._open_client() if self._open_client else None)
        return self._http

    async def close(self) -> None:
        """Close the connections."""
        self._open.clear()
        if self._http is not None:
            await self._http.close_async()  # type: ignore[no-untyped-call]  # the SDK gives it no types
            self._http = None


@contextmanager
def _translated() -> Iterator[None]:
    """Stripe's errors as ours."""
    try:
        yield
    except stripe.CardError as error:
        raise Declined(error.user_message or "the card was declined", code=error.code) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Misconfigured(
            "Stripe does not accept the secret key for this; enter a key with rights for Checkout Sessions,"
            " PaymentIntents, Refunds and Events in the payment account, then run `storefront doctor`"
        ) from error
    except stripe.RateLimitError as error:
        raise ProviderDown("Stripe asks us to slow down", stored=False, code=error.code) from error
    except stripe.APIConnectionError as error:
        raise ProviderDown("Stripe does not answer", stored=False) from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        if error.code == "rate_limit":
            raise ProviderDown("Stripe asks us to slow down", stored=False, code=error.code) from error
        param = getattr(error, "param", None)
        raise ProviderRefused(
            f"Stripe refused the request ({error.code or type(error).__name__}, parameter {param})",
            provider_code=error.code,
            param=param,
            request_id=error.request_id,
        ) from error
    except stripe.StripeError as error:
        # A 5xx answer is stored with its key for a day; a conflict (409) is not.
        stored = (error.http_status or 0) >= 500  # noqa: PLR2004 - HTTP's server errors
        raise ProviderDown(f"Stripe answered {error.http_status}", stored=stored, code=error.code) from error
