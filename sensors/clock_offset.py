"""Where a strap's clock stands on the listener's."""

import math
from collections import deque

WINDOW_S = 120.0
SLEW = 0.005
"""The clock is set by the smallest wait of this window, and moved at most 5 ms a second."""

SETTLING_FRAMES = 10
"""At first it is moved at once: one frame alone may have waited for a second."""


class Offset:
    """The smallest wait of the last two minutes, followed slowly."""

    def __init__(self) -> None:
        self.value_s = 0.0
        """To be added to the strap's time to get the listener's."""
        self._smallest: deque[tuple[float, float]] = deque()
        """Arrivals and waits, both rising: the first is the smallest of the window."""
        self._settling = SETTLING_FRAMES
        self._last_s = 0.0

    @property
    def smallest_s(self) -> float:
        """The smallest wait of the window, after one frame at least."""
        return self._smallest[0][1]

    def add(self, arrived_s: float, wait_s: float) -> None:
        """Take in a frame: when it arrived, and that less the strap's time."""
        self._push(arrived_s, wait_s)
        while arrived_s - self._smallest[0][0] > WINDOW_S:
            self._smallest.popleft()
        goal_s = self.smallest_s
        most_s = SLEW * max(0.0, arrived_s - self._last_s)
        if self._settling:
            self._settling -= 1
            most_s = math.inf
        self.value_s += min(max(goal_s - self.value_s, -most_s), most_s)
        self._last_s = arrived_s

    def shift(self, from_s: float, step_s: float) -> None:
        """The clock was put forward by a step for everything that arrived since ``from_s``."""
        known = list(self._smallest)
        self._smallest.clear()
        for arrived_s, wait_s in known:
            self._push(arrived_s, wait_s - step_s * (arrived_s >= from_s))

    def _push(self, arrived_s: float, wait_s: float) -> None:
        while self._smallest and self._smallest[-1][1] >= wait_s:
            self._smallest.pop()
        self._smallest.append((arrived_s, wait_s))
