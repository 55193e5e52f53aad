"""How many links an adapter takes, found out."""

import pytest

from sensors.places import FAILURES_ENOUGH, FIRST_WAIT_S, LONGEST_WAIT_S, Places

LIMIT = "[org.bluez.Error.Failed] le-connection-concurrent-connection-limit"
ABORT = "[org.bluez.Error.Failed] le-connection-abort-by-local"
NEAR, FAR = -50, -90


@pytest.mark.parametrize("words", [LIMIT, "[org.bluez.Error.Failed] Too many links"])
def test_an_adapter_that_says_it_is_full_is_believed(words: str) -> None:
    places = Places()
    places.refused(7, words, FAR, 0.0)
    assert places.full(7)
    assert not places.full(6)
    assert places.words("adapter") == "adapter full: 7 of 7"


@pytest.mark.parametrize("words", [ABORT, "", "Device with address AA was not found"])
def test_other_failures_must_come_again_and_again(words: str) -> None:
    places = Places()
    for _ in range(FAILURES_ENOUGH):
        assert not places.full(3)
        places.refused(3, words, NEAR, 0.0)
    assert places.full(3)
    assert places.words("adapter hci1") == ("adapter hci1 seems full: 3 of 3")


@pytest.mark.parametrize(
    ("links", "rssi_dbm"),
    [(3, FAR), (3, None), (1, NEAR), (0, NEAR)],
    ids=["weak", "strength unknown", "one link", "no link"],
)
def test_a_failure_that_something_else_explains_tells_nothing(
    links: int, rssi_dbm: int | None
) -> None:
    places = Places()
    for _ in range(10):
        places.refused(links, ABORT, rssi_dbm, 0.0)
    assert places.full_at is None


def test_a_link_between_failures_starts_the_count_anew() -> None:
    places = Places()
    for _ in range(10):
        for _ in range(FAILURES_ENOUGH - 1):
            places.refused(3, ABORT, NEAR, 0.0)
        places.accepted(3)
    assert places.full_at is None


def test_a_link_beyond_what_was_thought_proves_it_wrong() -> None:
    places = Places()
    places.refused(5, LIMIT, NEAR, 0.0)
    places.accepted(5)
    assert places.full_at == 5
    places.accepted(6)
    assert places.full_at is None
    assert places.most == 6


def test_a_full_adapter_that_says_a_smaller_number_is_believed() -> None:
    places = Places()
    places.refused(7, LIMIT, NEAR, 0.0)
    places.refused(5, LIMIT, NEAR, 9.0)
    assert places.words("adapter") == "adapter full: 5 of 5"


def test_a_full_adapter_is_tried_again_at_growing_distances() -> None:
    places = Places()
    now_s = 0.0
    places.refused(7, LIMIT, NEAR, now_s)
    waits = []
    for _ in range(6):
        waits.append(places.try_s - now_s)
        assert not places.worth_trying(7, places.try_s - 1)
        now_s = places.try_s
        assert places.worth_trying(7, now_s)
        places.put_off(now_s)
        places.refused(7, LIMIT, NEAR, now_s)
    assert waits == [60, 120, 240, 480, 600, 600]
    assert (waits[0], waits[-1]) == (FIRST_WAIT_S, LONGEST_WAIT_S)
    assert places.worth_trying(6, now_s), "one has left"
