"""From a reading's intents to dialogues, in order of mention; the small words around a wish need no answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus
from bots.dialogues import (
    browse,
    cart,
    cart_questions,
    cart_wishes,
    consent,
    greet,
    info,
    orders,
    pay,
    person,
    pick,
    returns,
)
from bots.messages.outbound import CartView, Choices, Text

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

SMALL = frozenset({"greeting", "thanks", "goodbye", "smalltalk"})
_CART = frozenset({"add_to_cart", "change_cart", "remove_from_cart", "clear_cart", "provide_slot", "reorder"})
_TEAMS = frozenset({"complaint", "unclear", "out_of_scope"})  # whoever waits for the team says this to it
_MOST = 2

Step = Callable[["Turn", "Reading", str], Awaitable[None]]


async def follow(turn: "Turn", reading: "Reading", text: str, *, first: bool) -> None:
    """Do what the words ask for. What was not understood is counted, so that a person is offered in time."""
    if reading.handover:
        person.hand_over(turn, "asked", key="complaint.sorry" if "complaint" in reading.intents else None)
        return
    wanted = _wanted(reading)
    if not wanted:
        await _small(turn, reading.intents[0] if reading.intents else "unclear", first=first)
        return
    if person.awaited(turn) and not (wanted := [intent for intent in wanted if not _is_teams(reading, intent)]):
        person.noted(turn)
        return
    if person.awaited(turn) and turn.memory.pending is None and {"cancel_flow", "deny"}.issuperset(wanted):
        (person.noted if reading.field == "patience" else person.call_back)(turn)
        return
    asked = turn.memory.pending
    await _do(turn, reading, text, wanted)
    if asked is not None and turn.memory.pending is asked and reading.field != "patience":
        orders.interrupt(turn, asked)
    if wanted[0] not in {"unclear", "out_of_scope"}:
        turn.memory = replace(turn.memory, misses=0)


async def _do(turn: "Turn", reading: "Reading", text: str, wanted: Sequence[str]) -> None:
    """One wish after the other, until a person takes over, who reads the rest too."""
    done_cart = False
    for intent in ["complaint"] if "complaint" in wanted else wanted[:_MOST]:
        if turn.lane_until is not None:
            return
        if intent in _CART:
            if not done_cart:
                await _cart(turn, reading, text)
            done_cart = True
            continue
        step = STEPS.get(intent)
        if step is None:
            greet.unclear(turn)
        else:
            await step(turn, reading, text)


def is_served(reading: "Reading") -> bool:
    """Whether a reading holds something for the bot to do, and nothing for the team alone."""
    return not reading.handover and any(not _is_teams(reading, intent) for intent in _wanted(reading))


def _wanted(reading: "Reading") -> list[str]:
    left = SMALL | {"cancel_flow"} if "deny" in reading.intents else SMALL  # a no in other words (`cancel`) is one no
    wanted = [intent for intent in dict.fromkeys(reading.intents) if intent not in left]
    return ["change_cart", *wanted] if reading.cart_ops and not _CART.intersection(wanted) else wanted


def _is_teams(reading: "Reading", intent: str) -> bool:
    """Whether an intent has no answer here for somebody who waits for the team: also a search that no goods are of."""
    found = reading.search
    vain = found is None or (not found.products and found.filters.keys() <= {"tag"})
    return intent in _TEAMS or (intent == "search" and vain)


async def _small(turn: "Turn", intent: str, *, first: bool) -> None:
    match intent:
        case "greeting":
            if not (greet.has_just_asked(turn) and await browse.newest_look(turn)):
                greet.greeting(turn, first=first)
        case "thanks":
            greet.thanks(turn)
        case "goodbye":
            await greet.goodbye(turn)
        case "smalltalk":
            greet.smalltalk(turn)
        case _:
            greet.unclear(turn)


async def _cart(turn: "Turn", reading: "Reading", text: str) -> None:
    if orders.is_told(turn, reading):
        turn.memory = replace(turn.memory, pending=None)
        await orders.track(turn, reading, text)
    elif "clear_cart" in reading.intents and not reading.cart_ops:
        await cart.clear(turn)
    elif "reorder" in reading.intents and reading.cart_ops:
        await pay.reorder(turn, reading)
    elif key := cart_questions.unmet(reading):
        await cart.none_meant(turn, key)
        cart_questions.remember_which(turn, reading)
    elif "remove_from_cart" in reading.intents and not reading.cart_ops:
        await cart.show(turn)
    elif not await _given(turn, reading, text):
        await _wished(turn, reading, text)


async def _given(turn: "Turn", reading: "Reading", text: str) -> bool:
    """Take what an order needs, where the words are no wish: an e-mail address, a postal one."""
    if reading.cart_ops:
        return False
    if reading.email:
        await pay.email(turn, reading.email)
        return True
    return reading.address_like and await pay.address_words(turn, text)


async def _wished(turn: "Turn", reading: "Reading", text: str) -> None:
    done = await cart_wishes.from_reading(turn, reading)
    told = await pick.say_why_not(turn, reading)
    if done and reading.unclear:
        await pick.ask_which(turn, reading.unclear)
    elif done and told:
        _tell_together(turn)
    if done or told:
        return
    if "quantity" in reading.missing and turn.memory.focus is not None:
        cart_questions.ask_how_many(turn, turn.memory.focus)
    elif "reorder" in reading.intents:
        await pick.offer(turn, reading, "reorder.which" if reading.items else "reorder.none")
    elif "product" in reading.missing and reading.search is None:
        await pick.about(turn, reading, text)
    else:
        await browse.from_reading(turn, reading, text)


def _tell_together(turn: "Turn") -> None:
    """What was done and what could not be done, in one message."""
    *before, done, refused = turn.replies
    if isinstance(done, CartView | Choices | Text) and isinstance(refused, Text):
        turn.replies[:] = [*before, changed(done, text=f"{done.text}\n{refused.text}")]


async def _search(turn: "Turn", reading: "Reading", text: str) -> None:
    await browse.from_reading(turn, reading, text)


async def _recommend(turn: "Turn", reading: "Reading", text: str) -> None:
    if "choice" in reading.asks and await browse.choice(turn):
        return
    if reading.search is None:
        await browse.looks(turn)
    else:
        await browse.from_reading(turn, reading, text)


def _about(intent: str) -> Step:
    async def step(turn: "Turn", reading: "Reading", text: str) -> None:
        await pick.about(turn, replace(reading, intents=(intent,)), text)

    return step


async def _affirm(turn: "Turn", _reading: "Reading", _text: str) -> None:
    await pick.answer(turn, yes=True)


async def _deny(turn: "Turn", reading: "Reading", _text: str) -> None:
    if reading.field == "patience":
        pick.wait(turn)
    else:
        await pick.answer(turn, yes=False)


async def _cancel_flow(turn: "Turn", reading: "Reading", text: str) -> None:
    if reading.field == "patience":
        pick.wait(turn)
    elif reading.field == "pause":
        await pick.answer(turn, yes=False)
    elif reading.field == "put_back":
        await cart.put_back(turn)
    else:
        await pick.leave(turn, text)


async def _show_cart(turn: "Turn", reading: "Reading", _text: str) -> None:
    if reading.product:
        turn.memory = replace(turn.memory, focus=Focus(reading.product, reading.colour, reading.size))
    await cart.show(turn)


async def _checkout(turn: "Turn", _reading: "Reading", _text: str) -> None:
    await pay.checkout(turn)


async def _voucher(turn: "Turn", reading: "Reading", _text: str) -> None:
    await cart.voucher(turn, reading.voucher_code)


async def _track(turn: "Turn", reading: "Reading", text: str) -> None:
    if reading.field == "shipping_address" and not (await turn.cart()).is_empty:
        await pay.checkout(turn)
    else:
        await orders.track(turn, reading, text)


async def _change_order(turn: "Turn", reading: "Reading", text: str) -> None:
    if info.one_address(turn, text):
        return
    if reading.field == "shipping_address" and not (await turn.cart()).is_empty:
        pay.ask_where(turn)
    else:
        await orders.change(turn, reading, text)


async def _human(turn: "Turn", _reading: "Reading", _text: str) -> None:
    person.hand_over(turn, "asked")


async def _complaint(turn: "Turn", _reading: "Reading", _text: str) -> None:
    person.hand_over(turn, "complaint", key="complaint.sorry")


async def _stop(turn: "Turn", _reading: "Reading", _text: str) -> None:
    await consent.stop(turn)


async def _privacy(turn: "Turn", _reading: "Reading", _text: str) -> None:
    person.privacy_request(turn)


async def _help(turn: "Turn", reading: "Reading", _text: str) -> None:
    if reading.field == "shop":
        info.about_shop(turn)
    else:
        greet.help_text(turn)


async def _bot(turn: "Turn", _reading: "Reading", _text: str) -> None:
    greet.ask_bot(turn)


async def _scope(turn: "Turn", _reading: "Reading", _text: str) -> None:
    greet.out_of_scope(turn)


async def _unclear(turn: "Turn", reading: "Reading", _text: str) -> None:
    if reading.offer_handover:
        greet.insulted(turn)
    else:
        greet.unclear(turn)


STEPS: dict[str, Step] = {
    "search": _search,
    "refine_search": _search,
    "recommendation": _recommend,
    "select_item": _about("select_item"),
    "product_question": _about("product_question"),
    "stock_question": _about("stock_question"),
    "size_advice": _about("size_advice"),
    "show_cart": _show_cart,
    "checkout": _checkout,
    "voucher": _voucher,
    "affirm": _affirm,
    "deny": _deny,
    "cancel_flow": _cancel_flow,
    "track_order": _track,
    "cancel_order": orders.cancel,
    "change_order": _change_order,
    "refund_status": orders.refunds,
    "invoice": orders.invoice,
    "return_item": returns.begin,
    "exchange_item": returns.begin,
    "return_policy": info.return_policy,
    "shipping_info": info.shipping,
    "payment_info": info.payment,
    "complaint": _complaint,
    "human_handover": _human,
    "unsubscribe": _stop,
    "privacy_request": _privacy,
    "help": _help,
    "ask_bot": _bot,
    "out_of_scope": _scope,
    "unclear": _unclear,
}
