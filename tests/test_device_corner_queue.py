"""Who is next in the corner, and how long it takes."""

from dataclasses import fields

import pytest

from device.corner_queue import SHOWN_S, SITTING_S, TO_SIT_DOWN_S, CornerQueue, Place
from device.errors import NotHere
from device.morning_view import MorningView

WHOLE_S = SITTING_S + TO_SIT_DOWN_S


def queue(*names: str, seats: int = 1) -> CornerQueue:
    made = CornerQueue(seats)
    for name in names:
        made.join(name)
        made.ready(name)
    return made


def test_the_room_is_told_names_turns_and_time_and_nothing_that_was_measured() -> None:
    assert [field.name for field in fields(Place)] == ["athlete", "turn", "left_s", "cure"]


@pytest.mark.parametrize(
    ("seats", "waits_s"), [(1, [WHOLE_S, 2 * WHOLE_S]), (2, [WHOLE_S]), (3, [])]
)
def test_as_many_are_called_as_there_are_seats_in_the_order_they_came(
    seats: int, waits_s: list[float]
) -> None:
    made = queue("Anna", "Ben", "Chris", seats=seats)
    assert made.called() == ("Anna", "Ben", "Chris")[:seats]
    assert made.called() == ()
    waiting = [place for place in made.places(0.0) if place.turn == "waits"]
    assert [place.left_s for place in waiting] == waits_s


def test_how_long_is_told_by_how_far_those_before_have_come() -> None:
    made = queue("Anna", "Ben", "Chris")
    made.called()
    made.seen("Anna", MorningView(phase="preview", advice=("moisten the strap",)))
    assert made.places(0.0)[0] == Place("Anna", "strap", None, "moisten the strap")
    made.seen("Anna", MorningView(phase="settle", remaining_s=50.0))
    anna, ben, chris = made.places(0.0)
    assert (anna.turn, anna.left_s) == ("sits", 110.0)
    assert (ben.left_s, chris.left_s) == (110.0, 110.0 + WHOLE_S)
    made.seen("Anna", MorningView(phase="extend", remaining_s=20.0))
    assert made.places(0.0)[1].left_s == 20.0


def test_nobody_is_called_before_all_is_answered_and_whoever_is_ready_first_sits_first() -> None:
    made = CornerQueue()
    made.join("Anna")
    made.join("Ben")
    assert made.called() == ()
    made.ready("Ben")
    assert made.called() == ("Ben",)
    made.ready("Anna")
    assert [(one.athlete, one.turn) for one in made.places(0.0)] == [
        ("Ben", "strap"),
        ("Anna", "waits"),
    ]
    made.ready("Ben")  # once more: nothing
    assert made.called() == ()


def test_a_seat_that_is_free_is_for_the_next_and_a_result_is_told_for_a_while() -> None:
    made = queue("Anna", "Ben", "Chris")
    made.called()
    made.over("Anna", 100.0, usable=True)
    assert made.called() == ("Ben",)
    made.over("Ben", 200.0, usable=False)
    assert [(one.athlete, one.turn) for one in made.places(200.0)] == [
        ("Chris", "waits"),
        ("Anna", "done"),
        ("Ben", "again"),
    ]
    assert [one.athlete for one in made.places(100.0 + SHOWN_S)] == ["Chris", "Ben"]
    assert [one.athlete for one in made.places(200.0 + SHOWN_S)] == ["Chris"]


def test_whoever_leaves_makes_room() -> None:
    made = queue("Anna", "Ben")
    made.called()
    made.leave("anna")
    assert made.called() == ("Ben",)
    made.seen("Anna", MorningView(phase="settle", remaining_s=50.0))  # a last word
    made.over("Anna", 1.0, usable=True)
    assert [one.athlete for one in made.places(1.0)] == ["Ben"]


def test_nobody_waits_twice_but_may_come_again_after_a_test() -> None:
    made = queue("Anna")
    with pytest.raises(NotHere, match="Anna is in the queue already"):
        made.join("ANNA")
    made.called()
    made.over("Anna", 1.0, usable=False)
    made.join("Anna")
    assert [one.turn for one in made.places(1.0)] == ["asked"]
