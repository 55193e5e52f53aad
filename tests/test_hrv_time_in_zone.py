import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.refusal import Refusal
from hrv.time_in_zone import EasyVerdict, easy_verdict, time_in_zone
from hrv.zones import percent_max, three_zone

ZONES = three_zone(140.0, 160.0)


def test_each_second_falls_into_its_zone() -> None:
    t = np.arange(61.0)
    hr = np.where(t <= 30, 139.999, np.where(t <= 50, 140.0, 160.0))
    found = time_in_zone(t, hr, ZONES)
    assert found.seconds == (30.0, 20.0, 10.0)
    assert found.minutes == (0.5, 20 / 60, 10 / 60)
    assert found.unknown_s == 0.0


@pytest.mark.parametrize(
    ("time_s", "hr_bpm", "seconds", "unknown_s"),
    [
        # [P] SCIENCE 7: dt capped at 5 s per sample, the rest is unknown.
        ([0, 5, 6], [130, 130, 130], (6.0, 0.0, 0.0), 0.0),
        ([0, 20, 21], [130, 130, 130], (6.0, 0.0, 0.0), 15.0),
        ([0, 1, 2], [130, math.nan, 130], (1.0, 0.0, 0.0), 1.0),
        ([0, 1, 2], [130, 0, 400], (0.0, 0.0, 0.0), 2.0),
        ([7], [130], (0.0, 0.0, 0.0), 0.0),
        ([], [], (0.0, 0.0, 0.0), 0.0),
    ],
)
def test_time_that_nobody_saw_is_unknown(time_s, hr_bpm, seconds, unknown_s) -> None:
    found = time_in_zone(time_s, hr_bpm, ZONES)
    assert (found.seconds, found.unknown_s) == (seconds, unknown_s)


def run(below_pct: float, low_bpm: float = 130.0, high_bpm: float = 145.0) -> np.ndarray:
    """1000 s after a 600 s warm-up at 190, a share of it low, the rest high."""
    hr = np.full(1601, 190.0)
    hr[601:] = high_bpm
    hr[601 : 601 + round(10 * below_pct)] = low_bpm
    return hr


@pytest.mark.parametrize(
    ("hr_bpm", "word"),
    [
        # [P] SCIENCE 7, ceiling 142.
        (run(100), "easy"),
        (run(90), "easy"),
        (run(89.9), "mostly easy"),
        (run(75), "mostly easy"),
        (run(74.9), "not easy"),
        (run(0), "not easy"),
        (run(100, low_bpm=142.0), "easy"),  # at the ceiling is below it
        (run(90, low_bpm=141.0, high_bpm=190.0), "not easy"),  # mean over the ceiling
    ],
)
def test_the_easy_verdict(hr_bpm, word: str) -> None:
    verdict = easy_verdict(np.arange(1601.0), hr_bpm, 142.0)
    assert isinstance(verdict, EasyVerdict)
    assert verdict.word == word
    assert verdict.unknown_pct == 0.0


@pytest.mark.parametrize(("unknown", "refused"), [(200, False), (201, True), (1000, True)])
def test_too_much_unknown_time_gives_no_verdict(unknown: int, refused: bool) -> None:
    hr = run(100)
    hr[601 : 601 + unknown] = math.nan
    verdict = easy_verdict(np.arange(1601.0), hr, 142.0)
    assert isinstance(verdict, Refusal) is refused
    if isinstance(verdict, Refusal):
        assert verdict.name == "unknown_time"


@pytest.mark.parametrize("n", [0, 1, 600, 601])
def test_nothing_but_warm_up_gives_no_verdict(n: int) -> None:
    verdict = easy_verdict(np.arange(float(n)), np.full(n, 130.0), 142.0)
    assert isinstance(verdict, Refusal)
    assert verdict.name == "too_short"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: time_in_zone([0, 1], [130], ZONES), "heart rates"),
        (lambda: time_in_zone([1, 0], [130, 130], ZONES), "never go back"),
        (lambda: time_in_zone([0, math.nan], [130, 130], ZONES), "finite"),
        (lambda: time_in_zone([[0.0]], [[130.0]], ZONES), "one dimension"),
        (lambda: easy_verdict([0], [130], math.nan), "ceiling"),
    ],
)
def test_what_are_no_samples_is_refused_by_name(make, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@given(
    st.lists(st.tuples(st.floats(0, 60), st.floats()), max_size=60),
    st.floats(60, 220),
)
def test_all_time_is_somewhere(samples, max_bpm: float) -> None:
    time_s = np.cumsum([step for step, _ in samples])
    hr = np.array([bpm for _, bpm in samples])
    found = time_in_zone(time_s, hr, percent_max(max_bpm))
    total_s = time_s[-1] - time_s[0] if samples else 0.0
    assert sum(found.seconds) + found.unknown_s == pytest.approx(total_s, abs=1e-6)
    verdict = easy_verdict(time_s, hr, 140.0, warm_up_s=10.0)
    if isinstance(verdict, EasyVerdict):
        assert 0 <= verdict.below_pct <= 100.0001
        assert math.isfinite(verdict.mean_hr_bpm)
