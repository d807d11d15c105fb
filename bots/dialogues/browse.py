"""Looking around: categories, search, lookbooks, a product with its pictures, sizes and colours."""

import string
from collections.abc import Sequence
from dataclasses import replace as changed
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bots.conversations.memory import Focus
from bots.dialogues import finding
from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, Carousel, Choices, ImageRef, Lookbook, ProductCard, Text
from bots.messages.words import literal
from bots.replies import goods
from catalog.images.compose import Hotspot, LookbookScene
from catalog.lookbooks import service as lookbooks
from catalog.products.listing import Listing, by_sku, images_for, option_kind

if TYPE_CHECKING:
    from bots.turns.turn import Turn
    from bots.understanding.reading import Reading, Search

_PAGE = goods.SHOWN
_MOST_PICTURES = 3
_LETTERS = f"{string.ascii_letters}-_"  # what a lookbook's code begins with


async def categories(turn: "Turn") -> None:
    """The top of the category tree as choices."""
    rows = await turn.uow.fetch(
        "SELECT split_part(category_path, '/', 1) AS top, count(*) AS n FROM product"
        " WHERE shop_id = $1 AND status = 'active' AND deleted_at IS NULL AND category_path <> ''"
        " GROUP BY 1 ORDER BY n DESC LIMIT 9",
        turn.uow.shop_id,
    )
    titles = await goods.category_titles(turn, [row["top"] for row in rows])
    options = tuple(Action(id=action_id("cat", path), title=title) for path, title in titles.items())
    if not options:
        await search(turn, "")
        return
    turn.reply(Choices(text=turn.say("browse.categories"), options=options, button=turn.say("browse.show")))


async def category(turn: "Turn", path: str) -> None:
    """What is in a category, best stocked first."""
    rows = await turn.uow.fetch(
        "SELECT handle FROM product WHERE shop_id = $1 AND status = 'active' AND deleted_at IS NULL"
        " AND (category_path = $2 OR category_path LIKE $2 || '/%') ORDER BY created_at, id LIMIT 60",
        turn.uow.shop_id, path,
    )  # fmt: skip
    await show(turn, [row["handle"] for row in rows], turn.say("browse.found"))


async def search(turn: "Turn", query: str, wanted: "Search | None" = None) -> None:
    """Products for words that the reader could not resolve by itself, or the nearest that can be bought.

    Who only asks what there is (`what do you sell?`) gets to choose.
    """
    if query and finding.names_nothing(turn, query) and not (wanted and wanted.filters):
        await categories(turn)
        return
    found = await finding.find(turn, query, wanted)
    if found.lookbook is not None:
        await lookbook(turn, found.lookbook)
    elif found.handles and found.surprising:
        await _show_told(turn, found.handles, found.text, colour=found.colour)
    elif found.handles:
        await show(turn, found.handles, found.text, colour=found.colour)
    else:
        turn.reply(Text(text=found.text, actions=_ways(turn)))


async def from_reading(turn: "Turn", reading: "Reading", words: str) -> None:
    """What a search reading found; the shop's full-text search helps out when the reader found nothing."""
    wanted = reading.search
    if wanted is not None and wanted.nearest:
        await _nearest(turn, wanted, words, reading.tells)
        return
    if wanted is not None and not wanted.products and "not_material" in wanted.filters:
        named = await finding.unmet(turn, wanted, words)  # words alone would find what is not wanted
        turn.reply(Text(text=turn.say("browse.nothing_at_all", query=named), actions=_ways(turn)))
        return
    if wanted is None or not wanted.products:
        await search(turn, words, wanted)
        return
    handles = await finding.on_sale(turn, wanted.products, words)
    if not handles:
        await search(turn, words, wanted)
        return
    turn.memory = replace(turn.memory, search=dict(wanted.filters))
    colours = wanted.filters.get("colour")
    colour = colours if isinstance(colours, str) else None
    if "nothing_cheaper" in reading.tells:
        turn.reply(Text(text=turn.say("browse.nothing_cheaper")))
    await show(turn, handles, turn.say("browse.found"), colour=colour)


async def _nearest(turn: "Turn", wanted: "Search", words: str, tells: Sequence[str]) -> None:
    """What comes closest to wishes that nothing fulfils, said as what it is; the wishes stay those searched for."""
    named = await finding.unmet(turn, wanted, words)
    turn.memory = replace(turn.memory, search=dict(wanted.filters))
    colours = wanted.filters.get("colour")
    colour = colours if isinstance(colours, str) else None
    dearer = "nothing_cheaper" in tells
    text = turn.say("browse.nothing_cheaper") if dearer else turn.say("browse.nothing", query=named)
    await _show_told(turn, wanted.nearest, text, colour=colour)


