"""RMSSD over the last seconds, beat by beat, without numpy."""

from collections import deque
from math import fsum, sqrt


class RollingRmssd:
    """RMSSD of the intervals whose beats fell within the last `window_s` seconds.

    The same number as `hrv.time_domain.rmssd` over that window: the squares are summed anew,
    exactly, whenever the value is asked for, so nothing drifts in a session of hours.
    """

    def __init__(self, window_s: float = 60.0) -> None:
        self.window_s = window_s
        self._previous: tuple[float, float] | None = None
        self._begins_s: deque[float] = deque()
        self._squares: deque[float] = deque()

    def add(
        self, time_s: float, rr_ms: float, accepted: bool = True, gap_before: bool = False
    ) -> None:
        """Add the next interval once its kind is decided.

        Args:
            time_s: when the beat fell that ends it.
            rr_ms: its length.
            accepted: whether it may enter a metric (`hrv.kind.accepts`).
            gap_before: whether intervals are missing before it.
        """
        if accepted and not gap_before and self._previous is not None:
            previous_s, previous_ms = self._previous
            self._begins_s.append(previous_s)
            self._squares.append((rr_ms - previous_ms) * (rr_ms - previous_ms))
        self._previous = (time_s, rr_ms) if accepted else None

    def pairs(self, now_s: float) -> int:
        """How many successive differences the value rests on."""
        oldest_s = now_s - self.window_s
        while self._begins_s and self._begins_s[0] < oldest_s:
            self._begins_s.popleft()
            self._squares.popleft()
        return len(self._squares)

    def value(self, now_s: float) -> float | None:
        """RMSSD in ms over [`now_s` - window_s, `now_s`]; None without a valid pair.

        `now_s` must not go back: what has left the window is forgotten.
        """
        pairs = self.pairs(now_s)
        return sqrt(fsum(self._squares) / pairs) if pairs else None
