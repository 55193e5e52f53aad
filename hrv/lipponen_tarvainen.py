"""The patterns that ectopic, missed and extra beats leave in the differences of RR intervals.

Method: Lipponen & Tarvainen, J Med Eng Technol 2019;43:173-181 (constants and windows as in
NeuroKit2 and systole; the paper itself was not re-read).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from hrv.kind import Kind
from hrv.online import ALPHA, C1, C2, MEDIAN_WINDOW, QUARTILE_WINDOW, Clamp

ROWS = 2048
"""Windows sorted at a time: bounds the memory, and stays in the cache."""


def patterns(
    rr: NDArray[np.float64], gap: NDArray[np.bool_], *, clamp: Clamp | None
) -> NDArray[np.uint8]:
    """The `Kind` of each interval by pattern alone; arguments as for `hrv.artefacts.classify`.

    Args:
        rr: shape (n,), ms, finite.
        gap: shape (n,), False at the first.
        clamp: between what both thresholds are kept; then also the interval before an ectopic
            one is marked when it is off as well, and the first and the last two intervals are
            judged by their distance from the median. None is the published form.

    Returns:
        uint8, shape (n,).
    """
    n = len(rr)
    kinds = np.zeros(n, dtype=np.uint8)
    if n < 3:
        return kinds
    median = _rolling_median(rr, gap)
    d = np.diff(rr, prepend=rr[0])
    d[gap] = (rr - median)[gap]
    th1 = _thresholds(np.abs(d), median, np.ones(n, np.bool_), clamp=clamp)
    d = np.divide(d, th1, out=np.zeros(n), where=d != 0)

    around = np.pad(d, 2, mode="reflect")
    before, next_1, next_2 = around[1:-3], around[3:-1], around[4:]
    judged = np.arange(n) < n - 2
    up, down = d > 1, d < -1
    ectopic = up & (np.maximum(before, next_1) < -C1 * d - C2)
    ectopic |= down & (np.minimum(before, next_1) > -C1 * d + C2)
    ectopic &= judged
    # A large difference asks about its own interval, and about the next one when the
    # differences still grow there; whether that one is ectopic is for its own turn.
    suspect = (up | down) & ~ectopic & judged
    suspect[1:] |= (suspect & (np.abs(next_1) < np.abs(next_2)))[:-1] & ~ectopic[1:]

    # How far from the median matters for few: the interval before an ectopic one, which the
    # early beat made as well, and the ends are asked in the hardened form only.
    spoilt, ends = np.zeros((2, n), np.bool_)
    if clamp is not None:
        spoilt[:-1] = ectopic[1:] & ~gap[1:]
        ends[[0, n - 2, n - 1]] = True
    m = rr - median
    m[m < 0] *= 2
    th2 = _thresholds(np.abs(m), median, suspect | spoilt | ends, clamp=clamp)
    m = np.divide(m, th2, out=np.zeros(n), where=m != 0)

    long = up & (np.minimum(next_1, next_2) < -1)
    short = down & (np.maximum(next_1, next_2) > 1)
    suspect &= long | short | (np.abs(m) > 3)
    with_next = rr + np.append(rr[1:], np.inf)
    extra = suspect & short & (np.abs(with_next - median) < th2)
    missed = suspect & long & (np.abs(rr / 2 - median) < th2)
    kinds[suspect] = Kind.LONG_SHORT
    kinds[missed] = Kind.MISSED
    kinds[extra] = Kind.EXTRA
    kinds[ectopic] = Kind.ECTOPIC
    off = (spoilt & (np.abs(m) > 1)) | (ends & (np.abs(m) > 3))
    kinds[off & (kinds == Kind.NORMAL)] = Kind.LONG_SHORT
    return kinds


def _thresholds(
    sizes: NDArray[np.float64],
    median: NDArray[np.float64],
    asked: NDArray[np.bool_],
    *,
    clamp: Clamp | None,
) -> NDArray[np.float64]:
    """5.2 times the quartile deviation of the 91 values around each, fewer at the ends.

    Without meaning where not asked: sorting the windows is what costs.
    """
    n, half = len(sizes), QUARTILE_WINDOW // 2
    windows = sliding_window_view(np.pad(sizes, half, constant_values=np.inf), QUARTILE_WINDOW)
    counts = np.minimum(np.arange(n) + half + 1, n) - np.maximum(np.arange(n) - half, 0)
    spread = np.full(n, np.inf)
    rows = np.flatnonzero(asked)
    for begin in range(0, len(rows), ROWS):
        part = rows[begin : begin + ROWS]
        ascending = np.sort(windows[part], axis=1)
        spread[part] = _quantile(ascending, counts[part], 0.75)
        spread[part] -= _quantile(ascending, counts[part], 0.25)
    thresholds = ALPHA * spread / 2
    if clamp is None:
        return thresholds
    floor = np.maximum(clamp.floor_ms, clamp.floor_part * median)
    return np.maximum(floor, np.minimum(thresholds, clamp.cap_part * median))


def _rolling_median(rr: NDArray[np.float64], gap: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Median of the 11 intervals around each, fewer at the ends and beside a gap."""
    n, half = len(rr), MEDIAN_WINDOW // 2
    # Infinities sort to the end: five on either side and at every gap shut the neighbours out.
    place = np.arange(n) + half * (1 + np.cumsum(gap))
    padded = np.full(place[-1] + half + 1, np.inf)
    padded[place] = rr
    median = np.empty(n)
    for rows in range(0, n, ROWS):
        part = slice(rows, rows + ROWS)
        windows = sliding_window_view(padded, MEDIAN_WINDOW)[place[part] - half]
        counts = np.count_nonzero(np.isfinite(windows), axis=1)
        median[part] = _quantile(np.sort(windows, axis=1), counts, 0.5)
    return median


def _quantile(
    ascending: NDArray[np.float64], counts: NDArray[np.int64], fraction: float
) -> NDArray[np.float64]:
    """The quantile of the first `counts` of each row, interpolated linearly."""
    if np.all(counts == counts[0]):  # all but the ends of a long series: the same two columns
        n = int(counts[0])
        at = fraction * (n - 1)
        lower, upper = ascending[:, int(at)], ascending[:, min(int(at) + 1, n - 1)]
        return np.asarray(lower + (at - int(at)) * (upper - lower), dtype=np.float64)
    position = fraction * (counts - 1)
    below = position.astype(np.intp)
    row = np.arange(len(ascending))
    low = ascending[row, below]
    high = ascending[row, np.minimum(below + 1, counts - 1)]
    return low + (position - below) * (high - low)
