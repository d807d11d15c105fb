"""Hypothesis strategies for every outbound message and for channels of every ability."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from bots.messages.capabilities import Capabilities
from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    CartView,
    Choices,
    Document,
    FormQuestion,
    ImageRef,
    LineView,
    Lookbook,
    Message,
    OrderStatus,
    PaymentRequest,
    Picture,
    ProductCard,
    Text,
)

_WORDS = [
    "Basic-Tee", "grau", "Größe", "M,", "das", "*leichte*", "Leinenhemd.", "Ärmel", "👕", "👩\u200d👩\u200d👧",
    "für", "dich!", "Wir", "halten", "sie", "bis", "14:32;", "Zahlungspflichtig", "bestellen", "<b>&amp;", "*",
    "**", "_x_", "https://shop.example/p/A7K-2QX?x=1", "Overshirt", "/", "32/32", "…",
]  # fmt: skip
_AMOUNTS = [
    f"{1 + 463 * number % 999}{('', '.950')[number % 2]},{37 * number % 100:02d}\u00a0€"
    for number in range(6 * len(_WORDS))
]
amounts = st.sampled_from(_AMOUNTS)
# A message is made of hundreds of these. One drawing each, from a table with the shares it should have, is quickest.
_pieces = st.sampled_from([*_WORDS * 18, *_AMOUNTS, *["\n", "\n\n"] * len(_AMOUNTS)])
_label_pieces = st.sampled_from([*_WORDS * 12, *_AMOUNTS])


def texts(*, most: int = 400) -> st.SearchStrategy[str]:
    """Words, prices, emphasis, addresses and line breaks; never blank."""
    return st.lists(_pieces, min_size=1, max_size=most).map(" ".join).filter(lambda text: bool(text.strip()))


labels = st.lists(_label_pieces, min_size=1, max_size=7).map(" ".join)
images = st.builds(ImageRef, image_id=st.text("0123456789abcdef", min_size=8, max_size=8), alt=labels)
ids = st.text("abcdefghij:-0123456789", min_size=1, max_size=64)
links = st.sampled_from(["https://shop.example/p/A7K-2QX", "https://shop.example/o/K-1042"])
replies = st.builds(Action, id=ids, title=labels, primary=st.booleans(), description=st.one_of(st.just(""), labels))
ways = st.builds(Action, id=ids, title=labels, url=links, primary=st.booleans())
_by_id: dict[str, Any] = {"unique_by": lambda action: action.id}
actions = st.lists(st.one_of(replies, replies, ways), max_size=6, **_by_id).map(tuple)
options = st.lists(replies, min_size=1, max_size=14, **_by_id).map(tuple)
lines = st.lists(
    st.builds(LineView, title=labels, quantity=st.integers(1, 9), total=amounts, sku=st.just("TEE-GREY-M")), max_size=3
).map(tuple)
_card = st.builds(
    Card,
    title=labels,
    subtitle=amounts,
    image=st.one_of(st.none(), images, images, images),
    options=st.just(("S", "M", "L")),
    actions=st.lists(st.one_of(replies, ways), max_size=3, **_by_id).map(tuple),
)


@st.composite
def cards(draw: st.DrawFn) -> tuple[Card, ...]:
    """Cards whose actions have different ids, as products' do."""
    drawn = draw(st.lists(_card, min_size=1, max_size=13))
    return tuple(
        Card(
            title=card.title,
            subtitle=card.subtitle,
            image=card.image,
            options=card.options,
            actions=tuple(
                Action(id=f"c{place}:{action.id}"[:64], title=action.title, url=action.url) for action in card.actions
            ),
        )
        for place, card in enumerate(drawn, start=1)
    )


messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Text, text=texts(), actions=actions),
    st.builds(Picture, image=images, text=st.one_of(st.just(""), texts(most=120)), actions=actions),
    st.builds(Choices, text=texts(most=150), options=options, button=st.one_of(st.just(""), labels)),
    st.builds(ProductCard, card=_card, text=st.one_of(st.just(""), texts())),
    st.builds(Carousel, text=texts(most=40), cards=cards(), grid=st.one_of(st.none(), images), actions=actions),
    st.builds(
        Lookbook, code=st.just("LB7"), title=labels, image=images, text=texts(most=60), cards=cards(), actions=actions
    ),
    st.builds(CartView, text=texts(), lines=lines, total=amounts, actions=actions),
    st.builds(
        PaymentRequest, text=texts(most=120), url=links, label=labels, total=amounts, lines=lines, actions=actions
    ),
    st.builds(
        OrderStatus,
        text=texts(most=120),
        number=st.just("K-1042"),
        state=st.just("paid"),
        url=st.one_of(st.none(), links),
        actions=actions,
    ),
    st.builds(FormQuestion, text=texts(most=60), field=st.just("address"), location=st.booleans(), actions=actions),
    st.builds(Document, url=links, name=st.just("K-1042.pdf"), text=st.one_of(st.just(""), texts(most=120))),
)

capabilities: st.SearchStrategy[Capabilities] = st.builds(
    Capabilities,
    text_length=st.sampled_from([300, 640, 1000, 2000, 4096]),
    caption_length=st.sampled_from([0, 200, 1024]),
    pictures=st.booleans(),
    buttons=st.sampled_from([0, 1, 3, 13, 24]),
    button_length=st.sampled_from([20, 25, 40]),
    button_text_length=st.sampled_from([160, 640, 1024, 4096]),
    buttons_with_picture=st.booleans(),
    links_with_buttons=st.booleans(),
    link_buttons=st.sampled_from([0, 1, 3]),
    action_id_bytes=st.sampled_from([20, 64, 200]),
    list_rows=st.sampled_from([0, 5, 10]),
    carousel_cards=st.sampled_from([0, 5, 10]),
    carousel_buttons=st.sampled_from([0, 1, 3]),
    card_links_only=st.booleans(),
    card_action_id_bytes=st.sampled_from([20, 64]),
    documents=st.booleans(),
    location_request=st.booleans(),
    reply_window=st.just(timedelta(hours=24)),
)
