import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.refusal import Refusal
from hrv.thresholds import Thresholds, fit, individual_alpha1, ramp_thresholds, stop_reason

TOY_HR = np.array([120, 126, 131, 137, 142, 147, 152, 157, 161.0])
TOY_ALPHA1 = np.array([1.25, 1.12, 1.05, 0.95, 0.88, 0.80, 0.70, 0.60, 0.52])


def test_the_toy_ramp_by_its_line() -> None:
    # [C] SCIENCE 6: six points used.
    used = (TOY_ALPHA1 >= 0.5) & (TOY_ALPHA1 <= 1.0)
    line = fit(TOY_HR[used], TOY_ALPHA1[used])
    assert line.n == 6
    assert line.slope_per_bpm == pytest.approx(-0.018153, abs=5e-7)
    assert line.intercept == pytest.approx(3.452548, abs=5e-7)
    assert line.hr_at(0.75) == pytest.approx(148.874, abs=5e-4)
    assert line.hr_at(0.5) == pytest.approx(162.646, abs=5e-4)
    assert individual_alpha1(1.25) == 0.875
    assert line.hr_at(0.875) == pytest.approx(141.988, abs=5e-4)


def test_the_toy_ramp_held_long_enough_gives_the_same_thresholds() -> None:
    # [C] SCIENCE 6: each point four times, 24 in the fall, lies on the same line.
    found = ramp_thresholds(np.repeat(TOY_HR, 4), np.repeat(TOY_ALPHA1, 4))
    assert isinstance(found, Thresholds)
    assert found.fit.n == 24
    assert found.hrvt1_bpm == pytest.approx(148.874, abs=5e-4)
    assert found.hrvt2_bpm == pytest.approx(162.646, abs=5e-4)
    assert found.individual_alpha1 == 0.875
    assert found.individual_bpm == pytest.approx(141.988, abs=5e-4)
    assert found.proposed_bpm == found.individual_bpm


def test_the_group_of_the_study_had_an_individual_alpha1_of_1_01() -> None:
    assert individual_alpha1(1.52) == pytest.approx(1.01)  # [A] IJSPP 2024


