"""Questions about goods: what they are, whether they are to be had."""

from itertools import pairwise

from bots.understanding import attributes, language, pointing, questioned, quoting, searching, shopping, spelling
from bots.understanding.entries import Entry
from bots.understanding.items import Item
from bots.understanding.turn import Clause, Turn

_AVAILABLE = frozenset(["left", "verfuegbar", "available", "lieferbar", "vorraetig", "lager", "stock", "erhaeltlich"])
_HAVING = frozenset({"habt", "gibt", "gibts", "hast", "fuehrt", "have", "got"})
_ALTERNATIVE = frozenset({"alternative", "alternativen", "alternatives", "there"})
_LIKE = frozenset({"fit", "material", "sustainable", "warm", "waterproof"})  # what adjectives tell, too
_WHETHER, _KNOWING = frozenset({"if", "ob", "whether"}), frozenset({"fragen", "know", "wissen"})
_ONLY = frozenset({"bloss", "just", "nur", "only"})
_MORE = frozenset({"mehr", "more", "weitere"})
_MADE = frozenset({"breathable", "soft", "sturdy", "windproof"})  # how goods may be wished for, though by no tag
_TOLD = frozenset({"brand", "price", "reviews", "sizes"})  # what is told of a product beside what it is like
_THE = frozenset({"the", "der", "die", "das", "den"})
_VARIED = frozenset({"colours", "sizes"})  # what differs between variants
_BEING = frozenset({"ist", "sind", "is", "are", "waere"})
_DEGREES = frozenset({"arg", "quite", "recht", "sehr", "very", "ziemlich"})  # `is the navy very dark?`
_ABLE = frozenset({"kann", "can", "darf", "could", "muss"})
_FACTUAL = frozenset(
    {"what", "whats", "how", "hows", "is", "are", "does", "do", "wie", "woraus", "ist", "sind", "kann"}
)
_ANYTHING = frozenset({"anything", "something", "etwas", "irgendwas", "sachen", "things", "stuff"})


def answer_question(clause: Clause, item: Item) -> bool:
    """Take the clause as a question about goods; false when it asks nothing."""
    if clause.has("similar") or _cheaper_one(clause, item):
        return False  # `is there anything like the grey coat?` looks for others
    asked = sorted(searching.named(clause, "asks"), key=lambda one: one == "price")  # `how much fits into it?`
    if asked[1:] or (_AVAILABLE | _HAVING | {"noch"}) & set(clause.words()):  # `how many are left?`
        asked = [one for one in asked if one != "amount"]
    if _wants_such(clause, asked) or not _asks(clause, item, asked):
        return False
    refers = clause.has("refer") or clause.text().strip(" ?!.") in {"auch in", "und in"}
    named = refers and asked and item.mention is not None and clause.words()[0] not in _THE  # `is it waterproof?`
    known = questioned.spoken_of(clause) if named and not questioned.called(clause.turn, item) else None
    carted = questioned.in_cart(clause, item)
    entry = (
        known or carted or shopping.pick(clause, item) or shopping.superlative(clause) or questioned.spoken_of(clause)
    )
    pointed = False
    if entry is None and (entry := questioned.pointed_at(clause, item, refers=refers)) is not None:
        pointed = bool(asked)
    if entry is None:
        return _of_several(clause, asked) or _general_question(clause, asked)
    # `how much is the red one`: its colour says which, and asks for nothing
    variant = not pointed and bool(clause.of("colour") or item.sizes or item.numbers)
    generic = (clause.mentions() and clause.has("show") and not refers and not clause.has("stock")) or _plural_search(
        clause, item
    )
    if generic and carted is None and not (asked and asked != ["price"]):
        return False
    if not variant and item.mention is None and shopping.superlative(clause) is entry and not asked:
        return False
    if item.mention is None and refers and searching.named(clause, "gender") and not asked:
        asked = ["gender"]
    told = _of_variants(clause, item, entry, asked)
    return told or _answer(clause, item, entry, asked, variant=variant, refers=refers)


def _cheaper_one(clause: Clause, item: Item) -> bool:
    # `is there a cheaper alternative?`; but `is it cheaper by now?` asks about the piece spoken of
    other = _ALTERNATIVE & set(clause.words()) or _HAVING & set(clause.words())
    return bool(other) and clause.has("cheaper") and item.mention is None and not shopping.compared(clause)


def _wants_such(clause: Clause, asked: list[str]) -> bool:
    # `habt ihr einen warmen Mantel?` looks for one that is warm, `ist der Mantel warm?` asks how it is
    if not asked or not _LIKE.issuperset(asked) or not _HAVING & set(clause.words()):
        return False
    named = clause.mentions()
    if all(one.concept is None for one in named) or any(pointing.definite_near(clause, one) for one in named):
        return False
    return asked == ["fit"] or bool(searching.named(clause, "tag") or searching.named(clause, "material"))


