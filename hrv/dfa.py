"""Detrended fluctuation analysis of RR intervals: the short-term exponent α1.

Method: Peng 1995 with the boxes and the detrending named by `hrv.alpha1_variants.VARIANTS`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.alpha1_variants import (
    MAX_LOST_BEATS,
    MIN_COVERAGE,
    MIN_FLUCTUATION_MS,
    MIN_INTERVALS,
    VARIANTS,
    Alpha1,
    Variant,
    VariantName,
)
from hrv.correction import correct
from hrv.detrend import LAM, smoothness_priors
from hrv.rolling_alpha1 import RollingAlpha1

__all__ = ["Alpha1", "RollingAlpha1", "SlidingAlpha1", "VariantName", "alpha1", "sliding_alpha1"]


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
    x = smoothness_priors(mended.rr_ms) if how.detrended else mended.rr_ms
    slope = _slopes(x, np.array([0]), np.array([len(x)]), how)[0]
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
        variant: how to compute it.

    Raises:
        ValueError: shapes that do not agree, values that are not finite, a window or a step
            that is not positive.
    """
    if not (window_s > 0 and every_s > 0):
        raise ValueError(f"window and step must be positive, not {window_s!r} and {every_s!r} s")
    rr = np.asarray(rr_ms, dtype=np.float64)
    kinds = np.zeros(rr.shape, np.uint8) if kinds is None else kinds
    mended = correct(rr, kinds, gap_before, time_s=time_s)
    rr, time = mended.rr_ms, mended.time_s
    if not len(rr):
        return SlidingAlpha1(np.empty(0), np.empty(0), variant)
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
        value[enough] = _slopes(rr, start, size, how)
    else:
        value[enough] = _detrended_slopes(rr, start, size, how)
    return SlidingAlpha1(now, value, variant)


CHUNK = 32_768
"""Beats detrended at a time: bounds the memory, and stays in the cache."""


def _detrended_slopes(
    rr: NDArray[np.float64], start: NDArray[np.int64], size: NDArray[np.int64], how: Variant
) -> NDArray[np.float64]:
    """The same where each window has a trend of its own: they are laid end to end."""
    slopes = np.empty(len(start))
    total = np.cumsum(size)
    first = 0
    while first < len(start):
        before = total[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(total, before + CHUNK, side="right")))
        sizes = size[first:last]
        begin = np.cumsum(sizes) - sizes
        beats = np.repeat(start[first:last] - begin, sizes) + np.arange(sizes.sum())
        flat = _without_trends(rr[beats], begin, sizes)
        slopes[first:last] = _slopes(flat, begin, sizes, how)
        first = last
    return slopes


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


def _slopes(
    x: NDArray[np.float64], start: NDArray[np.int64], size: NDArray[np.int64], how: Variant
) -> NDArray[np.float64]:
    """α1 of the windows x[start : start + size], each of MIN_INTERVALS or more; NaN for none.

    A line is fitted in each box, so neither the mean nor the origin of the profile matters:
    the residual of a box depends on where it lies in x alone, and is shared by all windows.
    """
    x = x - x.mean()
    slope = np.zeros(len(start))
    # The profile from each possible start, its sum, its sum of k y and of y squared, while
    # the box grows from one beat to the largest scale.
    y = np.zeros(len(x))
    sum_y, sum_ky, sum_yy = np.zeros((3, len(x)))
    weights = dict(zip(how.scales, how.weights, strict=True))
    for scale in range(1, how.scales[-1] + 1):
        m = len(x) - scale + 1
        y, sum_y, sum_ky, sum_yy = y[:m], sum_y[:m], sum_ky[:m], sum_yy[:m]
        y += x[scale - 1 :]
        sum_y += y
        sum_ky += (scale - 1) * y
        sum_yy += y * y
        if scale not in weights:
            continue
        tilt = sum_ky - (scale - 1) / 2 * sum_y
        residual = sum_yy - sum_y * sum_y / scale - tilt * tilt * (12 / (scale**3 - scale))
        variance = _mean_over_boxes(np.maximum(residual, 0.0), start, size, scale, how) / scale
        variance[~(variance > MIN_FLUCTUATION_MS**2)] = np.nan
        slope += weights[scale] / 2 * np.log2(variance)
    return slope


def _mean_over_boxes(
    residual: NDArray[np.float64],
    start: NDArray[np.int64],
    size: NDArray[np.int64],
    scale: int,
    how: Variant,
) -> NDArray[np.float64]:
    step = scale
    boxes = size // scale
    if how.boxes == "overlap":
        step = scale // 2
        boxes = (size - scale + step - 1) // step  # NeuroKit2 leaves out the last box that fits
    rows = -(-len(residual) // step)
    laid = np.zeros((rows + 1) * step)
    laid[step : step + len(residual)] = residual
    sums = np.cumsum(laid.reshape(-1, step), axis=0).ravel()
    total = sums[start + boxes * step] - sums[start]
    if how.boxes == "both":
        end = start + size
        total += sums[end] - sums[end - boxes * step]
        boxes = 2 * boxes
    return np.asarray(total / boxes, dtype=np.float64)
