"""The words of one menu: phrases to what they stand for, all of it taken from the menu file.

Besides the aliases as written: part of an alias that means one value only (`corn` for corn salsa), its beginning
(`mayo`), and words with one typing error, where nothing else of the menu is meant.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rapidfuzz.distance import OSA

from bots.understanding import data, spelling, stems
from bots.understanding.menuparts import Head, Match, Option

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+", re.UNICODE)
_APOSTROPHES = re.compile(r"['’`´]")
_LARGEST = 999
_SOFT = 4  # letters from which a part of a name may stand for it
_JOINED = 4  # words that may be one word in the menu
_CAREFUL = data.word_set("menuwords_careful")


def words_of(text: str) -> tuple[str, ...]:
    """Words of a text or alias, comparable: lower case, no apostrophes, hyphens as blanks."""
    plain = _APOSTROPHES.sub("", text.casefold()).replace(" n t ", "nt ").replace(" nt ", "nt ")
    return tuple(_TOKEN.findall(plain))


class Words:
    """A menu's phrases, and what its groups take."""

    def __init__(self, menu: Mapping[str, Any]) -> None:
        self.phrases: dict[tuple[str, ...], Match] = {}
        self.names: dict[str, tuple[str, ...]] = {}
        self.items: dict[str, bool] = {}
        self.cues: dict[str, frozenset[str]] = {}
        self.values: dict[tuple[str, str], set[str]] = {}
        for group in menu["groups"]:
            self._group(group)
        for alias in menu.get("ambiguous_aliases") or ():
            self._ambiguous(alias)
        self._function_words(menu)
        kinds = {part for names in self.names.values() for name in names for part in words_of(name.replace("_", " "))}
        groups = {part for name in self.names for part in words_of(name.replace("_", " "))}
        self.kinds = (
            kinds | {word + "s" for word in kinds} | {"ingredient", "ingredients", "item", "items", "kinds", "things"}
        )
        self.plain = self.kinds | groups | {word + "s" for word in groups}
        self.soft = self._soft_words()
        self.written_together = {
            "".join(words): match for words, match in self.phrases.items() if match.heads or match.options
        }
        self.vocabulary = sorted({word for phrase in self.phrases for word in phrase if len(word) > 4})  # noqa: PLR2004
        self.longest = max((len(words) for words in self.phrases), default=1)

    def _add(self, phrase: str, *, head: Head | None = None, option: Option | None = None) -> None:
        words = words_of(phrase)
        if not words:
            return
        match = self.phrases.get(words, Match(words))
        if head is not None and head not in match.heads:
            match = replace(match, heads=(*match.heads, head))
        if option is not None and option not in match.options:
            match = replace(match, options=(*match.options, option))
        self.phrases[words] = match

    def _group(self, group: Mapping[str, Any]) -> None:
        name = str(group["group"])
        self.items[name] = bool(group.get("items"))
        self.names[name] = tuple(str(option["name"]) for option in group.get("options") or ())
        for noun in group.get("nouns") or ():
            item = self._item_in_noun(group, noun)
            self._add(noun, head=Head(name, item))
        for item in group.get("items") or ():
            for alias in item.get("aliases") or ():
                for form in _forms(alias):
                    self._add(form, head=Head(name, str(item["id"])))
        self._cues(name, group)
        for option in group.get("options") or ():
            for value in option.get("values") or ():
                self.values.setdefault((name, str(option["name"])), set()).add(str(value["id"]))
                for alias in value.get("aliases") or ():
                    self._add(alias, option=Option(name, str(option["name"]), (str(value["id"]),)))
            for alias in option.get("ambiguous_aliases") or ():
                self._add(alias["alias"], option=Option(name, str(option["name"]), tuple(alias["any_of"])))

    def _item_in_noun(self, group: Mapping[str, Any], noun: str) -> str | None:
        # A noun that holds an item's own word (`side of chips`) is that item.
        words = words_of(noun)
        for item in group.get("items") or ():
            for alias in item.get("aliases") or ():
                own = words_of(alias)
                if own and (words[-len(own) :] == own or words[-len(own) :] == tuple(word.rstrip("s") for word in own)):
                    return str(item["id"])
        return None

    def _cues(self, name: str, group: Mapping[str, Any]) -> None:
        own = {
            word for item in group.get("items") or () for alias in item.get("aliases") or () for word in words_of(alias)
        }
        own |= {word.rstrip("s") for word in own}
        cues = (
            {word for noun in group.get("nouns") or () for word in words_of(noun)}
            - own
            - {"of", "on", "the", "a", "in", "with"}
        )
        if group.get("items"):
            self.cues[name] = frozenset(cues | {name})

    def _ambiguous(self, alias: Mapping[str, Any]) -> None:
        wanted = tuple(str(value) for value in alias["any_of"])
        for (group, name), values in list(self.values.items()):
            if set(wanted) <= values and alias.get("name", name) == name and alias.get("group", group) == group:
                self._add(alias["alias"], option=Option(group, name, wanted))

    def _function_words(self, menu: Mapping[str, Any]) -> None:
        for amount, phrases in (menu.get("amount_words") or {}).items():
            for phrase in phrases:
                words = words_of(phrase)
                self.phrases[words] = replace(self.phrases.get(words, Match(words)), amount=str(amount))
        for phrase in menu.get("negation_words") or ():
            words = words_of(phrase)
            self.phrases[words] = replace(self.phrases.get(words, Match(words)), negates=True)
        for number, phrases in (menu.get("number_words") or {}).items():
            for phrase in phrases:
                words = words_of(phrase)
                self.phrases[words] = replace(self.phrases.get(words, Match(words)), number=int(number))
        self._common_function_words(set(menu.get("amount_words") or {}))

    def _common_function_words(self, amounts: set[str]) -> None:
        common = data.table("menus")
        for amount in amounts & common["amount"].keys():
            for phrase in common["amount"][amount]:
                words = words_of(phrase)
                self.phrases.setdefault(words, Match(words, amount=amount))
        for phrase in common["negation"]["words"]:
            words = words_of(phrase)
            self.phrases.setdefault(words, Match(words, negates=True))
        for number, phrases in common["number"].items():
            for phrase in phrases:
                words = words_of(phrase)
                self.phrases.setdefault(words, Match(words, number=int(number)))

    def _soft_words(self) -> dict[str, Match]:
        """Single words that occur in the aliases of one value (or item) of a group only."""
        senses: dict[str, dict[str, set[Head | Option]]] = {}
        for words, match in self.phrases.items():
            named: tuple[Head | Option, ...] = (*match.heads, *match.options)
            for sense in named:
                if isinstance(sense, Head) and sense.item is None:
                    continue
                for word in words:
                    senses.setdefault(word, {}).setdefault(sense.group, set()).add(sense)
        found: dict[str, Match] = {}
        for word, groups in senses.items():
            if (word,) in self.phrases or len(word) < _SOFT or word in _CAREFUL or word in self.plain:
                continue
            match = Match((word,), soft=True)
            for meant in groups.values():
                if len(meant) == 1:
                    sense = next(iter(meant))
                    match = (
                        replace(match, heads=(*match.heads, sense))
                        if isinstance(sense, Head)
                        else replace(match, options=(*match.options, sense))
                    )
            if match.heads or match.options:
                found[word] = match
        return found

    def matches(self, text: str) -> Iterator[Match]:
        """The text as the longest phrases the menu knows, unknown words one by one."""
        words = words_of(text)
        at = 0
        while at < len(words):
            length, match = self._longest(words, at)
            yield match
            at += length

    def _longest(self, words: tuple[str, ...], at: int) -> tuple[int, Match]:
        for length in range(min(self.longest, len(words) - at), 0, -1):
            part = words[at : at + length]
            joined = self.written_together.get("".join(part)) if length > 1 and length <= _JOINED else None
            known = (
                self.phrases.get(part)
                or joined
                or self.phrases.get((*part[:-1], part[-1].rstrip("s")))
                or self.phrases.get((*part[:-1], part[-1] + "s"))
            )
            if known is not None:
                return length, known
        word = words[at]
        if (shared := self._shared_noun(words, at)) is not None:
            return 1, shared
        if word.isdigit() and 0 < int(word[:6]) <= _LARGEST:
            return 1, Match((word,), number=int(word))
        return 1, self._guess(word)

    def _shared_noun(self, words: tuple[str, ...], at: int) -> Match | None:
        # `black and pinto beans` names the noun once.
        if at + 3 >= len(words) or words[at + 1] not in {"and", "or", "und", "oder"}:
            return None
        return next(
            (match for noun in words[at + 3 : at + 5] if (match := self.phrases.get((words[at], noun))) is not None),
            None,
        )

    def _guess(self, word: str) -> Match:
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            if form in self.soft:
                return self.soft[form]
        if len(word) < 4 or word in _CAREFUL or word in self.plain or _everyday(word):  # noqa: PLR2004
            return Match((word,))
        begun = {match for words, match in self.phrases.items() if words[0].startswith(word) and len(words) == 1}
        if len(begun) == 1 or (begun and len({(match.heads, match.options) for match in begun}) == 1):
            return next(iter(begun))
        close = (
            [
                one
                for one in self.vocabulary
                if abs(len(one) - len(word)) <= 1 and OSA.distance(one, word, score_cutoff=1) <= 1
            ]
            if len(word) > _SOFT
            else []
        )
        if close:
            return self.phrases.get((close[0],)) or self.soft.get(close[0]) or Match((word,))
        return Match((word,))

    def for_group(self, option: Option, group: str) -> Option | None:
        """The option as another group has it, or None when that group does not take it."""
        if option.group == group:
            return option
        for name in self.names.get(group, ()):
            if set(option.values) <= self.values.get((group, name), set()):
                return Option(group, name, option.values)
        return None

    def bare(self, group: str) -> bool:
        """Whether the group itself is the product."""
        return not self.items.get(group, False)


def _forms(alias: str) -> tuple[str, ...]:
    forms = (alias,) if alias.endswith("s") else (alias, alias + "s")
    return (*forms, *(form.replace(" and ", " ") for form in forms if " and " in form))


def _everyday(word: str) -> bool:
    common = spelling.common_words()
    return word in common or any(key in common for key in stems.keys(word))