def _asks(clause: Clause, item: Item, asked: list[str]) -> bool:  # noqa: PLR0911 - the order of questions is the decision
    # Whether anything is asked of goods, and not goods looked for.
    turn, words = clause.turn, clause.words()
    if asked == ["price"] and clause.has("dear") and "?" not in clause.text() and turn.context.shown[1:]:
        return False  # `they are too expensive for me`
    if any(word.startswith(("zeig", "show", "seh")) for word in words) and not asked:
        return False
    if (item.mention is None or _only_describes(item)) and (_any_such(clause) or (not asked and _looks_around(clause))):
        return False
    if (
        item.mention is None
        and item.ordinal is None
        and turn.context.last_search
        and words[:1] in (["und"], ["and"], ["mit"], ["with"], ["in"])
        and not _FACTUAL & set(words[1:2])
        and not (_VARIED & set(asked) and turn.focus is not None)
    ):
        return False
    if "picture" in asked and (clause.has("show") or _MORE & set(words)):
        return True
    if clause.question() or clause.has("stock") or (_WHETHER & set(words) and _KNOWING & set(words)):
        return True
    if asked and turn.focus is not None and clause.has("refer") and words[0] in _ABLE:
        return True
    near = item.mention is None or pointing.definite_near(clause, item.mention)
    return bool(asked) and clause.has("ask") and near


def _answer(clause: Clause, item: Item, entry: Entry, asked: list[str], *, variant: bool, refers: bool) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if variant and not clause.of("size") and _only_so(clause):
        asked, variant = ["colours"], False
    having = not asked and clause.question() and item.mention is None and _to_be_had(clause, refers=refers)
    pointed = any(not one.words.startswith("sie") for one in clause.cue("refer"))  # `haben Sie` points at nothing
    if item.mention is None and not (variant or pointed or asked) and clause.has("shopinfo"):
        return False  # `haben Sie auch ein Ladengeschäft?` asks nothing of the piece spoken of
    when = clause.has("restock")  # `when is it back in stock?`
    if when or (variant and not _what_like(clause, asked)) or (clause.has("stock") and not asked) or having:
        shopping.about(clause, entry, item)
        _as_spoken_of(turn, entry, item)
        draft.asks += ["restock"] if when else []
        draft.act(clause.start, "stock_question", why=f"whether {entry.id} is to be had", confidence=0.85)
        return True
    if asked:
        shopping.about(clause, entry, item)
        draft.asks += [one for one in asked[:2] if one not in draft.asks]
        if asked[0] == "fit":
            draft.act(clause.start, "size_advice", why="how it fits")
        else:
            draft.act(clause.start, "product_question", why=f"asks about {', '.join(asked)}", confidence=0.85)
        return True
    spoken = turn.focus is not None or item.mention is not None
    asking = clause.has("ask") or (refers and item.mention is None)
    if item.mention is None and turn.resorts:
        return False  # `wann kommt das, wenn ich heute bestelle?` asks nothing of the piece spoken of
    if asking and spoken and clause.question() and not clause.has("show"):
        shopping.about(clause, entry, item)
        draft.act(clause.start, "product_question", why="a question about goods", confidence=0.6)
        return True
    return False


def _as_spoken_of(turn: Turn, entry: Entry, item: Item) -> None:
    # `is it still there?`, of the navy one in XL
    focus = turn.focus
    if focus is None or focus.product != entry.id or item.mention or item.colours or item.sizes or item.numbers:
        return
    turn.draft.values |= {"colour": focus.colour, "size": focus.size}


def _of_variants(clause: Clause, item: Item, entry: Entry, asked: list[str]) -> bool:
    # `what other colours in XL?`, `welche Größen gibt's in Schwarz?`: what there is of the one in the other
    draft, colours = clause.turn.draft, clause.turn.lexicon.colours
    if asked[:1] == ["colours"] and not item.colours:
        told, made = "size", attributes.fitting(item.sizes[0], entry.sizes) if item.sizes else []
    elif asked[:1] == ["sizes"] and not (item.sizes or item.numbers):
        told, made = "colour", colours.among(item.colours[0], entry.colours) if item.colours else []
    else:
        return False
    if len(made) != 1:
        return False
    draft.values |= {"product": entry.id, told: made[0]}
    draft.asks += [one for one in asked[:1] if one not in draft.asks]
    draft.act(clause.start, "product_question", why=f"asks about {asked[0]}", confidence=0.85)
    return True


def _only_so(clause: Clause) -> bool:
    # `gibt's das nur in Cognac?` asks for the colours there are
    words = clause.turn.marks.words
    marks = clause.turn.marks.of("colour", clause.first, clause.last)
    return clause.question() and any(_ONLY & set(words[max(clause.first, one.first - 4) : one.first]) for one in marks)


