"""What a product is like: answered from its own attributes, tags and words, never from anything else."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from bots.dialogues import greet
from bots.messages.outbound import Action, Text
from bots.replies import goods
from bots.understanding import quoting, searching
from catalog.products.listing import Listing

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading

_LABELLED = ("material", "care", "fit")
_CHOICES = {"colour": "colour", "colours": "colour", "size": "size", "sizes": "size"}
# What a shopper may tell from the cloth where the shop says nothing of it.
_BY_MATERIAL = frozenset(
    {"breathable", "creases", "scratchy", "see_through", "soft", "stretch", "sturdy", "sustainable", "vegan", "warm"}
)
_MOST = 3  # sentences that are quoted of a description


def answer(turn: "Turn", listing: Listing, reading: "Reading", question: str) -> bool:
    """Answer what is asked of a product, and say what it has no word on; False where the question asks nothing."""
    asks = reading.asks
    if asks:
        told = [_varied(turn, listing, ask, reading) or _fact(turn, listing, ask) for ask in asks]
        beside = [material] if _BY_MATERIAL & set(asks) and (material := _labelled(turn, listing, "material")) else []
        _say(turn, listing, told, beside=beside, unknown="product.unknown_fact")
        return True
    words = quoting.asked(question, [listing.title, *_names(listing)])
    if words:
        _say(turn, listing, [_of_words(turn, listing, words)], unknown="unclear.unknown")
    return bool(words)


def fit(turn: "Turn", listing: Listing) -> None:
    """How it fits by its own words, or that there are none; and the sizes there are."""
    told = _labelled(turn, listing, "fit")
    sizes = goods.values(listing, "size")
    lines = [told] if told else []
    lines += [turn.say("product.sizes", values=goods.named(listing, sizes))] if sizes else []
    lines += [] if told else [turn.say("size.unknown", title=listing.title)]
    turn.reply(Text(text="\n".join(lines), actions=() if told else _human(turn)))


def _say(
    turn: "Turn", listing: Listing, told: Sequence[Sequence[str]], *, beside: Sequence[str] = (), unknown: str
) -> None:
    """What is known, and that the rest is not, with what comes near it (`beside`)."""
    lines = list(dict.fromkeys(line for found in told for line in found))
    actions = goods.next_steps(turn, listing, there=listing.available > 0) if lines else ()
    if not all(told):
        lines += [line for line in beside if line not in lines]
        lines.append(turn.say(unknown, title=listing.title))
        actions = (*actions[:1], *_human(turn))
    turn.reply(Text(text="\n".join(lines), actions=actions))


def _varied(turn: "Turn", listing: Listing, ask: str, reading: "Reading") -> list[str]:
    """The colours that are there in the size spoken of, or the sizes in the colour."""
    kind, told = (_CHOICES.get(ask), reading.size if ask in {"colour", "colours"} else reading.colour)
    if kind is None or not told:
        return []
    asked = goods.choose(listing, colour=reading.colour, size=reading.size)
    there = [variant for variant in asked if variant.available > 0]
    values = goods.named(listing, goods.values(listing, kind, among=there)) if there else ""
    value = told if kind == "colour" else listing.called(told)
    return [turn.say(f"product.{kind}s_in", value=value, values=values)] if values else []


def _fact(turn: "Turn", listing: Listing, ask: str) -> list[str]:
    """Lines on one fact: from where it stands by its name, else from what tags and texts say of it."""
    if ask in _CHOICES:
        return [_choice(turn, listing, _CHOICES[ask])]
    if ask == "price":
        return [turn.say("product.price", title=listing.title, price=goods.price_of(turn, listing))]
    if ask == "brand" and listing.brand:
        return [f"{listing.title}: {listing.brand}"]
    if ask == "details":
        parts = [_labelled(turn, listing, name) for name in _LABELLED]
        return [part for part in (listing.description, *parts) if part]
    if line := _labelled(turn, listing, ask):
        return [line]
    return [*_tagged(turn, listing, [ask]), *_quoted(turn, listing, lambda text: quoting.on_fact(ask, text))]


def _of_words(turn: "Turn", listing: Listing, words: Sequence[str]) -> list[str]:
    return [*_tagged(turn, listing, words), *_quoted(turn, listing, lambda text: quoting.on_words(words, text))]


def _labelled(turn: "Turn", listing: Listing, name: str) -> str | None:
    """An attribute by its name: its words, or what a shopper calls a known one."""
    value = _attributes(listing).get(name)
    if not value:
        return None
    if name == "gender":
        return f"{listing.title}: {searching.called('gender', str(value), turn.locale)}"
    words = turn.shop.text(value, turn.locale) if isinstance(value, dict) else str(value)
    return turn.say(f"product.{name}", value=words) if name in _LABELLED else f"{listing.title}: {words}"


def _tagged(turn: "Turn", listing: Listing, words: Sequence[str]) -> list[str]:
    tag = quoting.tag_for(words, listing.tags)
    if tag is None:
        return []
    return [turn.say("product.tagged", title=listing.title, value=searching.called("tag", tag, turn.locale))]


def _quoted(turn: "Turn", listing: Listing, speaks: Callable[[str], list[str]]) -> list[str]:
    """The attributes and the sentences of the description that speak of it."""
    attributes = _attributes(listing)
    told = {name: turn.shop.text(value, turn.locale) for name, value in attributes.items() if _is_text(name, value)}
    lines = [line for name, text in told.items() if speaks(text) and (line := _labelled(turn, listing, name))]
    sentences = speaks(listing.description)[:_MOST]
    return [*lines, *(turn.say("product.says", title=listing.title, words=sentence) for sentence in sentences)]


def _is_text(name: str, value: object) -> bool:
    # keywords are no words to a shopper: they are lists by language
    return name != "option_titles" and isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _attributes(listing: Listing) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(listing.attributes)
    return found


def _names(listing: Listing) -> list[str]:
    """What else the product is called."""
    keywords = _attributes(listing).get("keywords")
    lists = keywords.values() if isinstance(keywords, dict) else (keywords,)
    return [str(word) for found in lists if isinstance(found, list) for word in found]


def _choice(turn: "Turn", listing: Listing, kind: str) -> str:
    """The colours or sizes there are, or that there is only the one."""
    if found := goods.values(listing, kind):
        return turn.say(f"product.{kind}s", values=goods.named(listing, found))
    return turn.say(f"product.single_{kind}", title=listing.title)


def _human(turn: "Turn") -> tuple[Action, ...]:
    return (Action(id=greet.ASK_TEAM, title=turn.say("action.human")),)
