from collections.abc import Callable
from math import isfinite, log, sqrt
from pathlib import Path

import minstd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.rolling import RollingRmssd
from hrv.time_domain import (
    ln_rmssd,
    mean_hr,
    mean_rr,
    pnn50,
    rmssd,
    sd1,
    sd2,
    sdnn,
    valid_pairs,
)

METRICS = [mean_rr, mean_hr, sdnn, rmssd, ln_rmssd, pnn50, sd1, sd2]
TEN = [812, 830, 795, 841, 820, 861, 799, 815, 834, 802]
WIRE_TICKS = [831, 850, 814, 861, 840, 882, 818, 835, 854, 821]

WITHOUT_5 = [i != 5 for i in range(10)]
GAP_BEFORE_5 = [i == 5 for i in range(10)]

Metric = Callable[..., float | None]


@pytest.mark.parametrize(
    ("metric", "all_valid", "with_gap", "one_removed"),
    [
        (mean_rr, 820.9, 820.9, 816.4444),
        (mean_hr, 73.0905, 73.0905, 73.4894),
        (sdnn, 20.787015, 20.787015, 16.210422),
        (rmssd, 35.389892, 34.624774, 28.653098),
        (ln_rmssd, 3.566426, 3.544569, 3.355262),
        (sd1, 26.529334, 25.726411, 21.851229),
        (sd2, 14.415462, 11.519781, 10.869354),
        (pnn50, 11.1111, 12.5, 0.0),
    ],
)
def test_the_worked_example_of_ten_intervals(
    metric: Metric, all_valid: float, with_gap: float, one_removed: float
) -> None:
    assert metric(TEN) == pytest.approx(all_valid, abs=5e-5)
    assert metric(TEN, gap_before=GAP_BEFORE_5) == pytest.approx(with_gap, abs=5e-5)
    assert metric(TEN, WITHOUT_5) == pytest.approx(one_removed, abs=5e-5)


@pytest.mark.parametrize(
    ("accepted", "gap_before", "pairs"),
    [(None, None, 9), (None, GAP_BEFORE_5, 8), (WITHOUT_5, None, 7)],
)
def test_pairs_neither_cross_a_gap_nor_a_removed_beat(
    accepted: list[bool] | None, gap_before: list[bool] | None, pairs: int
) -> None:
    first, second = valid_pairs(TEN, accepted, gap_before)
    assert len(first) == len(second) == pairs


def test_deleting_a_beat_and_differencing_across_the_hole_gives_another_number() -> None:
    closed_up = [rr for i, rr in enumerate(TEN) if i != 5]
    assert rmssd(closed_up) == pytest.approx(27.8119, abs=5e-5)
    assert rmssd(TEN, WITHOUT_5) != pytest.approx(27.8119, abs=0.5)


def test_one_beat_taken_as_it_came_spoils_everything() -> None:
    assert rmssd([*TEN[:5], 1650, *TEN[6:]]) == pytest.approx(397.05, abs=5e-3)


def test_the_wire_keeps_its_resolution() -> None:
    rr_ms = [tick * 1000 / 1024 for tick in WIRE_TICKS]
    assert rmssd(rr_ms) == pytest.approx(35.51908, abs=5e-6)


@pytest.mark.parametrize(
    ("series", "total_ms", "rmssd_ms", "sdnn_ms"),
    [
        (minstd.white, 239782.6989, 27.98589, 19.62733),
        (minstd.autoregressive, 239349.3496, 15.50151, 21.05648),
        (minstd.brownian, 236721.5036, 1.99407, 11.63477),
    ],
)
def test_the_generated_series(
    series: Callable[[], np.ndarray], total_ms: float, rmssd_ms: float, sdnn_ms: float
) -> None:
    rr_ms = series()
    assert rr_ms.sum() == pytest.approx(total_ms, abs=5e-5)
    assert rmssd(rr_ms) == pytest.approx(rmssd_ms, abs=5e-6)
    assert sdnn(rr_ms) == pytest.approx(sdnn_ms, abs=5e-6)


