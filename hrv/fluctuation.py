"""The slope of the fluctuation function, for any number of windows of one series at once."""

import numpy as np
from numpy.typing import NDArray

from hrv.alpha1_variants import MIN_FLUCTUATION_MS, Variant


def slopes(
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
