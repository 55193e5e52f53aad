"""Which RR intervals are not normal, judged over a whole recording.

Method: Lipponen & Tarvainen, J Med Eng Technol 2019;43:173-181 (constants as in NeuroKit2 and
systole; the paper itself was not re-read). Classification changes nothing: `hrv.correction`
mends, for DFA and spectra only, and `hrv.online` judges beat by beat.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from hrv.correction import Corrected, correct
from hrv.kind import Kind
from hrv.online import (
    ALPHA,
    C1,
    C2,
    CAP,
    FLOOR_MS,
    MEDIAN_WINDOW,
    QUARTILE_WINDOW,
    START,
    OnlineMarker,
)

__all__ = [
    "Corrected",
    "OnlineMarker",
    "accepted",
    "artefact_pct",
    "classify",
    "correct",
    "range_filter",
    "relative_filter",
]

ROWS = 2048
"""Windows sorted at a time: bounds the memory, and stays in the cache."""


def classify(
    rr_ms: ArrayLike,
    gap_before: ArrayLike | None = None,
    *,
    clamp: bool = True,
    lo_ms: float = 300.0,
    hi_ms: float = 2500.0,
) -> NDArray[np.uint8]:
    """The `Kind` of each interval.

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        gap_before: shape (n,), True where intervals are missing before this one.
        clamp: keep both thresholds between 10 ms and a quarter of the median interval (ours:
            noise of a few ms is no artefact, many artefacts do not hide each other). False
            gives the published method.
        lo_ms, hi_ms: outside them an interval that fits no pattern is OUT_OF_RANGE.

    Returns:
        uint8, shape (n,). The last two intervals have too little after them to be judged by
        pattern, as published.

    Where intervals are missing (ours): the median does not look across, as the heart rate may
    have moved meanwhile; the difference at the first interval behind is its distance from that
    median; the thresholds, which tell how variable the heart is, do look across.

    Raises:
        ValueError: not one dimension, not finite, or shapes that do not agree.
    """
    rr = _one_dimension(rr_ms)
    gap = np.zeros(rr.shape, np.bool_) if gap_before is None else np.array(gap_before, np.bool_)
    if gap.shape != rr.shape:
        raise ValueError(f"gap_before must have shape {rr.shape} like rr_ms, not {gap.shape}")
    gap[:1] = False
    # Absurd but finite numbers overflow to infinity here, which compares as it should.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        kinds = _patterns(rr, gap, clamp=clamp)
    kinds[(kinds == Kind.NORMAL) & range_filter(rr, lo_ms, hi_ms)] = Kind.OUT_OF_RANGE
    return kinds


def _patterns(rr: NDArray[np.float64], gap: NDArray[np.bool_], *, clamp: bool) -> NDArray[np.uint8]:
    n = len(rr)
    kinds = np.zeros(n, dtype=np.uint8)
    if n < 3:
        return kinds
    median = _rolling_median(rr, gap)
    d = np.diff(rr, prepend=rr[0])
    d[gap] = (rr - median)[gap]
    m = rr - median
    m[m < 0] *= 2
    th1 = _thresholds(np.abs(d), median, clamp=clamp)
    th2 = _thresholds(np.abs(m), median, clamp=clamp)
    d = np.divide(d, th1, out=np.zeros(n), where=d != 0)
    m = np.divide(m, th2, out=np.zeros(n), where=m != 0)

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
    return kinds


def _thresholds(
    sizes: NDArray[np.float64], median: NDArray[np.float64], *, clamp: bool
) -> NDArray[np.float64]:
    """5.2 times the quartile deviation of the 91 values around each, fewer at the ends."""
    n, half = len(sizes), QUARTILE_WINDOW // 2
    padded = np.pad(sizes, half, constant_values=np.inf)
    first = np.maximum(np.arange(n) - half, 0)
    counts = np.minimum(np.arange(n) + half + 1, n) - first
    spread = np.empty(n)
    for rows in range(0, n, ROWS):
        part = slice(rows, rows + ROWS)
        windows = np.sort(sliding_window_view(padded, QUARTILE_WINDOW)[part], axis=1)
        spread[part] = _quantile(windows, counts[part], 0.75) - _quantile(
            windows, counts[part], 0.25
        )
    thresholds = ALPHA * spread / 2
    return np.maximum(FLOOR_MS, np.minimum(thresholds, CAP * median)) if clamp else thresholds


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
    position = fraction * (counts - 1)
    below = position.astype(np.intp)
    row = np.arange(len(ascending))
    low = ascending[row, below]
    high = ascending[row, np.minimum(below + 1, counts - 1)]
    return low + (position - below) * (high - low)


def accepted(kinds: ArrayLike) -> NDArray[np.bool_]:
    """Which intervals may enter RMSSD and its kin.

    Args:
        kinds: shape (n,), from `classify` or a series.

    Returns:
        bool, shape (n,): False for each interval that is not normal, and for the one after
        an extra beat, which is only the rest of an interval.
    """
    kind = np.asarray(kinds, dtype=np.uint8)
    good: NDArray[np.bool_] = kind == Kind.NORMAL
    good[1:] &= kind[:-1] != Kind.EXTRA
    return good


def artefact_pct(kinds: ArrayLike, lost_beats: int = 0) -> float | None:
    """100 · (flagged + lost) / (received + lost): how much of the recording is not usable.

    Args:
        kinds: shape (n,); flagged is what `accepted` refuses.
        lost_beats: beats known to be missing where the link had gaps.

    Returns:
        Percent; None when nothing was received and nothing is known to be lost.

    Raises:
        ValueError: lost_beats is negative.
    """
    if lost_beats < 0:
        raise ValueError(f"lost_beats cannot be negative: {lost_beats!r}")
    good = accepted(kinds)
    expected = len(good) + lost_beats
    if not expected:
        return None
    return 100.0 * (int(np.count_nonzero(~good)) + lost_beats) / expected


def range_filter(
    rr_ms: ArrayLike, lo_ms: float = 300.0, hi_ms: float = 2500.0
) -> NDArray[np.bool_]:
    """True for intervals outside [lo_ms, hi_ms]; 250 to 2000 ms in exercise. Shape (n,)."""
    rr = np.asarray(rr_ms, dtype=np.float64)
    return np.asarray((rr < lo_ms) | (rr > hi_ms), dtype=np.bool_)


def relative_filter(
    rr_ms: ArrayLike, p: float = 0.20, gap_before: ArrayLike | None = None
) -> NDArray[np.bool_]:
    """True for intervals further than p · reference from the last one that was not.

    The first reference, also behind a gap, is the median of the first five intervals. p = 0.20
    is Malik's; 0.05, known from exercise apps, takes breathing at rest for artefacts.

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        p: allowed distance as a part of the reference.
        gap_before: shape (n,), True where intervals are missing before this one.

    Returns:
        bool, shape (n,).

    Raises:
        ValueError: not one dimension, or not finite.
    """
    rr = _one_dimension(rr_ms)
    flagged = np.zeros(len(rr), dtype=np.bool_)
    starts = {0} if gap_before is None else {0, *np.flatnonzero(gap_before).tolist()}
    reference = 0.0
    for i, interval in enumerate(rr.tolist()):
        if i in starts:
            reference = float(np.median(rr[i : i + START]))
        if abs(interval - reference) > p * reference:
            flagged[i] = True
        else:
            reference = interval
    return flagged


def _one_dimension(rr_ms: ArrayLike) -> NDArray[np.float64]:
    rr = np.asarray(rr_ms, dtype=np.float64)
    if rr.ndim != 1:
        raise ValueError(f"rr_ms must have one dimension, not {rr.ndim}")
    if not np.isfinite(rr).all():
        raise ValueError("rr_ms holds values that are not finite numbers")
    return rr
