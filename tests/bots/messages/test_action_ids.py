"""Action ids: whatever they name fits into 64 bytes and is found again."""

from hypothesis import given
from hypothesis import strategies as st

from bots.messages.action_ids import LONGEST, action_id, whole_of

PARTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=191)


@given(st.sampled_from(["show", "swap"]), PARTS, PARTS)
def test_every_part_fits_and_is_found_again(verb: str, one: str, other: str) -> None:
    made = action_id(verb, one, other)
    assert len(made.encode()) <= LONGEST
    begun, first, second = made.split(":")
    assert begun == verb
    assert whole_of(first, ["decoy", one]) == one
    assert whole_of(second, [other, "decoy"]) == other


def test_what_has_room_stays_as_it_is() -> None:
    assert action_id("pay") == "pay"
    assert action_id("swap", "TEE-GREY-M", "TEE-GREY-L") == "swap:TEE-GREY-M:TEE-GREY-L"


def test_what_only_begins_alike_is_told_apart() -> None:
    long = "mens-classic-organic-cotton-heavyweight-crewneck-t-shirt-in-heather-"
    assert whole_of(action_id("buy", long + "grey").partition(":")[2], [long + "blue", long + "grey"]) == long + "grey"
    assert whole_of("gone~00000000", [long]) is None
