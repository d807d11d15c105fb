"""What the bot remembers of a conversation between turns: one small value, stored as JSON with the conversation."""

import msgspec


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that was offered to tap and can be typed: by its title, or by its number when it has one."""

    id: str
    title: str
    number: int = 0


class Focus(msgspec.Struct, frozen=True, omit_defaults=True):
    """The product being spoken of, as far as it is settled."""

    product: str
    colour: str | None = None
    size: str | None = None
    line: int | None = None


class Pending(msgspec.Struct, frozen=True, omit_defaults=True):
    """The shop's open question.

    `ask` is what an answer gives: `option` (colour or size of a product), `line` (of the cart), `product`, `amount`,
    `length`, `address`, `country`, `cancel_order`, `return_line`, `return_reason`, `return_photo`, `return_quantity`,
    `return_confirm`.
    """

    ask: str
    op: str | None = None
    product: str | None = None
    colour: str | None = None
    size: str | None = None
    quantity: int = 1
    missing: tuple[str, ...] = ()
    line: int | None = None
    order: str | None = None
    data: dict[str, str] = {}


class Memory(msgspec.Struct, frozen=True, omit_defaults=True):
    """The dialogue's memory. Everything has a default, so that an old row always reads."""

    greeted: bool = False
    language_fixed: bool = False
    shown: tuple[str, ...] = ()  # handles in the order last shown
    shown_colours: dict[str, str] = {}  # the colour in which a product was shown
    search: dict[str, object] = {}  # filters of the last search
    page: int = 0
    focus: Focus | None = None
    pending: Pending | None = None
    parked: tuple[Pending, ...] = ()  # questions that an interruption put aside, newest last
    offers: tuple[Offer, ...] = ()
    said: str = ""  # the words last read, and what they were taken for
    meant: tuple[str, ...] = ()
    model: str = ""  # the language model that read them, where it was one
    misses: int = 0  # messages in a row that were not understood
    delivery: dict[str, str] = {}  # address parts given in chat for the next order


_decoder = msgspec.json.Decoder(Memory)
_encoder = msgspec.json.Encoder()


def load(state: str | bytes) -> Memory:
    """The memory from its JSON."""
    return _decoder.decode(state)


def dump(memory: Memory) -> str:
    """JSON for the row."""
    return _encoder.encode(memory).decode()