def _what_like(clause: Clause, asked: list[str]) -> bool:
    # `is the navy beanie itchy?` asks what it is like, `is the navy beanie there?` whether it is to be had
    if "picture" in asked:
        return True
    if clause.has("stock") or not clause.question():
        return False
    named = {at for one in clause.mentions() for at in range(one.first, one.last)}
    named |= {at for mark in clause.turn.marks.found for at in range(mark.first, mark.last)}
    rest = [word for at, word in enumerate(clause.words(), clause.first) if at not in named]
    if (asked and set(searching.told(rest, "asks")) - _VARIED) or not _DEGREES.isdisjoint(rest):
        return True
    return clause.words()[0] in _BEING and any(_says_more(clause.turn, word) for word in rest)


def _says_more(turn: Turn, word: str) -> bool:
    # `fluffy`: a word that neither the shop nor any rule knows
    known = word in spelling.everyday_words() or spelling.rules_know(word) or turn.lexicon.spelling.knows(word)
    return not known and bool(quoting.asked(word, ()))


def _to_be_had(clause: Clause, *, refers: bool) -> bool:
    # `is it windproof?` asks what it is like, `and the blue ones?` whether there are any
    return clause.has("stock") or (refers and set(clause.words()) <= language.function_words())


def _any_such(clause: Clause) -> bool:
    # `got anything waterproof?`, `anything cheaper?`
    featured, any_such = searching.features(clause)
    if featured and any_such:
        return True
    asked = not _MADE.isdisjoint(searching.named(clause, "asks"))
    such = asked or clause.has("cheaper") or bool(searching.named(clause, "tag"))
    return such and _open(clause.words())


def _open(words: list[str]) -> bool:
    # `irgendwas`, and `was Warmes`
    of_a_kind = any(one == "was" and then.endswith("es") for one, then in pairwise(words))
    return of_a_kind or any(word in _ANYTHING for word in words)


def _only_describes(item: Item) -> bool:
    # `anything waterproof`, though a product goes by that word
    return item.mention is not None and item.mention.concept is None and item.mention.senses == 1


def _looks_around(clause: Clause) -> bool:
    # `habt ihr auch was für Kinder?`, `was habt ihr für den Herbst?`: they ask nothing of the piece spoken of.
    words = clause.words()
    if clause.words()[0] in _BEING and clause.has("refer") and clause.turn.focus is not None:
        return False  # `is it one for women, too?`
    if searching.named(clause, "gender") and any(word in _ANYTHING or word == "was" for word in words):
        return True
    return (
        words[:1] in (["was"], ["what"])
        and words[1:2] != ["ist"]
        and bool(_HAVING & set(words))
        and "davon" not in words
    )


def _plural_search(clause: Clause, item: Item) -> bool:
    # `do you have red dresses?` looks for goods; `do you have the court sneakers in 39?` asks for one's stock.
    mention = item.mention
    if mention is None or item.ordinal is not None:
        return False
    before = clause.turn.marks.words[max(clause.first, mention.first - 3) : mention.first]
    if (
        any(word in {"any", "some", "welche", "irgendwelche", "irgendeine"} for word in before)
        and not clause.turn.focus
    ):
        return True
    if any(word in _AVAILABLE for word in clause.words()) and (item.colours or item.sizes):
        return False
    entry = shopping.pick(clause, item)
    if entry is None:
        return True
    context = clause.turn.context
    near = (
        {line.product for line in context.cart}
        | set(context.shown)
        | ({clause.turn.focus.product} if clause.turn.focus else set())
    )
    if entry.id in near:
        return False
    return mention.senses == 1 and mention.concept is not None and not pointing.definite_near(clause, mention)


def _of_several(clause: Clause, asked: list[str]) -> bool:
    # `what's the price of the two black coats?`: known goods that are more than one, shown with what is asked
    if not _TOLD & set(asked) or not any(pointing.definite_near(clause, one) for one in clause.mentions()):
        return False
    shopping.search(clause, intent="product_question")
    clause.turn.draft.asks += [one for one in asked[:2] if one not in clause.turn.draft.asks]
    return True


def _general_question(clause: Clause, asked: list[str]) -> bool:
    turn, draft = clause.turn, clause.turn.draft
    if _open(clause.words()) and searching.named(clause, "material"):
        return False
    if clause.mentions() or clause.has("oos") or turn.marks.max_price is not None or turn.marks.min_price is not None:
        return False
    if not asked or asked[0] in {"amount", "fit", "warm", "length"} or not (clause.has("refer") or clause.question()):
        return False
    draft.asks += asked[:1]
    draft.lack("product")
    draft.act(clause.start, "product_question", why="a question about goods that are not named", confidence=0.5)
    return True
