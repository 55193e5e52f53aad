"""Artefacts marked while the beats come in: each interval is decided two beats later.

The method of `hrv.artefacts` (Lipponen & Tarvainen 2019, thresholds clamped) with windows that
look back instead of both ways; plain Python, a few microseconds a beat, no numpy.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from hrv.kind import Kind

ALPHA = 5.2
C1 = 0.13
C2 = 0.17
"""α, c1 and c2 of Lipponen & Tarvainen 2019."""


class Clamp(NamedTuple):
    """Between what both thresholds are kept."""

    floor_ms: float
    floor_part: float
    cap_part: float
    """Parts of the median interval around."""

    def bounds_ms(self, median_ms: float) -> tuple[float, float]:
        """The floor, which wins over the cap, and the cap."""
        return max(self.floor_ms, self.floor_part * median_ms), self.cap_part * median_ms


CLAMP = Clamp(floor_ms=10.0, floor_part=0.05, cap_part=0.25)
"""Ours. The floor keeps noise of a few ms and small breaths of an even heart from being artefacts,
the cap keeps many artefacts from hiding each other. A floor of 10 ms alone marked three times as
many beats of healthy hearts; one of 0.07 misses beats that are 4 to 8 % off; a cap of 0.20 helps
the hearts with most ectopic beats and harms others (docs/VALIDATION.md)."""

QUARTILE_WINDOW = 91
MEDIAN_WINDOW = 11
WARM_UP = 20
"""So many intervals are judged by range and distance from the last good one only."""

RELATIVE = 0.20
START = 5
"""The first reference of the relative filter is the median of this many intervals."""


class _Window:
    """The last `size` numbers, kept sorted."""

    __slots__ = ("_arrived", "_size", "ascending")

    def __init__(self, size: int) -> None:
        self._size = size
        self._arrived: deque[float] = deque()
        self.ascending: list[float] = []

    def add(self, value: float) -> None:
        if len(self._arrived) == self._size:
            oldest = self._arrived.popleft()
            del self.ascending[bisect_left(self.ascending, oldest)]
        self._arrived.append(value)
        insort(self.ascending, value)

    def clear(self) -> None:
        self._arrived.clear()
        self.ascending.clear()

    def at(self, fraction: float) -> float:
        """The quantile, interpolated linearly between neighbours."""
        position = fraction * (len(self.ascending) - 1)
        below = int(position)
        low = self.ascending[below]
        part = position - below
        return low + part * (self.ascending[below + 1] - low) if part else low


class OnlineMarker:
    """Judges each interval two beats after it came, and for good.

    Thresholds of interval i rest on the 91 differences up to i+2 and the 89 distances from the
    median up to i; its median on i-8..i+2. The first 20 intervals pass a range and a 20 %
    filter only.

    Decisions of ours where intervals are missing: the median starts anew behind a gap, as the
    heart rate may have moved meanwhile, and the first difference there is the distance from
    that median; the thresholds are kept. The two intervals before a gap are decided when the
    gap is known, from what there is. At the end of a recording the last two stay undecided,
    as they do offline.
    """

    def __init__(
        self, lo_ms: float = 300.0, hi_ms: float = 2500.0, *, clamp: Clamp = CLAMP
    ) -> None:
        self.lo_ms = lo_ms
        self.hi_ms = hi_ms
        self._clamp = clamp
        self._n = 0
        self._differences = _Window(QUARTILE_WINDOW)
        self._distances = _Window(QUARTILE_WINDOW - 2)
        self._recent = _Window(MEDIAN_WINDOW)
        self._undecided: deque[tuple[int, float, float | None]] = deque()
        """(index, rr_ms, difference to the one before or None behind a gap), oldest first."""
        self._last_difference = 0.0
        self._last_rr_ms: float | None = None
        self._is_candidate = False
        """Whether the judgement of the interval before asks to look at the next one as well."""
        self._reference_ms: float | None = None

    def add(self, rr_ms: float, gap_before: bool = False) -> Sequence[tuple[int, Kind]]:
        """Add an interval.

        Args:
            rr_ms: its length in ms.
            gap_before: whether intervals are missing before it.

        Returns:
            The decisions that became final now, as (index, kind), index counting every
            interval added from 0; in order, each index once.

        Raises:
            ValueError: rr_ms is not a finite number.
        """
        if not isfinite(rr_ms):
            raise ValueError(f"an RR interval is a finite number of ms, not {rr_ms!r}")
        decided: list[tuple[int, Kind]] = []
        if gap_before and self._n:
            while self._undecided:
                decided.append(self._decide())
            self._recent.clear()
            self._last_difference = 0.0
            self._is_candidate = False
            self._reference_ms = None
        if self._last_rr_ms is None:
            difference: float | None = 0.0
        elif gap_before:
            difference = None
        else:
            difference = rr_ms - self._last_rr_ms
        self._differences.add(abs(difference or 0.0))
        self._recent.add(rr_ms)
        self._undecided.append((self._n, rr_ms, difference))
        self._last_rr_ms = rr_ms
        self._n += 1
        if len(self._undecided) > 2 and not self._needs_more():
            while len(self._undecided) > 2:
                decided.append(self._decide())
        return decided

    def _needs_more(self) -> bool:
        """Whether the relative filter still waits for its first reference."""
        return (
            self._reference_ms is None
            and self._undecided[0][0] < WARM_UP
            and len(self._recent.ascending) < START
        )

    def _decide(self) -> tuple[int, Kind]:
        median_ms = self._recent.at(0.5)
        index, rr_ms, difference = self._undecided.popleft()
        distance = rr_ms - median_ms
        if distance < 0:
            distance *= 2
        self._distances.add(abs(distance))
        if difference is None:
            difference = rr_ms - median_ms
        if index < WARM_UP:
            kind = self._filtered(rr_ms, median_ms)
        else:
            kind = self._judged(rr_ms, median_ms, difference, distance)
        if kind is Kind.NORMAL and not self.lo_ms <= rr_ms <= self.hi_ms:
            kind = Kind.OUT_OF_RANGE
        self._last_difference = difference
        return index, kind

    def _filtered(self, rr_ms: float, median_ms: float) -> Kind:
        if self._reference_ms is None:
            self._reference_ms = median_ms
        if abs(rr_ms - self._reference_ms) > RELATIVE * self._reference_ms:
            return Kind.LONG_SHORT
        if self.lo_ms <= rr_ms <= self.hi_ms:
            self._reference_ms = rr_ms
        return Kind.NORMAL

    def _judged(self, rr_ms: float, median_ms: float, difference: float, distance: float) -> Kind:
        th1 = self._threshold(self._differences, median_ms)
        was_candidate, self._is_candidate = self._is_candidate, False
        after = [ahead[2] or 0.0 for ahead in self._undecided]
        next_1 = after[0] if after else 0.0
        next_2 = after[1] if len(after) > 1 else 0.0
        spoilt = _is_ectopic(difference, next_1, next_2, th1)
        if abs(difference) <= th1 and not was_candidate and not spoilt:
            return Kind.NORMAL
        if _is_ectopic(self._last_difference, difference, next_1, th1):
            return Kind.ECTOPIC
        th2 = self._threshold(self._distances, median_ms)
        if abs(difference) > th1 or was_candidate:
            self._is_candidate = abs(difference) > th1 and abs(next_1) < abs(next_2)
            kind = self._suspect(rr_ms, median_ms, (difference, next_1, next_2), distance, th1, th2)
            if kind is not Kind.NORMAL:
                return kind
        # An ectopic beat spoils two intervals; the first may be too little off to be suspect.
        return Kind.LONG_SHORT if spoilt and abs(distance) > th2 else Kind.NORMAL

    def _suspect(
        self,
        rr_ms: float,
        median_ms: float,
        differences: tuple[float, float, float],
        distance: float,
        th1: float,
        th2: float,
    ) -> Kind:
        difference, next_1, next_2 = differences
        is_long = difference > th1 and min(next_1, next_2) < -th1
        is_short = difference < -th1 and max(next_1, next_2) > th1
        if is_short and self._undecided:
            with_next_ms = rr_ms + self._undecided[0][1]
            if abs(with_next_ms - median_ms) < th2:
                return Kind.EXTRA
        if is_long and abs(rr_ms / 2 - median_ms) < th2:
            return Kind.MISSED
        if is_long or is_short or abs(distance) > 3 * th2:
            return Kind.LONG_SHORT
        return Kind.NORMAL

    def _threshold(self, window: _Window, median_ms: float) -> float:
        floor_ms, cap_ms = self._clamp.bounds_ms(median_ms)
        return max(floor_ms, min(ALPHA * (window.at(0.75) - window.at(0.25)) / 2, cap_ms))


def _is_ectopic(before: float, difference: float, after: float, th1: float) -> bool:
    # One threshold for all differences, so its multiples can be compared without dividing.
    if difference > th1:
        return max(before, after) < -C1 * difference - C2 * th1
    return difference < -th1 and min(before, after) > -C1 * difference + C2 * th1
