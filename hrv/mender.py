"""Marked intervals mended while they come in, as `hrv.correction` does for a whole series."""

from hrv.kind import Kind

LONGEST_RUN = 3
"""Up to so many intervals in a row are interpolated; more are a gap."""

MendedInterval = tuple[float, float, int]
"""(time_s, rr_ms, beats lost before it)."""


class Mender:
    """`hrv.correction.correct`, interval by interval."""

    def __init__(self) -> None:
        self._last: MendedInterval | None = None
        """The newest good or mended interval."""
        self._joining_ms: float | None = None
        """The intervals of extra beats that wait for the next to be joined with."""
        self._run: list[float] = []
        """Times of intervals that wait for a good one behind them."""
        self._broken = False
        """Whether there was a gap since the newest good interval."""

    def add(
        self, time_s: float, rr_ms: float, kind: Kind, gap_before: bool
    ) -> list[MendedInterval]:
        """Add the next interval; returns those that are now mended, in order."""
        if gap_before:
            self._run.clear()
            self._joining_ms = None
            self._broken = True
        if kind is Kind.EXTRA:
            self._joining_ms = (self._joining_ms or 0.0) + rr_ms
            return []
        if self._joining_ms is not None:
            rr_ms, self._joining_ms = rr_ms + self._joining_ms, None
            return self._good(time_s, rr_ms)
        if kind is Kind.NORMAL:
            return self._good(time_s, rr_ms)
        if kind is Kind.MISSED:
            half_ms = rr_ms / 2
            return [*self._good(time_s - half_ms / 1000, half_ms), *self._good(time_s, half_ms)]
        self._run.append(time_s)
        return []

    def _good(self, time_s: float, rr_ms: float) -> list[MendedInterval]:
        last = self._last
        mended: list[MendedInterval] = []
        lost = 0
        if last is not None and (self._run or self._broken):
            if self._broken or len(self._run) > LONGEST_RUN:
                lost = max(1, round((1000 * (time_s - last[0]) - rr_ms) / max(rr_ms, 1.0)))
            else:
                step_ms = (rr_ms - last[1]) / (len(self._run) + 1)
                mended = [
                    (beat_s, last[1] + position * step_ms, 0)
                    for position, beat_s in enumerate(self._run, 1)
                ]
        self._run.clear()
        self._broken = False
        self._last = (time_s, rr_ms, lost)
        mended.append(self._last)
        return mended
