"""Products in words and cards: titles, prices, options, pictures, all in the shopper's language."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bots.messages.action_ids import action_id
from bots.messages.outbound import Action, Card, Carousel, ImageRef
from bots.replies import prices
from catalog.images.compose import GridItem, ProductGrid
from catalog.kernel.unit_of_work import UnitOfWork
from catalog.products import colours
from catalog.products import service as products
from catalog.products.listing import (
    ImageView,
    Listing,
    VariantListing,
    image_for,
    listings,
    option_kind,
    options_of,
    with_available,
)
from checkout.inventory import service as inventory

if TYPE_CHECKING:
    from bots.turns.turn import Turn

SHOWN = 6
_GRID_MOST = 12
_USUAL_SIZE = "M"


async def on_shelf(uow: UnitOfWork, found: Sequence[Listing]) -> list[Listing]:
    """The listings with what stock has of each variant, in one query."""
    skus = {variant.sku: variant.variant_id for listing in found for variant in listing.variants}
    if not skus:
        return list(found)
    levels = await inventory.levels(uow, list(skus))
    available = {skus[sku]: level.available for sku, level in levels.items()}
    return [with_available(listing, available) for listing in found]


async def load(turn: "Turn", handles: Sequence[str]) -> list[Listing]:
    """Active products by handle, in order, with stock."""
    return await on_shelf(turn.uow, await listings(turn.uow, handles, turn.locale))


async def category_titles(turn: "Turn", paths: Sequence[str]) -> dict[str, str]:
    """What categories are called, in the order of their paths; one without a title by the end of its path."""
    titles = await products.category_titles(turn.uow, paths)
    return {path: turn.shop.text(titles.get(path, {}), turn.locale) or path.rpartition("/")[2] for path in paths}


def image_ref(image: ImageView | None, title: str) -> ImageRef | None:
    """A picture to send."""
    if image is None:
        return None
    return ImageRef(image_id=image.image_id, alt=image.alt or title, width=image.width, height=image.height)


def price_of(turn: "Turn", listing: Listing) -> str:
    """'24,90 €', 'ab 24,90 €', or '19,90 € statt 24,90 €'; a unit price stands beside the price that it is of."""
    price = lowest_price(turn, listing)
    if listing.has_price_range:
        return turn.say("product.from", price=price)
    before = listing.variants[0].compare_at
    return turn.say("product.instead", price=price, before=before.format(turn.locale)) if before else price


def lowest_price(turn: "Turn", listing: Listing) -> str:
    """The lowest price of its variants, with the unit price of the variant that costs it."""
    return prices.in_words(listing.cheapest.price, listing.cheapest.unit_price, turn.locale)


def full_title(listing: Listing, variant: VariantListing) -> str:
    """'Basic-Tee grau, M': the product, its colour, then the other values."""
    colour = next((value for name, value in variant.options.items() if option_kind(name) == "colour"), None)
    rest = {name: value for name, value in variant.options.items() if option_kind(name) != "colour"}
    words = listing.title if colour is None else f"{listing.title} {listing.called(colour)}"
    sizes = named(listing, tuple(rest.values()))
    return f"{words}, {sizes}" if sizes and not _one_size(rest) else words


def choose(listing: Listing, *, colour: str | None, size: str | None) -> tuple[VariantListing, ...]:
    """Variants that suit a colour and a size; a size may be the first half of one like 32/32."""
    by_kind = {option_kind(name): name for name in listing.options}
    chosen: dict[str, str] = {}
    if colour is not None and "colour" in by_kind:
        chosen[by_kind["colour"]] = colour
    found = listing.matching(chosen)
    if size is None or "size" not in by_kind:
        return found
    name = by_kind["size"]
    exact = [variant for variant in found if variant.options.get(name, "").casefold() == size.casefold()]
    return tuple(exact or [variant for variant in found if variant.options.get(name, "").startswith(f"{size}/")])


def values(listing: Listing, kind: str, *, among: Sequence[VariantListing] | None = None) -> tuple[str, ...]:
    """The values of the colour or size option, in the merchant's order; only those of some variants if given."""
    name = next((name for name in listing.options if option_kind(name) == kind), None)
    if name is None:
        return ()
    offered = options_of(listing)[name]
    if among is None:
        return offered
    there = {variant.options.get(name) for variant in among}
    return tuple(value for value in offered if value in there)


def instead(listing: Listing, *, colour: str | None, size: str | None) -> tuple[str, ...]:
    """What is there of what is sold out as wished: sizes of that colour, else colours in that size, else any."""
    if size is not None and (sizes := values(listing, "size", among=_there(listing, colour, None))):
        return sizes
    others = _there(listing, None, size) or _there(listing, None, None)
    return values(listing, "colour", among=others) or values(listing, "size", among=others)


