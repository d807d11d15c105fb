"""A search from words: the kind of goods and what they must be like, and the products of this shop that fit."""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from bots.understanding import concepts, data, filtering, pointing, spelling, stems
from bots.understanding.entries import Entry
from bots.understanding.items import items
from bots.understanding.lexicon import Lexicon
from bots.understanding.products import Mention
from bots.understanding.ranking import ranked
from bots.understanding.turn import Clause

_CLOTHES = frozenset({"klamotten", "sachen", "kleidung", "mode", "kleider", "zeug", "outfit", "outfits"})
_DAYS = frozenset({"heute", "morgen", "gestern", "guten", "schoenen", "this", "tomorrow", "good", "yesterday"})
_LEADING = data.word_set("searching_leading")
_NOT = data.word_set("pointing_not") | {"arent", "isnt"}
_AND = (["und"], ["oder"], ["and"], ["or"])
_FREE_OF = (["free"], ["frei"])
_NO_FEATURE = 3  # letters of a word that tells nothing by itself
_ANY_SUCH = data.word_set("searching_any_such")
_FOR = data.word_set("searching_for")


@cache
def words_of(group: str) -> dict[str, str]:
    """Stem of an attribute word (or of several, written together) to what it asks for.

    A stem that is another word tells nothing: `line` is no `lining`.
    """
    found: dict[str, str] = {}
    for name, words in data.table("attributes")[group].items():
        for word in (name, *words) if group != "asks" else words:
            whole = stems.joined(word)
            for key in (whole, *stems.joined_keys(tuple(stems.words(word)))):
                if key == whole or (len(key) > _NO_FEATURE and key not in spelling.everyday_words()):
                    found.setdefault(key, name)
    return found


def called(group: str, name: str, locale: str) -> str:
    """What an attribute is called: in German by the first of its words, else by its own name."""
    words = data.table("attributes")[group].get(name, ())
    return words[0] if words and locale.partition("-")[0] == "de" else name


@cache
def person_words() -> frozenset[str]:
    """Words for the people that goods are for, folded."""
    return frozenset(stems.fold(word) for word in data.table("attributes")["person"]["words"])


def named(clause: Clause, group: str) -> list[str]:
    """What a clause's words ask for in a group of attributes, in order."""
    return told(clause.words(), group)


def told(words: list[str], group: str) -> list[str]:
    """What some words ask for in a group of attributes, in order."""
    return list(dict.fromkeys(value for _, value in _at(words, group)))


def _at(words: list[str], group: str) -> Iterator[tuple[int, str]]:
    """What some words ask for in a group of attributes, each with its place."""
    begun = _begun(group)
    for at, word in enumerate(words):
        for length in (4, 3, 2, 1) if stems.may_begin(word, begun) else (1,):
            value = _meant(group, tuple(words[at : at + length]))
            if value is not None and not _no_wish(group, words, at):
                yield at, value
                break


@cache
def _begun(group: str) -> frozenset[str]:
    return stems.beginnings(words_of(group))


@lru_cache(maxsize=32768)
def _meant(group: str, part: tuple[str, ...]) -> str | None:
    known = words_of(group)
    whole = "".join(part)  # `here` has the stem `her`, which is another word
    keys = (key for key in stems.joined_keys(part) if len(key) > _NO_FEATURE)
    value = next((known[key] for key in (whole, *keys) if key in known), None)
    if value is None and len(part) == 1 and group != "asks":  # `Wollmantel` asks for nothing
        return _in_compound(part[0], known)
    return value


def _no_wish(group: str, words: list[str], at: int) -> bool:
    # `for my wife` but not `she`, not `this evening`, not `too warm`
    if group == "gender":
        return not _for_whom(words, at)
    too = at > 0 and words[at - 1] in {"zu", "too"} and group != "asks"
    return too or _this_day(words, at)


def _this_day(words: list[str], at: int) -> bool:
    # `wer spielt heute Abend?`, `good evening`; but `was für heute Abend`
    return at > 0 and words[at - 1] in _DAYS and not (at > 1 and words[at - 2] in {"fuer", "for"})


