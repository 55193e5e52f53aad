"""The ramp test while it runs: a point every 5 s, when to stop, and what comes of it."""

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING

from device.reading import Reading
from device.steps import RAMP_WARM_UP_S

if TYPE_CHECKING:  # brings numpy, and is wanted only once there are points
    from hrv.refusal import Refusal
    from hrv.thresholds import Thresholds

POINT_S = 5.0


@dataclass(frozen=True, slots=True)
class RampPoint:
    """Alpha 1 and the mean heart rate of the same two minutes."""

    t_s: float
    hr_bpm: float
    alpha1: float | None
    artefact_pct: float


class Ramp:
    """Fed with the readings of a ramp in order of time."""

    def __init__(self, max_bpm: float | None) -> None:
        """``max_bpm`` is the measured HRmax; None leaves that stop rule to the athlete."""
        self.points: tuple[RampPoint, ...] = ()
        self.stop: str | None = None
        """Why the ramp is over, in words; None while it goes on."""
        self._max_bpm = max_bpm
        self._due_s = 0.0

    def add(self, reading: Reading) -> None:
        """Take in a reading; once the ramp is over nothing changes any more."""
        if self.stop is not None or reading.paused or reading.t_s < self._due_s:
            return
        self._due_s = reading.t_s + POINT_S
        if (point := point_of(reading)) is not None:
            self.points = (*self.points, point)
            self.stop = self._reason(reading)

    def end(self, reason: str = "on your word") -> None:
        """The athlete has had enough, or the source has."""
        if self.stop is None:
            self.stop = reason

    def result(self) -> "Thresholds | Refusal":
        """What the points say; a refusal says in words why they say nothing."""
        from hrv.thresholds import ramp_thresholds

        return ramp_thresholds(
            [point.hr_bpm for point in self.points],
            [nan if point.alpha1 is None else point.alpha1 for point in self.points],
            [point.artefact_pct for point in self.points],
        )

    def _reason(self, reading: Reading) -> str | None:
        from hrv.thresholds import STOP_POINTS, stop_reason

        last = [point for point in self.points[-STOP_POINTS:] if point.t_s > RAMP_WARM_UP_S]
        alpha1 = [nan if point.alpha1 is None else point.alpha1 for point in last]
        hr_bpm = [] if reading.hr_bpm is None else [reading.hr_bpm]
        reason = stop_reason(hr_bpm, alpha1, max_bpm=self._max_bpm)
        return None if reason is None else reason.replace("α1", "alpha 1")  # said in plain words


def point_of(reading: Reading) -> RampPoint | None:
    """The point of a moment, from the beats of the two minutes before it; None without any."""
    normal_ms = [beat.rr_ms for beat in reading.recent if beat.normal]
    if reading.hr_bpm is None or not normal_ms:
        return None
    return RampPoint(
        reading.t_s,
        60_000.0 * len(normal_ms) / sum(normal_ms),
        reading.dfa_alpha1,
        100.0 * (len(reading.recent) - len(normal_ms)) / len(reading.recent),
    )
