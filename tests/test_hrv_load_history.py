import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.load_history import (
    acute_chronic,
    balance,
    easy_share_of_sessions,
    easy_share_of_time,
    ramp,
    training_week,
)

WEEK = [180, 0, 240, 120, 0, 300, 90]


@pytest.mark.parametrize(
    ("ddof", "monotony", "strain"),
    [(1, 1.1583, 1077.18), (0, 1.2511, 1163.48)],  # [C] SCIENCE 8
)
def test_monotony_and_strain(ddof, monotony: float, strain: float) -> None:
    week = training_week(WEEK, ddof=ddof)
    assert week.load == 930  # [C]
    assert week.monotony == pytest.approx(monotony, abs=5e-5)
    assert week.strain == pytest.approx(strain, abs=5e-3)


@pytest.mark.parametrize("load", [0.0, 1.0, 0.1, 333.3])
def test_monotony_of_equal_days_is_undefined(load: float) -> None:
    week = training_week([load] * 7)
    assert (week.monotony, week.strain) == (None, None)


def test_fitness_fatigue_and_form() -> None:
    # [C] SCIENCE 8: from 50/50.
    days = balance([80, 0, 100, 60, 0, 120, 40], ctl=50.0, atl=50.0)
    assert days[-1].ctl == pytest.approx(51.1074, abs=5e-5)
    assert days[-1].atl == pytest.approx(54.8073, abs=5e-5)
    assert days[-1].tsb == pytest.approx(-5.7062, abs=5e-5)
    # Form is yesterday's balance: known in the morning, before the day's load.
    assert days[0].tsb == 0.0
    assert days[-1].tsb == days[-2].ctl - days[-2].atl


def test_we_differ_from_programs_that_take_one_over_tau() -> None:
    # [C] SCIENCE 8: with 1/tau CTL would end at 51.1198, ATL at 55.0450.
    ctl = atl = 50.0
    for load in [80, 0, 100, 60, 0, 120, 40]:
        ctl += (load - ctl) / 42
        atl += (load - atl) / 7
    assert (ctl, atl) == pytest.approx((51.1198, 55.0450), abs=5e-5)
    ours = balance([80, 0, 100, 60, 0, 120, 40], ctl=50.0, atl=50.0)[-1]
    assert abs(ours.ctl - ctl) > 0.01


def test_no_days_no_balance() -> None:
    assert balance([]) == []


def test_acute_chronic_ratio() -> None:
    ratio = acute_chronic([50] * 21 + [80] * 7)
    assert ratio.coupled == pytest.approx(1.3913, abs=5e-5)  # [C] SCIENCE 8
    assert ratio.uncoupled == pytest.approx(1.6)  # [C]
    assert ratio.ewma == pytest.approx(1.2295, abs=5e-5)  # [C]


def test_acute_chronic_ratio_after_nothing_is_unknown() -> None:
    rested = acute_chronic([0] * 28)
    assert (rested.coupled, rested.uncoupled, rested.ewma) == (None, None, None)
    assert acute_chronic([0] * 21 + [80] * 7).uncoupled is None


@pytest.mark.parametrize(
    ("this_week", "before", "pct", "word"),
    [
        (400, [400] * 4, 0.0, None),
        (460, [400] * 4, 15.0, None),
        (464, [400] * 4, 16.0, "noticeable"),
        (524, [400] * 4, 31.0, "large"),
        (100, [400] * 4, -75.0, None),
    ],
)
def test_ramp_hint(this_week, before, pct, word) -> None:
    hint = ramp(this_week, before)  # [P] SCIENCE 8
    assert hint is not None
    assert (round(hint.change_pct, 9), hint.word) == (pct, word)


def test_ramp_after_four_empty_weeks_says_nothing() -> None:
    assert ramp(400, [0, 0, 0, 0]) is None


def test_the_easy_share_names_its_method() -> None:
    by_session, by_time = easy_share_of_sessions(4, 5), easy_share_of_time(270, 300)
    assert by_session is not None
    assert by_time is not None
    assert (by_session.pct, by_session.method) == (80.0, "sessions")
    assert by_time.pct == pytest.approx(90.0)
    assert "time" in by_time.method
    assert easy_share_of_sessions(0, 0) is None
    assert easy_share_of_time(0, 0) is None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: training_week([1, 2, 3]), "seven"),
        (lambda: training_week([math.nan] * 7), "load"),
        (lambda: balance([-1]), "load"),
        (lambda: balance([1], ctl=math.inf), "load"),
        (lambda: acute_chronic([50] * 27), "28"),
        (lambda: acute_chronic([1e300] * 28), "load"),
        (lambda: ramp(1, [1, 2, 3]), "four weeks"),
        (lambda: ramp(-1, [1, 2, 3, 4]), "load"),
        (lambda: easy_share_of_sessions(6, 5), "6 easy sessions of 5"),
        (lambda: easy_share_of_time(6, 5), "6 minutes"),
    ],
)
def test_what_is_no_load_is_refused_by_name(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


load = st.floats(0, 1e9)


@given(st.lists(load, min_size=28, max_size=60), st.lists(load, min_size=7, max_size=7), load)
def test_everything_is_finite_or_none(loads, week, this_week) -> None:
    ratios, seven, hint = acute_chronic(loads), training_week(week), ramp(this_week, loads[:4])
    values = [ratios.coupled, ratios.uncoupled, ratios.ewma, seven.monotony, seven.strain]
    values += [hint.change_pct] if hint else []
    assert all(math.isfinite(value) for value in values if value is not None)
    for day in balance(loads):
        assert 0 <= day.ctl <= 1e9
        assert 0 <= day.atl <= 1e9
        assert math.isfinite(day.tsb)
