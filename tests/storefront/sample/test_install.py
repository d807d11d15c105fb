"""The sample shop goes into a real database, whole, and only once."""

from pathlib import Path

from catalog.images import service as images
from catalog.images.store import MediaStore
from catalog.kernel.unit_of_work import Units
from catalog.lookbooks import service as lookbooks
from catalog.products import service as products
from catalog.shops import profile as profiles
from checkout.inventory import service as inventory
from storefront.sample.install import install

TINY = 60


async def test_the_sample_shop_is_installed_once(units: Units, tmp_path: Path) -> None:
    store = MediaStore.open(tmp_path / "media")
    shop_id = await install(units, store, pictures_folder=tmp_path / "drawn", width=TINY)
    async with units(shop_id) as uow:
        profile = await profiles.get(uow)
        look = await lookbooks.find_by_code(uow, "lb7")
        chino = await products.get_by_handle(uow, "chino")
        levels = await inventory.levels(uow, ["LL-TEE-GRY-M", "LL-BEL-85"])
    assert (profile.name, profile.locales, profile.settings.order_prefix) == ("Linden & Loom", ("de", "en"), "K")
    assert look is not None
    assert [item.product_handle for item in look.items] == ["basic-tee", "chino", "overshirt", "belt"]
    assert chino.options == ("size",)
    assert (levels["LL-TEE-GRY-M"].available, levels["LL-BEL-85"].available) == (48, 0)
    body, mime = await images.rendition(store, look.image_id, "chat.jpg")
    assert (body[:3], mime) == (b"\xff\xd8\xff", "image/jpeg")
    assert await install(units, store, pictures_folder=tmp_path / "drawn", width=TINY) == shop_id
