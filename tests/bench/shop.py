"""The benchmark's shop: 100 products of five sizes, a WhatsApp account, stock enough for any run; and what is said."""

from uuid import UUID

from bots.channels.accounts import service as accounts
from catalog.kernel.clock import SystemClock
from catalog.kernel.db import create_engine
from catalog.kernel.money import Money
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import Units
from catalog.products import service as products
from catalog.products.values import ProductDraft, VariantDraft
from catalog.shops import service as shops
from checkout.inventory import service as inventory
from tests.bench.load import PHONE_ID, SECRET

COLOURS = {"grey": "graue", "navy": "dunkelblaue", "white": "weiße", "black": "schwarze", "green": "grüne"}
KINDS = ("Strickjacke", "Weste", "Jacke", "Hose", "Bluse", "Mütze", "Tasche", "Socke", "Latzhose", "Robe")
NAMES = ("Alma", "Bente", "Carla", "Dora", "Elin", "Frida", "Greta", "Hanne", "Ines", "Juna")
SIZES = ("XS", "S", "M", "L", "XL")


def said() -> list[str]:
    """Messages that each put one known variant into the cart."""
    return [
        f"1 {kind} {name} in {size} bitte" for kind in KINDS for name in NAMES for size in SIZES
    ]  # fmt: skip


async def build(dsn: str, secret_key: str) -> tuple[UUID, UUID]:
    """Make the shop; its id and the WhatsApp account's."""
    engine = create_engine(dsn)
    units = Units(engine, SystemClock())
    async with units(None) as uow:
        shop = await shops.create_shop(uow, name="Bench", currency="EUR", country="DE", locales=["de", "en"])
    async with units(shop.id) as uow:
        pairs = [(kind, name) for kind in KINDS for name in NAMES]
        drafts = [_product(number, kind, name) for number, (kind, name) in enumerate(pairs)]
        await products.bulk_upsert(uow, drafts)
        await inventory.set_many(uow, {v.sku: 10_000_000 for draft in drafts for v in draft.variants})
        created = await accounts.create_account(
            uow, Vault(Secret(secret_key)), kind="whatsapp", name="Bench", allow_private=True, api_base="http://127.0.0.1:9",
            given={
                "phone_number_id": PHONE_ID, "waba_id": "102290129340398", "access_token": "bench-token",
                "app_secret": SECRET.decode(), "verify_token": "bench-verify",
            },
        )  # fmt: skip
        account_id = created.row.id
    await engine.dispose()
    return shop.id, account_id


def _product(number: int, kind: str, name: str) -> ProductDraft:
    colour = list(COLOURS)[number % len(COLOURS)]
    return ProductDraft(
        handle=f"p{number}", title={"de": f"{kind} {name}", "en": f"{kind} {name}"}, category="clothes",
        options=("colour", "size"),
        variants=tuple(
            VariantDraft(
                sku=f"P{number}-{size}", price=Money(1990 + 10 * number, "EUR"),
                options={"colour": colour, "size": size},
            )
            for size in SIZES
        ),
    )  # fmt: skip
