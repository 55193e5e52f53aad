"""α1 of the last two minutes while the beats come in, in plain Python.

The arithmetic is that of `hrv.dfa`; sums over the boxes come from running sums, and the
pentadiagonal system of the detrending is factored once for all windows.
"""

from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from math import fsum, log2
from operator import mul, sub

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

LONGEST_RUN = 3
"""Up to so many intervals in a row are interpolated; more are a gap (as in hrv.correction)."""

LAM = 500.0
"""λ of the smoothness priors, as in `hrv.detrend`."""


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
        self._mender = _Mender()
        self._mended: deque[_Interval] = deque()
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


_Interval = tuple[float, float, int]
"""(time_s, rr_ms, beats lost before it)."""


class _Mender:
    """`hrv.correction.correct`, interval by interval."""

    def __init__(self) -> None:
        self._last: _Interval | None = None
        """The newest good or mended interval."""
        self._joining_ms: float | None = None
        """The intervals of extra beats that wait for the next to be joined with."""
        self._run: list[float] = []
        """Times of intervals that wait for a good one behind them."""
        self._broken = False
        """Whether there was a gap since the newest good interval."""

    def add(self, time_s: float, rr_ms: float, kind: Kind, gap_before: bool) -> list[_Interval]:
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

    def _good(self, time_s: float, rr_ms: float) -> list[_Interval]:
        last = self._last
        mended: list[_Interval] = []
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
    # Running sums of y, of 2ky (k the position) and of y squared, each from 0.
    sum_y = list(accumulate(profile, initial=0.0))
    sum_2ky = list(accumulate(map(mul, range(0, 2 * n, 2), profile), initial=0.0))
    sum_yy = list(accumulate(map(mul, profile, profile), initial=0.0))
    slope = 0.0
    for scale, weight in zip(scales, weights, strict=True):
        boxes = n // scale
        residual = 0.0
        for begin in (0, n - boxes * scale):
            end = begin + boxes * scale
            at = slice(begin, end + 1, scale)
            edge = sum_y[at]
            y = list(map(sub, edge[1:], edge))
            edge = sum_2ky[at]
            # Twice the sum of (k - centre of the box) y.
            centre = range(2 * begin + scale - 1, 2 * end, 2 * scale)
            tilt = list(map(sub, map(sub, edge[1:], edge), map(mul, centre, y)))
            residual += sum_yy[end] - sum_yy[begin] - sum(map(mul, y, y)) / scale
            residual -= sum(map(mul, tilt, tilt)) * 3 / (scale * (scale * scale - 1))
        variance = residual / (2 * boxes * scale)
        if not variance > MIN_FLUCTUATION_MS**2:
            return None
        slope += weight * log2(variance) / 2
    return slope


_FACTOR: list[tuple[float, float, float]] = []
"""Rows (1/δ, β, γ) of the LDLᵀ factor of I + λ²D₂ᵀD₂, the same for every length but for the
last two rows; grown as long windows ask for it."""


def without_trend(z: Sequence[float]) -> list[float]:
    """`hrv.detrend.smoothness_priors` with λ = 500, in plain Python; needs four values or more."""
    n = len(z)
    square = LAM * LAM
    _grow_factor(n)
    rows = _FACTOR[: n - 2]
    # The last two rows of the matrix differ from the inner ones: (6, -4) is (5, -2), then 1.
    inverse_1, beta_1, gamma_1 = rows[-1]
    inverse_2, _, gamma_2 = rows[-2]
    delta = 1 + 5 * square - beta_1 * beta_1 / inverse_1 - gamma_2 * gamma_2 / inverse_2
    beta = (-2 * square - gamma_1 * beta_1 / inverse_1) / delta
    last = 1 + square - beta * beta * delta - gamma_1 * gamma_1 / inverse_1
    rows += [(1 / delta, beta, 0.0), (1 / last, 0.0, 0.0)]

    forward = []
    beta_1 = gamma_1 = gamma_2 = u_1 = u_2 = 0.0
    for value, (inverse, beta, gamma) in zip(z, rows, strict=True):
        u = value - beta_1 * u_1 - gamma_2 * u_2
        forward.append(u * inverse)
        u_2, u_1 = u_1, u
        beta_1, gamma_2, gamma_1 = beta, gamma_1, gamma
    trend = []
    x_1 = x_2 = 0.0
    for scaled, (_, beta, gamma) in zip(reversed(forward), reversed(rows), strict=True):
        x = scaled - beta * x_1 - gamma * x_2
        trend.append(x)
        x_2, x_1 = x_1, x
    trend.reverse()
    return list(map(sub, z, trend))


def _grow_factor(n: int) -> None:
    square = LAM * LAM
    while len(_FACTOR) < n:
        k = len(_FACTOR)
        diagonal = 1 + square * (1, 5, 6)[min(k, 2)]
        below = -2 * square if k == 0 else -4 * square
        if k >= 1:
            inverse, beta, gamma = _FACTOR[k - 1]
            diagonal -= beta * beta / inverse
            below -= gamma * beta / inverse
        if k >= 2:
            inverse, _, gamma = _FACTOR[k - 2]
            diagonal -= gamma * gamma / inverse
        _FACTOR.append((1 / diagonal, below / diagonal, square / diagonal))