def features(clause: Clause) -> tuple[int, bool]:
    """The products whose own words tell of what goods come with (`mit Kapuze`), and whether any such are meant."""
    words, lexicon = clause.words(), clause.turn.lexicon
    for at, word in enumerate(words[:-1]):
        if word in {"mit", "with"}:
            for one in words[at + 1 : at + 4]:
                keys = stems.keys(one) if one not in spelling.everyday_words() and len(one) > _NO_FEATURE else ()
                if found := lexicon.modified(keys):
                    return found, at > 0 and words[at - 1] in _ANY_SUCH
    return 0, False


def _in_compound(word: str, known: dict[str, str]) -> str | None:
    if len(word) < 7:  # noqa: PLR2004
        return None
    heads = concepts.built_in().words["de"]
    for first, second in stems.splits(word):
        if second in _CLOTHES or (len(second) > 3 and any(key in heads for key in stems.keys(second))):  # noqa: PLR2004
            for part in stems.without_link(first):
                for key in stems.keys(part):
                    if key in known:
                        return known[key]
    return None


def _for_whom(words: list[str], at: int) -> bool:
    if words[at] not in person_words():
        return True
    return (
        at > 0
        and words[at - 1] in _FOR
        and any(word in {"fuer", "for", "fuern", "als", "as"} for word in words[max(0, at - 3) : at])
    )


def filters(clause: Clause, *, base: dict[str, Any] | None = None) -> tuple[dict[str, Any], int | None, list[Mention]]:  # noqa: C901 - the order of questions is the decision
    """The filters a clause names (on top of `base`), the set its goods words narrow to, and the goods not wanted."""
    turn = clause.turn
    lexicon = turn.lexicon
    found: dict[str, Any] = dict(base or {})
    wanted = [one for one in clause.mentions() if not pointing.negated(clause, one.first)]
    unwanted = [one for one in clause.mentions() if pointing.negated(clause, one.first)]
    bits: int | None = None
    if wanted:
        bits = 0
        categories: list[str] = []
        for one in wanted:
            part = _goods(one, lexicon)
            bits |= part
            for category in _categories(one, part, lexicon):
                if category not in categories:
                    categories.append(category)
        found.pop("category", None)
        if categories:
            found["category"] = categories[0] if len(categories) == 1 else categories
    featured, _ = features(clause)
    if featured and (bits is None or bits & featured):
        bits = (
            filtering.in_category(lexicon, found["category"])
            if bits is None and "category" in found
            else bits or featured
        )
        bits &= featured
    _colours(clause, found)
    _sizes(clause, found)
    _attributes(clause, found, bits, wanted)
    if found.get("tag") == "basic" and wanted:
        found.pop("tag")
    marks = turn.marks
    if marks.max_price is not None:
        found["max_price"] = marks.max_price
    if marks.min_price is not None:
        found["min_price"] = marks.min_price
    if "not_material" in found and bits:
        bits = _made_without(lexicon, found, bits, wanted)
    return found, bits, unwanted


def _attributes(clause: Clause, found: dict[str, Any], bits: int | None, wanted: list[Mention]) -> None:
    lexicon = clause.turn.lexicon
    without = {value for group in ("material", "tag") for value in _ruled_out(clause, group, found)}
    for group, key in (("gender", "gender"), ("material", "material"), ("tag", "tag")):
        told_of = [value for value in named(clause, group) if value not in without]
        values = [value for value in told_of if not _said_by_title(clause, group, value, bits, lexicon)]
        if group == "material" and any(one.concept == "jeans" for one in wanted):
            values = [value for value in values if value != "denim"]
        if values:
            found[key] = values[0] if len(values) == 1 or key == "gender" else values


def _made_without(lexicon: Lexicon, found: dict[str, Any], bits: int, wanted: list[Mention]) -> int:
    # `sweaters without wool`, where only sweatshirts are made so
    alike = bits
    for one in wanted:
        alike |= one.bits
    if filtering.narrowed(lexicon, found, bits) or not filtering.narrowed(lexicon, found, alike):
        return bits
    found.pop("category", None)
    kinds = list(dict.fromkeys(one.category for one in lexicon.listed(filtering.narrowed(lexicon, found, alike))))
    found["category"] = kinds[0] if len(kinds) == 1 else kinds  # `and under 65?` goes on within them
    return alike


