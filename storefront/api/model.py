"""The language model that may read beside the built-in reader: one a shop, its key goes in and never comes out."""

from typing import cast

import msgspec
from litestar import Router, delete, get, put
from litestar.params import JSONBody

from bots.understanding.model import accounts
from bots.understanding.model.accounts import ModelSettings, ModelView
from storefront.api.answers.settings import LanguageModel
from storefront.api.http import ApiRequest, house_of, unit

_SCOPE = "settings"


class ModelForm(ModelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model's settings with its key; without a key the one there is stays, an empty one means that none is needed."""

    key: str | None = None


@get("/model", summary="Read the language model")
async def read_model(request: ApiRequest) -> LanguageModel:
    """Its settings and what it cost this month; 404 while the shop has none."""
    async with unit(request, _SCOPE) as uow:
        return _present(await accounts.get(uow, house_of(request).vault))


@put("/model", summary="Set the language model")
async def set_model(request: ApiRequest, data: JSONBody[ModelForm]) -> LanguageModel:
    """Any OpenAI-compatible endpoint, asked from the next message on."""
    house = house_of(request)
    plain = {name: value for name, value in msgspec.structs.asdict(data).items() if name != "key"}
    async with unit(request, _SCOPE) as uow:
        view = await accounts.put(
            uow, house.vault, ModelSettings(**plain), key=data.key, inward_allowed=house.settings.lab
        )
    return _present(view)


@delete("/model", summary="Remove the language model", status_code=204)
async def remove_model(request: ApiRequest) -> None:
    """The built-in reader reads alone again; the key is forgotten."""
    async with unit(request, _SCOPE) as uow:
        await accounts.remove(uow)


def _present(view: ModelView) -> LanguageModel:
    shown = {
        **msgspec.structs.asdict(view.settings), "key": {"set": view.has_key}, "spent": view.spent,
        "month": view.month.strftime("%Y-%m"),
    }  # fmt: skip
    return cast("LanguageModel", shown)


ROUTER = Router(path="/", tags=["Language model"], route_handlers=[read_model, set_model, remove_model])
