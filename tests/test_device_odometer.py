"""How far it was: over resets and leaps, in kilometres told by ear, and as speed in the debrief."""

import math
from pathlib import Path

import numpy as np
import pytest
import real_runs

from device.odometer import Odometer
from device.reading import Reading
from device.retrace import retrace
from device.say import cues_between
from device.session import Session
from hrv.drift import Drift, drift
from sensors import replay
from sensors.events import Connected, Disconnected, Distance, HeartRateMeasurement, SensorEvent
from sensors.pacing import with_seconds


def counted(*counts: tuple[int, float]) -> Odometer:
    odometer = Odometer()
    for distance_cm, t_s in counts:
        odometer.add(distance_cm, t_s, t_s)
    return odometer


@pytest.mark.parametrize(
    ("counts", "distance_m"),
    [
        ((), None),
        (((0, 0.0), (0, 1.0)), None),  # a sensor that never counts anything knows nothing
        (((500, 0.0), (800, 1.0)), 3.0),  # from its first count on
        (((900, 0.0), (1200, 1.0), (100, 2.0), (400, 3.0)), 6.0),  # it began anew
        (((0, 0.0), (300, 1.0), (900_000, 2.0), (900_300, 3.0)), 6.0),  # it leapt
        (((0, 0.0), (30_000, 60.0)), 300.0),  # a watch that wrote once a minute
    ],
)
def test_what_is_counted_is_added_up(counts, distance_m):
    assert counted(*counts).distance_m == distance_m


def test_a_kilometre_takes_the_running_time_since_the_one_before():
    odometer = Odometer()
    for second in range(1001):
        paused_s = 0 if second <= 500 else 100
        odometer.add(300 * second, float(second + paused_s), float(second))
        if second == 333:
            assert odometer.last_km_s is None
        if second == 600:
            assert odometer.last_km_s == 334.0
    assert odometer.distance_m == pytest.approx(3000.0)
    assert odometer.last_km_s == 333.0


def run(mps: float, bpm_of=lambda t_s: 140.0, seconds: int = 3600) -> list[SensorEvent]:
    """Beats and a distance each second."""
    events: list[SensorEvent] = [Connected("watch")]
    beat_s = 0.0
    while beat_s < seconds:
        ticks = round(61_440 / bpm_of(beat_s))
        beat_s += ticks / 1024
        events.append(HeartRateMeasurement(None, (ticks,), t_s=beat_s))
    events += [Distance(round(100 * mps * s), t_s=s + 0.5) for s in range(seconds)]
    return sorted(events, key=lambda event: event.t_s)


def test_each_kilometre_is_told_once_with_its_time():
    session, before, told = Session(), Reading(0.0), []
    for event in with_seconds(run(3.0, seconds=1100)):
        reading = session.add(event)
        told += [cue.text for cue in cues_between(before, reading, summary_km=1)]
        before = reading
    assert told == [
        f"{n} kilometre{'' if n == 1 else 's'}, the last in 5 minutes {s}, heart rate 140"
        for n, s in ((1, 34), (2, 33), (3, 33))
    ]
    assert cues_between(Reading(0.0), before, summary_km=None) == []


def test_a_rising_heart_at_a_steady_speed_is_decoupling_and_is_called_so():
    events = run(2.8, lambda t_s: 140.0 if t_s < 2100 else 147.0)
    told = retrace(events, until_s=3600.0)
    time_s, hr_bpm = told.run()
    speed = told.speed_mps()
    assert speed is not None
    assert np.nanmean(speed) == pytest.approx(2.8, rel=0.01)
    found = drift(time_s, hr_bpm, speed)
    assert isinstance(found, Drift)
    assert (found.kind, found.caveat) == ("decoupling", None)
    assert found.pct == pytest.approx(100 * (1 - 140 / 147), abs=0.2)


def test_without_a_count_there_is_no_speed():
    events = [event for event in run(3.0, seconds=120) if not isinstance(event, Distance)]
    assert retrace(events, until_s=120.0).speed_mps() is None


def test_a_watch_counts_its_ten_kilometres(shared_data: Path) -> None:
    recording = real_runs.read(shared_data, "fit/run52min_fr955_hrv.fit")
    session, before, told = Session(), Reading(0.0), 0
    for event in with_seconds(replay._events(recording)):
        reading = session.add(event)
        told += len(cues_between(before, reading, summary_km=1))
        before = reading
    assert before.distance_m == pytest.approx(10_021.48 - 2.31)  # the watch's last and first
    assert told == 10
    assert before.last_km_s is not None
    assert math.isclose(before.last_km_s, 312, abs_tol=25)


def test_a_watch_indoors_that_counts_nothing_has_no_distance(shared_data: Path) -> None:
    recording = real_runs.read(shared_data, "fit/fenix3_hrv_noisy.fit")
    assert recording.distances
    odometer = Odometer()
    for count in recording.distances:
        odometer.add(count.distance_cm, count.t_s, count.t_s)
    assert odometer.distance_m is None
    assert isinstance(list(replay._events(recording))[-1], Disconnected)
