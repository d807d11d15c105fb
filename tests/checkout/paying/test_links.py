"""Payment links: looked at, superseded, followed after a merge, or paid already."""

import msgspec
import pytest

from catalog.kernel.errors import NotFound
from catalog.shops.settings import ShopSettings, Tax
from checkout.carts import reactions as cart_reactions
from checkout.carts import service as carts
from checkout.carts.values import Add
from checkout.customers import service as customers
from checkout.customers.events import CustomersMerged
from checkout.orders.states import OrderState
from checkout.paying import page
from checkout.paying.opening import Problem, ProblemKind, RedirectTo
from checkout.paying.page import LinkState
from tests.checkout.factories import TEE, make_customer
from tests.checkout.paying.scene import Scene


async def test_the_button_of_a_paid_order_leads_to_its_own_page(scene: Scene) -> None:
    code = await scene.fill_cart()
    await scene.press(code)
    scene.shopper_pays()
    await scene.webhooks()
    order = await scene.order()
    assert await scene.press(code) == RedirectTo(f"https://shop.example/o/{order.code}")
    async with scene.units(scene.shop_id) as uow:
        assert (await page.link_view(uow, code)).state == LinkState.PAID


async def test_looking_at_a_link_changes_nothing(scene: Scene) -> None:
    code = await scene.fill_cart()
    async with scene.units(None) as uow:
        assert await page.find_shop(uow, code) == scene.shop_id
        with pytest.raises(NotFound):
            await page.find_shop(uow, "nothing")
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, code)
    assert (view.state, view.cart.units, view.order) == (LinkState.OPEN, 2, None)
    assert view.wanted == ("street", "postal_code", "city", "country")
    assert await scene.orders() == []
    assert scene.double.objects["checkout.session"] == {}


async def test_a_superseded_link_names_the_present_one_and_never_leads_to_the_old_page(scene: Scene) -> None:
    old = await scene.fill_cart()
    first = await scene.press(old)
    assert isinstance(first, RedirectTo)
    async with scene.units(scene.shop_id) as uow:
        await carts.apply(uow, scene.customer_id, [Add(TEE, 1)], "de")
    await scene.events_and_jobs()
    assert [session["status"] for session in scene.double.objects["checkout.session"].values()] == ["expired"]
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, old)
    assert (view.state, view.cart.units) == (LinkState.SUPERSEDED, 3)
    result = await scene.press(old)
    assert isinstance(result, Problem)
    assert (result.kind, result.code != old) == (ProblemKind.SUPERSEDED, True)
    second = await scene.press(result.code or "")
    assert isinstance(second, RedirectTo)
    assert second.url != first.url
    assert [order.state for order in await scene.orders()] == [OrderState.EXPIRED, OrderState.AWAITING_PAYMENT]


async def test_the_present_cart_seen_on_an_old_link_can_be_ordered_there(scene: Scene) -> None:
    old = await scene.fill_cart()
    await scene.fill_cart(1)
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, old)
    seen = {
        "cart": str(view.cart.id),
        "version": str(view.cart.version),
        "total": str(view.cart.totals.total.minor),
    }
    assert isinstance(await scene.press(old, **seen), RedirectTo)
    assert (await scene.press(old, **seen | {"total": "1"})) == Problem(ProblemKind.CHANGED)


async def test_an_equal_sum_with_another_tax_inside_is_looked_at_again(scene: Scene) -> None:
    code = await scene.fill_cart()
    async with scene.units(scene.shop_id) as uow:
        await uow.execute(
            "UPDATE shop SET settings = $2, revision = revision + 1 WHERE id = $1 /* shop_id */",
            scene.shop_id, msgspec.json.encode(ShopSettings(tax=Tax(oss=True))).decode(),
        )  # fmt: skip
    async with scene.units(scene.shop_id) as uow:
        seen = (await page.link_view(uow, code)).cart.totals
    shown = {"total": str(seen.total.minor), "tax": str(seen.tax.minor), "to": "DE"}
    vienna = {"country": "AT", "postal_code": "1010", "city": "Wien"}
    assert await scene.press(code, **shown, **vienna) == Problem(ProblemKind.DESTINATION)
    async with scene.units(scene.shop_id) as uow:
        fresh = (await page.link_view(uow, code, vienna)).cart.totals
    assert fresh.tax != seen.tax
    assert isinstance(await scene.press(code, **shown | {"tax": str(fresh.tax.minor)}, **vienna), RedirectTo)


async def test_the_link_of_a_guest_leads_to_the_cart_of_the_person_they_turned_out_to_be(scene: Scene) -> None:
    old = await scene.fill_cart(2)
    async with scene.units(scene.shop_id) as uow:
        known = await make_customer(uow)
        merge = await customers.merge(uow, scene.customer_id, known, proof="signed_in")
        await cart_reactions.on_customers_merged(uow, CustomersMerged(merge, scene.customer_id, known))
    async with scene.units(scene.shop_id) as uow:
        view = await page.link_view(uow, old)
    assert (view.state, view.cart.units) == (LinkState.SUPERSEDED, 2)
    result = await scene.press(old)
    assert isinstance(result, Problem)
    assert isinstance(await scene.press(result.code or ""), RedirectTo)
    assert (await scene.order()).customer_id == known


async def test_a_superseded_page_paid_all_the_same_buys_the_goods(scene: Scene) -> None:
    await scene.to_the_page()
    scene.shopper_pays()
    async with scene.units(scene.shop_id) as uow:
        await carts.apply(uow, scene.customer_id, [Add(TEE, 1)], "de")
    await scene.events_and_jobs()
    await scene.webhooks()
    assert (await scene.order()).state == OrderState.PAID
    assert await scene.refunds() == []
