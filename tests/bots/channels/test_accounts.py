"""Accounts: what is refused and where it points, what is sealed, and that a failed registration loses nothing."""

import httpx
import pytest

from bots.channels import registry
from bots.channels.accounts import service
from bots.channels.base import ChannelTools
from catalog.kernel.errors import Conflict, Invalid, Misconfigured, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops.models import Shop

WHATSAPP = {"phone_number_id": "1065", "waba_id": "1022", "access_token": "EAAB-secret", "app_secret": "s3cr3t"}
TELEGRAM = {"bot_token": "5550001:AA-token"}
BASE = "https://shop.example"


@pytest.fixture
def vault() -> Vault:
    return Vault(Secret("a key of the tests"))


@pytest.mark.usefixtures("shop")
class TestCreating:
    async def test_secrets_are_sealed_and_public_fields_shown(self, uow: UnitOfWork, vault: Vault) -> None:
        made = await service.create_account(uow, vault, kind="whatsapp", name="Haupt", given=WHATSAPP)
        shown = service.present(made.row, vault, public_url=BASE, told=made.told)
        assert shown["credentials"] == {
            "phone_number_id": "1065",
            "waba_id": "1022",
            "access_token": {"set": True},
            "app_secret": {"set": True},
            "verify_token": {"set": True},
            "catalog_id": None,
        }
        assert shown["webhook_url"] == f"{BASE}/webhooks/whatsapp/{made.row.id}"
        assert len(shown["verify_token"]) >= 32
        assert shown["state"] == "not_connected"
        assert b"EAAB" not in made.row.sealed

    async def test_an_opened_account_has_its_secrets(self, uow: UnitOfWork, vault: Vault) -> None:
        made = await service.create_account(uow, vault, kind="whatsapp", name="Haupt", given=WHATSAPP)
        account = await service.open_account(uow, vault, made.row.id, public_url=BASE)
        assert account.text("access_token") == "EAAB-secret"
        assert account.text("verify_token") == made.told["verify_token"]
        assert "EAAB" not in repr(account)

    @pytest.mark.parametrize(
        ("kind", "given", "pointer"),
        [
            ("whatsapp", {**WHATSAPP, "page_id": "1"}, "/credentials/page_id"),
            ("whatsapp", {**WHATSAPP, "a/b~c": "1"}, "/credentials/a~1b~0c"),
            ("whatsapp", {key: WHATSAPP[key] for key in WHATSAPP if key != "app_secret"}, "/credentials/app_secret"),
            ("whatsapp", {**WHATSAPP, "waba_id": "../me"}, "/credentials/waba_id"),
            ("whatsapp", {**WHATSAPP, "access_token": 1.5}, "/credentials/access_token"),
            ("telegram", {**TELEGRAM, "webhook_secret": "zu schön"}, "/credentials/webhook_secret"),
            ("telegram", {"bot_token": "no token"}, "/credentials/bot_token"),
            ("telegram", [], "/credentials"),
            ("telegraph", TELEGRAM, "/kind"),
        ],
    )
    async def test_a_wrong_field_is_pointed_at(
        self, uow: UnitOfWork, vault: Vault, kind: str, given: object, pointer: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await service.create_account(uow, vault, kind=kind, name="x", given=given)
        assert refused.value.pointer == pointer
        assert "EAAB" not in str(refused.value)

    async def test_private_bases_are_for_the_lab(self, uow: UnitOfWork, vault: Vault) -> None:
        private = "http://127.0.0.1:9000/whatsapp/"
        with pytest.raises(Invalid) as refused:
            await service.create_account(uow, vault, kind="telegram", name="x", given=TELEGRAM, api_base=private)
        assert refused.value.pointer == "/api_base"
        made = await service.create_account(
            uow, vault, kind="telegram", name="x", given=TELEGRAM, api_base=private, allow_private=True
        )
        assert made.row.api_base == "http://127.0.0.1:9000/whatsapp"

    async def test_one_shop_has_a_provider_account_once(self, uow: UnitOfWork, vault: Vault) -> None:
        first = await service.create_account(uow, vault, kind="telegram", name="a", given=TELEGRAM)
        with pytest.raises(Conflict):  # another token of the same bot
            await service.create_account(uow, vault, kind="telegram", name="b", given={"bot_token": "5550001:BB"})
        await service.remove_account(uow, vault, first.row.id)
        again = await service.create_account(uow, vault, kind="telegram", name="b", given=TELEGRAM)
        assert [row.id for row in await service.list_accounts(uow)] == [again.row.id]

    async def test_every_kind_has_a_field_that_names_it_or_lives_at_home(self) -> None:
        for channel in registry.CHANNELS.values():
            named = any(field.identifies for field in channel.fields)
            assert named or channel.kind == "webchat", channel.kind


@pytest.mark.usefixtures("shop")
class TestChanging:
    async def test_fields_change_one_by_one(self, uow: UnitOfWork, vault: Vault) -> None:
        made = await service.create_account(uow, vault, kind="whatsapp", name="a", given=WHATSAPP)
        await service.change_account(uow, vault, made.row.id, name="b", given={"access_token": "new"})
        account = await service.open_account(uow, vault, made.row.id, public_url=BASE)
        assert (account.name, account.text("access_token"), account.text("app_secret")) == ("b", "new", "s3cr3t")
        assert await service.revision(uow, made.row.id) == 2

    async def test_a_removed_account_is_gone_with_its_secrets(self, uow: UnitOfWork, vault: Vault) -> None:
        made = await service.create_account(uow, vault, kind="whatsapp", name="a", given=WHATSAPP)
        await service.remove_account(uow, vault, made.row.id)
        with pytest.raises(NotFound):
            await service.revision(uow, made.row.id)
        assert vault.open(made.row.sealed, context=str(made.row.id)) == {}

    async def test_another_key_opens_nothing(self, uow: UnitOfWork, vault: Vault) -> None:
        made = await service.create_account(uow, vault, kind="telegram", name="a", given=TELEGRAM)
        with pytest.raises(Misconfigured):
            await service.open_account(uow, Vault(Secret("another")), made.row.id, public_url=BASE)

    async def test_another_shop_sees_none_of_it(self, units: Units, shop: Shop, vault: Vault) -> None:
        async with units(shop.id) as uow:
            made = await service.create_account(uow, vault, kind="telegram", name="a", given=TELEGRAM)
        async with units(new_id()) as uow:
            with pytest.raises(NotFound):
                await service.get_account(uow, made.row.id)


class TestConnecting:
    async def test_a_refusal_keeps_the_account_with_the_providers_words(
        self, units: Units, shop: Shop, vault: Vault
    ) -> None:
        answers = [
            httpx.Response(401, json={"ok": False, "error_code": 401, "description": "Unauthorized"}),
            httpx.Response(200, json={"ok": True, "result": True}),
            httpx.Response(200, json={"ok": True, "result": {"id": 5550001, "is_bot": True, "username": "linden_bot"}}),
        ]
        http = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answers.pop(0)))
        async with units(shop.id) as uow:
            made = await service.create_account(uow, vault, kind="telegram", name="a", given=TELEGRAM)
            account = await service.open_account(uow, vault, made.row.id, public_url=BASE)
        channel = registry.build(account, ChannelTools(http=http))
        assert await service.connect(units, channel) == "Unauthorized"
        async with units(shop.id) as uow:
            row = await service.get_account(uow, made.row.id)
        assert (row.state, row.detail) == ("not_connected", "Unauthorized")
        assert await service.connect(units, channel) == ""
        async with units(shop.id) as uow:
            row = await service.get_account(uow, made.row.id)
            (entrance,) = await service.list_entrances(uow)
        assert (row.state, row.detail) == ("connected", "")
        assert entrance.link("LB7") == "https://t.me/linden_bot?start=LB7"

    async def test_a_provider_that_does_not_say_its_name_connects_all_the_same(
        self, units: Units, shop: Shop, vault: Vault
    ) -> None:
        http = httpx.AsyncClient(
            transport=httpx.MockTransport(
                lambda request: httpx.Response(
                    200 if request.method == "POST" else 400, json={"success": True, "error": {"code": 100}}
                )
            )
        )
        async with units(shop.id) as uow:
            made = await service.create_account(uow, vault, kind="whatsapp", name="a", given=WHATSAPP)
            account = await service.open_account(uow, vault, made.row.id, public_url=BASE)
        assert await service.connect(units, registry.build(account, ChannelTools(http=http))) == ""
        async with units(shop.id) as uow:
            assert await service.list_entrances(uow) == []


class TestLinks:
    @pytest.mark.parametrize(
        ("kind", "entry", "link"),
        [
            ("telegram", "product_basic-tee", "https://t.me/linden?start=product_basic-tee"),
            ("telegram", "product_1.5-l", "https://t.me/linden"),
            ("telegram", "L" * 65, "https://t.me/linden"),
            ("telegram", "", "https://t.me/linden"),
            ("whatsapp", "LB7", "https://wa.me/linden?text=%23LB7"),
            ("whatsapp", "product_basic-tee", "https://wa.me/linden?text=%23product_basic-tee"),
            ("whatsapp", "a&text=spam", "https://wa.me/linden"),
            ("webchat", "LB7", ""),
        ],
    )
    def test_a_code_goes_where_the_provider_can_carry_it(self, kind: str, entry: str, link: str) -> None:
        assert service.Entrance(new_id(), kind, "Linden", "linden").link(entry) == link
