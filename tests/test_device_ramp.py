"""The ramp test as it runs: points, stop rule, result."""

import pytest

from device.ramp import Ramp
from device.reading import Reading, RecentBeat
from hrv.refusal import Refusal
from hrv.thresholds import Thresholds


def reading(t_s: float, hr_bpm: float, alpha1: float | None, *, bad: int = 0) -> Reading:
    rr_ms = 60_000.0 / hr_bpm
    recent = tuple(RecentBeat(t_s, rr_ms, at >= bad, False) for at in range(100))
    return Reading(t_s, hr_bpm=hr_bpm, dfa_alpha1=alpha1, recent=recent)


def falling(until_s: int, *, max_bpm: float | None = None, bad: int = 0) -> Ramp:
    """Ten minutes of warm-up, then 1 bpm and 0.0182 of alpha 1 every 20 s."""
    ramp = Ramp(max_bpm)
    for t_s in range(until_s):
        up = max(0.0, (t_s - 600) / 20.0)
        ramp.add(reading(float(t_s), 120.0 + up, 1.25 - 0.0182 * up, bad=bad))
    return ramp


def test_there_is_a_point_every_five_seconds():
    assert [point.t_s for point in falling(21).points] == [0.0, 5.0, 10.0, 15.0, 20.0]


def test_it_stops_when_alpha_1_stayed_below_a_half_for_two_minutes():
    ramp = falling(3000)
    assert ramp.stop == "alpha 1 has been below 0.5 for 2 minutes"
    # 1.25 - 0.0182 x falls below 0.5 after 41.2 beats: 825 s after the warm-up.
    assert ramp.points[-1].t_s == pytest.approx(600 + 825 + 115)


def test_it_stops_at_90_percent_of_the_highest_heart_rate():
    ramp = falling(3000, max_bpm=170.0)
    assert ramp.stop == "heart rate is at 90 % of your highest"
    assert ramp.points[-1].hr_bpm == pytest.approx(153.0)


def test_the_thresholds_are_read_from_the_line():
    told = falling(3000).result()
    assert isinstance(told, Thresholds)
    assert told.hrvt1_bpm == pytest.approx(120 + 0.5 / 0.0182, abs=0.5)
    assert told.proposed_bpm == min(told.hrvt1_bpm, told.individual_bpm)


@pytest.mark.parametrize(
    ("ramp", "name"),
    [(falling(700), "too_few_points"), (falling(3000, bad=4), "too_few_points")],
    ids=["ended at once", "4 % artefacts"],
)
def test_a_ramp_that_says_nothing_is_refused_in_words(ramp, name):
    told = ramp.result()
    assert isinstance(told, Refusal)
    assert told.name == name


def test_after_the_athletes_word_nothing_changes_any_more():
    ramp = falling(900)
    n = len(ramp.points)
    ramp.end()
    ramp.add(reading(901.0, 150.0, 0.6))
    assert ramp.stop == "on your word"
    assert len(ramp.points) == n


def test_a_pause_and_an_unknown_heart_rate_give_no_point():
    ramp = Ramp(None)
    ramp.add(Reading(0.0))
    ramp.add(Reading(10.0, hr_bpm=120.0, paused=True))
    assert not ramp.points
