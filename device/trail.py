"""The last ten minutes of heart rate, and the drift so far, kept in little room.

A screen is told every second; this keeps a mean every 5 s of the last ten minutes, and a mean a
minute of the whole session for the drift: eight hours are 480 numbers.
"""

from collections import deque
from itertools import accumulate

from device.reading import Reading

POINT_S = 5
TRAIL_S = 600
WARM_UP_S = 600
"""Left out of the drift (SCIENCE 7)."""
DRIFT_FROM_MIN = 40
"""Minutes with a heart rate after the warm-up; less is not reported (SCIENCE 7; our decision)."""
LEAST_OF_A_MINUTE_S = 30
"""A minute known for less than this does not count."""


class Trail:
    """Fed with readings in order of time; one of each second counts."""

    def __init__(self) -> None:
        self._points: deque[float | None] = deque(maxlen=TRAIL_S // POINT_S)
        self._told: tuple[float | None, ...] = ()
        self._minutes: list[float] = []
        self._second = -1
        self._point = _Mean()
        self._minute = _Mean()

    @property
    def points(self) -> tuple[float | None, ...]:
        """Mean heart rate of every 5 s, oldest first, None where unknown; the last 10 minutes."""
        return self._told

    @property
    def drift_pct(self) -> float | None:
        """100·(HR2 - HR1)/HR1 of the halves of the time after the warm-up; None before it counts.

        Assumes steady effort: the screen says so.
        """
        n = len(self._minutes)
        if n < DRIFT_FROM_MIN:
            return None
        sums = list(accumulate(self._minutes, initial=0.0))
        first = sums[n // 2] / (n // 2)
        second = (sums[n] - sums[n // 2]) / (n - n // 2)
        return 100.0 * (second / first - 1.0)

    def add(self, reading: Reading) -> None:
        """Take in a reading; those within a second that was already seen are left out."""
        second = int(reading.t_s)
        if second <= self._second:
            return
        # A replay jumps over what was stored before: those seconds are unknown, not missing.
        for at in range(max(self._second + 1, second - TRAIL_S), second):
            self._pass(at, None)
        self._pass(second, None if reading.paused else reading.hr_bpm)
        self._second = second

    def _pass(self, second: int, hr_bpm: float | None) -> None:
        self._point.add(hr_bpm)
        self._minute.add(hr_bpm)
        if second % POINT_S == POINT_S - 1:
            self._points.append(self._point.taken())
            self._told = tuple(self._points)
        if second % 60 == 59:
            enough = self._minute.n >= LEAST_OF_A_MINUTE_S
            mean_bpm = self._minute.taken()
            if enough and mean_bpm is not None and second > WARM_UP_S:
                self._minutes.append(mean_bpm)


class _Mean:
    """Of what was known."""

    def __init__(self) -> None:
        self.n, self.sum = 0, 0.0

    def add(self, value: float | None) -> None:
        if value is not None:
            self.n += 1
            self.sum += value

    def taken(self) -> float | None:
        mean = self.sum / self.n if self.n else None
        self.n, self.sum = 0, 0.0
        return mean
