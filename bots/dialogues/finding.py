"""Searching for words: wishes become filters, a corrected spelling is told, and what is not there is said and counted.

What nobody has is never met with silence: the nearest pieces in stock are shown as what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bots.messages.words import shorten
from bots.replies import goods
from bots.understanding.searching import called
from catalog.kernel.money import Money, exponent
from catalog.lookbooks import service as lookbooks
from catalog.search import demand, wishes
from catalog.search import service as searching
from catalog.search.values import RELEVANCE, SORTS, Filters, SearchPage
from catalog.search.wishes import Wishes
from checkout.inventory import service as inventory

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Search

_MOST = 24
_NAMED_KINDS = 2
_SAID_BACK = 60  # characters of a shopper's words
_TELLING = 4  # letters of a title's word that says what it is about


@dataclass(frozen=True, slots=True)
class Finding:
    """The handles to show, best first, the words above them, and a colour to show them in.

    `surprising`: they are not what the words said, so the words above must be seen whatever is shown. `lookbook`: the
    code of one whose title the words name, where no product comes near them.
    """

    handles: tuple[str, ...]
    text: str
    colour: str | None = None
    surprising: bool = False
    lookbook: str | None = None


async def find(turn: "Turn", query: str, wanted: "Search | None" = None) -> Finding:
    """Search for a shopper's words. What is not found is counted as unmet demand, and the nearest in stock is given."""
    asked = wishes.read(query, turn.shop.currency)
    filters = _filters(turn, asked, wanted)
    sort = (wanted.sort if wanted is not None else None) or asked.sort or RELEVANCE
    page = await searching.search(
        turn.uow, asked.words, locale=turn.locale, limit=_MOST, filters=filters,
        sort=sort if sort in SORTS else RELEVANCE,
    )  # fmt: skip
    colour = filters.colours[0] if len(filters.colours) == 1 else None
    named = asked.words or query.strip()
    mentioned = wanted is not None and "category" in wanted.filters and not wanted.products
    if page.items and not page.partial and not mentioned:
        return Finding(_handles(page), _found(turn, asked.words, page), colour, surprising=page.corrected is not None)
    # A kind of goods that the shop has none of may still stand in a description (`ohne Krawatte`).
    nearest = await _nearest(turn, asked, filters)
    if not nearest and (code := await _lookbook(turn, asked.words)):
        return Finding((), "", lookbook=code)
    if named:
        await demand.note(
            turn.uow, query if asked.narrows else named, day=turn.local(turn.now).date(), locale=turn.locale,
            reason=demand.NOTHING_FOUND,
        )  # fmt: skip
    key = "browse.nothing" if nearest else "browse.nothing_at_all"
    return Finding(nearest, turn.say(key, query=shorten(named, _SAID_BACK)), colour, surprising=True)


def names_nothing(turn: "Turn", query: str) -> bool:
    """Whether words name no goods and nothing that goods must be."""
    asked = wishes.read(query, turn.shop.currency)
    return not asked.words and not asked.narrows


async def _lookbook(turn: "Turn", words: str) -> str | None:
    """The code of the lookbook whose title has one of the words ('was für den Herbst' means "Herbst in Grau")."""
    said = set(words.casefold().split())
    for look in await lookbooks.list_lookbooks(turn.uow):
        titled = {word for title in look.title.values() for word in title.casefold().split() if len(word) >= _TELLING}
        if said & titled:
            return look.code
    return None


async def on_sale(turn: "Turn", handles: Sequence[str], query: str) -> tuple[str, ...]:
    """Of products found otherwise, those that are reduced, where the words ask for the sale."""
    if not wishes.read(query, turn.shop.currency).reduced:
        return tuple(handles)
    rows = await turn.uow.fetch(
        "SELECT DISTINCT handle FROM search_document WHERE shop_id = $1 AND handle = ANY($2) AND reduced",
        turn.uow.shop_id, list(handles),
    )  # fmt: skip
    reduced = {row["handle"] for row in rows}
    return tuple(handle for handle in handles if handle in reduced)


