import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.series import Kind, RRSeries

TICKS = st.lists(st.integers(1, 65535), max_size=1200)


def filled(ticks: list[int], ticks_per_s: int = 1024) -> RRSeries:
    series = RRSeries(ticks_per_s)
    time_s = 0.0
    for tick in ticks:
        time_s += tick / ticks_per_s
        series.append(tick, time_s)
    return series


@given(TICKS)
def test_every_interval_is_kept_as_it_was_sent(ticks: list[int]) -> None:
    series = filled(ticks)
    assert len(series) == len(ticks)
    assert series.ticks.tolist() == ticks
    assert series.rr_ms.tolist() == [tick * 1000 / 1024 for tick in ticks]
    assert not series.kind.any()
    assert not series.gap_before.any()


@given(TICKS, st.floats(-10, 100_000))
def test_since_finds_what_a_mask_would_find(ticks: list[int], t_s: float) -> None:
    series = filled(ticks)
    late = series.time_s >= t_s
    window = series.since(t_s)
    assert len(window) == late.sum()
    np.testing.assert_array_equal(window.rr_ms, series.rr_ms[late])
    np.testing.assert_array_equal(window.time_s, series.time_s[late])


@pytest.mark.parametrize(
    ("ticks_per_s", "tick", "rr_ms"),
    [
        (1024, 1365, 1333.0078125),
        (1000, 833, 833.0),
        (1024, 1024, 1000.0),
        (4096, 3413, 833.251953125),
    ],
)
def test_a_tick_is_converted_once_and_never_rounded(
    ticks_per_s: int, tick: int, rr_ms: float
) -> None:
    assert filled([tick], ticks_per_s).rr_ms.tolist() == [rr_ms]


def test_an_interval_can_be_marked_after_others_have_come() -> None:
    series = filled([800, 400, 1200, 800])
    series.mark(1, Kind.ECTOPIC)
    assert series.kind.tolist() == [0, 1, 0, 0]
    assert series.since(0.5).kind.tolist() == [0, 1, 0, 0]


def test_a_gap_stands_before_its_interval() -> None:
    series = RRSeries()
    series.append(800, 1.0)
    assert series.append(800, 9.0, gap_before=True) == 1
    assert series.gap_before.tolist() == [False, True]
    assert series.gap_before.dtype == np.bool_


def test_a_view_taken_before_the_series_grew_stays_as_it_was() -> None:
    series = filled([800] * 512)
    before = series.rr_ms
    series.append(900, 1000.0)
    assert len(before) == 512
    assert (before == 781.25).all()
    assert series.rr_ms[-1] == 900 * 1000 / 1024


def test_a_view_cannot_change_the_series() -> None:
    with pytest.raises(ValueError, match="read-only"):
        filled([800]).rr_ms[0] = 1.0


@pytest.mark.parametrize(
    ("tick", "time_s", "message"),
    [
        (0, 1.0, "longer than 0 ticks"),
        (-5, 1.0, "longer than -5 ticks"),
        (800, float("nan"), "nan s"),
        (800, float("inf"), "inf s"),
    ],
)
def test_an_impossible_beat_is_refused(tick: int, time_s: float, message: str) -> None:
    series = RRSeries()
    with pytest.raises(ValueError, match=message):
        series.append(tick, time_s)
    assert len(series) == 0


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_only_an_interval_that_is_there_can_be_marked(index: int) -> None:
    with pytest.raises(IndexError, match="the series holds 1"):
        filled([800]).mark(index, Kind.EXTRA)


def test_ticks_per_second_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        RRSeries(0)


def test_the_live_modules_load_no_numpy() -> None:
    """Imported by themselves they leave a session's loop free of it, and of its start-up time."""
    live = "hrv.kind, hrv.series, hrv.online, hrv.rolling, hrv.rolling_alpha1"
    code = f"import sys, {live}; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_rest_loads_numpy_and_no_scipy() -> None:
    code = (
        "import sys, hrv, hrv.artefacts, hrv.time_domain, hrv.dfa;"
        "print(any(name.split('.')[0] == 'scipy' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
