"""What a clause looks for or points at: a search, a narrower one, one of the list."""

from bots.understanding import asking, attributes, data, language, pointing, searching, shopping
from bots.understanding.entries import Entry
from bots.understanding.items import Item, items
from bots.understanding.reading import Search
from bots.understanding.turn import Clause, Turn

_WHICH = frozenset({"which", "what", "was", "welche"})
_OF_THESE = frozenset({"davon", "darunter", "dabei", "those", "these", "them"})
_BOTH = frozenset({"beide", "beiden", "both"})
_ONES = frozenset({"one", "ones", "them", "these", "those", "they"})
_KNOWN = frozenset({"the", "that", "those", "these", "this"})
_FIRM = data.word_set("looking_firm_words") | {"have"}
_THEN = frozenset({"alright", "eben", "fine", "gut", "in", "ok", "okay", "prima", "so", "super", "then", "well"})
_SIZED = frozenset(
    {
        "bitte",
        "brauch",
        "brauche",
        "gr",
        "groesse",
        "hab",
        "habe",
        "need",
        "please",
        "pls",
        "size",
        "trag",
        "trage",
        "wear",
    }
)
_ASKING = frozenset({"was", "welche", "welcher", "welches", "what", "which"})
_FEW = 4  # goods that can be told apart side by side
_TALK = 6  # words from which a colour or size alone is talk rather than a search


def browse(clause: Clause) -> bool:  # noqa: C901, PLR0911 - the order of questions is the decision
    """Take the clause as a search, a narrower one, or a pick from the list; false when it names nothing."""
    turn, draft = clause.turn, clause.turn.draft
    found = items(clause)
    item = found[0] if found else Item()
    mentioned = bool(clause.mentions())
    attributes = (
        searching.features(clause)[1]
        or searching.named(clause, "tag")
        or searching.named(clause, "material")
        or searching.named(clause, "gender")
    )
    values = bool(clause.of("colour") or clause.of("size") or turn.marks.max_price or turn.marks.min_price)
    if clause.has("oos") and not mentioned and not values:
        return False
    if _sorts_out(clause):
        shopping.refine(clause)
        return True
    if _compares(clause, found) or _prices_of_all(clause, found):
        return True
    if asking.answer_question(clause, item):
        return True
    if _picks(clause, found, item):
        return True
    if _otherwise(clause, item) or _in_size(clause, item):
        return True
    if _refines(clause, told=bool(values or attributes)):
        shopping.refine(clause)
        return True
    if mentioned or attributes or values:
        priced = turn.marks.max_price is not None or turn.marks.min_price is not None
        if (
            not (mentioned or attributes or priced)
            and not clause.has("show", "want", "need", "stock", "cheapest")
            and len(clause.words()) > _TALK
        ):
            return False
        if not clause.has("show", "want", "need", "stock"):
            draft.values["only_named"] = "asked" if clause.question() else "said"
        taken = not mentioned and _takes_one(clause)
        shopping.search(clause, intent="add_to_cart" if taken else "search")
        if taken:
            draft.lack("product")
        return True
    if clause.has("cheaper", "cheapest", "other") and not clause.has("oos"):
        shopping.refine(clause)
        return True
    return False


def _sorts_out(clause: Clause) -> bool:
    """Whether it is asked which of those shown are of a material (`was davon ist aus Wolle?`)."""
    words, context = clause.words(), clause.turn.context
    asked = clause.question() or _ASKING.intersection(words[:2])
    of_these = not _OF_THESE.isdisjoint(words)
    listed = context.last_search is not None or len(context.shown) > 1
    return bool(asked and of_these and listed and searching.named(clause, "material"))


def _picks(clause: Clause, found: list[Item], item: Item) -> bool:
    """One of the list: by its place, its price, what it is like, or its name."""
    turn = clause.turn
    if item.ordinal is not None and turn.context.shown and not clause.has("other", "similar"):
        return _select(clause, found)
    by = _described(clause, item) if not clause.mentions() else _named(clause, item)
    if by is None:
        return False
    entry, why = by
    shopping.about(clause, entry, item)
    turn.draft.act(clause.start, "select_item", why=why)
    return True


