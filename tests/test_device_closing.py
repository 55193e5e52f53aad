"""Closing time, by a clock that may jump."""

from datetime import datetime, time, timedelta, timezone

import pytest

from device.closing import ClosingTime
from device.told import MOST, TOLD_S, Told

EVENING = datetime(2026, 11, 21, 21, 59, 30, tzinfo=timezone(timedelta(hours=1)))
TEN = time(22, 0)


@pytest.mark.parametrize(
    ("closes", "steps_s", "told"),
    [
        (TEN, [(20, 20), (20, 20), (20, 20)], [False, True, False]),
        (None, [(20, 20), (20, 20)], [False, False]),
        (TEN, [(30, 30), (30, 30)], [True, False]),  # at the very second, and once
        (TEN, [(3600, 10)], [False]),  # set forward over it
        (TEN, [(-3600, 10), (3630, 3630)], [False, True]),  # set back, and it comes again
        (TEN, [(86400 * 900, 10), (10, 10)], [False, False]),
        (time(0, 0), [(7200, 7200), (60, 60)], [False, True]),
        (time(0, 0), [(7230, 7230)], [True]),
        (TEN, [(86400, 86400)], [True]),  # nobody looked for a day
    ],
)
def test_closing_time_comes_once_and_only_when_time_has_passed(
    closes: time | None, steps_s: list[tuple[float, float]], told: list[bool]
) -> None:
    closing = ClosingTime(closes)
    now, elapsed_s = EVENING, 0.0
    assert not closing.has_come(now, elapsed_s)
    found = []
    for wall_s, real_s in steps_s:
        now, elapsed_s = now + timedelta(seconds=wall_s), elapsed_s + real_s
        found.append(closing.has_come(now, elapsed_s))
    assert found == told


def test_a_trouble_is_told_for_a_while_once_and_not_too_many() -> None:
    told = Told()
    told.add("one", 0.0)
    told.add("two", 1.0)
    told.add("one", 2.0)
    assert told.at(3.0) == ("two", "one")
    assert told.at(TOLD_S + 1.5) == ("one",)
    assert told.at(TOLD_S + 3.0) == ()
    for number in range(50):
        told.add(str(number), 0.0)
    assert len(told.at(0.0)) == MOST
