"""What a message says of goods already bought, without the word for it: a fault, another size, no more wish."""

from bots.understanding import data, language, pointing, refusing, reordering, returning, searching, service, steps
from bots.understanding.items import items
from bots.understanding.products import Mention
from bots.understanding.reading import ARRIVED, OPEN, UNDER_WAY, PastOrder
from bots.understanding.turn import Clause

_PARCEL = frozenset(
    {"paket", "paeckchen", "bestellung", "lieferung", "sendung", "parcel", "package", "order", "delivery"}
)
_ASKED = frozenset({"what", "which", "was", "welche", "any"})
_BUYING = ("want", "stock", "again", "more", "request", "cheaper", "other", "reduced", "goes_with", "compare")
_STATING = data.word_set("owned_stating")
_GLAD = data.word_set("owned_glad")
_MY = frozenset({"my", "our", "mein", "meine", "meinem", "meinen", "meiner", "unser", "unsere"})
_NOT = data.word_set("pointing_not")
_MAY = frozenset({"kann", "kannst", "koennt", "koennte", "koennten", "darf", "can", "could", "may"})


def settle_owned(clause: Clause) -> bool:
    """An open order to be altered, or bought goods to go back, said in passing."""
    turn = clause.turn
    if turn.context.cart or not turn.context.orders:
        return False
    if service.alters_open_order(clause):
        service.alter(clause)
        return True
    words = clause.words()
    found = items(clause)
    if not any(reordering.bought(clause, item, reordering.recent(turn.context.orders)) for item in found):
        return False
    if words[-1] in {"zurueck", "retour", "back"}:
        returning.give_back(clause, "return_item")
        return True
    if words[-1] in {"instead", "stattdessen", "dafuer"} and any(item.sizes or item.numbers for item in found):
        returning.give_back(clause, "exchange_item")
        return True
    return False


def steps_owned(clause: Clause) -> bool:
    """Bought goods wanted in another size (`it is lovely but I need it in M`): an exchange."""
    turn = clause.turn
    if clause.has("again") or turn.context.cart or not turn.context.orders:
        return False
    if not steps.stepped(clause) and not (clause.has("change") and _other_size(clause)):
        return False
    returning.give_back(clause, "exchange_item")
    return True


def _other_size(clause: Clause) -> bool:
    turn = clause.turn
    if turn.context.shown or clause.mentions() or not clause.has("refer") or not clause.of("size"):
        return False
    ordered = turn.lexicon.bits(line.product for order in turn.context.orders for line in order.lines)
    return any(one.bits & ordered for one in turn.mentions if one.last <= clause.first)


def unwanted_order(clause: Clause) -> bool:
    """Goods bought that are not wanted any more: of an open order it is to be cancelled, of another they go back."""
    turn = clause.turn
    if turn.context.cart or not clause.has("remove") or not clause.mentions():
        return False
    if clause.question() and not _MAY & set(clause.words()[:2]):
        return False
    bought = [
        one for one in turn.context.orders if any(reordering.bought(clause, item, [one]) for item in items(clause))
    ]
    if any(order.status in OPEN for order in bought):
        service.cancel(clause)
    elif bought and not turn.context.shown and refusing.refuses(clause):
        returning.give_back(clause, "return_item")
    else:
        return False
    return True


def speaks_of_order(clause: Clause) -> bool:
    """Bought goods spoken of, with no word of buying or of a fault: the order under way, or goods that came back."""
    turn = clause.turn
    order = _order_of(clause) if turn.context.orders and _states(clause) else None
    if order is None:
        return False
    if _keeps(clause):
        turn.draft.items += [
            line.product for item in items(clause) if (line := reordering.bought(clause, item, [order])) is not None
        ]
        turn.draft.act(clause.start, "thanks", why="keeps what was bought")
    elif order.status in UNDER_WAY:
        service.track(clause)
    elif clause.question() or order.status not in ARRIVED:
        return False
    elif _GLAD & set(clause.words()):
        turn.draft.act(clause.start, "thanks", why="pleased with what was bought")
    else:
        returning.give_back(clause, "return_item")
    return True


def _keeps(clause: Clause) -> bool:
    # `die Tees behalte ich natürlich`
    words = clause.words()
    return any(word.startswith(("behalt", "keep")) for word in words) and not _NOT & set(words)


def _states(clause: Clause) -> bool:
    turn = clause.turn
    if not clause.mentions() or turn.context.cart or turn.context.shown or clause.has(*_BUYING):
        return False
    if clause.of("colour") or clause.of("size") or searching.named(clause, "asks"):
        return False
    if not {one.words for one in clause.cue("show")} <= _ASKED:
        return False
    return bool(_STATING & set(clause.words())) or (not clause.question() and _tells_more(clause))


def _tells_more(clause: Clause) -> bool:
    # `the trainers pinch at the toes`: known goods, and words that neither describe goods nor ask for any
    if not any(pointing.definite_near(clause, one) or _mine(clause, one) for one in clause.mentions()):
        return False
    inside = {at for one in clause.mentions() for at in range(one.first, one.last)}
    words = clause.turn.marks.words
    return any(
        at not in inside and at not in clause.turn.marks.taken and words[at] not in language.function_words()
        for at in range(clause.first, clause.last)
    )


def _mine(clause: Clause, mention: Mention) -> bool:
    return bool(_MY & set(clause.turn.marks.words[max(clause.first, mention.first - 2) : mention.first]))


def _order_of(clause: Clause) -> PastOrder | None:
    orders = reordering.recent(clause.turn.context.orders)
    lines = [reordering.bought(clause, item, orders) for item in items(clause)]
    return next((one for one in orders if any(line is not None and line in one.lines for line in lines)), None)


def report_fault(clause: Clause) -> bool:  # noqa: PLR0911 - the order of questions is the decision
    """Bought goods that do not fit, are broken or wrong: a return, unless the words ask for another."""
    turn = clause.turn
    if not clause.has("fault") or (returning.reason(turn) is None and not turn.context.orders):
        return False
    if not turn.context.orders and any(word in _PARCEL for word in clause.words()):
        returning.give_back(clause, "return_item")
        return True
    if clause.question() and not turn.context.orders:
        return False
    if turn.context.cart and not turn.context.orders:
        return False
    found = items(clause)
    owned = any(
        item.mention is not None and reordering.bought(clause, item, reordering.recent(turn.context.orders))
        for item in found
    )
    if turn.context.shown and not owned and not turn.context.orders:
        return False
    if not owned and any(item.mention is not None for item in found) and turn.context.orders:
        return False
    if clause.question() and not owned:
        return False
    returning.give_back(clause, "return_item")
    if turn.draft.values.get("reason") == "defective":
        turn.draft.values["offer_handover"] = True
    return True
