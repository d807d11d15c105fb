"""Payment accounts: added with their secrets, which never come back; one of a kind is active."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from catalog.kernel.pages import Page, page_of
from catalog.kernel.unit_of_work import UnitOfWork
from checkout.payments import accounts
from checkout.payments.accounts import AccountView
from checkout.payments.errors import StaleAccount
from storefront.api.answers.settings import PaymentAccount
from storefront.api.http import ApiRequest, Cursor, IfMatch, Limit, house_of, made, revision_of, shop_of, tagged, unit
from storefront.api.idempotency import once
from storefront.api.problems import PreconditionFailed

_SCOPE = "settings"


class AccountForm(Struct, kw_only=True, forbid_unknown_fields=True):
    """A payment account to add."""

    kind: str
    credentials: dict[str, Any]
    api_base: str | None = None


class AccountChange(Struct, kw_only=True, forbid_unknown_fields=True):
    """All secrets of an account, new or as they were."""

    credentials: dict[str, Any]


@get("/payment-accounts", summary="List payment accounts")
async def list_accounts(request: ApiRequest, cursor: Cursor = None, limit: Limit = 200) -> Page[PaymentAccount]:
    """Oldest first."""
    async with unit(request, _SCOPE) as uow:
        found = await accounts.list_accounts(uow)
    page = page_of(found, lambda view: view.id, UUID, cursor=cursor, limit=limit)
    return Page(tuple(_present(request, view) for view in page.items), page.next_cursor)


@post("/payment-accounts", summary="Add a payment account", status_code=201)
async def create_account(request: ApiRequest, data: JSONBody[AccountForm]) -> Response[PaymentAccount]:
    """The first of its kind is active at once. `webhook_url` is what the provider's dashboard asks for."""
    house = house_of(request)

    async def work(uow: UnitOfWork) -> tuple[int, Any]:
        view = await accounts.create_account(
            uow, house.vault, kind=data.kind, credentials=data.credentials, api_base=data.api_base,
            inward_allowed=house.settings.lab,
        )  # fmt: skip
        return 201, _present(request, view)

    return made(request, await once(request, shop_of(request, _SCOPE), work))


@get("/payment-accounts/{account_id:uuid}", summary="Read a payment account")
async def read_account(request: ApiRequest, account_id: FromPath[UUID]) -> Response[PaymentAccount]:
    """Of its secrets only whether they are set; the ETag is its revision."""
    async with unit(request, _SCOPE) as uow:
        view = await accounts.view_account(uow, account_id)
    return tagged(_present(request, view), view.revision)


@patch("/payment-accounts/{account_id:uuid}", summary="Change a payment account's secrets")
async def change_account(
    request: ApiRequest, account_id: FromPath[UUID], data: JSONBody[AccountChange], if_match: IfMatch = None
) -> Response[PaymentAccount]:
    """As when a secret is rotated: `webhook_secret` may be a list, so that the former one holds a while longer.

    A live key does not replace a test key, nor the other way round: that is another account, to be added and activated.
    """
    async with unit(request, _SCOPE) as uow:
        try:
            view = await accounts.replace_credentials(
                uow, house_of(request).vault, account_id, data.credentials, if_match=revision_of(if_match)
            )
        except StaleAccount as error:
            raise PreconditionFailed(error.detail) from error
    return tagged(_present(request, view), view.revision)


@post("/payment-accounts/{account_id:uuid}/activate", summary="Make an account the active one", status_code=200)
async def activate(request: ApiRequest, account_id: FromPath[UUID]) -> PaymentAccount:
    """New payments go through this account; those under way stay with theirs."""
    async with unit(request, _SCOPE) as uow:
        return _present(request, await accounts.activate(uow, account_id))


@delete("/payment-accounts/{account_id:uuid}", summary="Remove a payment account", status_code=204)
async def remove_account(request: ApiRequest, account_id: FromPath[UUID]) -> None:
    """Its secrets are forgotten and its webhooks answered 404 from now on; orders keep what was paid through it.

    409 while it is the active one, or a payment or refund of it is not over. Money taken through it can be given back
    at the provider only: a refund asked for later is `failed`, with `payment_account_removed`.
    """
    async with unit(request, _SCOPE) as uow:
        await accounts.remove(uow, house_of(request).vault, account_id)


def _present(request: ApiRequest, view: AccountView) -> PaymentAccount:
    house = house_of(request)
    known = accounts.known_secrets(house.vault, view)
    return {
        "id": view.id, "kind": view.kind, "active": view.active, "api_base": view.api_base,
        "revision": view.revision, "created_at": view.created_at,
        "webhook_url": f"{house.settings.public_url}/webhooks/{view.kind}/{view.id}",
        "credentials": {
            "secret_key": {"set": "secret_key" in known}, "webhook_secret": {"set": "webhook_secret" in known},
        },
    }  # fmt: skip


ROUTER = Router(
    path="/",
    tags=["Payment accounts"],
    route_handlers=[list_accounts, create_account, read_account, change_account, activate, remove_account],
)
