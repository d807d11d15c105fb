"""The last resort: one thing spoken of is better than nothing understood, and never more than that."""

import pytest

from bots.understanding import Context
from bots.understanding.reading import Focus, PastOrder
from tests.bots.understanding import cases

CORPUS = cases.own()
ORDERED = Context(orders=(PastOrder(number="X-1", status="shipped"),))


@pytest.mark.parametrize(
    ("text", "context", "intent"),
    [
        ("overseas would be the thing", Context(), "shipping_info"),
        ("irgendwas mit der zahlung wohl", Context(), "payment_info"),
        ("das mit dem paket ist schon kurios bei euch", ORDERED, "track_order"),
        ("kann die eigentlich auf den balkon", Context(focus=Focus(product="p-141")), "product_question"),
    ],
)
def test_what_no_rule_knows_is_taken_for_what_it_speaks_of(text: str, context: Context, intent: str) -> None:
    reading = CORPUS.reader.read(text, context)
    assert reading.intents == (intent,)
    assert reading.cart_ops == ()
    assert reading.confidence <= 0.4


def test_who_speaks_of_nothing_the_shop_does_is_still_told_so() -> None:
    assert CORPUS.reader.read("mein nachbar hört den ganzen tag laut radio", Context()).intents == ("out_of_scope",)
