"""Mending marked intervals, for DFA and spectra only; every other metric leaves them out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.kind import Kind
from hrv.mender import LONGEST_RUN

LARGEST_MS = 1e9
"""Values beyond this are refused: no interval lasts eleven days, and sums stay finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """A mended series; m intervals, not as many as were given."""

    rr_ms: NDArray[np.float64]
    """Shape (m,)."""
    time_s: NDArray[np.float64]
    """Shape (m,): when the beat falls that ends each interval."""
    gap_before: NDArray[np.bool_]
    """Shape (m,): where intervals are missing, from the start or given up here."""

    @property
    def lost_before(self) -> NDArray[np.int64]:
        """Shape (m,): how many beats would fit into each gap, at least one; 0 elsewhere."""
        lost = np.zeros(len(self.rr_ms), np.int64)
        at = np.flatnonzero(self.gap_before[1:]) + 1
        rr = np.maximum(self.rr_ms[at], 1.0)
        missing_ms = 1000 * (self.time_s[at] - self.time_s[at - 1]) - self.rr_ms[at]
        lost[at] = np.maximum(1, np.rint(missing_ms / rr))
        return lost


def correct(
    rr_ms: ArrayLike,
    kinds: ArrayLike,
    gap_before: ArrayLike | None = None,
    *,
    time_s: ArrayLike | None = None,
) -> Corrected:
    """Mend each interval by its kind.

    An extra beat's interval is joined with the next, whatever that one was marked; a missed
    beat's is split in halves; the rest is interpolated linearly between the nearest good or
    mended neighbours, up to three in a row. A longer run, one beside a gap, or one at either
    end is left out; between others that is a gap.

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        kinds: shape (n,), from `hrv.artefacts.classify`.
        gap_before: shape (n,), True where intervals are missing before this one.
        time_s: shape (n,), when the beat fell that ends each; None adds the intervals up,
            and so knows nothing of the time lost in gaps.

    Raises:
        ValueError: shapes that do not agree, NaN, or intervals beyond 1e9 ms.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    kind = np.asarray(kinds, dtype=np.uint8)
    gap = np.zeros(rr.shape, np.bool_) if gap_before is None else np.array(gap_before, np.bool_)
    time = np.cumsum(rr) / 1000 if time_s is None else np.asarray(time_s, dtype=np.float64)
    if not rr.shape == kind.shape == gap.shape == time.shape or rr.ndim != 1:
        raise ValueError(
            "rr_ms, kinds, gap_before and time_s differ in shape:"
            f" {rr.shape}, {kind.shape}, {gap.shape}, {time.shape}"
        )
    if not np.all(np.abs(rr) <= LARGEST_MS):  # also false for NaN
        raise ValueError("rr_ms holds values that are not finite numbers up to 1e9")
    if not np.isfinite(time).all():
        raise ValueError("time_s holds values that are not finite numbers")
    gap[:1] = False
    if not kind.any():
        return Corrected(rr, time, gap)
    return _interpolated(*_split(*_joined(rr, kind, gap, time)))


_Columns = tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.bool_], NDArray[np.float64]]
"""rr_ms, kind, gap_before, time_s"""


def _joined(
    rr: NDArray[np.float64],
    kind: NDArray[np.uint8],
    gap: NDArray[np.bool_],
    time: NDArray[np.float64],
) -> _Columns:
    """Extra beats taken out."""
    with_previous = np.zeros(len(rr), np.bool_)
    with_previous[1:] = (kind[:-1] == Kind.EXTRA) & ~gap[1:]
    first = np.flatnonzero(~with_previous)
    last = np.append(first[1:], len(rr)) - 1
    # A chain of extras that ends at a gap has no interval to be joined with.
    mended = (last > first) & (kind[last] != Kind.EXTRA)
    kind = np.where(mended, np.uint8(Kind.NORMAL), kind[last])
    return np.add.reduceat(rr, first), kind, gap[first], time[last]


def _split(
    rr: NDArray[np.float64],
    kind: NDArray[np.uint8],
    gap: NDArray[np.bool_],
    time: NDArray[np.float64],
) -> _Columns:
    """Missed beats put in."""
    parts = np.where(kind == Kind.MISSED, 2, 1)
    first = np.cumsum(parts) - parts
    rr = np.repeat(rr / parts, parts)
    kind = np.repeat(np.where(kind == Kind.MISSED, np.uint8(Kind.NORMAL), kind), parts)
    time = np.repeat(time, parts)
    halved = first[parts == 2]
    time[halved] -= rr[halved] / 1000
    begins_after_gap = np.zeros(len(rr), np.bool_)
    begins_after_gap[first] = gap
    return rr, kind, begins_after_gap, time


def _interpolated(
    rr: NDArray[np.float64],
    kind: NDArray[np.uint8],
    gap: NDArray[np.bool_],
    time: NDArray[np.float64],
) -> Corrected:
    """The rest mended from its neighbours, or left out."""
    n = len(rr)
    good: NDArray[np.bool_] = kind == Kind.NORMAL
    if not good.any():
        return Corrected(rr[:0], time[:0], gap[:0])
    index = np.arange(n)
    left = np.maximum.accumulate(np.where(good, index, -1))
    right = np.minimum.accumulate(np.where(good, index, n)[::-1])[::-1]
    segment = np.cumsum(gap)
    mendable = ~good & (left >= 0) & (right < n) & (right - left - 1 <= LONGEST_RUN)
    mendable &= segment[np.maximum(left, 0)] == segment[np.minimum(right, n - 1)]
    rr = rr.copy()
    rr[mendable] = np.interp(index[mendable], index[good], rr[good])
    kept = np.flatnonzero(good | mendable)
    broken = np.zeros(len(kept), np.bool_)
    broken[1:] = (np.diff(kept) > 1) | (np.diff(segment[kept]) > 0)
    return Corrected(rr[kept], time[kept], broken)
