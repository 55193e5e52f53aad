"""The gates of a recording, each at its edge."""

import math
from dataclasses import replace

import numpy as np
import pytest

from device.morning_beats import Stretch, missing_s
from device.morning_judgement import (
    badness,
    expected_beats,
    hr_drift_bpm,
    judge,
    ln_halves_apart,
    orthostatic,
    starts_of_best,
)
from device.morning_view import Integrity


def stretch(rr_ms=None, **counts) -> Stretch:
    """120 s of a calm heart, with counts as said."""
    rr = np.array(
        [1000.0 + 30.0 * math.sin(1.7 * i) for i in range(120)] if rr_ms is None else rr_ms
    )
    usual = Integrity(n_beats=len(rr), pairs=len(rr) - 1, artefact_pct=0.0, identical_pct=0.0)
    time_s = np.cumsum(rr) / 1000.0
    return Stretch(
        from_s=0.0,
        to_s=float(time_s[-1]),
        time_s=time_s,
        rr_ms=rr,
        kinds=np.zeros(len(rr), np.uint8),
        good=np.ones(len(rr), np.bool_),
        gap_before=np.zeros(len(rr), np.bool_),
        counts=replace(usual, **counts),
    )


def test_a_calm_recording_is_accepted():
    assert judge(stretch()).accepted


@pytest.mark.parametrize(
    ("counts", "refused", "doubted"),
    [
        ({"artefact_pct": 5.0}, False, False),
        ({"artefact_pct": 5.1}, False, True),
        ({"artefact_pct": 10.0}, False, True),
        ({"artefact_pct": 10.1}, True, False),
        ({"artefact_pct": None, "n_beats": 0}, True, False),
        ({"contact_lost_s": 5.0}, False, False),
        ({"contact_lost_s": 5.1}, True, False),
        ({"longest_gap_s": 10.0, "gap_s": 14.0, "gaps": 3}, False, False),
        ({"longest_gap_s": 10.1, "gaps": 1}, True, False),
        ({"identical_pct": 50.0}, False, False),
        ({"identical_pct": 50.1}, True, False),
        ({"pairs": 97}, False, False),
        ({"pairs": 95}, False, True),
        ({"pairs": 29}, False, True),
    ],
)
def test_each_gate_at_its_edge(counts, refused, doubted):
    judged = judge(stretch(**counts))
    assert bool(judged.refusals) is refused
    assert bool(judged.doubts) is doubted
    assert judged.accepted is not (refused or doubted)


def test_thirty_pairs_are_the_least_however_slow_the_heart():
    slow = [2200.0 + 20.0 * math.sin(1.7 * i) for i in range(31)]
    assert judge(stretch(slow)).accepted
    assert "only 29 usable pairs" in judge(stretch(slow[:30])).doubts[0]


@pytest.mark.parametrize(
    ("by_bpm", "accepted"), [(7.6, True), (-7.6, True), (8.4, False), (-8.4, False)]
)
def test_heart_rate_may_drift_by_eight_between_the_first_and_the_last_third(by_bpm, accepted):
    bpm = [60.0] * 45 + [60.0] * 30 + [60.0 + by_bpm] * 45
    wave = [30.0 * math.sin(1.7 * i) for i in range(120)]
    drifting = stretch([60_000.0 / b + w for b, w in zip(bpm, wave, strict=True)])
    assert hr_drift_bpm(drifting) == pytest.approx(by_bpm, abs=0.3)
    assert judge(drifting).accepted is accepted


@pytest.mark.parametrize(("ratio", "accepted"), [(math.exp(0.33), True), (math.exp(0.37), False)])
def test_the_halves_may_be_a_third_apart(ratio, accepted):
    size = [30.0] * 60 + [30.0 * ratio] * 60
    uneven = stretch([1000.0 + a * (-1) ** i for i, a in enumerate(size)])
    assert ln_halves_apart(uneven) == pytest.approx(math.log(ratio), abs=0.01)
    assert judge(uneven).accepted is accepted


def test_beats_to_be_expected_are_recorded_time_over_median_rr():
    assert expected_beats(stretch([1000.0] * 50 + [500.0])) == pytest.approx(50.5)


def test_the_best_part_is_looked_for_from_end_to_end():
    assert starts_of_best(10.0, 130.0) == [10.0]
    assert starts_of_best(10.0, 100.0) == [10.0]
    starts = starts_of_best(0.0, 183.0)
    assert (starts[0], starts[1], starts[-1]) == (0.0, 5.0, 63.0)


def test_the_better_part_is_the_one_that_would_be_accepted_then_the_cleaner():
    clean, doubtful, refused = (badness(stretch(artefact_pct=pct)) for pct in (1.0, 7.0, 12.0))
    assert clean < badness(stretch(artefact_pct=2.0)) < doubtful < refused


def test_missing_time_is_counted_gap_by_gap_and_at_both_ends():
    time_s = np.array([5.0, 6.0, 9.0, 10.0])
    rr_ms = np.array([1000.0] * 4)
    gap = np.array([False, False, True, False])
    open_ = np.full(4, np.nan)
    assert missing_s(0.0, 12.0, time_s, rr_ms, gap, open_) == [4.0, 2.0]
    assert missing_s(0.0, 14.0, time_s, rr_ms, gap, open_) == [4.0, 4.0, 2.0]
    none = (time_s[:0], rr_ms[:0], gap[:0], open_[:0])
    assert missing_s(0.0, 8.0, *none) == [8.0]
    assert missing_s(0.0, 2.0, *none) == []
    decided = np.array([np.nan, np.nan, 0.0, np.nan])
    assert missing_s(0.0, 12.0, time_s, rr_ms, gap, decided) == [4.0, 0.0]


def test_the_ratio_takes_the_beats_that_are_said_and_none_of_a_broken_series():
    rr_ms = [1000.0] * 60
    rr_ms[4], rr_ms[24], rr_ms[19], rr_ms[39] = 600.0, 610.0, 900.0, 1100.0
    rr_ms[3], rr_ms[25], rr_ms[40] = 300.0, 300.0, 2000.0
    up = stretch(rr_ms)
    values = orthostatic(stretch(), stretch(), up)
    assert values.ratio_30_15 == pytest.approx(1100.0 / 600.0)
    broken = replace(up, gap_before=np.arange(60) == 30)
    assert orthostatic(stretch(), stretch(), broken).ratio_30_15 is None
    assert orthostatic(stretch(), stretch(), stretch(rr_ms[:39])).ratio_30_15 is None
