"""Whether a strap's intervals keep time with the clock of whoever listens."""

from collections import deque

UNIT_CHECK_S = 120.0
MS_SLOPE = (0.018, 0.030)
"""Milliseconds read as 1/1024 s fall behind by 1 - 1000/1024 = 0.0234 s a second."""

DRIFT_CHECK_S = 60.0
MOST_DRIFT_S = 1.5
FRAMES_AT_EACH_END = 10
"""Of these frames the one that waited least is taken, so that late ones cause no alarm."""


class UnitCheck:
    """Finds a strap that sends milliseconds where the specification says 1/1024 s.

    The slope of waiting time on arrival, by least squares, over 120 s without a gap.
    """

    def __init__(self) -> None:
        self.sends_ms = False
        self.restart()

    def restart(self) -> None:
        """There was a gap."""
        self._begun_s: float | None = None
        self._n = 0
        self._t = self._w = self._tt = self._tw = 0.0

    def add(self, arrived_s: float, wait_s: float) -> bool:
        """Take in a frame; whether that settled the unit otherwise than believed so far."""
        if self._begun_s is None:
            self._begun_s = arrived_s
        t_s = arrived_s - self._begun_s
        self._n += 1
        self._t += t_s
        self._w += wait_s
        self._tt += t_s * t_s
        self._tw += t_s * wait_s
        if t_s < UNIT_CHECK_S:
            return False
        spread = self._n * self._tt - self._t * self._t
        slope = (self._n * self._tw - self._t * self._w) / spread
        self.restart()
        low, high = MS_SLOPE
        if not low < (-slope if self.sends_ms else slope) < high:
            return False
        self.sends_ms = not self.sends_ms
        return True


class DriftCheck:
    """Finds a minute whose intervals do not add up to it: doubled, lost unseen, or a bad clock."""

    def __init__(self) -> None:
        self.warning = False
        self._latest: deque[float] = deque(maxlen=FRAMES_AT_EACH_END)
        self._least: deque[tuple[float, float]] = deque()

    def restart(self) -> None:
        """There was a gap, and that explains it."""
        self.warning = False
        self._latest.clear()
        self._least.clear()

    def add(self, arrived_s: float, wait_s: float) -> None:
        """Take in a frame and its waiting time up to a constant."""
        self._latest.append(wait_s)
        if len(self._latest) < FRAMES_AT_EACH_END:
            return
        least_s = min(self._latest)
        self._least.append((arrived_s, least_s))
        if arrived_s - self._least[0][0] < DRIFT_CHECK_S:
            return
        while arrived_s - self._least[0][0] >= DRIFT_CHECK_S:
            _, then_s = self._least.popleft()
        self.warning = abs(least_s - then_s) > MOST_DRIFT_S
