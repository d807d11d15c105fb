"""The shop's language model as the merchant sets it, and its costs: reserved before asking, settled afterwards."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec
from asyncpg import Record

from catalog.kernel.addresses import check_outside_url
from catalog.kernel.errors import Invalid, Misconfigured, NotFound
from catalog.kernel.ids import new_id
from catalog.kernel.money import Money
from catalog.kernel.secrets import Secret, Vault
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.shops import profile as profiles
from catalog.shops import service as shops
from catalog.shops.settings import Model

MICRO = 1_000_000
_LONGEST = 200
_BUDGET_MS = (100, 10_000)

Use = Literal["never", "below_threshold", "all"]


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a merchant sets. `use`: never, only where the built-in reader is unsure, or for every message.

    Prices are per million tokens; none means that nothing is paid (a model of one's own). `monthly_cap` ends the
    asking for the rest of the calendar month (UTC).
    """

    base_url: str
    model: str
    use: Use = "below_threshold"
    threshold: float = 0.6
    output: Literal["json_schema", "tool"] = "json_schema"
    budget_ms: int = 1500
    monthly_cap: Money | None = None
    input_price: Money | None = None
    output_price: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """What may be shown of it: of the key only whether there is one."""

    settings: ModelSettings
    spent: Money
    month: date
    has_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAccess:
    """What asking needs."""

    account_id: UUID
    base_url: str
    model: str
    key: Secret
    output: str
    budget_ms: int
    threshold: float
    input_price: int
    output_price: int

    def cost(self, input_tokens: int, output_tokens: int) -> int:
        """Millionths of a minor unit."""
        return max(input_tokens, 0) * self.input_price + max(output_tokens, 0) * self.output_price


async def put(
    uow: UnitOfWork, vault: Vault, given: ModelSettings, *, key: str | None, inward_allowed: bool = False
) -> ModelView:
    """Set the shop's model; no key keeps the one there is. Raises Invalid that points at the field."""
    shop = await profiles.lock(uow)
    base = _checked(given, shop.currency, inward_allowed=inward_allowed)
    row = await uow.fetchrow("SELECT id, sealed, base_url FROM model_account WHERE shop_id = $1", uow.shop_id)
    account_id = row["id"] if row else new_id()
    if key is None and row is not None and row["base_url"] != base:
        raise Invalid("the address changed: enter its key again (or an empty one)", pointer="/key")
    sealed = row["sealed"] if row and key is None else vault.seal({"key": (key or "").strip()}, context=str(account_id))
    await uow.execute(
        "INSERT INTO model_account (id, shop_id, base_url, model, sealed, output, budget_ms, threshold_percent,"
        " currency, cap_minor, input_price_minor, output_price_minor, month, spent_micro, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14)"
        " ON CONFLICT (shop_id) DO UPDATE SET base_url = excluded.base_url, model = excluded.model,"
        " sealed = excluded.sealed, output = excluded.output, budget_ms = excluded.budget_ms,"
        " threshold_percent = excluded.threshold_percent, currency = excluded.currency, cap_minor = excluded.cap_minor,"
        " input_price_minor = excluded.input_price_minor, output_price_minor = excluded.output_price_minor",
        account_id, uow.shop_id, base, given.model.strip(), sealed, given.output, given.budget_ms,
        round(given.threshold * 100), shop.currency, _minor(given.monthly_cap), _minor(given.input_price),
        _minor(given.output_price), uow.now.date().replace(day=1), uow.now,
    )  # fmt: skip
    await _use(uow, given.use)
    return await _view(uow, vault, given.use)


async def get(uow: UnitOfWork, vault: Vault) -> ModelView:
    """The shop's model and what it cost this month. Raises NotFound."""
    return await _view(uow, vault, (await profiles.get(uow)).settings.model.use)


