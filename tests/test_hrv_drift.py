import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.drift import Drift, decoupling_pct, drift, hr_drift_pct, hrr60
from hrv.refusal import Refusal

KMH = 1 / 3.6
T = np.arange(0.0, 3601.0)
"""One hour: 10 minutes of warm-up, then two halves of 25."""
HR = np.where(T <= 600, 190.0, np.where(T <= 2100, 140.0, 147.0))
STEADY = np.full(3601, 10 * KMH)


def test_worked_decoupling() -> None:
    # [C] SCIENCE 7.
    assert decoupling_pct(10 * KMH, 140, 10 * KMH, 147) == pytest.approx(4.7619, abs=5e-5)
    assert decoupling_pct(2.80, 142, 2.74, 145) == pytest.approx(4.1675, abs=5e-5)
    assert hr_drift_pct(140, 147) == pytest.approx(5.0)


def test_a_run_is_halved_after_its_warm_up() -> None:
    found = drift(T, HR, STEADY)
    assert isinstance(found, Drift)
    assert (found.kind, found.caveat) == ("decoupling", None)
    assert found.pct == pytest.approx(4.7619, abs=5e-5)  # [C]
    assert not found.above_threshold


def test_without_speed_it_is_called_heart_rate_drift_and_assumes_steady_effort() -> None:
    found = drift(T, HR)
    assert found == Drift(pytest.approx(5.0), "hr drift", "assumes steady effort")  # [C]


def test_more_than_5_pct_is_above_the_aerobic_threshold() -> None:
    assert Drift(5.01, "decoupling", None).above_threshold
    assert not Drift(5.0, "decoupling", None).above_threshold


def test_standing_still_is_not_counted() -> None:
    speed = STEADY.copy()
    speed[1500:1700] = 0.0
    hr = HR.copy()
    hr[1500:1700] = 90.0
    found = drift(np.arange(3601.0), hr, speed)
    assert isinstance(found, Drift)
    assert found.pct == pytest.approx(4.7619, abs=0.4)  # the halves move by 100 s, no more


@pytest.mark.parametrize(
    ("time_s", "speed", "grade", "name"),
    [
        (T[:2900], STEADY[:2900], None, "too_short"),
        (T[:2900], None, None, "too_short"),
        (T[:0], None, None, "too_short"),
        (T, np.zeros(3601), None, "too_short"),
        (T, np.full(3601, math.nan), None, "too_short"),
        (T, np.where(T % 120 < 60, 2.0, 4.0), None, "unsteady_speed"),
        (T, STEADY, np.linspace(0, 2, 3601), "hilly"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_name(time_s, speed, grade, name: str) -> None:
    found = drift(time_s, HR[: len(time_s)], speed, grade)
    assert isinstance(found, Refusal)
    assert found.name == name
    assert found.reason


@pytest.mark.parametrize(
    ("seconds", "reported"),
    [(600 + 2400, True), (600 + 2399, False)],  # [P] SCIENCE 7: at least 40 minutes
)
def test_forty_minutes_after_the_warm_up_are_enough(seconds: int, reported: bool) -> None:
    found = drift(T[: seconds + 1], HR[: seconds + 1], STEADY[: seconds + 1])
    assert isinstance(found, Drift) is reported


@pytest.mark.parametrize(
    "grade", [np.zeros(3601), np.linspace(1.0, 2.0, 3601), np.full(3601, math.nan)]
)
def test_level_ground_is_judged(grade) -> None:
    assert isinstance(drift(T, HR, STEADY, grade), Drift)


def test_heart_rate_recovery() -> None:
    t = np.arange(0.0, 200.0)
    hr = np.where(t <= 100, 172.0, np.where(t < 155, 150.0, np.where(t <= 165, 138.0, 100.0)))
    assert hrr60(t, hr, 100.0) == pytest.approx(34.0)  # [C] SCIENCE 8: 172 - 138
    assert hrr60(t[:150], hr[:150], 100.0) is None
    assert hrr60(t, np.full(200, math.nan), 100.0) is None
    assert hrr60([], [], 100.0) is None


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: drift(T, HR[:-1]), "heart rates"),
        (lambda: drift(T, HR, STEADY[:-1]), "speeds"),
        (lambda: drift(T, HR, STEADY, STEADY[:-1]), "grades"),
        (lambda: drift(T[::-1], HR), "never go back"),
        (lambda: decoupling_pct(0, 140, 3, 147), "speed"),
        (lambda: decoupling_pct(3, 140, 3, math.nan), "second half"),
        (lambda: hr_drift_pct(0, 147), "first half"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


any_float = st.floats()


@given(
    st.lists(st.tuples(any_float | st.floats(100, 180), any_float | st.floats(2, 4), any_float)),
    st.integers(1, 600),
)
def test_any_samples_give_a_finite_drift_or_a_refusal(rows, repeat: int) -> None:
    hr, speed, grade = (
        np.repeat(np.array([row[i] for row in rows], dtype=float), repeat) for i in range(3)
    )
    time_s = 5.0 * np.arange(len(hr))
    for found in (drift(time_s, hr), drift(time_s, hr, speed), drift(time_s, hr, speed, grade)):
        assert isinstance(found, Refusal) or math.isfinite(found.pct)
