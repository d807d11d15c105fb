"""People: what is known of one, and forgetting them."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath

from checkout.customers import service as customers
from checkout.customers.values import Customer
from checkout.returns import withdrawals
from storefront.api.answers.trade import Erased, Parted
from storefront.api.http import ApiRequest, unit

_SCOPE = "conversations"


@get("/customers/{customer_id:uuid}", summary="Read a person")
async def read_customer(request: ApiRequest, customer_id: FromPath[UUID]) -> Customer:
    """Name, ways to reach them, address: all that is kept about the person themselves.

    `merged_into`: the person that this one has turned out to be.
    """
    async with unit(request, _SCOPE) as uow:
        return await customers.get(uow, customer_id)


@post("/customers/{customer_id:uuid}/erase", summary="Forget a person", status_code=200)
async def erase_customer(request: ApiRequest, customer_id: FromPath[UUID]) -> Erased:
    """GDPR Art. 17: messages, addresses and contact data go; orders keep what tax law wants.

    A repeat changes nothing.
    """
    async with unit(request, _SCOPE) as uow:
        await customers.get(uow, customer_id)
        await withdrawals.forget(uow, customer_id)
        return {"erased": await customers.erase(uow, customer_id)}


@post("/customers/{customer_id:uuid}/part", summary="Part people", status_code=200)
async def part_customer(request: ApiRequest, customer_id: FromPath[UUID]) -> Parted:
    """They are not the person they were `merged_into`: orders, and what is left of the cart, go back.

    A repeat changes nothing.
    """
    async with unit(request, _SCOPE) as uow:
        await customers.get(uow, customer_id)
        return {"parted": await customers.part(uow, customer_id)}


ROUTER = Router(path="/", tags=["Conversations"], route_handlers=[read_customer, erase_customer, part_customer])
