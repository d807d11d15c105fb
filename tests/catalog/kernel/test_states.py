"""State machines: a table that forgets a state is refused where it is written, a move that it lacks once made."""

from enum import StrEnum

import pytest

from catalog.kernel.errors import IllegalTransition
from catalog.kernel.states import StateMachine


class Light(StrEnum):
    """Three states in a row."""

    RED = "red"
    GREEN = "green"
    DARK = "dark"


def machine(*moves: tuple[Light, set[Light]]) -> StateMachine[Light]:
    return StateMachine("light", Light.RED, {state: frozenset(nexts) for state, nexts in moves})


def test_a_table_without_a_row_for_a_state_is_refused() -> None:
    with pytest.raises(ValueError, match="light: no row for"):
        machine((Light.RED, {Light.GREEN, Light.DARK}), (Light.GREEN, set()))


def test_a_table_with_a_state_that_nothing_leads_to_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be reached"):
        machine((Light.RED, {Light.GREEN}), (Light.GREEN, set()), (Light.DARK, {Light.RED}))


def test_only_a_move_of_the_table_is_made() -> None:
    light = machine((Light.RED, {Light.GREEN}), (Light.GREEN, {Light.RED, Light.DARK}), (Light.DARK, set()))
    assert light.move(Light.GREEN, Light.DARK) is Light.DARK
    assert (light.can(Light.RED, Light.GREEN), light.can(Light.RED, Light.DARK)) == (True, False)
    for current, wanted in ((Light.RED, Light.DARK), (Light.RED, Light.RED), (Light.DARK, Light.RED)):
        with pytest.raises(IllegalTransition, match=f"{current} cannot become {wanted}"):
            light.move(current, wanted)