async def unmet(turn: "Turn", wanted: "Search", query: str) -> str:
    """Count wishes that no product fulfils, in the shopper's own words; the wishes as words to say them back."""
    await demand.note(
        turn.uow, query.strip(), day=turn.local(turn.now).date(), locale=turn.locale, reason=demand.NOTHING_FOUND
    )
    read = wanted.filters
    broad = sorted(_many(read.get("category")), key=lambda path: path.count("/"))
    named = [*(await goods.category_titles(turn, broad[:_NAMED_KINDS])).values()]
    named += [goods.names(_many(read.get("colour")), turn.locale)] if "colour" in read else []
    asked = [(group, name) for group in ("material", "tag", "gender") for name in _many(read.get(group))]
    like = [called(group, name, turn.locale) for group, name in asked]
    named += [one for one in like if not any(one != other and one.casefold() in other.casefold() for other in like)]
    without = [(group, name) for group in ("material", "tag") for name in _many(read.get(f"not_{group}"))]
    named += [turn.say("browse.wish_not", name=called(group, name, turn.locale)) for group, name in without]
    named += [turn.say("browse.wish_size", size=size) for size in _many(read.get("size"))]
    places = exponent(turn.shop.currency)
    for key in ("min_price", "max_price"):
        if (amount := _minor(read.get(key), places, None)) is not None:
            price = Money(amount, turn.shop.currency).format(turn.locale)
            named.append(turn.say(f"browse.wish_{key}", price=price))
    return ", ".join(named) or shorten(query.strip(), _SAID_BACK)


async def sold_out(turn: "Turn", title: str, sku: str) -> None:
    """Count a wish for a piece that was sold out."""
    await demand.note(
        turn.uow, title, day=turn.local(turn.now).date(), locale=turn.locale, reason=demand.SOLD_OUT, sku=sku
    )


async def _nearest(turn: "Turn", asked: Wishes, filters: Filters) -> tuple[str, ...]:
    """What comes closest of what can be bought: fewer of the wishes each time."""
    there = replace(filters, keep=inventory.in_stock)
    looser = (
        there,
        replace(there, min_price=None, max_price=None, reduced=False, sizes=()),
        Filters(keep=inventory.in_stock),
    )
    for each in dict.fromkeys(looser) if asked.words else ():
        page = await searching.search(turn.uow, asked.words, locale=turn.locale, limit=_MOST, filters=each)
        if page.items:
            return _handles(page)
    if filters.category or filters.colours:
        page = await searching.search(
            turn.uow, "", locale=turn.locale, limit=_MOST,
            filters=Filters(category=filters.category, colours=() if filters.category else filters.colours,
                            keep=inventory.in_stock),
        )  # fmt: skip
        return _handles(page)
    return ()


def _handles(page: SearchPage) -> tuple[str, ...]:
    return tuple(item.handle for item in page.items)


def _found(turn: "Turn", named: str, page: SearchPage) -> str:
    if not named:
        return turn.say("browse.found")
    if page.corrected:
        return turn.say("browse.did_you_mean", query=page.corrected)
    return turn.say("browse.found_for", query=shorten(named, _SAID_BACK))


def _filters(turn: "Turn", asked: Wishes, wanted: "Search | None") -> Filters:
    """What the reader understood, and what the words say beside."""
    read: dict[str, Any] = wanted.filters if wanted is not None else {}
    places = exponent(turn.shop.currency)
    categories = _many(read.get("category"))
    return Filters(
        category=categories[0] if len(categories) == 1 and "/" in categories[0] else None,
        colours=tuple(_many(read.get("colour"))),
        sizes=tuple(_many(read.get("size"))) or asked.sizes,
        min_price=_minor(read.get("min_price"), places, asked.min_price),
        max_price=_minor(read.get("max_price"), places, asked.max_price),
        reduced=asked.reduced,
        keep=inventory.in_stock if asked.in_stock else None,
    )


def _many(value: object) -> Sequence[str]:
    if value is None:
        return ()
    return [str(each) for each in value] if isinstance(value, list | tuple | set | frozenset) else [str(value)]


def _minor(amount: float | None, places: int, otherwise: int | None) -> int | None:
    return otherwise if amount is None else int(Decimal(str(amount)).scaleb(places))