def _there(listing: Listing, colour: str | None, size: str | None) -> list[VariantListing]:
    return [variant for variant in choose(listing, colour=colour, size=size) if variant.available > 0]


def kind_of(options: Mapping[str, str], kind: str) -> str | None:
    """The value of the colour or size option among option values."""
    for name, value in options.items():
        if option_kind(name) == kind:
            return value
    return None


def shade(listing: Listing, colour: str | None) -> str | None:
    """The product's own colour that was meant by one: itself, else a shade of it; None when it has neither."""
    if colour is None:
        return None
    offered = values(listing, "colour")
    basic = colours.colour_of(colour)
    if colour in offered or basic is None:
        return colour if colour in offered else None
    known = [(value, found) for value in offered if (found := colours.colour_of(value)) is not None]
    same = [value for value, found in known if found.slug == basic.slug]
    shades = [value for value, found in known if found.family == basic.slug]
    return next(iter(same + shades), None)


def card(turn: "Turn", listing: Listing, number: int = 0, *, colour: str | None = None) -> Card:
    """A product as a card: picture, price, sizes that are in stock. In a colour that it has, or in all."""
    colour = shade(listing, colour)
    chosen = _by_name(listing, colour)
    of_colour = choose(listing, colour=colour, size=None) or listing.variants
    sold_out = not any(variant.available > 0 for variant in of_colour)
    subtitle = turn.say("product.sold_out") if sold_out else price_of(turn, listing)
    sizes = values(listing, "size", among=[variant for variant in of_colour if variant.available > 0])
    return Card(
        title=listing.title if colour is None else f"{listing.title} {listing.called(colour)}",
        subtitle=subtitle,
        image=image_ref(image_for(listing, chosen), listing.title),
        sku=of_colour[0].sku if len(of_colour) == 1 else "",
        handle=listing.handle,
        price=listing.cheapest.price,
        colour=colour,
        number=number,
        sold_out=sold_out,
        options=sizes,  # as they are: a tap on one is typed
        actions=(Action(id=action_id("show", listing.handle), title=turn.say("action.details")),),
    )


def next_steps(turn: "Turn", listing: Listing, *, there: bool) -> tuple[Action, ...]:
    """Into the cart, where it is in stock, and more pictures."""
    add = Action(id=action_id("buy", listing.handle), title=turn.say("action.add"), primary=True)
    pictures = Action(id=action_id("pics", listing.handle), title=turn.say("action.more_pictures"))
    return (add, pictures) if there else (pictures,)


async def carousel(
    turn: "Turn", text: str, found: Sequence[Listing], actions: Sequence[Action] = (), *, colour: str | None = None
) -> Carousel:
    """Numbered cards, with one picture of all for channels that have no cards side by side."""
    cards = tuple(card(turn, listing, number, colour=colour) for number, listing in enumerate(found, start=1))
    grid = await grid_of(turn, cards) if len(cards) > 1 else None
    return Carousel(text=text, cards=cards, grid=grid, actions=tuple(actions))


async def grid_of(turn: "Turn", cards: Sequence[Card]) -> ImageRef | None:
    """One picture of numbered products, drawn when a channel asks for it."""
    items = tuple(
        GridItem(each.number, each.image.image_id if each.image else None, each.title, each.subtitle, each.sold_out)
        for each in cards[:_GRID_MOST]
    )
    if not any(item.image for item in items):
        return None
    view = await turn.desk.picture(ProductGrid(items, turn.say("product.sold_out")))
    alt = ", ".join(f"{each.number} {each.title}" for each in cards)
    return ImageRef(image_id=view.image_id, alt=alt, width=view.width, height=view.height)


def example(turn: "Turn", cards: Sequence[Card]) -> str:
    """What one may answer to numbered cards: the first of what is there, in a size that it has."""
    card = next((card for card in cards if not card.sold_out), cards[0])
    if not card.options or _one_size({"size": card.options[0]}):
        return str(card.number)
    size = _USUAL_SIZE if _USUAL_SIZE in card.options else card.options[len(card.options) // 2]
    return turn.say("browse.example", number=card.number, size=size)


def named(listing: Listing, found: Sequence[str]) -> str:
    """Option values of a product for people, separated by commas."""
    return ", ".join(listing.called(value) for value in found)


def names(found: Sequence[str], locale: str) -> str:
    """Option values of no product in particular for people, separated by commas."""
    return ", ".join(colours.display(value, locale) for value in found)


def _by_name(listing: Listing, colour: str | None) -> Mapping[str, str]:
    if colour is None:
        return {}
    return {name: colour for name in listing.options if option_kind(name) == "colour"}


def _one_size(options: Mapping[str, str]) -> bool:
    return all(value.casefold() in {"one size", "onesize", "os", "einheitsgröße"} for value in options.values())
