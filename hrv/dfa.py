"""Detrended fluctuation analysis of RR intervals: the short-term exponent α1.

Method: Peng et al. 1995 (recalled, not re-read), with the boxes and the detrending named in
`hrv.alpha1_variants`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.alpha1_variants import (
    MAX_LOST_BEATS,
    MIN_COVERAGE,
    MIN_INTERVALS,
    VARIANTS,
    Alpha1,
    Variant,
    VariantName,
)
from hrv.correction import correct
from hrv.detrend import LAM
from hrv.fluctuation import slopes
from hrv.plain_detrend import without_trend
from hrv.rolling_alpha1 import RollingAlpha1

__all__ = ["Alpha1", "RollingAlpha1", "SlidingAlpha1", "VariantName", "alpha1", "sliding_alpha1"]


CHUNK = 16_384
"""Beats detrended at a time: bounds the memory, and stays in the cache."""

MOST_STEPS = 10_000_000
"""Five-second steps of a year and a half: a clock that jumps further is broken."""


def alpha1(
    rr_ms: ArrayLike,
    kinds: ArrayLike | None = None,
    gap_before: ArrayLike | None = None,
    *,
    time_s: ArrayLike | None = None,
    variant: VariantName = "default",
) -> Alpha1 | None:
    """α1 of one stretch of intervals, mended first where kinds are given.

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        kinds: shape (n,), from `hrv.artefacts.classify`; None takes all as normal.
        gap_before: shape (n,), True where intervals are missing before this one.
        time_s: shape (n,), when the beat fell that ends each interval; tells how many beats
            a gap has cost. None counts one for each.
        variant: how to compute it.

    Returns:
        None with fewer than 100 intervals after mending, with more than 3 beats missing
        between them, or when they do not vary.

    Raises:
        ValueError: shapes that do not agree, values that are not finite.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    kinds = np.zeros(rr.shape, np.uint8) if kinds is None else kinds
    mended = correct(rr, kinds, gap_before, time_s=time_s)
    if len(mended.rr_ms) < MIN_INTERVALS or mended.lost_before.sum() > MAX_LOST_BEATS:
        return None
    how = VARIANTS[variant]
    x = mended.rr_ms
    if how.detrended:
        x = np.array(without_trend((x - x.mean()).tolist()))
    slope = slopes(x, np.array([0]), np.array([len(x)]), how)[0]
    return Alpha1(float(slope), variant) if np.isfinite(slope) else None


@dataclass(frozen=True, slots=True, eq=False)
class SlidingAlpha1:
    """α1 of successive windows."""

    time_s: NDArray[np.float64]
    """Shape (m,): the end of each window."""
    value: NDArray[np.float64]
    """Shape (m,): NaN where the window gives none."""
    variant: VariantName


def sliding_alpha1(
    rr_ms: ArrayLike,
    kinds: ArrayLike | None = None,
    gap_before: ArrayLike | None = None,
    *,
    time_s: ArrayLike | None = None,
    window_s: float = 120.0,
    every_s: float = 5.0,
    variant: VariantName = "default",
) -> SlidingAlpha1:
    """α1 of a window that moves over a whole recording, as `RollingAlpha1` gives it live.

    Args:
        rr_ms, kinds, gap_before, time_s: as for `alpha1`.
        window_s: its length; it ends with the newest beat.
        every_s: the step from one value to the next; the first comes when a window has passed.
            Times that go back count as standing still.
        variant: how to compute it.

    Raises:
        ValueError: shapes that do not agree, values that are not finite, a window or a step
            that is not positive, or more than ten million steps.
    """
    if not (window_s > 0 and every_s > 0):
        raise ValueError(f"window and step must be positive, not {window_s!r} and {every_s!r} s")
    rr = np.asarray(rr_ms, dtype=np.float64)
    kinds = np.zeros(rr.shape, np.uint8) if kinds is None else kinds
    mended = correct(rr, kinds, gap_before, time_s=time_s)
    rr, time = mended.rr_ms, np.maximum.accumulate(mended.time_s)
    if not len(rr):
        return SlidingAlpha1(np.empty(0), np.empty(0), variant)
    if time[-1] - time[0] > MOST_STEPS * every_s:
        raise ValueError(f"{time[-1] - time[0]:.3g} s are too many for steps of {every_s!r} s")
    now = np.arange(time[0] - rr[0] / 1000 + window_s, time[-1], every_s)
    end = np.searchsorted(time, now, side="right")
    newest = time[np.maximum(end, 1) - 1]
    start = np.searchsorted(time, newest - window_s, side="left")
    passed_ms = np.append(0.0, np.cumsum(rr))
    lost = np.cumsum(mended.lost_before)
    enough = (
        (end - start >= MIN_INTERVALS)
        & (passed_ms[end] - passed_ms[start] >= 1000 * MIN_COVERAGE * window_s)
        & (now - newest <= (1 - MIN_COVERAGE) * window_s)
        & (lost[np.maximum(end, 1) - 1] - lost[start] <= MAX_LOST_BEATS)
    )
    value = np.full(len(now), np.nan)
    start, size = start[enough], (end - start)[enough]
    how = VARIANTS[variant]
    if not how.detrended:
        value[enough] = slopes(rr, start, size, how)
    else:
        value[enough] = _detrended_slopes(rr, start, size, how)
    return SlidingAlpha1(now, value, variant)


def _detrended_slopes(
    rr: NDArray[np.float64], start: NDArray[np.int64], size: NDArray[np.int64], how: Variant
) -> NDArray[np.float64]:
    """The same where each window has a trend of its own: they are laid end to end."""
    found = np.empty(len(start))
    total = np.cumsum(size)
    first = 0
    while first < len(start):
        before = total[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(total, before + CHUNK, side="right")))
        sizes = size[first:last]
        begin = np.cumsum(sizes) - sizes
        beats = np.repeat(start[first:last] - begin, sizes) + np.arange(sizes.sum())
        flat = _without_trends(rr[beats], begin, sizes)
        found[first:last] = slopes(flat, begin, sizes, how)
        first = last
    return found


def _without_trends(
    x: NDArray[np.float64], begin: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """`hrv.detrend.smoothness_priors` of many windows as one system with five diagonals."""
    from scipy.linalg import solveh_banded  # takes longest of all to import

    x = x - np.repeat(np.add.reduceat(x, begin) / sizes, sizes)
    end = begin + sizes
    bands = np.empty((3, len(x)))
    bands[0], bands[1], bands[2] = 6.0, -4.0, 1.0
    bands[0, begin] = bands[0, end - 1] = 1.0
    bands[0, begin + 1] = bands[0, end - 2] = 5.0
    bands[1, begin] = bands[1, end - 2] = -2.0
    bands[1, end - 1] = bands[2, end - 1] = bands[2, end - 2] = 0.0
    bands *= LAM * LAM
    bands[0] += 1.0
    trend = solveh_banded(bands, x, overwrite_ab=True, lower=True, check_finite=False)
    return np.asarray(x - trend, dtype=np.float64)