async def _show_told(turn: "Turn", handles: Sequence[str], text: str, *, colour: str | None) -> None:
    """Products with words that must be seen: a product alone is shown without those above a list."""
    said = len(turn.replies)
    await show(turn, handles, text, colour=colour)
    if isinstance(turn.replies[-1], ProductCard):
        turn.replies.insert(said, Text(text=text))


async def show(turn: "Turn", handles: Sequence[str], text: str, *, start: int = 0, colour: str | None = None) -> None:
    """A page of products as numbered cards, sold-out ones last; one product alone is shown large."""
    found = await goods.load(turn, handles[start : start + 2 * _PAGE])
    found = sorted(found, key=lambda listing: listing.available == 0)[:_PAGE]
    if not found:
        turn.reply(Text(text=turn.say("browse.no_more"), actions=_ways(turn)))
        return
    shades = {listing.handle: own for listing in found if (own := goods.shade(listing, colour)) is not None}
    handles_shown = tuple(listing.handle for listing in found)
    turn.memory = replace(turn.memory, shown=handles_shown, shown_colours=shades, page=start, misses=0)
    if len(found) == 1:
        size = turn.memory.search.get("size")
        known = size if size in goods.values(found[0], "size") else None
        await product(turn, found[0], colour=colour, size=str(known) if known else None)
        return
    more = len(handles) > start + _PAGE
    actions = (Action(id="more", title=turn.say("action.more")),) if more else ()
    if more:
        turn.memory = replace(turn.memory, search={**turn.memory.search, "_all": list(handles[:60])})
    turn.reply(await goods.carousel(turn, text, found, actions, colour=colour))


async def more(turn: "Turn") -> None:
    """The next page of what was last shown."""
    kept = turn.memory.search.get("_all")
    handles = [str(handle) for handle in kept] if isinstance(kept, list) else []
    start = turn.memory.page + _PAGE
    if start >= len(handles):
        turn.reply(Text(text=turn.say("browse.no_more"), actions=_ways(turn)))
        return
    await show(turn, handles, turn.say("browse.more"), start=start)


async def product(turn: "Turn", listing: Listing, *, colour: str | None = None, size: str | None = None) -> None:
    """One product, large: price, colours, sizes in stock, the next step."""
    colour = goods.shade(listing, colour)
    turn.memory = replace(turn.memory, focus=Focus(listing.handle, colour, size), misses=0)
    lines = [turn.say("product.detail", title=literal(listing.title), price=goods.price_of(turn, listing))]
    shades = goods.values(listing, "colour")
    if len(shades) > 1:
        lines.append(turn.say("product.colours", values=goods.named(listing, shades)))
    there = [variant for variant in goods.choose(listing, colour=colour, size=None) if variant.available > 0]
    sizes = goods.values(listing, "size", among=there)
    if len(sizes) > 1:
        lines.append(turn.say("product.sizes", values=goods.named(listing, sizes)))
    reduced = next((variant for variant in listing.variants if variant.compare_at and variant.lowest_price_30d), None)
    if reduced is not None and reduced.lowest_price_30d is not None:
        lines.append(turn.say("product.lowest", price=reduced.lowest_price_30d.format(turn.locale)))
    if listing.available == 0:
        lines.append(turn.say("product.stock_none", title=listing.title))
    picked = goods.card(turn, listing, colour=colour)
    actions = goods.next_steps(turn, listing, there=bool(there))
    turn.reply(ProductCard(card=changed(picked, actions=actions), text="\n".join(lines)))


async def show_handle(turn: "Turn", name: str) -> None:
    """One product by its handle or one of its SKUs, or honest words when it is gone."""
    found = await goods.load(turn, [name.lower()])
    if not found and (listing := (await by_sku(turn.uow, [name], turn.locale)).get(name)):
        found = await goods.load(turn, [listing.handle])
    if found:
        await product(turn, found[0])
    else:
        turn.reply(Text(text=turn.say("browse.no_more"), actions=_ways(turn)))


