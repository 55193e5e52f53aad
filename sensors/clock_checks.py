"""Whether a strap's intervals keep time with the clock of whoever listens."""

from collections import deque

UNIT_CHECK_S = 120.0
MS_SLOPE = (0.018, 0.030)
"""Milliseconds read as 1/1024 s fall behind by 1 - 1000/1024 = 0.0234 s a second."""
LEAST_HALF_SLOPE = 0.006

DRIFT_CHECK_S = 60.0
MOST_DRIFT_S = 1.5
FRAMES_AT_EACH_END = 10
"""Of these frames the one that waited least is taken, so that late ones cause no alarm."""


class UnitCheck:
    """Finds a strap that sends milliseconds where the specification says 1/1024 s.

    By the slope of waiting time on arrival over 120 s without a gap. It must rise in both halves:
    the steps of a loss that nobody noticed do not.
    """

    def __init__(self) -> None:
        self.sends_ms = False
        self.restart()

    def restart(self) -> None:
        """There was a gap."""
        self._begun_s: float | None = None
        self._halves = _Line(), _Line()

    def add(self, arrived_s: float, wait_s: float) -> bool:
        """Take in a frame; whether that settled the unit otherwise than believed so far."""
        if self._begun_s is None:
            self._begun_s = arrived_s
        t_s = arrived_s - self._begun_s
        first, second = self._halves
        half = first if t_s < UNIT_CHECK_S / 2 else second
        half.add(t_s, wait_s)
        if t_s < UNIT_CHECK_S:
            return False
        self.restart()
        if min(first.n, second.n) < FRAMES_AT_EACH_END:
            return False
        sign = -1.0 if self.sends_ms else 1.0
        low, high = MS_SLOPE
        found = (
            low < sign * (first + second).slope() < high
            and sign * first.slope() > LEAST_HALF_SLOPE
            and sign * second.slope() > LEAST_HALF_SLOPE
        )
        self.sends_ms ^= found
        return found


class _Line:
    """A straight line by least squares, from sums."""

    def __init__(self, *sums: float) -> None:
        self.n, self.t, self.w, self.tt, self.tw = sums or (0.0, 0.0, 0.0, 0.0, 0.0)

    def add(self, t_s: float, wait_s: float) -> None:
        self.n += 1.0
        self.t += t_s
        self.w += wait_s
        self.tt += t_s * t_s
        self.tw += t_s * wait_s

    def __add__(self, other: "_Line") -> "_Line":
        return _Line(
            *(self.n + other.n, self.t + other.t, self.w + other.w),
            *(self.tt + other.tt, self.tw + other.tw),
        )

    def slope(self) -> float:
        return (self.n * self.tw - self.t * self.w) / (self.n * self.tt - self.t * self.t)


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
