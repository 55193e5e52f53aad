"""Is a heart rate believable after the one before? Straps double and halve it on a static shirt."""

from collections import deque

LOOK_BACK_S = 15.0
RISEN_BY = 1.75
FALLEN_TO = 0.6
"""Within 15 s no heart does this: a sprint from rest adds some 40 bpm, and the fastest recovery
takes some 20 off (our decision; the mean of 10 s is compared, and a true doubling gives 2.0)."""
NEAR = 1.4
"""Trusted again within this factor of what it was before."""
LONGEST_S = 300.0
"""After so long the earlier heart rate may as well have been the wrong one: it starts anew."""
FORGOTTEN_S = 15.0
"""After so long without any heart rate nothing is left to compare with."""


class Doubt:
    """Watches the heart rate once a second; remembers only the last seconds of it."""

    def __init__(self) -> None:
        self._trusted: deque[tuple[float, float]] = deque()
        self._before_bpm: float | None = None
        """What the heart rate was before it jumped; None while it is believed."""
        self._since_s = 0.0
        self._known_s = 0.0

    def add(self, t_s: float, hr_bpm: float | None) -> bool:
        """Whether the heart rate of this second is to be doubted; an unknown one never is."""
        if hr_bpm is None:
            if t_s - self._known_s >= FORGOTTEN_S:
                self._forget()
            return False
        self._known_s = t_s
        if self._before_bpm is not None:
            near = 1 / NEAR < hr_bpm / self._before_bpm < NEAR
            if not near and t_s - self._since_s < LONGEST_S:
                return True
            self._forget()
        while self._trusted and self._trusted[0][0] < t_s - LOOK_BACK_S:
            self._trusted.popleft()
        for _, before_bpm in self._trusted:
            if not FALLEN_TO < hr_bpm / before_bpm < RISEN_BY:
                self._before_bpm, self._since_s = before_bpm, t_s
                return True
        self._trusted.append((t_s, hr_bpm))
        return False

    def _forget(self) -> None:
        self._trusted.clear()
        self._before_bpm = None
