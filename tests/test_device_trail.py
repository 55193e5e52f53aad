"""Ten minutes of heart rate and the drift so far, in virtual seconds."""

import pytest

from device.reading import Reading
from device.trail import Trail


def fed(hr_of, seconds: int, *, paused_from: int | None = None) -> Trail:
    trail = Trail()
    for t_s in range(seconds):
        paused = paused_from is not None and t_s >= paused_from
        trail.add(Reading(float(t_s), hr_bpm=hr_of(t_s), paused=paused))
    return trail


def test_a_point_is_the_mean_of_five_seconds_and_two_minutes_are_24_points():
    trail = fed(float, 120)
    assert len(trail.points) == 24
    assert trail.points[0] == pytest.approx(2.0)
    assert trail.points[-1] == pytest.approx(117.0)


def test_only_ten_minutes_are_kept_however_long_it_lasts():
    assert len(fed(lambda _: 140.0, 3600).points) == 120


def test_unknown_seconds_are_unknown_points():
    trail = fed(lambda t_s: None if t_s < 30 else 140.0, 60)
    assert trail.points == (None,) * 6 + (140.0,) * 6


def test_seconds_that_were_jumped_over_are_unknown():
    trail = Trail()
    trail.add(Reading(0.0, hr_bpm=140.0))
    trail.add(Reading(34.0, hr_bpm=140.0))
    assert trail.points == (140.0, None, None, None, None, None, 140.0)


def test_many_readings_in_one_second_count_once():
    trail = Trail()
    for part in range(50):
        trail.add(Reading(part / 10, hr_bpm=100.0 if part % 10 == 0 else 200.0))
    assert trail.points == (100.0,)


def test_a_pause_is_unknown():
    assert fed(lambda _: 140.0, 20, paused_from=10).points == (140.0, 140.0, None, None)


# SCIENCE 7: 140 to 147 is a drift of 5.0 %; warm-up is left out.
def test_drift_compares_the_halves_after_the_warm_up():
    trail = fed(lambda t_s: 100.0 if t_s < 600 else 140.0 if t_s < 1800 else 147.0, 600 + 2400)
    assert trail.drift_pct == pytest.approx(5.0)


@pytest.mark.parametrize("minutes", [10, 30, 49])
def test_drift_is_not_told_before_forty_minutes_after_the_warm_up(minutes):
    assert fed(lambda _: 140.0, minutes * 60).drift_pct is None
