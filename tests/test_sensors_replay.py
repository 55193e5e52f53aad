import math
from functools import partial
from pathlib import Path

import pytest

from sensors.events import (
    Connected,
    Disconnected,
    Distance,
    Elapsed,
    HeartRateMeasurement,
    SensorEvent,
    Source,
)
from sensors.recording import Recording, read
from sensors.replay import play

FRAMES = (
    HeartRateMeasurement(60, (1000, 990), ticks_per_s=1000, t_s=0.0),
    HeartRateMeasurement(None, (985,), gaps=(0,), ticks_per_s=1000, t_s=1.0),
    HeartRateMeasurement(61, (970,), ticks_per_s=1000, t_s=4.5),
)
SHORT = Recording("short.csv", "test", 1000, FRAMES, arrivals_known=True)


async def played(recording: Recording, speed: float = math.inf, skip: int = 0) -> list[SensorEvent]:
    events: list[SensorEvent] = []
    await play(events.append, recording, speed=speed, skip=skip)
    return events


def told(events: list[SensorEvent]) -> list[SensorEvent]:
    return [event for event in events if not isinstance(event, Elapsed)]


def seconds(events: list[SensorEvent]) -> list[float]:
    return [event.t_s for event in events if isinstance(event, Elapsed)]


async def test_a_replay_connects_reports_every_frame_and_disconnects() -> None:
    events = await played(SHORT)
    assert told(events) == [
        Connected("short.csv"),
        *FRAMES,
        Disconnected("end of the recording", t_s=4.5),
    ]
    assert seconds(events) == [1.0, 2.0, 3.0, 4.0]
    assert [e.t_s for e in events] == sorted(e.t_s for e in events)


async def test_the_events_are_the_same_at_any_speed() -> None:
    assert await played(SHORT, speed=500.0) == await played(SHORT)


@pytest.mark.parametrize("skip", range(7))
async def test_a_replay_goes_on_behind_what_was_reported_before(skip: int) -> None:
    everything = await played(SHORT)
    resumed = await played(SHORT, skip=skip)
    assert told(resumed) == told(everything)[skip:]
    begin_s = resumed[0].t_s if resumed else math.inf
    assert seconds(resumed) == [s for s in seconds(everything) if s > begin_s]


async def test_a_replay_is_a_source() -> None:
    source: Source = partial(play, recording=SHORT, speed=math.inf)
    events: list[SensorEvent] = []
    await source(events.append)
    assert told(events)[1:-1] == list(FRAMES)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan])
async def test_a_speed_must_be_above_zero(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        await played(SHORT, speed=speed)


async def test_a_real_recording_is_reported_whole_and_can_be_resumed_anywhere(
    shared_data: Path,
) -> None:
    recording = read(shared_data / "fit" / "ride18min_edge530_hrv.fit")
    everything = await played(recording)
    reported = told(everything)[1:-1]
    counted = [event for event in reported if isinstance(event, Distance)]
    assert [event for event in reported if event not in counted] == list(recording.frames)
    assert counted == list(recording.distances)
    assert len(counted) == 1072  # records in the file, each with a distance
    assert [event.t_s for event in reported] == sorted(event.t_s for event in reported)
    assert seconds(everything) == [
        float(second) for second in range(1, math.floor(recording.frames[-1].t_s) + 1)
    ]
    for skip in range(0, len(told(everything)), 131):
        resumed = await played(recording, skip=skip)
        assert told(resumed) == told(everything)[skip:]
        begin_s = resumed[0].t_s
        assert seconds(resumed) == [s for s in seconds(everything) if s > begin_s]


async def test_a_day_of_beats_is_reported_to_the_last(shared_data: Path) -> None:
    recording = read(shared_data / "long24h" / "nsr2db" / "nsr001_rr.csv.gz")
    events = told(await played(recording))
    assert len(events) == 106_459 + 2  # as counted in MANIFEST.md
    assert events[1:-1] == list(recording.frames)
