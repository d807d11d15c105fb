"""The double as an ASGI application: `/bot<token>/…` is the Bot API, `/_lab` the person's phone and the switches."""

from typing import Any

import httpx
import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody

from storefront.lab.double import Json, Switchboard, Wire, application
from storefront.lab.telegram_double.api import Api
from storefront.lab.telegram_double.double import Person, TelegramDouble
from storefront.lab.telegram_double.person import FILES, Phone

_TYPING_S = 5


class Did(msgspec.Struct, kw_only=True):
    """What a person does."""

    text: str = ""
    name: str = ""
    reply_to: str | None = None
    message_id: str = ""
    id: str = ""
    payload: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    phone: str = ""
    own: bool = True


def create_app(double: TelegramDouble, *, client: httpx.AsyncClient | None = None) -> Switchboard:
    """The application. `client` carries the updates; one of its own if none."""
    api = Api(double)
    routes = (thread, start, say, tap, picture, location, contact, edit, block, unblock, pay)
    return application(double, Wire(double.faults, api.answer, api.struck), routes, client)


@get("/_lab/person/{person_id:int}/thread")
async def thread(state: State, person_id: FromPath[int]) -> Json:
    """The thread as the app would show it, with every payload whole."""
    person = state.double.person(person_id)
    return {**_about(state.double, person), "messages": msgspec.to_builtins(person.thread)}


@post("/_lab/person/{person_id:int}/start", status_code=200)
async def start(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """The start button, with a deep link's payload."""
    return {"id": _phone(state, person_id, data.name).start(data.payload)}


@post("/_lab/person/{person_id:int}/say", status_code=200)
async def say(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """Words."""
    return {"id": _phone(state, person_id, data.name).say(data.text, reply_to=data.reply_to)}


@post("/_lab/person/{person_id:int}/tap", status_code=200)
async def tap(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """A button of a message."""
    try:
        return {"id": _phone(state, person_id).tap(data.message_id, data.id)}
    except LookupError as error:
        raise NotFoundException("there is no such button") from error


@post("/_lab/person/{person_id:int}/picture", status_code=200)
async def picture(request: Request[Any, Any, State], state: State, person_id: FromPath[int]) -> Json:
    """A file as the request's body; `?kind=audio&caption=…&name=…`."""
    query = request.query_params
    kind = query.get("kind", "image")
    if kind not in FILES:
        raise ClientException(f"kind is one of {', '.join(FILES)}")
    sent = _phone(state, person_id).picture(
        await request.body(),
        request.headers.get("content-type", "image/jpeg"),
        kind=kind,
        caption=query.get("caption", ""),
        name=query.get("name", ""),
    )
    return {"id": sent}


@post("/_lab/person/{person_id:int}/location", status_code=200)
async def location(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """A place."""
    return {"id": _phone(state, person_id).location(data.latitude, data.longitude)}


@post("/_lab/person/{person_id:int}/contact", status_code=200)
async def contact(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """A contact card."""
    return {"id": _phone(state, person_id).contact(data.phone, own=data.own)}


@post("/_lab/person/{person_id:int}/edit", status_code=200)
async def edit(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """Change an own message."""
    _phone(state, person_id).edit(data.message_id, data.text)
    return {"id": data.message_id}


@post("/_lab/person/{person_id:int}/block", status_code=200)
async def block(state: State, person_id: FromPath[int]) -> Json:
    """Stop the bot."""
    _phone(state, person_id).block()
    return {"blocked": True}


@post("/_lab/person/{person_id:int}/unblock", status_code=200)
async def unblock(state: State, person_id: FromPath[int]) -> Json:
    """Let the bot back in."""
    _phone(state, person_id).unblock()
    return {"blocked": False}


@post("/_lab/person/{person_id:int}/pay", status_code=200)
async def pay(state: State, person_id: FromPath[int], data: JSONBody[Did]) -> Json:
    """Press Pay on an invoice; the money moves when the bot agrees in time."""
    try:
        return {"id": _phone(state, person_id).pay(data.message_id)}
    except (LookupError, ValueError) as error:
        raise NotFoundException("there is no such invoice") from error


def _phone(state: State, person_id: int, name: str = "") -> Phone:
    double: TelegramDouble = state.double
    return Phone(double, double.person(person_id, name))


def _about(double: TelegramDouble, person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "started": person.started,
        "blocked": person.blocked,
        "typing": bool(person.typing_at) and double.now() - person.typing_at < _TYPING_S,
    }