def _ruled_out(clause: Clause, group: str, found: dict[str, Any]) -> set[str]:
    """What goods are not to be (`ohne Wolle`, `wool-free`), taken into the filters."""
    words, out, last = clause.words(), [], -1
    for at, value in _at(words, group):
        and_so = last >= 0 and words[last + 1 : at] in _AND  # `without wool or leather`
        if and_so or _without(words, at) or words[at + 1 : at + 2] in _FREE_OF:
            out.append(value)
            last = at
    if out:
        found[f"not_{group}"] = out[0] if len(out) == 1 else list(dict.fromkeys(out))
        if found.get(group) in out:
            found.pop(group)
    return set(out)


def _without(words: list[str], at: int) -> bool:
    # `not made of wool`; but `hast du nicht was aus Leder?` wishes for leather
    before = next((word for word in reversed(words[:at]) if word not in _LEADING), "")
    return before in _NOT


def _goods(mention: Mention, lexicon: Lexicon) -> int:
    if mention.extras:
        return 0 if mention.concept is None else mention.bits
    if mention.senses == 1 and mention.concept is not None:
        strict = lexicon.of_concept(mention.concept)
        scored = ranked(mention, lexicon)
        whole = lexicon.bits(entry.id for score, entry in scored if score >= 1.0)
        own = {lexicon.analyses[entry.id][1].concept for entry in lexicon.listed(whole)}
        if (
            whole
            and mention.concept not in own
            and not any(parent in own for parent in concepts.built_in().children.get(mention.concept, ()))
        ):
            return whole if not strict else whole | (strict & mention.bits or strict)
        return strict & mention.bits or mention.bits
    return mention.bits


def _categories(mention: Mention, bits: int, lexicon: Lexicon) -> list[str]:
    present = list(dict.fromkeys(entry.category for entry in lexicon.listed(bits))) if bits.bit_count() < 400 else []  # noqa: PLR2004
    if present:
        return present
    return [lexicon.categories.get(mention.concept, mention.concept)] if mention.concept else []


def _said_by_title(clause: Clause, group: str, value: str, bits: int | None, lexicon: Lexicon) -> bool:
    # `Regenjacke` names goods; its rain is no further wish. Nor is a word that is part of a product's own name.
    if bits is None or group == "gender":
        return False
    if bits.bit_count() > 60:  # noqa: PLR2004
        return False
    fitting = [entry for entry in lexicon.listed(bits) if _has(entry, group, value)]
    return not fitting and any(one.senses > 1 for one in clause.mentions())


def _has(entry: Entry, group: str, value: str) -> bool:
    return value in entry.tags if group == "tag" else stems.fold(value) in stems.fold(entry.material)


def _colours(clause: Clause, found: dict[str, Any]) -> None:
    marks = clause.turn.marks.of("colour", clause.first, clause.last)
    out = [mark for mark in marks if pointing.negated(clause, mark.first) or pointing.sent_out(clause, mark)]
    wanted = [mark.value for mark in marks if mark not in out]
    unwanted = [mark.value for mark in out]
    if wanted:
        found["colour"] = wanted[0] if len(wanted) == 1 else list(dict.fromkeys(wanted))
    if unwanted:
        found["not_colour"] = unwanted[0] if len(unwanted) == 1 else list(dict.fromkeys(unwanted))
        if found.get("colour") in unwanted:
            found.pop("colour")


def _sizes(clause: Clause, found: dict[str, Any]) -> None:
    told, offered = items(clause), clause.turn.lexicon.sizes.all
    sizes = [size for item in told for size in item.sizes]
    for item in told:
        sizes += [str(number) for number in item.numbers if str(number) in offered and number > 20]  # noqa: PLR2004
    sizes = list(dict.fromkeys(sizes))
    if sizes:
        found["size"] = sizes[0] if len(sizes) == 1 else sizes
