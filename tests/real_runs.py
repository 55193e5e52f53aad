"""The real runs and rides of ../shared/data, and what a session shows of them, as one digest."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import virtual_time

from device.intent import Band
from device.monitor import monitor
from device.reading import Reading
from device.session import Session
from sensors import recording, replay
from sensors.events import SensorEvent
from sensors.recording import Recording

BAND = Band(None, 147.0, "invented", estimate=False)

RUNS: dict[str, str] = {
    "exercise/bartels_exercise_rri.hrm": "30 min on a bike between 5 min of rest on it",
    "exercise/vollmer_14121501.hrm": "2 h 38 min in a Polar watch, from rest to hard",
    "exercise/elitehrv_2017-06-29_13-11-53.txt": "51 min, activity not stated",
    "exercise/selfloops_20170804001r.txt": "8 h of wearing the strap",
    "exercise/suunto_sml/C6CF0C5100001000-2015-09-19T09_09_20-0.sml.gz": "hard run, clean",
    "exercise/suunto_sml/F783095113000500-2014-10-07T05_01_41-0.sml.gz": "run, strap bad at first",
    "fit/fenix3_hrv_noisy.fit": "64 min indoors, many artefacts",
    "fit/garmin-edge-820-bike.fit": "a minute of riding",
    "fit/garmin-fenix-5-run.fit": "a minute of running",
    "fit/garmin-fenix-5-walk.fit": "a minute of walking",
    "fit/ride18min_edge530_hrv.fit": "indoor ride, 100 to 185 bpm",
    "fit/run37min_suunto_hrv.fit": "trail run, very clean",
    "fit/run52min_fr955_hrv.fit": "steady 10 km",
    "fit/run70min_stryd_hrv.fit": "run, flat near 134 bpm",
    "fit/swim_fr920_hr_messages.fit": "swim, beats as the strap stored them",
}
"""File and what it is, after the manifest there."""
BARE_MS = ("exercise/elitehrv_2017-06-29_13-11-53.txt",)
"""Numbers without a header: their unit has to be said."""


def read(data: Path, name: str) -> Recording:
    return recording.read(data / name, unit="ms" if name in BARE_MS else None)


def stretch(whole: Recording, from_s: float, length_s: float) -> Recording:
    """A part of a recording, its time counted from its own start."""
    frames = tuple(
        replace(frame, t_s=frame.t_s - from_s)
        for frame in whole.frames
        if from_s <= frame.t_s < from_s + length_s
    )
    return replace(whole, frames=frames)


def digest_at(speed: float, played: Recording) -> str:
    """Of every event and every reading, in order, at a speed; the waiting is virtual."""
    session = Session(band=BAND)
    sum_of_all = hashlib.sha256()

    def show(event: SensorEvent, reading: Reading) -> None:
        # The tachogram is two minutes of beats in each reading: its newest are enough.
        brief = replace(reading, recent=reading.recent[-4:])
        sum_of_all.update(f"{event!r}{brief!r}\n".encode())

    record: Callable[[SensorEvent], object] = lambda event: None  # noqa: E731
    source = partial(replay.play, recording=played, speed=speed)
    virtual_time.run(monitor(source, session, record, show))
    return sum_of_all.hexdigest()
