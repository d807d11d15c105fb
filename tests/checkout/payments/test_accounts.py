"""Payment accounts: sealed, one of a kind active, addresses outward."""

import asyncio
from uuid import UUID

import pytest

from catalog.kernel.errors import Invalid, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop
from checkout.payments import accounts
from checkout.payments.errors import NoPaymentAccount
from checkout.payments.stripe import StripeGateways
from tests.checkout.payments.factories import VAULT, make_account
from tests.waiting import until_waiting

_GOOD = {"secret_key": "sk_test_1", "webhook_secret": "whsec_1"}


async def test_the_first_account_is_active_and_others_wait_for_their_turn(shop: Shop, uow: UnitOfWork) -> None:
    with pytest.raises(NoPaymentAccount):
        await accounts.active_account(uow)
    first, second = await make_account(uow), await make_account(uow)
    assert (await accounts.active_account(uow)).id == first
    assert (await accounts.activate(uow, second)).active
    assert (await accounts.active_account(uow)).id == second
    assert [view.active for view in await accounts.list_accounts(uow)] == [False, True]
    with pytest.raises(NotFound):
        await accounts.activate(uow, new_id())


async def test_two_activated_at_once_leave_one(shop: Shop, units: Units) -> None:
    async with units(shop.id) as uow:
        made = [await accounts.create_account(uow, VAULT, kind="stripe", credentials=_GOOD) for _ in range(3)]

    async def activate(account_id: UUID) -> None:
        async with units(shop.id) as uow:
            await accounts.activate(uow, account_id)

    async with units(shop.id) as uow:
        await accounts.activate(uow, made[1].id)
        other = asyncio.create_task(activate(made[2].id))
        await until_waiting(units)
    await other
    async with units(shop.id) as uow:
        assert [each.id for each in await accounts.list_accounts(uow) if each.active] == [made[2].id]


async def test_secrets_are_kept_sealed_and_shown_to_the_gateway_alone(shop: Shop, uow: UnitOfWork) -> None:
    made = await accounts.create_account(uow, VAULT, kind="stripe", credentials=_GOOD)
    stored = await accounts.get_account(uow, made.id)
    assert b"sk_test_1" not in stored.sealed
    assert "sk_test_1" not in repr(stored) + repr(made)
    gateways = StripeGateways(VAULT)
    gateway = gateways.open(stored)
    assert gateways.open(stored) is gateway
    assert gateway.live is False
    await accounts.replace_credentials(uow, VAULT, made.id, _GOOD | {"secret_key": "rk_test_2"})
    assert gateways.open(await accounts.get_account(uow, made.id)) is not gateway
    await gateways.close()


async def test_a_live_key_does_not_replace_a_test_key(shop: Shop, uow: UnitOfWork) -> None:
    made = await accounts.create_account(uow, VAULT, kind="stripe", credentials=_GOOD)
    live = _GOOD | {"secret_key": "sk_live_2"}
    with pytest.raises(Invalid) as refusal:
        await accounts.replace_credentials(uow, VAULT, made.id, live)
    assert refusal.value.pointer == "/credentials/secret_key"
    with pytest.raises(NotFound):
        await accounts.replace_credentials(uow, VAULT, new_id(), _GOOD)


async def test_secrets_sealed_under_a_lost_key_are_entered_anew(shop: Shop, uow: UnitOfWork) -> None:
    made = await accounts.create_account(uow, Vault(Secret("lost" * 10)), kind="stripe", credentials=_GOOD)
    assert accounts.known_secrets(VAULT, made) == {}
    await accounts.replace_credentials(uow, VAULT, made.id, _GOOD)
    gateways = StripeGateways(VAULT)
    assert gateways.open(await accounts.get_account(uow, made.id)).live is False
    await gateways.close()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"secret_key": ""}, "/credentials/secret_key"),
        ({"secret_key": 5}, "/credentials/secret_key"),
        ({"secret_key": "pk_test_1"}, "/credentials/secret_key"),
        ({"webhook_secret": "nonsense"}, "/credentials/webhook_secret"),
        ({"webhook_secret": None}, "/credentials/webhook_secret"),
        ({"webhook_secret": []}, "/credentials/webhook_secret"),
        ({"webhook_secret": ["a", ""]}, "/credentials/webhook_secret"),
    ],
)
async def test_bad_credentials_are_refused_by_field(
    shop: Shop, uow: UnitOfWork, changes: dict[str, object], pointer: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await accounts.create_account(uow, VAULT, kind="stripe", credentials=_GOOD | changes)
    assert refusal.value.pointer == pointer


async def test_only_the_lab_may_point_an_account_inward(shop: Shop, uow: UnitOfWork) -> None:
    with pytest.raises(Invalid):
        await accounts.create_account(uow, VAULT, kind="stripe", credentials=_GOOD, api_base="http://127.0.0.1:8420")
    made = await accounts.create_account(
        uow, VAULT, kind="stripe", credentials=_GOOD, api_base="http://127.0.0.1:8420/", inward_allowed=True
    )
    assert made.api_base == "http://127.0.0.1:8420"