def _described(clause: Clause, item: Item) -> tuple[Entry, str] | None:
    dearest = clause.has("cheapest", "dearest") and not clause.has("show") and not _sorts(clause)
    if dearest and (entry := shopping.superlative(clause)) is not None:
        return entry, "the cheapest or dearest shown"
    if not clause.turn.context.shown or clause.has("other"):
        return None
    entry = shopping.among_shown(clause, item) or shopping.described_shown(clause)
    if entry is None or not pointing.points(clause):
        return None
    return entry, "the one of the list that it describes"


def _named(clause: Clause, item: Item) -> tuple[Entry, str] | None:
    shown = clause.turn.context.shown
    entry = shopping.pick(clause, item) if shown else None
    if entry is None or entry.id not in shown or not _definite_any(clause, item):
        return None
    return entry, "one of the list by name"


def _otherwise(clause: Clause, item: Item) -> bool:
    """The piece just spoken of in another colour or size that it has (`then in black`), where no list is looked at."""
    turn, shown = clause.turn, clause.turn.context.shown
    entry = turn.lexicon.entry(turn.focus.product) if turn.focus is not None else None
    if entry is None or clause.mentions() or turn.context.pending is not None or turn.focus_line() is not None:
        return False
    if (len(shown) > 1 and entry.id in shown) or not _only_valued(clause, item) or not _comes_in(turn, entry, item):
        return False
    shopping.about(clause, entry, item)
    turn.draft.act(clause.start, "stock_question", why=f"whether {entry.id} is to be had", confidence=0.7)
    return True


def _in_size(clause: Clause, item: Item) -> bool:
    """Those of the list that come in a size said by itself (`105`, `in M`); the one that does is picked."""
    turn, told = clause.turn, [*item.sizes, *(str(number) for number in item.numbers)]
    if len(turn.context.shown) < 2 or len(told) != 1 or item.colours or item.named() or not _only_sized(clause):  # noqa: PLR2004
        return False
    fitting = [entry for entry in turn.shown() if attributes.fitting(told[0], entry.sizes)]
    if not fitting:
        return False
    if turn.context.last_search is not None:
        shopping.refine(clause)
    elif len(fitting) == 1:
        shopping.about(clause, fitting[0], item)
        turn.draft.act(clause.start, "select_item", why="the one of the list that it describes")
    else:
        turn.draft.search = Search(filters={"size": told[0]}, products=tuple(entry.id for entry in fitting))
        turn.draft.act(clause.start, "refine_search", why=f"search for {'size=' + told[0]}")
    return True


def _only_sized(clause: Clause) -> bool:
    marks = [mark for mark in clause.turn.marks.found if mark.kind in {"size", "number"}]
    sized = {at for mark in marks for at in range(mark.first, mark.last)}
    rest = {word for at, word in enumerate(clause.words(), clause.first) if at not in sized}
    return rest <= language.function_words() | _THEN | _SIZED


def _only_valued(clause: Clause, item: Item) -> bool:
    if item.ordinal is not None or item.explicit or not (item.colours or item.sizes):
        return False
    marks = [mark for mark in clause.turn.marks.found if mark.kind in {"colour", "size"}]
    valued = {at for mark in marks for at in range(mark.first, mark.last)}
    rest = {word for at, word in enumerate(clause.words(), clause.first) if at not in valued}
    return rest <= language.function_words() | _THEN


def _comes_in(turn: Turn, entry: Entry, item: Item) -> bool:
    if len(item.colours) > 1 or len(item.sizes) > 1:
        return False
    coloured = not item.colours or turn.lexicon.colours.among(item.colours[0], entry.colours)
    return bool(coloured) and (not item.sizes or bool(attributes.fitting(item.sizes[0], entry.sizes)))


def _refines(clause: Clause, *, told: bool) -> bool:
    """Whether it narrows what is looked at; `told`: it tells what goods are to be like."""
    context, mentions = clause.turn.context, clause.mentions()
    if context.last_search is None and len(context.shown) < 2:  # noqa: PLR2004 - one piece is no list
        return False
    if not mentions:
        return told or clause.has("cheaper", "other", "cheapest", "dearest", "dearer")
    if context.last_search is not None and not _OF_THESE.isdisjoint(clause.words()) and clause.has("show", "only"):
        return True  # `zeig nur die Shirts davon`
    others_only = all(pointing.negated(clause, one.first) for one in mentions)
    return others_only or (clause.has("only") and not any(one.concept for one in mentions))


