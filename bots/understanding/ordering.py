"""From a menu's matches to order lines: where a line begins, and which line an option belongs to.

An amount begins a line when goods follow before the next amount; what stands between them describes these goods. Goods
without an amount begin a line too, unless the line before takes them as an option and
nothing (`on the side`) says otherwise.
"""

from dataclasses import dataclass, field

from bots.understanding import data
from bots.understanding.menuparts import Chosen, Head, Line, Match, Option
from bots.understanding.menuwords import Words

_STILL_NEGATED = frozenset({"or", "nor", "oder", "noch"})
_QUIET = data.word_set("ordering_quiet")
_CUE_REACH = 4


@dataclass(slots=True)
class Parser:
    """Walks over the matches once, with a look ahead for where the next line begins."""

    words: Words
    matches: list[Match]
    done: list[Line] = field(default_factory=list)
    quantity: int | None = None
    before: list[Chosen] = field(default_factory=list)
    amount: str | None = None
    negated: bool = False
    leading: bool = False

    def lines(self) -> list[Line]:
        """The order's lines."""
        for at, match in enumerate(self.matches):
            self._step(at, match)
        if not self.done and self.before:
            self._imply()
        return self.done

    def _step(self, at: int, match: Match) -> None:
        if match.negates:
            self.negated = True
        elif match.amount is not None and not self._better_as_option(match):
            self.amount = match.amount
        elif match.number is not None and not match.heads and not match.options:
            self._number(at, match.number)
        elif match.heads or match.options:
            if not (at and ((match.soft and self._explained(at, match)) or self._only_kind(at, match))):
                self._named(at, match)
        elif match.words[0] in self.words.plain:
            self.negated = False
        elif (
            match.words[0] not in _QUIET and self.amount is not None and at and self.matches[at - 1].amount is not None
        ):
            self.amount = None
        elif (
            match.words[0] not in _QUIET
            and match.words[0] not in _STILL_NEGATED
            and self.negated
            and at
            and self.matches[at - 1].options
        ):
            self.negated = False

    def _only_kind(self, at: int, match: Match) -> bool:
        # `cheddar cheese`: after one of its values, the word for several of them is no further wish.
        earlier = {(option.name, value) for option in self.matches[at - 1].options for value in option.values}
        return bool(match.options) and all(
            len(option.values) > 1 and any((option.name, value) in earlier for value in option.values)
            for option in match.options
        )

    def _explained(self, at: int, match: Match) -> bool:
        # `ranch dressing`: the second word only says what the first one is.
        previous = self.matches[at - 1]
        following = self.matches[at + 1] if at + 1 < len(self.matches) else None
        if previous.soft and (previous.heads, previous.options) == (match.heads, match.options):
            return True
        names = {option.name for option in match.options}
        beside = [one for one in (previous, following) if one is not None and not one.soft]
        return any(
            names & {option.name for option in one.options} or (match.heads and any(head.item for head in one.heads))
            for one in beside
        )

    def _better_as_option(self, match: Match) -> bool:
        return bool(match.options) and self.leading

    def _number(self, at: int, number: int) -> None:
        following = self.matches[at + 1] if at + 1 < len(self.matches) else None
        if self.negated or (following is not None and following.words[0] in self.words.kinds):
            return
        if self._starts_line(at):
            if not self.done and self.before and not self.leading:
                self._imply(least=1)
            self.quantity, self.before, self.leading = number, [], True
            self.amount = None
        elif self._elliptical(at):
            last = self.done[-1]
            self.done.append(Line(last.group, last.item, number))
            self.amount = None
        elif not self.done and self.quantity is None and following is not None and following.options:
            self.quantity = number

    def _elliptical(self, at: int) -> bool:
        # `two pizzas, one with ham and one with olives` names the goods once.
        following = self.matches[at + 1] if at + 1 < len(self.matches) else None
        return (
            bool(self.done)
            and self.words.bare(self.done[-1].group)
            and following is not None
            and following.words[0] in {"with", "without", "mit", "ohne"}
            and self._again(at)
        )

    def _again(self, at: int) -> bool:
        return any(match.number is not None and index > at for index, match in enumerate(self.matches)) or bool(
            self.done[-1].chosen
        )

    def _starts_line(self, at: int) -> bool:
        plain = True
        for index in range(at + 1, len(self.matches)):
            match = self.matches[index]
            if match.number is not None and not match.heads and not match.options:
                return False
            if match.negates:
                return False
            if match.heads and (plain or not match.options or not self._taken(match)):
                return True
            if match.options:
                plain = False
        return False

    def _taken(self, match: Match) -> bool:
        return bool(self.done) and any(option.group == self.done[-1].group for option in match.options)

    def _named(self, at: int, match: Match) -> None:
        head = self._head(at, match)
        if head is not None:
            self._open(at, head)
            return
        option = self._option(match)
        if option is None:
            return
        chosen = Chosen(option, amount=self.amount, excluded=self.negated)
        self.amount = None
        if self.leading or not self.done:
            self.before.append(chosen)
        elif option.group == self.done[-1].group:
            self.done[-1].chosen.append(chosen)
        else:
            self.before.append(chosen)
        following = self.matches[at + 1].words[0] if at + 1 < len(self.matches) else ""
        if self.negated and following not in _STILL_NEGATED:
            self.negated = False

    def _head(self, at: int, match: Match) -> Head | None:  # noqa: PLR0911 - the order of questions is the decision
        if not match.heads:
            return None
        if not match.options:
            return self._best_head(at, match)
        if self._cued(at, match):
            return next((head for head in match.heads if self._cue_for(at, head)), self._best_head(at, match))
        if self.leading:
            if self._later_head(at, match):
                return None
            return self._best_head(at, match)
        current = self.done[-1].group if self.done else None
        if any(option.group == current for option in match.options):
            return None
        if not self.done and self._later_head(at, match):
            return None
        return self._best_head(at, match)

    def _best_head(self, at: int, match: Match) -> Head:
        cued = [head for head in match.heads if self._cue_for(at, head)]
        return (cued or list(match.heads))[0]

    def _cued(self, at: int, match: Match) -> bool:
        return any(self._cue_for(at, head) for head in match.heads)

    def _cue_for(self, at: int, head: Head) -> bool:
        cues = self.words.cues.get(head.group, frozenset())
        if not cues or head.item is None:
            return False
        after = [word for match in self.matches[at + 1 : at + 1 + _CUE_REACH] for word in match.words]
        stop = next(
            (index for index, word in enumerate(after) if word in {"and", "with", "und", "mit", "plus"}), len(after)
        )
        before = [word for match in self.matches[max(0, at - 2) : at] for word in match.words]
        return any(word in cues for word in after[: min(stop, _CUE_REACH)]) or any(word in cues for word in before)

    def _later_head(self, at: int, match: Match) -> bool:
        # `a chicken and black bean taco`: goods that are an option too describe what follows, if that takes them.
        for later in self.matches[at + 1 :]:
            if later.number is not None and not later.heads and not later.options:
                return False
            if later.negates or later.words[0] in {"with", "mit", "topped"}:
                return False
            if later.heads and not later.options:
                return any(option.group == head.group for head in later.heads for option in match.options)
        return False

    def _open(self, at: int, head: Head) -> None:
        if head.item is None and not self.words.bare(head.group):
            if self.negated:
                self.negated = False
            return
        if self.negated:
            self.negated = False
            self._drop()
            return
        if self._completes(head):
            return
        quantity = self.quantity or self._shared_quantity(at, head) or 1
        line = Line(head.group, head.item, quantity, at=at)
        for chosen in self.before:
            self._describe(line, chosen)
        self.done.append(line)
        self._drop()

    def _shared_quantity(self, at: int, head: Head) -> int | None:
        # `four sides of chips and guac`: the amount stands before what both are.
        if not self.done or at < 2 or self.done[-1].group != head.group or self.done[-1].at != at - 2:  # noqa: PLR2004
            return None
        cues = self.words.cues.get(head.group, frozenset())
        before = [word for match in self.matches[max(0, at - 5) : at - 2] for word in match.words]
        before += self.matches[at - 2].words[:-1]
        return self.done[-1].quantity if any(word in cues for word in before) else None

    def _drop(self) -> None:
        self.quantity, self.before, self.leading, self.amount = None, [], False, None

    def _completes(self, head: Head) -> bool:
        """Whether the noun only completes the item before it: `a chicken teriyaki … sandwich`, `chips on the side`."""
        if head.item is not None or not self.done or (self.leading and self.quantity is not None):
            return False
        last = self.done[-1]
        if last.group != head.group:
            return False
        for chosen in self.before:
            self._describe(last, chosen)
        self.before = []
        return True

    def _describe(self, line: Line, chosen: Chosen) -> None:
        option = self.words.for_group(chosen.option, line.group)
        if option is not None:
            line.chosen.append(Chosen(option, chosen.amount, chosen.count, chosen.excluded))
        elif self.done and (earlier := self.words.for_group(chosen.option, self.done[-1].group)) is not None:
            self.done[-1].chosen.append(Chosen(earlier, chosen.amount, chosen.count, chosen.excluded))

    def _option(self, match: Match) -> Option | None:
        if not match.options:
            return None
        current = self.done[-1].group if self.done and not self.leading else None
        own = [option for option in match.options if option.group == current]
        if own:
            return own[0]
        return match.options[0]

    def _imply(self, least: int = 2) -> None:
        # Only options were said: they mean the goods that take them all, if only one kind does.
        counts = {
            group: sum(self.words.for_group(one.option, group) is not None for one in self.before)
            for group in self.words.names
            if self.words.bare(group)
        }
        most = max(counts.values(), default=0)
        bare = [group for group, count in counts.items() if count == most]
        if len(bare) == 1 and most >= least:
            line = Line(bare[0], None, self.quantity or 1)
            for chosen in self.before:
                self._describe(line, chosen)
            self.done.append(line)
