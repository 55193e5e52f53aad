"""Is a heart rate believable after the one before? Straps double and halve it on a static shirt.

A heart speeds up over many beats; a strap that counts each beat twice, or every other one, does so
from one beat to the next. So both are asked for: a step between beats, and after it a heart rate
that is another one.
"""

from collections import deque
from statistics import median

BEATS = 4
"""Compared with as many before them: a single missed or extra beat moves neither median."""
STEP = 1.6
"""A sprint from rest gives some 1.3 within these beats, doubling gives 2 (our decision)."""
LASTING = 1.6
"""Doubted from this factor on, and until it is undone; a strap that errs settles at 2 or a half."""
SEEN_WITHIN_S = 15.0
"""The heart rate is a mean of 10 s and shows the whole step only after it."""
BEFORE_S = 6
"""A step is seen some beats after it began: it is compared with the heart rate from before."""
LONGEST_S = 300.0
"""After so long the earlier heart rate may as well have been the wrong one: it starts anew."""
FORGOTTEN_S = 15.0
"""After so long without any heart rate the doubt is over: nothing is left to compare with."""


class Doubt:
    """Fed with every interval and, once a second, the heart rate; remembers eight intervals."""

    def __init__(self) -> None:
        self._last_ms: deque[float] = deque(maxlen=2 * BEATS)
        self._known: deque[tuple[float, float]] = deque(maxlen=BEFORE_S)
        """The last seconds in which the heart rate was known."""
        self._step: tuple[float, float] | None = None
        """Time of the last step between beats, and the heart rate before it."""
        self._doubting = False

    def beat(self, t_s: float, rr_ms: float, *, gap_before: bool) -> None:
        """An interval as the strap sent it, whatever may be thought of it."""
        if gap_before:
            self._last_ms.clear()
        self._last_ms.append(rr_ms)
        if len(self._last_ms) < 2 * BEATS or not self._known or self._recent_step(t_s):
            return
        last_ms = list(self._last_ms)
        before_ms, now_ms = median(last_ms[:BEATS]), median(last_ms[BEATS:])
        if max(before_ms, now_ms) >= STEP * min(before_ms, now_ms):
            self._step = t_s, self._known[0][1]

    def add(self, t_s: float, hr_bpm: float | None) -> bool:
        """Whether the heart rate of this second is to be doubted; an unknown one never is."""
        if hr_bpm is None:
            if not self._doubting or t_s - self._known[-1][0] >= FORGOTTEN_S:
                self._known.clear()
                self._last_ms.clear()
                self._step, self._doubting = None, False
            return False
        self._known.append((t_s, hr_bpm))
        if self._step is None:
            return False
        step_s, before_bpm = self._step
        other = not 1 / LASTING < hr_bpm / before_bpm < LASTING
        if self._doubting:
            self._doubting = other and t_s - step_s < LONGEST_S
        else:
            self._doubting = other and self._recent_step(t_s)
        return self._doubting

    def _recent_step(self, t_s: float) -> bool:
        """A step that the heart rate may still be about to show, or that is doubted."""
        if self._step is None:
            return False
        return self._doubting or t_s - self._step[0] <= SEEN_WITHIN_S
