"""The slope of the fluctuation function, for any number of windows of one series at once."""

import numpy as np
from numpy.typing import NDArray

from hrv.alpha1_variants import MIN_FLUCTUATION_MS, Variant

CHUNK = 16_384
"""Beats looked at together: what is kept of each stays in the cache."""


def slopes(
    x: NDArray[np.float64], start: NDArray[np.int64], size: NDArray[np.int64], how: Variant
) -> NDArray[np.float64]:
    """α1 of the windows x[start : start + size], each of MIN_INTERVALS or more; NaN for none.

    The windows must be in rising order of `start`. A line is fitted in each box, so neither the
    mean nor the origin of the profile matters: the residual of a box depends on where it lies in
    x alone, and is shared by all windows.
    """
    x = x - x.mean()
    found = np.empty(len(start))
    first = 0
    while first < len(start):
        last = int(np.searchsorted(start, start[first] + CHUNK, side="right"))
        begin, part = start[first], slice(first, last)
        beats = x[begin : np.max(start[part] + size[part])]
        found[part] = _slopes_together(beats, start[part] - begin, size[part], how)
        first = last
    return found


def _slopes_together(
    x: NDArray[np.float64], start: NDArray[np.int64], size: NDArray[np.int64], how: Variant
) -> NDArray[np.float64]:
    n = len(x)
    slope = np.zeros(len(start))
    # The profile from each possible start, its sum, its sum of k y and of y squared, while
    # the box grows from one beat to the largest scale. Two rows of scratch: memory is not
    # asked for again at each scale.
    y, sum_y, sum_ky, sum_yy, scratch, residual = np.zeros((6, n))
    laid = np.empty(n + 3 * how.scales[-1])
    weights = dict(zip(how.scales, how.weights, strict=True))
    for scale in range(1, how.scales[-1] + 1):
        m = n - scale + 1
        y, sum_y, sum_ky, sum_yy = y[:m], sum_y[:m], sum_ky[:m], sum_yy[:m]
        scratch, residual = scratch[:m], residual[:m]
        y += x[scale - 1 :]
        sum_y += y
        sum_ky += np.multiply(y, scale - 1, out=scratch)
        sum_yy += np.multiply(y, y, out=scratch)
        if scale not in weights:
            continue
        # Σy² − (Σy)² / scale − tilt² · 12 / (scale³ − scale), tilt = Σky − Σy · (scale − 1) / 2
        np.multiply(sum_y, sum_y, out=residual)
        residual /= -scale
        residual += sum_yy
        np.multiply(sum_y, (1 - scale) / 2, out=scratch)
        scratch += sum_ky
        scratch *= scratch
        scratch *= 12 / (scale**3 - scale)
        residual -= scratch
        np.maximum(residual, 0.0, out=residual)
        variance = _mean_over_boxes(residual, start, size, scale, how, laid) / scale
        variance[~(variance > MIN_FLUCTUATION_MS**2)] = np.nan
        slope += weights[scale] / 2 * np.log2(variance)
    return slope


def _mean_over_boxes(
    residual: NDArray[np.float64],
    start: NDArray[np.int64],
    size: NDArray[np.int64],
    scale: int,
    how: Variant,
    laid: NDArray[np.float64],
) -> NDArray[np.float64]:
    step = scale
    boxes = size // scale
    if how.boxes == "overlap":
        step = scale // 2
        boxes = (size - scale + step - 1) // step  # NeuroKit2 leaves out the last box that fits
    rows = -(-len(residual) // step)
    # In rows of one step, below a row of zeros, the sums of every step-th residual run down.
    end = step + len(residual)
    laid = laid[: (rows + 1) * step]
    laid[:step] = laid[end:] = 0.0
    laid[step:end] = residual
    table = laid.reshape(-1, step)
    sums = np.cumsum(table, axis=0, out=table).ravel()
    total = sums[start + boxes * step] - sums[start]
    if how.boxes == "both":
        last = start + size
        total += sums[last] - sums[last - boxes * step]
        boxes = 2 * boxes
    return np.asarray(total / boxes, dtype=np.float64)
