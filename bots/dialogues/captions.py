"""Words beside a picture. What needs no picture is answered at once; a question about goods once it was looked at.

A wish is never put into the cart from here: which product a picture shows is a guess, and the person picks. So it is
with words beside a cart of the provider's catalogue, which may name what is in it already.
"""

from typing import TYPE_CHECKING

from bots.dialogues import intents, words

if TYPE_CHECKING:
    from bots.turns.turn import Turn

_SURE = 0.8  # less, and the words say nothing by themselves ("schau mal", "so eins suche ich")
_NEED_NO_PICTURE = frozenset({
    "track_order", "cancel_order", "change_order", "refund_status", "invoice", "return_item", "exchange_item",
    "return_policy", "shipping_info", "payment_info", "complaint", "human_handover", "unsubscribe", "privacy_request",
    "checkout", "show_cart", "help", "ask_bot",
})  # fmt: skip
_ABOUT_GOODS = frozenset({
    "search", "refine_search", "recommendation", "product_question", "stock_question", "size_advice",
})  # fmt: skip


async def answer_at_once(turn: "Turn", caption: str) -> bool:
    """Answer what has nothing to do with goods that look alike; whether there was something to answer."""
    return await _answer(turn, caption, _NEED_NO_PICTURE)


async def answer_about_goods(turn: "Turn", caption: str) -> bool:
    """Answer a question about the product in focus or about others; whether there was something to answer."""
    return await _answer(turn, caption, _ABOUT_GOODS)


async def _answer(turn: "Turn", caption: str, wanted: frozenset[str]) -> bool:
    if not caption.strip():
        return False
    reading = await words.understand(turn, caption)
    empty = reading.search is not None and not reading.search.products
    if reading.confidence < _SURE or empty or reading.cart_ops or not wanted.intersection(reading.intents):
        return False
    await intents.follow(turn, reading, caption, first=False)
    return True
