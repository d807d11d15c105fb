"""`storefront shop …` and `storefront keys …`: shops of this install and the keys that speak for them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import click
import msgspec

from catalog.kernel.errors import Invalid
from catalog.kernel.ids import ShopId
from catalog.kernel.unit_of_work import UnitOfWork, Units
from catalog.shops import service as shops
from storefront.cli.database import current, opened

_Result = TypeVar("_Result")
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
_SHOP = click.option("--shop", "slug", help="The shop's slug; needed when there are several.")


@click.group()
def shop() -> None:
    """Shops of this install."""


@shop.command("create")
@click.option("--name", required=True, help="As shoppers see it.")
@click.option("--currency", required=True, metavar="EUR", help="ISO 4217 code of its prices.")
@click.option("--country", required=True, metavar="DE", help="ISO 3166 code; its tax rules hold.")
@click.option(
    "--locale", "locales", required=True, multiple=True, metavar="de", help="A language; the first is the default."
)
@click.option("--slug", help="Its place in addresses; made from the name when left out.")
@_JSON
def create(
    *, name: str, currency: str, country: str, locales: tuple[str, ...], slug: str | None, as_json: bool
) -> None:
    """Make a shop and its first API key, which is shown this once."""

    async def run(units: Units) -> dict[str, Any]:
        async with units(None) as uow:
            made = await shops.create_shop(
                uow, name=name, currency=currency.upper(), country=country.upper(), locales=locales, slug=slug
            )
            # The key belongs to the same transaction: no shop without a way in.
            scoped = UnitOfWork(uow.lent, uow.now, ShopId(made.id))
            _, key = await shops.create_key(scoped, name="first key")
            await scoped.close()
        return {"shop_id": made.id, "slug": made.slug, "api_key": key}

    result = _within(run)
    if as_json:
        _print(result)
        return
    click.echo(f"The shop {result['slug']} exists ({result['shop_id']}).")
    click.echo(f"Its API key, shown this once: {result['api_key']}")


@shop.command("list")
@_JSON
def list_shops(*, as_json: bool) -> None:
    """All shops of this install."""

    async def run(units: Units) -> list[dict[str, Any]]:
        async with units(None) as uow:
            return [{"shop_id": id_, "slug": slug, "name": name} for id_, slug, name in await shops.list_shops(uow)]

    found = _within(run)
    if as_json:
        _print(found)
        return
    for one in found:
        click.echo(f"{one['slug']:<24} {one['name']:<32} {one['shop_id']}")


@click.group()
def keys() -> None:
    """API keys: made, listed without themselves, revoked."""


@keys.command("create")
@_SHOP
@click.option("--name", required=True, help="What it is for; you recognise it by this.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(shops.SCOPES), help="Left out: all.")
@_JSON
def create_key(*, slug: str | None, name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make a key, which is shown this once."""

    async def run(units: Units) -> dict[str, Any]:
        async with units(await find_shop(units, slug)) as uow:
            key_id, key = await shops.create_key(uow, name=name, scopes=scopes or shops.SCOPES)
        return {"key_id": key_id, "api_key": key, "scopes": scopes or shops.SCOPES}

    result = _within(run)
    if as_json:
        _print(result)
        return
    click.echo(f"The key {result['key_id']}, shown this once: {result['api_key']}")


@keys.command("list")
@_SHOP
@_JSON
def list_keys(*, slug: str | None, as_json: bool) -> None:
    """The shop's keys."""

    async def run(units: Units) -> list[dict[str, Any]]:
        async with units(await find_shop(units, slug)) as uow:
            return await shops.list_keys(uow)

    found = _within(run)
    if as_json:
        _print(found)
        return
    for key in found:
        state = "revoked" if key["revoked_at"] else "works"
        click.echo(f"{key['id']}  {key['hint']}…  {state:<8} {key['name']}  ({', '.join(key['scopes'])})")


@keys.command("revoke")
@click.argument("key_id", type=click.UUID)
@_SHOP
@_JSON
def revoke_key(*, key_id: UUID, slug: str | None, as_json: bool) -> None:
    """End a key at once."""

    async def run(units: Units) -> None:
        async with units(await find_shop(units, slug)) as uow:
            await shops.revoke_key(uow, key_id)

    _within(run)
    if as_json:
        _print({"key_id": key_id, "revoked": True})
        return
    click.echo(f"The key {key_id} works no more.")


async def find_shop(units: Units, slug: str | None) -> ShopId:
    """The shop a command means: by slug, or the only one. Raises NotFound, or Invalid when there are several."""
    async with units(None) as uow:
        if slug is not None:
            return await shops.find_shop(uow, slug)
        found = await shops.list_shops(uow)
    if len(found) != 1:
        known = ", ".join(one[1] for one in found) or "none yet; run `storefront shop create`"
        raise Invalid(f"which shop? Name it with --shop; there are: {known}", pointer="/shop")
    return found[0][0]


def _within(run: Callable[[Units], Awaitable[_Result]]) -> _Result:
    async def go() -> _Result:
        async with opened(settings) as units:
            return await run(units)

    with current() as settings:
        return asyncio.run(go())


def _print(value: object) -> None:
    click.echo(msgspec.json.encode(value).decode())
