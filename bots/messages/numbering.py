"""What a typed number means after a message: the same on every channel, whether or not the numbers were drawn.

Cards keep their own numbers (or their place); actions are counted on behind them. Actions that open an address have no
number. Where a title itself begins with a digit ("32", "2 Paar"), a number would be ambiguous: then the actions have
none and the title is what one types.
"""

from collections.abc import Mapping, Sequence

from bots.messages.outbound import (
    Action,
    Card,
    Carousel,
    Choices,
    Document,
    Lookbook,
    Message,
    ProductCard,
)


def cards_of(message: Message) -> tuple[tuple[int, Card], ...]:
    """The message's cards with their numbers."""
    if not isinstance(message, Carousel | Lookbook):
        return ()
    numbered = all(card.number for card in message.cards)
    return tuple((card.number if numbered else place, card) for place, card in enumerate(message.cards, start=1))


def actions_of(message: Message) -> tuple[Action, ...]:
    """The message's own actions, in the order shown; those of carousel cards belong to the cards."""
    match message:
        case Choices():
            return message.options
        case ProductCard():
            return message.card.actions
        case Document():
            return ()
        case _:
            return message.actions


def number_actions(actions: Sequence[Action], *, after: int = 0) -> Mapping[str, int]:
    """Number of each action by its id; empty when titles begin with digits."""
    replies = {action.id: action.title.strip() for action in actions if not action.url}
    if any(title[:1].isdigit() for title in replies.values()):
        return {}
    return {action_id: number for number, action_id in enumerate(replies, start=after + 1)}


def numbers(message: Message) -> Mapping[int, Card | Action]:
    """What each number stands for."""
    cards = cards_of(message)
    places = number_actions(actions_of(message), after=max((number for number, _ in cards), default=0))
    by_id = {action.id: action for action in actions_of(message)}
    return {**dict(cards), **{number: by_id[action_id] for action_id, number in places.items()}}
