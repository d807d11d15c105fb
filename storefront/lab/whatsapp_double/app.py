"""The double as an ASGI application: `/v26.0/…` is the Graph API, `/_lab` the person's phone and the switches."""

from typing import Any

import httpx
import msgspec
from litestar import Request, get, post
from litestar.datastructures import State
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody

from storefront.lab.double import Json, Switchboard, Wire, application
from storefront.lab.whatsapp_double.api import Api, struck
from storefront.lab.whatsapp_double.double import Person, WhatsAppDouble
from storefront.lab.whatsapp_double.person import Phone

_TYPING_S = 25


class Said(msgspec.Struct, kw_only=True):
    """What a person does. `message`: more members of the message as the Cloud API has it, as an ad's `referral`."""

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
    message: Json = {}


def create_app(double: WhatsAppDouble, *, client: httpx.AsyncClient | None = None) -> Switchboard:
    """The application. `client` carries the webhooks; one of its own if none."""
    routes = (thread, say, tap, picture, location, order, react, read, prefer, hide_number)
    return application(double, Wire(double.faults, Api(double).answer, struck), routes, client)


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
    except LookupError as error:
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


@post("/_lab/person/{wa_id:str}/hide-number", status_code=200)
async def hide_number(state: State, wa_id: FromPath[str]) -> Json:
    """The person takes a user name: webhooks carry no number any more."""
    person = state.double.person(wa_id)
    person.hides_number = True
    return _about(state.double, person)


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
