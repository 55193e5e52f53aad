"""α1 at the same heart rate over ten runs: what is compared, and what is flagged."""

import math

import numpy as np
import pytest

from hrv.alpha1_shift import LEAST_POINTS, Alpha1AtHr, Alpha1Shift, alpha1_shift
from hrv.refusal import Refusal


def run(alpha1: float, from_bpm: int = 135, n: int = LEAST_POINTS) -> list[Alpha1AtHr]:
    return [Alpha1AtHr(from_bpm, alpha1, n)]


def shift(values: list[float]) -> Alpha1Shift:
    found = alpha1_shift([run(value) for value in values])
    assert isinstance(found, Alpha1Shift)
    return found


def test_the_line_and_its_t_are_those_of_least_squares() -> None:
    """Witness: numpy.polyfit with its covariance, of which the last number is the slope's error."""
    values = [0.91, 0.99, 0.93, 0.88, 0.90, 0.81, 0.86, 0.80, 0.84, 0.73]
    (slope, _), covariance = np.polyfit(range(10), values, 1, cov=True)
    found = shift(values)
    assert found.moved == pytest.approx(9 * slope)
    assert found.t == pytest.approx(slope / math.sqrt(covariance[0, 0]))
    assert (found.from_bpm, found.to_bpm) == (135, 140)


@pytest.mark.parametrize(
    ("last", "flagged"), [(0.86, False), (0.84, True), (1.14, False), (1.16, True)]
)
def test_more_than_0_15_either_way_is_flagged(last: float, flagged: bool) -> None:
    values = [1.0 + (last - 1.0) * at / 9 for at in range(10)]
    assert shift(values).flagged is flagged


def test_a_level_that_changed_at_once_is_flagged_too() -> None:
    assert shift([1.0, 1.02, 0.98, 1.0, 1.0, 0.8, 0.82, 0.78, 0.8, 0.8]).flagged


def test_a_move_within_the_scatter_of_the_runs_is_not() -> None:
    values = [1.15, 0.75, 1.2, 0.8, 1.1, 0.7, 1.15, 0.7, 1.0, 0.8]
    found = shift(values)
    assert abs(found.moved) > 0.15
    assert not found.flagged


def test_somebody_stable_is_seldom_told_otherwise() -> None:
    """A run's mean that scatters by 0.1, as that of five minutes does at worst in real runs."""
    random = np.random.default_rng(7)
    stable = random.normal(1.0, 0.1, (2000, 10))
    told = [shift(values.tolist()).flagged for values in stable]
    assert 0.02 < np.mean(told) < 0.06


def test_runs_that_are_exactly_on_a_line_or_alike_have_no_error() -> None:
    assert shift([1.0] * 10).flagged is False
    assert shift([float(at) for at in range(10)]).t == math.inf


def test_only_the_last_ten_count() -> None:
    runs = [run(3.0)] * 5 + [run(1.0)] * 10
    found = alpha1_shift(runs)
    assert isinstance(found, Alpha1Shift)
    assert found.moved == 0.0


def test_a_run_elsewhere_or_too_short_there_is_passed_over() -> None:
    others = [run(0.2, 160), run(0.2, 135, LEAST_POINTS - 1), []]
    found = alpha1_shift([*[run(1.0)] * 9, *others, run(1.0)])
    assert isinstance(found, Alpha1Shift)
    assert found.moved == 0.0


def test_the_heart_rate_that_most_runs_share_with_the_newest_is_taken() -> None:
    both = [*run(1.0, 135, 200), *run(1.4, 140)]
    found = alpha1_shift([run(1.4, 140)] * 9 + [both])
    assert isinstance(found, Alpha1Shift)
    assert found.from_bpm == 140
    alike = alpha1_shift([[*run(1.4, 140), *run(1.0, 135, 61)]] * 10)
    assert isinstance(alike, Alpha1Shift)
    assert alike.from_bpm == 135  # shared by as many, with more of the newest run in it


@pytest.mark.parametrize(
    ("runs", "name", "reason"),
    [
        ([], "too_few_points", "no 5 clean minutes at one heart rate"),
        ([run(1.0)] * 10 + [[]], "too_few_points", "no 5 clean minutes at one heart rate"),
        ([run(1.0)] * 9, "too_few_runs", "9 of 10 runs at 135 to 140 bpm"),
    ],
)
def test_too_little_is_refused_with_what_there_is(runs, name: str, reason: str) -> None:
    assert alpha1_shift(runs) == Refusal(name, reason)