def _compares(clause: Clause, found: list[Item]) -> bool:
    """How goods differ: those named, else those of the list."""
    turn, draft = clause.turn, clause.turn.draft
    if not clause.has("compare"):
        return False
    if not (any(one.bits for one in clause.mentions()) or turn.shown()):
        return _compares_unknown(clause)
    shows = any(one.words not in _WHICH for one in clause.cue("show"))
    if shows and not clause.mentions() and all(item.ordinal is None for item in found):
        return False
    draft.items += [one for one in _beside(clause, found) if one not in draft.items]
    draft.asks.append("difference")
    draft.act(clause.start, "product_question", why="how goods compare")
    return True


def _prices_of_all(clause: Clause, found: list[Item]) -> bool:
    # `what does the whole look cost?`: each of what is shown, and the sum
    turn, draft = clause.turn, clause.turn.draft
    if len(found) < 2 or not clause.question() or "price" not in searching.named(clause, "asks"):  # noqa: PLR2004
        return False
    places = [shopping.at_place(turn.shown(), item.ordinal) for item in found if item.ordinal is not None]
    goods = [entry.id for entry in places if entry is not None]
    if len(goods) < len(found):
        return False
    draft.items += goods
    draft.asks.append("price")
    draft.act(clause.start, "product_question", why="asks about price", confidence=0.85)
    return True


def _compares_unknown(clause: Clause) -> bool:
    # `can you compare them for me?`, with nothing shown
    if clause.has("oos") or not (clause.has("refer") or _ONES & set(clause.words())):
        return False
    clause.turn.draft.lack("product")
    clause.turn.draft.asks.append("difference")
    clause.turn.draft.act(clause.start, "product_question", why="how goods compare", confidence=0.5)
    return True


def _takes_one(clause: Clause) -> bool:
    # `I'll take the grey one`, with nothing shown: what there is to take
    words = set(clause.words())
    return clause.has("want") and bool(_ONES & words) and bool(_KNOWN & words) and bool(_FIRM & words)


def _beside(clause: Clause, found: list[Item]) -> list[str]:
    """The goods to be told apart: every one named, those of a place in the list, or so many of it."""
    shown = [entry.id for entry in clause.turn.shown()]
    goods: list[str] = []
    for item in found:
        if item.named() and (entry := shopping.pick(clause, item)) is not None:
            goods.append(entry.id)
        elif item.mention is not None:
            goods += [entry.id for entry in clause.turn.lexicon.listed(item.mention.bits)]
    if len(goods) == 1 and clause.turn.focus is not None and clause.turn.focus.product != goods[0]:
        goods.insert(0, clause.turn.focus.product)  # `how does it differ from the blouson?`
    if len(goods) > 1:
        return list(dict.fromkeys(goods))[:_FEW]
    counts = [2] if _BOTH & set(clause.words()) else clause.of("number") + clause.of("quantity")
    counted = next((number for number in counts if 1 < number <= len(shown)), _FEW)
    return goods if any(one.bits for one in clause.mentions()) else shown[:counted]


def _sorts(clause: Clause) -> bool:
    return any(
        word.startswith("sort") or word in {"zuerst", "first", "aufsteigend", "absteigend", "preis", "price"}
        for word in clause.words()
    )


def _definite_any(clause: Clause, item: Item) -> bool:
    words = clause.turn.marks.words
    mention = item.mention
    if mention is None or clause.question() or (clause.has("show") and not clause.has("refer")):
        return False
    if clause.has("show", "only") and not _OF_THESE.isdisjoint(clause.words()):
        return False
    before = words[max(clause.first, mention.first - 2) : mention.first]
    return any(word in {"die", "das", "den", "der", "the", "that", "dieses", "diese", "diesen"} for word in before)


def _select(clause: Clause, found: list[Item]) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    chosen = [
        entry
        for item in found
        if item.ordinal is not None and (entry := shopping.at_place(turn.shown(), item.ordinal)) is not None
    ]
    if not chosen:
        draft.act(clause.start, "select_item", why="a place that the list does not have", confidence=0.5)
        draft.lack("product")
        return True
    draft.numbers += [turn.context.shown.index(entry.id) + 1 for entry in chosen]
    shopping.about(clause, chosen[0], found[0])
    draft.items += [entry.id for entry in chosen if len(chosen) > 1]
    draft.act(clause.start, "select_item", why="picked from the list by its place", confidence=0.9)
    return True
