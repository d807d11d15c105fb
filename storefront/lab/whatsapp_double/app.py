"""The double as an ASGI application: `/v26.0/…` is the Graph API, `/_lab` the person's phone and the switches."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
from litestar import Litestar, Request, delete, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody

from storefront.lab.double import Courier, Json, Switchboard, Wire
from storefront.lab.whatsapp_double.api import Api, struck
from storefront.lab.whatsapp_double.double import Number, Person, WhatsAppDouble
from storefront.lab.whatsapp_double.person import Phone


class Connection(msgspec.Struct, kw_only=True):
    """A business number and the shop behind it."""

    phone_number_id: str
    waba_id: str
    app_secret: str
    callback_url: str
    access_token: str = ""


class Said(msgspec.Struct, kw_only=True):
    """What a person does. `message` is any message of the Cloud API, without ids and sender."""

    text: str = ""
    name: str = ""
    reply_to: str | None = None
    message_id: str = ""
    id: str = ""
    emoji: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    label: str = ""
    lines: list[Json] = []
    value: str = "stop"
    status: str = ""
    message: Json = {}


def create_app(double: WhatsAppDouble, *, client: httpx.AsyncClient | None = None) -> Switchboard:
    """The application, with its courier running while it runs. `client` carries the webhooks; own one if none."""

    @asynccontextmanager
    async def courier(app: Litestar) -> AsyncIterator[None]:  # noqa: ARG001 - Litestar's form
        carrier = client or httpx.AsyncClient(timeout=15, trust_env=False)
        double.courier = Courier(double.faults, carrier)
        double.courier.start()
        try:
            yield
        finally:
            await double.courier.stop()
            if client is None:
                await carrier.aclose()

    api = Api(double)
    lab = Litestar(
        route_handlers=[
            connect, get_faults, set_faults, clear_faults, people, thread, say, tap, picture, location, order, react,
            read, prefer, send, hide_number, review,
        ],
        state=State({"double": double, "api": api}),
        lifespan=[courier],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )  # fmt: skip
    return Switchboard(lab, Wire(double.faults, api.answer, struck))


@post("/_lab/numbers", status_code=200)
async def connect(state: State, data: JSONBody[Connection]) -> Json:
    """Tell the double of a number and where its webhooks go."""
    number = Number(**msgspec.structs.asdict(data))
    state.double.connect(number)
    return {"connected": number.phone_number_id}


@get("/_lab/faults")
async def get_faults(state: State) -> Json:
    """The switches as they stand."""
    return msgspec.structs.asdict(state.double.faults)


@post("/_lab/faults", status_code=200)
async def set_faults(request: Request[Any, Any, State], state: State) -> Json:
    """Turn switches: a JSON object of those to change."""
    try:
        state.double.faults.set(msgspec.json.decode(await request.body(), type=dict[str, Any]))
    except msgspec.MsgspecError as error:
        raise ClientException(str(error)) from error
    return msgspec.structs.asdict(state.double.faults)


@delete("/_lab/faults", status_code=200)
async def clear_faults(state: State) -> Json:
    """All well again."""
    state.double.faults.set(msgspec.structs.asdict(type(state.double.faults)()))
    return msgspec.structs.asdict(state.double.faults)


@get("/_lab/people")
async def people(state: State) -> list[Json]:
    """Everybody who has written or was written to."""
    return [_about(state.double, one) for one in state.double.people.values()]


@get("/_lab/person/{wa_id:str}/thread")
async def thread(state: State, wa_id: FromPath[str]) -> Json:
    """The thread as the app would show it, with every payload whole."""
    person = state.double.person(wa_id)
    return {**_about(state.double, person), "messages": msgspec.to_builtins(person.thread)}


@post("/_lab/person/{wa_id:str}/say", status_code=200)
async def say(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """Words."""
    return {"id": _phone(state, wa_id, data.name).say(data.text, reply_to=data.reply_to, more=data.message)}


@post("/_lab/person/{wa_id:str}/tap", status_code=200)
async def tap(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """A button or row of a message."""
    try:
        return {"id": _phone(state, wa_id).tap(data.message_id, data.id)}
    except (LookupError, StopIteration) as error:
        raise NotFoundException("there is no such button") from error


@post("/_lab/person/{wa_id:str}/picture", status_code=200)
async def picture(request: Request[Any, Any, State], state: State, wa_id: FromPath[str]) -> Json:
    """A file as the request's body; `?kind=audio&caption=…&name=…`."""
    query = request.query_params
    sent = _phone(state, wa_id).picture(
        await request.body(),
        request.headers.get("content-type", "image/jpeg"),
        kind=query.get("kind", "image"),
        caption=query.get("caption", ""),
        name=query.get("name", ""),
    )
    return {"id": sent}


@post("/_lab/person/{wa_id:str}/location", status_code=200)
async def location(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """A place."""
    return {"id": _phone(state, wa_id).location(data.latitude, data.longitude, name=data.label)}


@post("/_lab/person/{wa_id:str}/order", status_code=200)
async def order(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """A cart of the catalogue."""
    return {"id": _phone(state, wa_id).order(data.lines, data.text)}


@post("/_lab/person/{wa_id:str}/react", status_code=200)
async def react(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """An emoji on a message."""
    return {"id": _phone(state, wa_id).react(data.message_id, data.emoji)}


@post("/_lab/person/{wa_id:str}/read", status_code=200)
async def read(state: State, wa_id: FromPath[str]) -> Json:
    """Look at the thread."""
    _phone(state, wa_id).read()
    return {"read": True}


@post("/_lab/person/{wa_id:str}/preference", status_code=200)
async def prefer(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """Stop or resume marketing."""
    _phone(state, wa_id).prefer(data.value)
    return {"value": data.value}


@post("/_lab/person/{wa_id:str}/send", status_code=200)
async def send(state: State, wa_id: FromPath[str], data: JSONBody[Said]) -> Json:
    """Any message."""
    return {"id": _phone(state, wa_id, data.name).send(data.message, reply_to=data.reply_to)}


@post("/_lab/person/{wa_id:str}/hide-number", status_code=200)
async def hide_number(state: State, wa_id: FromPath[str]) -> Json:
    """The person takes a user name: webhooks carry no number any more."""
    person = state.double.person(wa_id)
    person.hides_number = True
    return _about(state.double, person)


@post("/_lab/templates/{name:str}/{language:str}", status_code=200)
async def review(state: State, name: FromPath[str], language: FromPath[str], data: JSONBody[Said]) -> Json:
    """Meta decides about a template: `status` APPROVED, REJECTED, PAUSED or DISABLED."""
    for key in [key for key in state.double.templates if key[1:] == (name, language)]:
        state.api.review(key, data.status or "APPROVED")
    return {"status": data.status}


def _phone(state: State, wa_id: str, name: str = "") -> Phone:
    double: WhatsAppDouble = state.double
    if not double.numbers:
        raise ClientException("no business number is connected yet")
    return Phone(double, next(iter(double.numbers.values())), double.person(wa_id, name))


def _about(double: WhatsAppDouble, person: Person) -> Json:
    return {
        "wa_id": person.wa_id,
        "user_id": person.user_id,
        "name": person.name,
        "typing": bool(person.typing_at) and double.now() - person.typing_at < _TYPING_S,
        "window_open": double.within_window(person),
    }


_TYPING_S = 25
