"""The simulated athlete: like a person in what it does, like a strap in what it sends."""

import itertools
import math
from collections import Counter
from dataclasses import replace

import pytest

from sensors.events import (
    Connected,
    Disconnected,
    Elapsed,
    HeartRateMeasurement,
    Searching,
    SensorEvent,
    StrapDetails,
    decode,
    encode,
)
from sensors.pacing import with_seconds
from sensors.synthetic import Trouble, beat, events
from sensors.synthetic_effort import SCENARIOS, along
from sensors.synthetic_heart import Heart


def heart(scenario: str = "easy", seed: int = 1, **more: float) -> Heart:
    return Heart(seed=seed, effort=SCENARIOS[scenario], **more)


def frames(seen: list[SensorEvent]) -> list[HeartRateMeasurement]:
    return [event for event in seen if isinstance(event, HeartRateMeasurement)]


def n_beats(seen: list[SensorEvent]) -> int:
    return sum(len(frame.rr_ticks) for frame in frames(seen))


# The heart


@pytest.mark.parametrize("rmssd_ms", [15.0, 42.0, 90.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_rest_rmssd_and_heart_rate_are_those_asked_for(rmssd_ms: float, seed: int) -> None:
    truth = heart("morning", seed, rmssd_ms=rmssd_ms).truth(660.0)
    assert truth.rmssd_ms(60.0, 660.0) == pytest.approx(rmssd_ms, rel=0.08)
    assert truth.rmssd_ms(60.0, 180.0) == pytest.approx(rmssd_ms, rel=0.2)
    assert truth.hr_bpm(120.0, 660.0) == pytest.approx(55.0, abs=4.0)


def test_rmssd_falls_with_effort() -> None:
    rmssd_ms = [
        replace(heart(), effort=along((0.0, effort))).truth(400.0).rmssd_ms(100.0)
        for effort in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    assert all(later < 0.75 * earlier for earlier, later in itertools.pairwise(rmssd_ms))


@pytest.mark.parametrize(
    ("effort", "alpha1"), [(0.0, 0.97), (0.45, 1.05), (0.6, 0.95), (0.72, 0.75), (0.9, 0.4)]
)
def test_fluctuations_of_many_lengths_give_way_to_noise_as_effort_rises(
    effort: float, alpha1: float
) -> None:
    """DFA α1 near 1 at rest and when easy, 0.75 near 70 % of the reserve, then below 0.5."""
    steady = [
        Heart(seed=seed, effort=lambda _: effort).truth(300.0).rr_ms(60.0) for seed in range(12)
    ]
    mean = sum(map(dfa_alpha1, steady)) / len(steady)
    assert mean == pytest.approx(alpha1, abs=0.13)


def dfa_alpha1(rr_ms: list[float]) -> float:
    """Plain DFA, boxes of 4 to 16 beats from the start: enough to place a simulation."""
    mean = sum(rr_ms) / len(rr_ms)
    profile = list(itertools.accumulate(rr - mean for rr in rr_ms))
    points = []
    for n in range(4, 17):
        at = [i - (n - 1) / 2 for i in range(n)]
        spread = sum(t * t for t in at)
        errors = []
        for start in range(0, len(profile) - n + 1, n):
            box = profile[start : start + n]
            level = sum(box) / n
            slope = sum(t * y for t, y in zip(at, box, strict=True)) / spread
            errors.append(
                sum((y - level - slope * t) ** 2 for t, y in zip(at, box, strict=True)) / n
            )
        points.append((math.log2(n), math.log2(sum(errors) / len(errors)) / 2))
    x_mean = sum(x for x, _ in points) / len(points)
    return sum((x - x_mean) * y for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def test_the_heart_follows_effort_with_a_lag_faster_up_than_down() -> None:
    effort = along((0.0, 0.2), (300.0, 0.2), (300.0, 0.7), (900.0, 0.7), (900.0, 0.2))
    truth = Heart(effort=effort, rmssd_ms=5.0).truth(1500.0)
    low, high = truth.hr_bpm(200.0, 300.0), truth.hr_bpm(800.0, 900.0)
    half = (low + high) / 2
    up_s = next(t for t in range(300, 900) if truth.hr_bpm(t, t + 3) > half) - 300
    down_s = next(t for t in range(900, 1500) if truth.hr_bpm(t, t + 3) < half) - 900
    assert 12 < up_s < 30
    assert up_s < down_s < 50


def test_at_a_steady_effort_the_heart_rate_drifts_upwards() -> None:
    truth = Heart(effort=lambda _: 0.7).truth(3600.0)
    drift_bpm = truth.hr_bpm(3300.0, 3600.0) - truth.hr_bpm(300.0, 600.0)
    assert 4.0 < drift_bpm < 10.0


def test_an_easy_run_is_mostly_easy_and_now_and_then_too_hard() -> None:
    truth = heart("easy").truth(2400.0)
    ceiling_bpm = 55 + 0.7 * (185 - 55)
    hr_bpm = [truth.hr_bpm(t, t + 10) for t in range(600, 2390, 10)]
    over = sum(hr > ceiling_bpm + 2 for hr in hr_bpm) / len(hr_bpm)
    assert 0.05 < over < 0.25
    assert max(truth.hr_bpm(t, t + 10) for t in range(0, 600, 10)) > ceiling_bpm + 5


@pytest.mark.parametrize(
    ("scenario", "from_s", "to_s", "low", "high"),
    [
        *(("recovery", 600, 1800, 0.40, 0.52), ("steady", 1200, 1800, 0.66, 0.78)),
        *(("tempo", 900, 1700, 0.80, 0.94), ("intervals", 750, 830, 0.90, 1.01)),
        *(("intervals", 980, 1010, 0.45, 0.70), ("ramp", 300, 600, 0.33, 0.45)),
        *(("ramp", 2060, 2160, 0.93, 1.01),),
    ],
)
def test_each_purpose_has_its_heart_rates(
    scenario: str, from_s: float, to_s: float, low: float, high: float
) -> None:
    truth = heart(scenario, resting_bpm=45.0, max_bpm=195.0).truth(to_s)
    assert low < (truth.hr_bpm(from_s, to_s) - 45.0) / 150.0 < high


def test_a_heart_has_a_maximum() -> None:
    truth = Heart(effort=lambda _: 1.2).truth(1200.0)
    assert truth.hr_bpm(900.0) == pytest.approx(185.0, abs=1.0)


@pytest.mark.parametrize(("resting_bpm", "max_bpm"), [(60.0, 60.0), (10.0, 180.0), (50.0, 300.0)])
def test_a_heart_nobody_has_is_refused(resting_bpm: float, max_bpm: float) -> None:
    with pytest.raises(ValueError, match="resting < maximum"):
        Heart(resting_bpm=resting_bpm, max_bpm=max_bpm)


@pytest.mark.parametrize(
    ("t_s", "effort"), [(-1.0, 0.1), (0.0, 0.1), (5.0, 0.2), (10.0, 0.5), (15.0, 0.5), (99.0, 0.5)]
)
def test_effort_goes_straight_from_knot_to_knot_and_steps_where_two_meet(
    t_s: float, effort: float
) -> None:
    assert along((0.0, 0.1), (10.0, 0.3), (10.0, 0.5))(t_s) == pytest.approx(effort)


# The strap


def test_the_same_seed_gives_the_same_events_and_another_seed_others() -> None:
    trouble = Trouble(ectopic_pct=1.0, lost_pct=1.0, late_pct=1.0, drops=((100.0, 120.0),))
    once = list(events(heart(), trouble, 300.0))
    assert once == list(events(heart(), trouble, 300.0))
    assert once != list(events(heart(seed=2), trouble, 300.0))


def test_the_first_beats_are_the_same_for_ever() -> None:
    """A change here changes every demo, picture and stored simulation: then say so."""
    first = frames(list(events(heart(), duration_s=6.0)))
    assert [(frame.bpm, frame.rr_ticks) for frame in first] == [
        *((90, (677, 683)), (90, (683,)), (91, (673, 648)), (92, (642,)), (93, (657, 678))),
    ]


def test_a_strap_sends_once_a_second_what_was_completed_since() -> None:
    seen = list(events(heart(), duration_s=600.0))
    assert [type(event) for event in seen[:3]] == [Searching, Connected, StrapDetails]
    arrivals = [frame.t_s for frame in frames(seen)]
    assert all(0.9 < b - a < 1.1 for a, b in itertools.pairwise(arrivals))
    truth = heart().truth(600.0)
    assert len(truth.beats) - 4 <= n_beats(seen) <= len(truth.beats)


def test_without_trouble_what_is_sent_is_the_truth_in_ticks() -> None:
    seen = frames(list(events(heart("morning"), duration_s=120.0)))
    sent = [ticks for frame in seen for ticks in frame.rr_ticks]
    true_ms = heart("morning").truth(120.0).rr_ms()
    # The strap is linked after the first beat or two.
    offset = next(
        skip
        for skip in range(5)
        if all(abs(a / 1.024 - b) < 1.0 for a, b in zip(sent, true_ms[skip:], strict=False))
    )
    assert offset <= 2


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_frame_is_one_a_strap_could_send(scenario: str) -> None:
    trouble = Trouble(ectopic_pct=2.0, missed_pct=2.0, extra_pct=2.0, no_contact=((50.0, 60.0),))
    for frame in frames(list(events(heart(scenario), trouble, 200.0))):
        assert decode(encode(frame), frame.t_s) == frame


@pytest.mark.parametrize(
    ("trouble", "change_pct"),
    [
        (Trouble(missed_pct=5.0), -5.0),
        (Trouble(extra_pct=5.0), 5.0),
        (Trouble(ectopic_pct=5.0), 0.0),
        (Trouble(lost_pct=5.0), -5.0),
        (Trouble(late_pct=5.0), 0.0),
        (Trouble(doubled_pct=5.0), 5.0),
        (Trouble(silences=((100.0, 160.0),)), -10.0),
        (Trouble(no_contact=((100.0, 160.0),)), -10.0),
        (Trouble(drops=((100.0, 130.0),)), -5.0),
    ],
)
def test_trouble_takes_away_or_adds_the_beats_it_is_said_to(
    trouble: Trouble, change_pct: float
) -> None:
    clean = n_beats(list(events(heart("recovery"), duration_s=600.0)))
    troubled = n_beats(list(events(heart("recovery"), trouble, 600.0)))
    assert 100.0 * (troubled - clean) / clean == pytest.approx(change_pct, abs=2.0)


def test_trouble_on_the_link_does_not_change_the_heart() -> None:
    clean = Counter(f.rr_ticks for f in frames(list(events(heart(), duration_s=300.0))))
    lossy = Counter(
        f.rr_ticks for f in frames(list(events(heart(), Trouble(lost_pct=10.0), 300.0)))
    )
    assert lossy <= clean


def test_a_late_frame_holds_up_those_behind_it() -> None:
    seen = frames(list(events(heart(), Trouble(late_pct=3.0), 600.0)))
    clean = frames(list(events(heart(), duration_s=600.0)))
    pauses = [b.t_s - a.t_s for a, b in itertools.pairwise(seen)]
    assert max(pauses) > 1.7
    assert min(pauses) < 0.1
    assert [frame.rr_ticks for frame in seen] == [frame.rr_ticks for frame in clean][: len(seen)]


def test_a_dropped_link_is_searched_for_at_growing_waits() -> None:
    seen = list(events(heart(), Trouble(drops=((50.0, 75.0), (200.0, 200.5))), 300.0))
    link = [
        (type(event).__name__, event.t_s)
        for event in seen
        if isinstance(event, Connected | Disconnected | Searching)
    ]
    assert link[2:] == [
        ("Disconnected", 50.0),
        *(("Searching", 50.0), ("Searching", 51.0), ("Searching", 53.0), ("Searching", 57.0)),
        *(("Searching", 65.0), ("Connected", 80.0)),
        *(("Disconnected", 200.0), ("Searching", 200.0), ("Connected", 201.0)),
    ]
    assert not any(50.0 <= frame.t_s < 80.0 for frame in frames(seen))


def test_off_the_skin_a_strap_says_so() -> None:
    seen = frames(list(events(heart(), Trouble(no_contact=((50.0, 60.0),)), 100.0)))
    off = [frame for frame in seen if frame.contact is False]
    assert len(off) == 10
    assert all(50.0 <= frame.t_s < 60.1 for frame in off)
    assert all((frame.bpm, frame.rr_ticks) == (0, ()) for frame in off)
    back = next(frame for frame in seen if frame.t_s > off[-1].t_s and frame.rr_ticks)
    assert all(300 < ticks < 900 for ticks in back.rr_ticks)


def test_whatever_happens_events_come_in_order_and_every_second_is_told_once() -> None:
    trouble = Trouble(
        late_pct=5.0,
        lost_pct=5.0,
        doubled_pct=5.0,
        drops=((10.0, 20.0), (30.5, 31.0), (32.0, 40.0)),
        silences=((60.0, 90.0), (150.0, math.inf)),
    )
    seen = list(with_seconds(events(heart(), trouble, 200.0)))
    assert all(a.t_s <= b.t_s for a, b in itertools.pairwise(seen))
    assert [e.t_s for e in seen if isinstance(e, Elapsed)] == [float(s) for s in range(1, 201)]


async def test_what_is_emitted_is_the_same_at_every_speed_and_can_be_taken_up_later() -> None:
    trouble = Trouble(lost_pct=10.0, silences=((5.0, 8.0),))
    fast: list[SensorEvent] = []
    await beat(fast.append, seed=4, speed=math.inf, duration_s=20.0, trouble=trouble)
    slow: list[SensorEvent] = []
    await beat(slow.append, seed=4, speed=500.0, duration_s=20.0, trouble=trouble)
    assert slow == fast
    known = [event for event in fast if not isinstance(event, Elapsed)]
    rest: list[SensorEvent] = []
    await beat(rest.append, seed=4, speed=math.inf, duration_s=20.0, trouble=trouble, skip=10)
    assert [event for event in rest if not isinstance(event, Elapsed)] == known[10:]


async def test_an_unknown_scenario_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ValueError, match=r"no scenario 'fartlek'; there are morning, .*ramp"):
        await beat(lambda _: None, scenario="fartlek")