def test_series_p() -> None:
    rr_ms = minstd.periodic()
    assert rr_ms[:5].tolist() == [890, 934, 927, 919, 916]
    assert rr_ms.sum() == 179790
    assert rmssd(rr_ms) == pytest.approx(28.0982, abs=5e-5)


def test_the_generator_is_minstd() -> None:
    u = minstd.uniform(1)
    assert [next(u) for _ in range(3)] == pytest.approx(
        [0.0000078264, 0.1315377881, 0.7556053222], abs=5e-11
    )
    g = minstd.gaussian(1)
    assert [next(g) for _ in range(3)] == pytest.approx(
        [-0.6596554232, -0.7985234320, 0.2829219607]
    )


def test_pnn50_asks_for_strictly_more_than_50_ms() -> None:
    assert pnn50([800, 850, 800.5, 851]) == pytest.approx(100 / 3)


def test_sd1_is_rmssd_over_root_two_only_without_a_drift() -> None:
    assert sd1([800, 820, 780, 800]) == pytest.approx(sqrt(2 * 20**2 + 40**2) / 2)
    drifting = [800, 810, 820, 830]
    assert rmssd(drifting) == pytest.approx(10)
    assert sd1(drifting) == 0


# -- what others computed


def test_kubios_and_systole_on_a_recording_at_rest(shared_data: Path) -> None:
    rr_ms = np.loadtxt(shared_data / "rest/systole_rr.txt", delimiter=",", skiprows=1, usecols=1)
    # Kubios 2.2, in the tests of systole. It differs by 0.0017 ms from the definition applied
    # to the file.
    assert rmssd(rr_ms) == pytest.approx(45.545, abs=2e-3)
    assert sdnn(rr_ms) == pytest.approx(84.691, abs=5e-4)  # Kubios 2.2
    assert mean_rr(rr_ms) == pytest.approx(883.24, abs=5e-3)  # Kubios 2.2
    assert pnn50(rr_ms) == pytest.approx(26.23, abs=5e-3)  # Kubios 2.2: 64 of 244 differences


def test_hrv_analysis_on_its_own_recording(shared_data: Path) -> None:
    rr_ms = np.loadtxt(shared_data / "rest/aura_nn_intervals.txt")
    # All from the unit tests of hrv-analysis.
    assert mean_rr(rr_ms) == pytest.approx(718.248, abs=5e-4)
    assert sdnn(rr_ms) == pytest.approx(43.113074968427306)
    assert rmssd(rr_ms) == pytest.approx(19.519400785039664)
    assert pnn50(rr_ms) == pytest.approx(2.4024024024024024)
    short_ms = sd1(rr_ms)
    assert short_ms == pytest.approx(13.80919037557993)
    # It derives SD2 from SDNN, which also counts the ends of the series; we take the spread of
    # the sums themselves, which knows what a valid pair is.
    assert sqrt(2 * 43.113074968427306**2 - short_ms**2) == pytest.approx(59.38670497373513)
    assert sd2(rr_ms) == pytest.approx(59.38670497373513, rel=1e-3)


# -- what must hold for any series

RR = st.lists(st.floats(250, 2500), min_size=3, max_size=60)


@given(RR, st.floats(-200, 200))
def test_a_shift_moves_the_mean_and_nothing_else(rr_ms: list[float], shift_ms: float) -> None:
    shifted = np.array(rr_ms) + shift_ms
    assert mean_rr(shifted) == pytest.approx(np.mean(rr_ms) + shift_ms)
    for metric in (sdnn, rmssd, sd1, sd2):
        assert metric(shifted) == pytest.approx(metric(rr_ms), abs=1e-6)


@given(RR, st.floats(0.1, 10))
def test_a_scale_scales(rr_ms: list[float], scale: float) -> None:
    for metric in (mean_rr, sdnn, rmssd, sd1, sd2):
        expected = metric(rr_ms)
        assert expected is not None
        assert metric(np.array(rr_ms) * scale) == pytest.approx(expected * scale, abs=1e-6)


