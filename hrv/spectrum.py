"""Power spectrum of RR intervals: LF and HF, by Welch or by Lomb and Scargle.

LF/HF is for display only: it is no index of a "balance". Bands after Task Force 1996 (recalled,
not re-read). Other numbers say what stands behind them in the words of :mod:`hrv.zones`.

SciPy is imported inside the functions, off the start-up path.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.artefacts import accepted
from hrv.correction import correct
from hrv.detrend import smoothness_priors
from hrv.refusal import Refusal

Array = NDArray[np.float64]

VLF_HZ = (0.0033, 0.04)
LF_HZ = (0.04, 0.15)
HF_HZ = (0.15, 0.40)
"""Half-open."""

RESAMPLED_HZ = 4.0
"""Cubic, always: by our computation linear resampling loses 29 % of HF."""
SEGMENT = 480
"""Hann window of 120 s, half overlapping (our decision, as most of what follows)."""
NFFT = 1024

SHORTEST_S = 240.0
"""LF needs 4 minutes (Bourdillon 2017, Front Neurosci 11:456, abstract read)."""
LONGEST_S = 48 * 3600.0
"""More than two days of beats are refused rather than resampled."""
LOMB_LONGEST_S = 1800.0
"""Its cost grows with the square of the time; Welch is there for more."""
LOMB_COVERAGE_PCT = 80.0
"""With less of the time covered by normal beats the scale of the density is no longer known."""
RR_RANGE_MS = (100.0, 10_000.0)
"""What is taken for an interval between heartbeats here."""
LEAST_HF_MS2 = 1e-6
"""Below this there is no power to divide by, only rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """A power spectral density and the power in its bands."""

    freq_hz: Array
    """Shape (f,), rising."""
    psd_ms2_per_hz: Array
    """Shape (f,), one-sided."""
    method: Literal["welch", "lomb-scargle"]

    @property
    def vlf_ms2(self) -> float:
        """Power below 0.04 Hz; from five minutes it is little more than a remnant."""
        return self.power_ms2(*VLF_HZ)

    @property
    def lf_ms2(self) -> float:
        """Power from 0.04 to 0.15 Hz."""
        return self.power_ms2(*LF_HZ)

    @property
    def hf_ms2(self) -> float:
        """Power from 0.15 to 0.40 Hz."""
        return self.power_ms2(*HF_HZ)

    @property
    def lf_hf(self) -> float | None:
        """LF divided by HF; None where there is no HF."""
        hf_ms2 = self.hf_ms2
        return self.lf_ms2 / hf_ms2 if hf_ms2 > LEAST_HF_MS2 else None

    def power_ms2(self, low_hz: float, high_hz: float) -> float:
        """Power in ``[low, high)`` by the trapezoid rule over the bins inside."""
        inside = (self.freq_hz >= low_hz) & (self.freq_hz < high_hz)
        return float(np.trapezoid(self.psd_ms2_per_hz[inside], self.freq_hz[inside]))


def welch(
    rr_ms: ArrayLike,
    kinds: ArrayLike | None = None,
    gap_before: ArrayLike | None = None,
    *,
    detrended: bool = True,
    nfft: int = NFFT,
) -> Spectrum | Refusal:
    """The spectrum by Welch of the longest stretch without a gap, mended, at 4 Hz.

    Each interval stands at the beat that ends it; cubic spline; smoothness priors (λ = 500).

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        kinds: shape (n,), from `hrv.artefacts.classify`; None takes all as normal.
        gap_before: shape (n,), True where intervals are missing before this one.
        detrended: False removes only the mean.
        nfft: length of the transform, 480 or more.

    Refused as "not_rr" (an interval that is no finite number, marked or not, or one taken as
    normal that no heart makes), "too_short" (under 4 minutes without a gap) or "too_long".

    Raises:
        ValueError: shapes that do not agree.
    """
    even = evenly(rr_ms, kinds, gap_before)
    if isinstance(even, Refusal):
        return even
    x = smoothness_priors(even) if detrended else even - even.mean()
    from scipy import signal

    freq_hz, psd = signal.welch(
        x,
        fs=RESAMPLED_HZ,
        window="hann",
        nperseg=SEGMENT,
        noverlap=SEGMENT // 2,
        nfft=nfft,
        detrend="constant",
        scaling="density",
    )
    return Spectrum(freq_hz, psd, "welch")