async def pictures(turn: "Turn", handle: str) -> None:
    """More pictures of a product, in the colour being spoken of."""
    found = await goods.load(turn, [handle])
    if not found:
        turn.reply(Text(text=turn.say("browse.no_more")))
        return
    listing = found[0]
    colour = turn.memory.focus.colour if turn.memory.focus and turn.memory.focus.product == handle else None
    chosen = {name: colour for name in listing.options if colour and option_kind(name) == "colour"}
    views = images_for(listing, chosen)[:_MOST_PICTURES] or listing.images[:_MOST_PICTURES]
    refs = [ref for view in views if (ref := goods.image_ref(view, listing.title)) is not None]
    if not refs:
        await product(turn, listing, colour=colour)
        return
    size = turn.memory.focus.size if turn.memory.focus and turn.memory.focus.product == handle else None
    turn.memory = replace(turn.memory, focus=Focus(handle, colour, size))
    cards = tuple(
        changed(goods.card(turn, listing, colour=colour), image=ref, actions=(), title=ref.alt) for ref in refs
    )
    actions = goods.next_steps(turn, listing, there=listing.available > 0)[:1]
    if len(cards) == 1:
        turn.reply(ProductCard(card=changed(cards[0], actions=actions), text=listing.title))
    else:
        turn.reply(Carousel(text=listing.title, cards=cards, actions=actions))


async def lookbook(turn: "Turn", code: str) -> bool:
    """A lookbook by its code: the scene with numbers burned in, the pieces by number. False when nothing is to show."""
    found = await lookbooks.find_by_code(turn.uow, code)
    if found is None:
        return False
    listed = {
        listing.handle: listing for listing in await goods.load(turn, [item.product_handle for item in found.items])
    }
    spots = [(item, listed[item.product_handle]) for item in found.items if item.product_handle in listed]
    if not spots:
        return False
    shades = {item.product_handle: shade for item, _ in spots if (shade := goods.kind_of(item.options, "colour"))}
    cards = tuple(goods.card(turn, listing, item.number, colour=shades.get(listing.handle)) for item, listing in spots)
    lines = [
        turn.say("browse.line_sold_out" if card.sold_out else "browse.line", number=card.number, title=card.title,
                 price=card.subtitle)
        for card in cards
    ]  # fmt: skip
    scene = LookbookScene(
        found.image_id, found.width, found.height,
        tuple(
            Hotspot(item.number, item.x, item.y, goods.lowest_price(turn, listing), card.sold_out)
            for (item, listing), card in zip(spots, cards, strict=True)
        ),
        turn.say("product.sold_out"),
    )  # fmt: skip
    view = await turn.desk.picture(scene)
    title = turn.shop.text(found.title, turn.locale)
    turn.memory = replace(
        turn.memory, shown=tuple(item.product_handle for item, _ in spots), shown_colours=shades, misses=0, page=0
    )
    hint = turn.say("look.hint", example=goods.example(turn, cards))
    text = f"{turn.say('cart.join').join(lines)}. {hint}"
    image = ImageRef(image_id=view.image_id, alt=title, width=view.width, height=view.height)
    placed = tuple(changed(card, at=(item.x, item.y)) for (item, _), card in zip(spots, cards, strict=True))
    turn.reply(Lookbook(code=found.code, title=title, image=image, text=text, cards=placed))
    return True


async def numbered_look(turn: "Turn", number: str) -> bool:
    """The one lookbook whose code ends in a number (`lookbook 8`); False without one, or with several."""
    codes = [found.code for found in await lookbooks.list_lookbooks(turn.uow)]
    numbered = [code for code in codes if code.lstrip(_LETTERS).lstrip("0") == number.lstrip("0")]
    return len(numbered) == 1 and await lookbook(turn, numbered[0])


async def newest_look(turn: "Turn") -> bool:
    """The lookbook that was made last; False without any."""
    found = await lookbooks.list_lookbooks(turn.uow)
    return bool(found) and await lookbook(turn, found[0].code)


async def choice(turn: "Turn") -> bool:
    """The one of the list that comes nearest to the wishes, and can be bought; False without any."""
    there = [found for found in await goods.load(turn, turn.memory.shown) if found.available > 0]
    if not there:
        return False
    turn.reply(Text(text=turn.say("browse.choice", title=literal(there[0].title))))
    await product(turn, there[0])
    return True


async def looks(turn: "Turn") -> None:
    """All lookbooks to choose from."""
    options = tuple(
        Action(id=action_id("look", found.code), title=turn.shop.text(found.title, turn.locale))
        for found in await lookbooks.list_lookbooks(turn.uow)
    )
    if options:
        turn.reply(Choices(text=turn.say("browse.looks"), options=options, button=turn.say("browse.show")))
    else:
        await categories(turn)


def _ways(turn: "Turn") -> tuple[Action, ...]:
    return (
        Action(id="browse", title=turn.say("action.browse")),
        Action(id="looks", title=turn.say("action.looks")),
    )