async def _view(uow: UnitOfWork, vault: Vault, use: Use) -> ModelView:
    row = await uow.fetchrow("SELECT * FROM model_account WHERE shop_id = $1", uow.shop_id)
    if row is None:
        raise NotFound("the shop has no language model; its built-in reader needs none")
    month = uow.now.date().replace(day=1)
    spent = row["spent_micro"] if row["month"] == month else 0
    return ModelView(
        settings=_settings(row, use), spent=Money(-(-spent // MICRO), row["currency"]), month=month,
        has_key=_has_key(row, vault),
    )  # fmt: skip


def _has_key(row: Record, vault: Vault) -> bool:
    """Whether a key is known; it is not when the install's secret key was lost, for it is entered anew then."""
    try:
        return bool(_key(row, vault))
    except Misconfigured:
        return False


def _key(row: Record, vault: Vault) -> str:
    return str(vault.open(bytes(row["sealed"]), context=str(row["id"]))["key"])


async def remove(uow: UnitOfWork) -> None:
    """Forget the model and its key. Raises NotFound."""
    if not await uow.execute("DELETE FROM model_account WHERE shop_id = $1", uow.shop_id):
        raise NotFound("the shop has no language model")
    await _use(uow, "never")


async def access(uow: UnitOfWork, vault: Vault) -> ModelAccess | None:
    """What asking needs, or None when no model is set."""
    row = await uow.fetchrow("SELECT * FROM model_account WHERE shop_id = $1", uow.shop_id)
    if row is None:
        return None
    return ModelAccess(
        account_id=row["id"], base_url=row["base_url"], model=row["model"], key=Secret(_key(row, vault)),
        output=row["output"], budget_ms=row["budget_ms"], threshold=row["threshold_percent"] / 100,
        input_price=row["input_price_minor"], output_price=row["output_price_minor"],
    )  # fmt: skip


async def reserve(uow: UnitOfWork, micro: int) -> bool:
    """Set aside what a request may cost at most; False when the month's cap would be passed."""
    if not micro:
        return True
    month = uow.now.date().replace(day=1)
    touched = await uow.execute(
        "UPDATE model_account SET month = $2, spent_micro = $3 + CASE WHEN month = $2 THEN spent_micro ELSE 0 END"
        " WHERE shop_id = $1 AND $3 + CASE WHEN month = $2 THEN spent_micro ELSE 0 END <= cap_minor::numeric * $4",
        uow.shop_id, month, micro, MICRO,
    )  # fmt: skip
    return touched > 0


async def settle(uow: UnitOfWork, *, reserved: int, micro: int) -> None:
    """Replace what was set aside by what it cost."""
    if reserved != micro:
        await uow.execute(
            "UPDATE model_account SET spent_micro = greatest(spent_micro + $2, 0) WHERE shop_id = $1",
            uow.shop_id, micro - reserved,
        )  # fmt: skip


async def _use(uow: UnitOfWork, use: Use) -> None:
    shop = await profiles.lock(uow)
    if shop.settings.model.use != use:
        await shops.change_settings(uow, msgspec.structs.replace(shop.settings, model=Model(use=use)))


def _checked(given: ModelSettings, currency: str, *, inward_allowed: bool) -> str:
    check_outside_url(given.base_url, allow_private=inward_allowed, pointer="/base_url")
    if not 0 < len(given.model.strip()) <= _LONGEST:
        raise Invalid("name the model as its provider does", pointer="/model")
    if not _BUDGET_MS[0] <= given.budget_ms <= _BUDGET_MS[1]:
        raise Invalid(f"from {_BUDGET_MS[0]} to {_BUDGET_MS[1]} milliseconds", pointer="/budget_ms")
    if not 0 <= given.threshold <= 1:
        raise Invalid("a share from 0 to 1", pointer="/threshold")
    for name in ("monthly_cap", "input_price", "output_price"):
        amount: Money | None = getattr(given, name)
        if amount is not None and (amount.currency != currency or amount.minor < 0):
            raise Invalid(f"an amount in {currency} that is not negative", pointer=f"/{name}")
    if (_minor(given.input_price) or _minor(given.output_price)) and given.monthly_cap is None:
        raise Invalid("what costs money needs a monthly cap", pointer="/monthly_cap")
    return given.base_url.rstrip("/")


def _minor(amount: Money | None) -> int:
    return amount.minor if amount is not None else 0


def _settings(row: Record, use: Use) -> ModelSettings:
    return ModelSettings(
        base_url=row["base_url"], model=row["model"], use=use, threshold=row["threshold_percent"] / 100,
        output=row["output"], budget_ms=row["budget_ms"], monthly_cap=Money(row["cap_minor"], row["currency"]),
        input_price=Money(row["input_price_minor"], row["currency"]),
        output_price=Money(row["output_price_minor"], row["currency"]),
    )  # fmt: skip
