import math

import minstd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrv.artefacts import classify
from hrv.correction import Corrected, correct
from hrv.kind import Kind

N, E, M, X, L, R = Kind

ANY_ALLOWED = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("rr_ms", "kinds", "mended_ms"),
    [
        ([800, 810, 820], [N, N, N], [800, 810, 820]),
        ([800, 300, 510, 820], [N, X, N, N], [800, 810, 820]),
        ([800, 300, 510, 820], [N, X, L, N], [800, 810, 820]),
        ([800, 200, 250, 360, 820], [N, X, X, N, N], [800, 810, 820]),
        ([800, 1620, 820], [N, M, N], [800, 810, 810, 820]),
        ([800, 600, 1000, 830], [N, E, E, N], [800, 810, 820, 830]),
        ([800, 999, 999, 999, 840], [N, L, E, R, N], [800, 810, 820, 830, 840]),
        ([800, 600, 1620, 820], [N, L, M, N], [800, 805, 810, 810, 820]),
        ([800, 600, 300, 520, 820], [N, L, X, N, N], [800, 810, 820, 820]),
    ],
    ids=str,
)
def test_each_kind_is_mended_in_its_way(
    rr_ms: list[float], kinds: list[Kind], mended_ms: list[float]
) -> None:
    mended = correct(rr_ms, kinds)
    assert mended.rr_ms.tolist() == mended_ms
    assert not mended.gap_before.any()


@pytest.mark.parametrize(
    ("kinds", "gaps", "kept", "gap_at"),
    [
        ([N, L, L, L, L, N], [], [0, 5], [1]),  # a run too long to mend
        ([L, L, N, N, N, E], [], [2, 3, 4], []),  # nothing to mend from at the ends
        ([N, L, N, N, N, N], [2], [0, 2, 3, 4, 5], [1]),  # beside a gap
        ([N, N, L, N, N, N], [2], [0, 1, 3, 4, 5], [2]),
        ([N, X, N, N, N, N], [2], [0, 2, 3, 4, 5], [1]),  # its rest is lost
        ([N, X, X, N, N, N], [3], [0, 3, 4, 5], [1]),
        ([N, N, N, N, N, X], [], [0, 1, 2, 3, 4], []),
        ([N, N, N, N, N, N], [3], [0, 1, 2, 3, 4, 5], [3]),
        ([N, N, N, N, N, N], [0], [0, 1, 2, 3, 4, 5], []),  # nothing is before the first
        ([L, L, L, L, L, L], [], [], []),
    ],
    ids=str,
)
def test_what_cannot_be_mended_is_left_out(
    kinds: list[Kind], gaps: list[int], kept: list[int], gap_at: list[int]
) -> None:
    rr_ms = 800 + 10 * np.arange(6)
    mended = correct(rr_ms, kinds, np.isin(np.arange(6), gaps))
    assert mended.rr_ms.tolist() == rr_ms[kept].tolist()
    assert np.flatnonzero(mended.gap_before).tolist() == gap_at


def test_a_gap_before_a_missed_beat_is_before_its_first_half() -> None:
    mended = correct([800, 1600, 800], [N, M, N], [False, True, False])
    assert mended.gap_before.tolist() == [False, True, False, False]


def test_beats_keep_their_times() -> None:
    rr_ms = [800, 1600, 300, 500, 600, 1000, 800]
    mended = correct(rr_ms, [N, M, X, L, E, E, N])
    assert mended.time_s == pytest.approx([0.8, 1.6, 2.4, 3.2, 3.8, 4.8, 5.6])


def test_a_gap_has_cost_the_beats_that_fit_into_it() -> None:
    rr_ms = [800, 800, 800, 800]
    time_s = [0.8, 1.6, 4.8, 5.6]
    gap = [False, False, True, False]
    assert correct(rr_ms, [N] * 4, gap, time_s=time_s).lost_before.tolist() == [0, 0, 3, 0]
    assert correct(rr_ms, [N] * 4, gap).lost_before.tolist() == [0, 0, 1, 0]


def test_the_corrupted_series_gets_its_beats_back() -> None:
    rr_ms = minstd.corrupted()
    mended = correct(rr_ms, classify(rr_ms))
    clean = minstd.periodic()
    assert len(mended.rr_ms) == len(clean)
    changed = np.flatnonzero(mended.rr_ms != clean)
    assert changed.tolist() == [40, 80, 81, 160, 161]  # 120 is whole again
    assert np.abs(mended.rr_ms - clean).max() < 60


def test_the_series_given_is_not_touched() -> None:
    rr_ms = minstd.corrupted()
    gap = np.zeros(200, bool)
    gap[0] = True
    correct(rr_ms, classify(rr_ms), gap)
    assert rr_ms.tolist() == minstd.corrupted().tolist()
    assert gap[0]


@pytest.mark.parametrize("n", [0, 1])
@pytest.mark.parametrize("kind", Kind)
def test_next_to_nothing_can_be_mended(n: int, kind: Kind) -> None:
    mended = correct([800.0] * n, [kind] * n)
    assert len(mended.rr_ms) == n * {N: 1, M: 2}.get(kind, 0)


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        correct([800.0] * 3, [N] * 2)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -1e10])
def test_what_is_no_interval_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="up to 1e9"):
        correct([800.0, bad], [N, N])
    with pytest.raises(ValueError, match="time_s"):
        correct([800.0, 800.0], [N, N], time_s=[0.8, math.nan])


@given(st.data())
def test_any_input_is_mended_without_a_warning(data: st.DataObject) -> None:
    n = data.draw(st.integers(0, 30))
    rr_ms = data.draw(st.lists(ANY_ALLOWED, min_size=n, max_size=n))
    kinds = data.draw(st.lists(st.sampled_from(Kind), min_size=n, max_size=n))
    gap = data.draw(st.lists(st.booleans(), min_size=n, max_size=n))
    mended = correct(rr_ms, kinds, gap)
    assert isinstance(mended, Corrected)
    assert np.isfinite(mended.rr_ms).all()
    assert len(mended.rr_ms) == len(mended.time_s) == len(mended.lost_before)


@given(st.lists(st.sampled_from([N, X, M]), min_size=1, max_size=30))
def test_joining_and_splitting_lose_no_time(kinds: list[Kind]) -> None:
    rr_ms = 700 + 10 * np.arange(len(kinds) + 1)
    mended = correct(rr_ms, [*kinds, N])
    assert math.isclose(mended.rr_ms.sum(), rr_ms.sum())
    assert mended.time_s[-1] == pytest.approx(rr_ms.sum() / 1000)
