"""How hard a session was: kept once, changed when said anew."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from device.errors import StoreError
from device.history import SessionStart
from device.ratings import Rating, rate, ratings
from device.store import Store

NOW = datetime(2025, 11, 20, 7, 15, tzinfo=UTC)
START = SessionStart(
    athlete="Anna", purpose="easy", source="ble", beatwise_version="0", method_version="1"
)


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "beatwise.db", now=NOW) as opened:
        for _ in range(2):
            opened.begin(START)
        opened.commit()
        yield opened


def test_nobody_was_asked_yet(store: Store) -> None:
    assert ratings(store, [1, 2]) == {}


def test_an_answer_and_no_answer_are_two_things(store: Store) -> None:
    rate(store, 1, 3.0)
    rate(store, 2, None)
    assert ratings(store, [1, 2, 3]) == {1: Rating(3.0), 2: Rating(None)}


def test_what_is_said_anew_counts(store: Store) -> None:
    rate(store, 1, None)
    rate(store, 1, 10.0)
    rate(store, 1, 0.0)
    assert ratings(store, [1]) == {1: Rating(0.0)}


@pytest.mark.parametrize("cr10", [-1.0, 10.5, float("nan")])
def test_a_rating_off_the_scale_is_refused(store: Store, cr10: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 10"):
        rate(store, 1, cr10)
    assert ratings(store, [1]) == {}


def test_a_session_that_is_not_there_cannot_be_rated(store: Store) -> None:
    with pytest.raises(StoreError, match="there is no session 9"):
        rate(store, 9, 3.0)
