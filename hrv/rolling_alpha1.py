"""α1 of the last two minutes while the beats come in, in plain Python.

The arithmetic is that of `hrv.dfa`, with sums over the boxes from running sums of the profile.
"""

from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from math import fsum, log2
from operator import mul

from hrv.alpha1_variants import (
    MAX_LOST_BEATS,
    MIN_COVERAGE,
    MIN_FLUCTUATION_MS,
    MIN_INTERVALS,
    VARIANTS,
    Alpha1,
    VariantName,
)
from hrv.kind import Kind
from hrv.mender import MendedInterval, Mender
from hrv.plain_detrend import without_trend


class RollingAlpha1:
    """α1 of the mended intervals of the last `window_s` seconds, renewed every `every_s`.

    The window ends with the newest interval decided. There is no value while it holds fewer
    than 100 intervals, covers less than 95 % of its time (the age of the newest included) or
    lacks more than 3 beats.
    """

    def __init__(
        self, window_s: float = 120.0, every_s: float = 5.0, *, variant: VariantName = "default"
    ) -> None:
        self.window_s = window_s
        self.every_s = every_s
        self.variant: VariantName = variant
        how = VARIANTS[variant]
        if how.boxes != "both":
            raise ValueError(f"no live form of the variant {variant!r}")
        self._scales = how.scales
        self._weights = how.weights
        self._detrended = how.detrended
        self._mender = Mender()
        self._mended: deque[MendedInterval] = deque()
        self._due_s: float | None = None
        self._current: Alpha1 | None = None

    def add(
        self, time_s: float, rr_ms: float, kind: Kind = Kind.NORMAL, gap_before: bool = False
    ) -> None:
        """Add the next interval once its kind is decided.

        Args:
            time_s: when the beat fell that ends it.
            rr_ms: its length.
            kind: its kind, for mending.
            gap_before: whether intervals are missing before it.
        """
        self._mended.extend(self._mender.add(time_s, rr_ms, kind, gap_before))

    def value(self, now_s: float) -> Alpha1 | None:
        """The value at `now_s`, computed anew when the last one is `every_s` old."""
        if self._due_s is None or now_s >= self._due_s:
            self._due_s = now_s + self.every_s
            self._current = self._computed(now_s)
        return self._current

    def _computed(self, now_s: float) -> Alpha1 | None:
        window = self._mended
        if not window:
            return None
        newest_s = window[-1][0]
        while window[0][0] < newest_s - self.window_s:
            window.popleft()
        if len(window) < MIN_INTERVALS or now_s - newest_s > (1 - MIN_COVERAGE) * self.window_s:
            return None
        rr_ms = [interval[1] for interval in window]
        lost = sum(interval[2] for interval in window) - window[0][2]
        if lost > MAX_LOST_BEATS or fsum(rr_ms) < 1000 * MIN_COVERAGE * self.window_s:
            return None
        slope = _slope(rr_ms, self._scales, self._weights, detrended=self._detrended)
        return None if slope is None else Alpha1(slope, self.variant)


def _slope(
    rr_ms: Sequence[float], scales: Sequence[int], weights: Sequence[float], *, detrended: bool
) -> float | None:
    mean = fsum(rr_ms) / len(rr_ms)
    centred = [rr - mean for rr in rr_ms]
    if detrended:
        centred = without_trend(centred)
        mean = fsum(centred) / len(centred)
        centred = [value - mean for value in centred]
    profile = list(accumulate(centred))
    n = len(profile)
    # Running sums from 0: of y, of these sums themselves, and of y squared.
    sums = list(accumulate(profile, initial=0.0))
    sums_of_sums = list(accumulate(sums))
    squares = list(accumulate(map(mul, profile, profile), initial=0.0))
    slope = 0.0
    for scale, weight in zip(scales, weights, strict=True):
        boxes = n // scale
        above, below = (scale + 1) / 2, (scale - 1) / 2
        square = levels = tilts = 0.0
        for begin in (0, n - boxes * scale):
            end = begin + boxes * scale
            square += squares[end] - squares[begin]
            edges = zip(
                sums[begin : end + 1 : scale], sums_of_sums[begin : end + 1 : scale], strict=True
            )
            p0, q0 = next(edges)
            for p, q in edges:
                # Of each box the sum of y, and by partial summation that of y times the
                # distance from its centre: what a fitted line explains.
                level = p - p0
                tilt = above * p + below * p0 - (q - q0)
                levels += level * level
                tilts += tilt * tilt
                p0, q0 = p, q
        residual = square - levels / scale - tilts * 12 / (scale * (scale * scale - 1))
        variance = residual / (2 * boxes * scale)
        if not variance > MIN_FLUCTUATION_MS**2:
            return None
        slope += weight * log2(variance) / 2
    return slope