def lomb_scargle(
    rr_ms: ArrayLike,
    kinds: ArrayLike | None = None,
    gap_before: ArrayLike | None = None,
    *,
    time_s: ArrayLike | None = None,
) -> Spectrum | Refusal:
    """The spectrum by Lomb and Scargle: of the normal beats as they are, nothing resampled.

    The unnormalised periodogram times 2T/N, T the time covered, N the number of intervals; from
    0.0033 to 0.5 Hz in steps of a quarter of 1/T.

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        kinds: shape (n,), from `hrv.artefacts.classify`; None takes all as normal.
        gap_before: shape (n,), True where intervals are missing before this one.
        time_s: shape (n,), when the beat fell that ends each interval. None adds the intervals
            up, which closes gaps, so then a gap is refused.

    Refused as "not_rr" (as :func:`welch` does, and times that are not finite), "too_short",
    "too_long" (over 30 minutes) or "gaps".

    Raises:
        ValueError: shapes that do not agree.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    good = np.ones(rr.shape, np.bool_) if kinds is None else accepted(kinds)
    gap = np.zeros(rr.shape, np.bool_) if gap_before is None else np.asarray(gap_before, np.bool_)
    if not rr.shape == good.shape == gap.shape or rr.ndim != 1:
        raise ValueError(f"shapes differ: {rr.shape}, {good.shape}, {gap.shape}")
    refusal = _not_finite(rr) or _not_rr(rr[good])
    if refusal:
        return refusal
    if time_s is None:
        if gap[1:].any() or _not_rr(rr):
            return Refusal("gaps", "without the time of each beat no gap can be bridged")
        t = np.cumsum(rr) / 1000.0
    else:
        t = np.asarray(time_s, dtype=np.float64)
        if t.shape != rr.shape:
            raise ValueError(f"shapes differ: {rr.shape}, {t.shape}")
        if not np.all(np.abs(t) <= 1e9):
            return Refusal("not_rr", "times of beats must be finite")
    t, rr = t[good], rr[good]
    if t.size < 2 or np.any(np.diff(t) < 0.0):
        return Refusal("too_short", "no two beats in rising order")
    span_s = float(t[-1] - t[0])
    refusal = _length(span_s + rr[0] / 1000.0, LOMB_LONGEST_S)
    if refusal:
        return refusal
    covered_pct = 100.0 * float(rr[1:].sum()) / 1000.0 / span_s
    if covered_pct < LOMB_COVERAGE_PCT:
        return Refusal("gaps", f"normal beats cover {covered_pct:.0f} % of the time; 80 % needed")

    from scipy import signal

    freq_hz = np.arange(VLF_HZ[0], 0.5, 0.25 / span_s)
    x = rr - rr.mean()
    # In pieces: SciPy makes tables of beats times frequencies.
    pieces = np.array_split(2.0 * np.pi * freq_hz, 1 + freq_hz.size * t.size // 200_000)
    power = np.concatenate([signal.lombscargle(t - t[0], x, piece) for piece in pieces])
    # Rounding may leave a hair below zero where there is no power.
    psd = np.maximum(power, 0.0) * 2.0 * span_s / t.size
    return Spectrum(freq_hz, psd, "lomb-scargle")


def evenly(
    rr_ms: ArrayLike, kinds: ArrayLike | None = None, gap_before: ArrayLike | None = None
) -> Array | Refusal:
    """The longest stretch without a gap, mended, as RR in ms at 4 Hz through a cubic spline.

    Refused and raises as :func:`welch`.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    marked = np.zeros(rr.shape, np.uint8) if kinds is None else np.asarray(kinds, np.uint8)
    # Marked intervals may be anything finite; what they are mended to must be intervals again.
    refusal = _not_finite(rr)
    if refusal is None and marked.shape == rr.shape:  # if not, `correct` says so
        refusal = _not_rr(rr[marked == 0])
    if refusal:
        return refusal
    mended = correct(np.clip(rr, 0.0, 1e6), marked, gap_before)
    stretches = np.split(mended.rr_ms, np.flatnonzero(mended.gap_before))
    longest = max(stretches, key=lambda stretch: float(stretch.sum()))
    refusal = _not_rr(longest) or _length(float(longest.sum()) / 1000.0, LONGEST_S)
    if refusal:
        return refusal

    from scipy.interpolate import CubicSpline

    beat_s = np.cumsum(longest) / 1000.0
    grid_s = np.arange(beat_s[0], beat_s[-1], 1.0 / RESAMPLED_HZ)
    return np.asarray(CubicSpline(beat_s, longest)(grid_s), dtype=np.float64)


def _not_finite(rr: Array) -> Refusal | None:
    """A marked interval as well: what is no number was never received."""
    return None if np.isfinite(rr).all() else Refusal("not_rr", "an interval is no finite number")


def _not_rr(rr: Array) -> Refusal | None:
    low_ms, high_ms = RR_RANGE_MS
    if np.all((rr >= low_ms) & (rr <= high_ms)):  # false for NaN too
        return None
    return Refusal(
        "not_rr", f"an interval taken as normal is not from {low_ms:g} to {high_ms:g} ms"
    )


def _length(time_s: float, longest_s: float) -> Refusal | None:
    if time_s < SHORTEST_S:
        return Refusal("too_short", f"{time_s:.0f} s without a gap; a spectrum needs 240")
    if time_s > longest_s:
        return Refusal("too_long", f"{time_s / 60.0:.0f} min; at most {longest_s / 60.0:.0f}")
    return None