def ramp(n: int = 120, *, noise: float = 0.03, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """HR 110 to 170 and α1 1.3 to 0.4 along a line; α1 = 0.75 at 146.67 bpm."""
    hr = np.linspace(110.0, 170.0, n)
    a1 = 1.3 - 0.9 * (hr - 110.0) / 60.0
    return hr, a1 + noise * np.random.default_rng(seed).standard_normal(n)


def test_a_noisy_ramp_finds_the_line_it_was_made_from() -> None:
    found = ramp_thresholds(*ramp())
    assert isinstance(found, Thresholds)
    assert found.hrvt1_bpm == pytest.approx(110 + 60 * 0.55 / 0.9, abs=1.5)
    assert found.hrvt2_bpm == pytest.approx(110 + 60 * 0.8 / 0.9, abs=3.0)


def test_warm_up_and_cool_down_are_no_part_of_the_fall() -> None:
    hr, a1 = ramp(noise=0.0)
    before_hr, before_a1 = np.full(100, 108.0), np.full(100, 0.9)
    after_hr, after_a1 = np.linspace(165.0, 110.0, 100), np.full(100, 0.6)
    whole = ramp_thresholds(
        np.concatenate([before_hr, hr, after_hr]), np.concatenate([before_a1, a1, after_a1])
    )
    assert whole == ramp_thresholds(hr, a1)


def test_alpha1_below_a_half_for_two_minutes_ends_the_fall() -> None:
    hr, a1 = ramp(noise=0.0)
    on_hr = np.linspace(170.5, 185.0, 60)
    on_a1 = np.concatenate([np.full(30, 0.4), np.full(30, 0.9)])  # rebounds at the limit
    longer = ramp_thresholds(np.concatenate([hr, on_hr]), np.concatenate([a1, on_a1]))
    assert longer == ramp_thresholds(hr, a1)


def test_points_with_artefacts_or_without_alpha1_are_left_out() -> None:
    hr, a1 = ramp(noise=0.0)
    worse, artefact_pct = a1.copy(), np.zeros(120)
    worse[::5] = 2.5
    artefact_pct[::5] = 3.01
    worse[1::5] = math.nan
    found = ramp_thresholds(hr, worse, artefact_pct)
    assert isinstance(found, Thresholds)
    assert found.hrvt1_bpm == pytest.approx(110 + 60 * 0.55 / 0.9)
    assert found.fit.n == pytest.approx(0.6 * 67, abs=2)


HR, ALPHA1 = ramp(noise=0.0)


@pytest.mark.parametrize(
    ("hr", "a1", "name"),
    [
        # [P] SCIENCE 6: the four rules, and one of ours.
        ([], [], "too_few_points"),
        (np.full(60, math.nan), np.full(60, 0.8), "too_few_points"),
        (TOY_HR, TOY_ALPHA1, "too_few_points"),
        (HR, np.full(120, 1.3), "too_few_points"),
        (140 + (HR - 110) / 5, ALPHA1, "hr_span"),
        (HR, np.where(HR < 112, 1.2, 0.6 + (HR - 110) / 200), "no_fall"),
        (HR, np.where(HR < 112, 1.2, 0.75), "no_fall"),
        (
            HR,
            np.where(HR < 112, 1.2, 0.76 - (HR - 140) / 800 + 0.2 * (-1) ** np.arange(120)),
            "poor_fit",
        ),
        (HR, 1.3 - 0.5 * (HR - 110) / 60, "not_reached"),
    ],
)
def test_a_ramp_that_says_nothing_is_refused_by_name(hr, a1, name: str) -> None:
    found = ramp_thresholds(hr, a1)
    assert isinstance(found, Refusal), found
    assert found.name == name
    assert found.reason


@pytest.mark.parametrize(("n", "refused"), [(24, False), (23, True)])
def test_24_points_are_enough(n: int, refused: bool) -> None:
    hr = np.linspace(120.0, 150.0, n)
    found = ramp_thresholds(hr, np.linspace(1.0, 0.5, n))
    assert isinstance(found, Refusal) is refused


def test_hrvt2_is_not_read_off_far_beyond_the_ramp() -> None:
    until = HR < 155  # α1 down to 0.63; the line has 0.50 at 163 bpm
    found = ramp_thresholds(HR[until], ALPHA1[until])
    assert isinstance(found, Thresholds)
    assert found.hrvt2_bpm is None


@pytest.mark.parametrize(
    ("hr", "a1", "max_bpm", "says"),
    [
        ([160] * 30, [0.45] * 24, None, "below 0.5"),
        ([160] * 30, [0.45] * 23, None, None),
        ([160] * 30, [0.45] * 23 + [0.51], None, None),
        ([160] * 30, [0.45] * 23 + [math.nan], None, None),
        ([166.5], [0.8], 185.0, "90 %"),
        ([166.4], [0.8], 185.0, None),
        ([], [], 185.0, None),
    ],
)
def test_when_a_ramp_should_stop(hr, a1, max_bpm, says) -> None:
    reason = stop_reason(hr, a1, max_bpm=max_bpm)
    assert reason is None if says is None else says in str(reason)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ramp_thresholds([120.0], [1.0, 1.0]),
        lambda: ramp_thresholds([120.0], [1.0], [0.0, 0.0]),
        lambda: fit([120.0], [1.0]),
        lambda: fit([120.0, 120.0], [1.0, 0.9]),
        lambda: stop_reason([120.0], [1.0], max_bpm=0.0),
    ],
)
def test_what_is_no_ramp_is_refused(make) -> None:
    with pytest.raises(ValueError, match=r"shape|line|highest"):
        make()


point = st.tuples(
    st.floats() | st.floats(100, 180), st.floats() | st.floats(0.3, 1.4), st.floats(0, 4)
)


@given(st.lists(point, max_size=60), st.integers(1, 4))
def test_any_points_give_finite_thresholds_or_a_refusal(points, times: int) -> None:
    hr, a1, artefact_pct = (
        np.repeat(np.array([p[i] for p in points], dtype=float), times) for i in range(3)
    )
    found = ramp_thresholds(hr, a1, artefact_pct)
    if isinstance(found, Thresholds):
        assert math.isfinite(found.proposed_bpm)
        assert math.isfinite(found.hrvt2_bpm or 0.0)