@given(st.data())
def test_a_metric_is_finite_or_none_for_any_finite_input(data: st.DataObject) -> None:
    rr_ms = data.draw(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=12))
    flags = st.none() | st.lists(st.booleans(), min_size=len(rr_ms), max_size=len(rr_ms))
    accepted, gap_before = data.draw(flags), data.draw(flags)
    for metric in METRICS:
        value = metric(rr_ms, accepted, gap_before)
        assert value is None or isfinite(value)


@given(RR, st.data())
def test_what_is_not_accepted_has_no_say(rr_ms: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rr_ms) - 1))
    accepted = [i != at for i in range(len(rr_ms))]
    other = rr_ms.copy()
    other[at] = data.draw(st.floats(250, 2500) | st.just(float("nan")))
    for metric in METRICS:
        assert metric(rr_ms, accepted) == metric(other, accepted)


def test_nan_is_an_interval_that_is_not_known() -> None:
    assert rmssd([*TEN[:5], float("nan"), *TEN[6:]]) == rmssd(TEN, WITHOUT_5)


@pytest.mark.parametrize("metric", METRICS)
def test_nothing_gives_none(metric: Metric) -> None:
    assert metric([]) is None
    assert metric(TEN, [False] * 10) is None


@pytest.mark.parametrize("metric", [sdnn, rmssd, ln_rmssd, pnn50, sd1, sd2])
def test_one_interval_has_no_variability(metric: Metric) -> None:
    assert metric([800]) is None


@pytest.mark.parametrize("metric", [sd1, sd2])
def test_one_pair_has_no_spread(metric: Metric) -> None:
    assert metric([800, 820]) is None


def test_identical_intervals_have_no_logarithm() -> None:
    assert rmssd([800, 800, 800]) == 0
    assert ln_rmssd([800, 800, 800]) is None


@pytest.mark.parametrize("metric", METRICS)
def test_arrays_of_different_length_are_refused(metric: Metric) -> None:
    with pytest.raises(ValueError, match=r"accepted must have shape \(10,\)"):
        metric(TEN, [True] * 9)
    with pytest.raises(ValueError, match=r"gap_before must have shape \(10,\)"):
        metric(TEN, None, [False] * 11)
    with pytest.raises(ValueError, match="one dimension"):
        metric([TEN])


# -- live

BEATS = st.lists(
    st.tuples(st.floats(250, 2500), st.booleans(), st.booleans()), min_size=1, max_size=80
)


@given(BEATS, st.floats(1, 60))
def test_the_rolling_value_is_that_of_its_window(
    beats: list[tuple[float, bool, bool]], window_s: float
) -> None:
    rolling = RollingRmssd(window_s)
    time_s: list[float] = []
    now_s = 0.0
    for n, (rr_ms, good, gap) in enumerate(beats, 1):
        now_s += rr_ms / 1000
        time_s.append(now_s)
        rolling.add(now_s, rr_ms, good, gap)
        inside = slice(int(np.searchsorted(time_s, now_s - window_s)), n)
        rr, accepted, gap_before = (
            np.array(column)[inside] for column in zip(*beats[:n], strict=True)
        )
        expected = rmssd(rr, accepted, gap_before)
        value = rolling.value(now_s)
        assert (value is None) == (expected is None)
        assert value == pytest.approx(expected)
        assert rolling.pairs(now_s) == len(valid_pairs(rr, accepted, gap_before)[0])


def test_a_silent_strap_empties_the_window() -> None:
    rolling = RollingRmssd(60)
    rolling.add(1.0, 800)
    rolling.add(1.8, 810)
    assert rolling.value(2.0) == pytest.approx(10)
    assert rolling.value(61.5) is None


def test_ln_is_the_natural_logarithm() -> None:
    assert ln_rmssd([800, 842]) == pytest.approx(log(42))
