"""What is asked of search and what it answers."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from catalog.kernel.unit_of_work import UnitOfWork

# Of some products, those that can be bought now. Stock is known above the catalogue, so the caller says.
Keep = Callable[[UnitOfWork, Sequence[UUID]], Awaitable[Collection[UUID]]]

RELEVANCE, PRICE_ASC, PRICE_DESC, NEWEST = "relevance", "price_asc", "price_desc", "newest"
SORTS = (RELEVANCE, PRICE_ASC, PRICE_DESC, NEWEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What every found product must be. Prices count the smallest unit; `category` includes what lies below it.

    A basic colour finds its shades too. `keep` leaves only what can be bought.
    """

    category: str | None = None
    colours: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    min_price: int | None = None
    max_price: int | None = None
    reduced: bool = False
    keep: Keep | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found product; a higher score suits better, scores of different searches do not compare."""

    product_id: UUID
    handle: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many of the best matches have which value, the most frequent first; prices in the smallest unit."""

    categories: Mapping[str, int] = field(default_factory=dict)
    brands: Mapping[str, int] = field(default_factory=dict)
    colours: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    lowest_price: int | None = None
    highest_price: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """The best matches. `corrected` is the query as it was understood, when that is not what was typed.

    `total` counts all that matches before `keep`; facets count the best matches only. `partial`: no product has all
    words, these have some of them.
    """

    items: tuple[Hit, ...]
    corrected: str | None
    total: int
    facets: Facets
    partial: bool = False


NOTHING = SearchPage(items=(), corrected=None, total=0, facets=Facets())
