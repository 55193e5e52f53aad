"""How regularly a strap's notifications come, and which pauses call for doubt."""

from collections import deque
from statistics import median

from sensors.events import PLAUSIBLE_BPM, HeartRateMeasurement

DOUBLE_S = 0.25
"""Closer than this, frames come in one burst, and equal ones are one frame delivered twice."""

PAUSES = 20
FEWEST_PAUSES = 5


class Rhythm:
    """The pauses between the notifications of one connection."""

    def __init__(self) -> None:
        self._pauses_s: deque[float] = deque(maxlen=PAUSES)

    def is_broken(self, pause_s: float | None, measurement: HeartRateMeasurement) -> bool:
        """Whether a notification after this pause comes later than the next was due.

        Unusual pauses are learnt too: the median bears them, and a strap may change its pace.
        """
        if pause_s is None or pause_s < DOUBLE_S:
            return False
        longest_s = self._longest_s(measurement)
        self._pauses_s.append(pause_s)
        return longest_s is not None and pause_s > longest_s

    def _longest_s(self, measurement: HeartRateMeasurement) -> float | None:
        if len(self._pauses_s) < FEWEST_PAUSES:
            return None
        usual_s = median(self._pauses_s)
        longest_s = 1.6 * usual_s + 0.1
        if measurement.bpm is None and measurement.rr_ticks:
            # A recording of nothing but intervals lacks the frames in which no beat fell.
            rr_s = measurement.rr_ticks[0] / measurement.ticks_per_s
            longest_s = max(longest_s, usual_s + rr_s + 0.1)
        return longest_s


def explained_s(bpm: int | None, rr_s: float) -> float:
    """How long frames may come without an interval because the heart is slow.

    By the heart rate the strap gives, else by ``rr_s``, the usual interval. The fifth and the
    0.15 s allow for an uneven heart and link: above about 80 bpm a strap that sends once a second
    has at least one interval in every frame.
    """
    if bpm is not None and bpm in PLAUSIBLE_BPM:
        rr_s = 60.0 / bpm
    return 1.2 * rr_s + 0.15
