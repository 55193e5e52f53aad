"""Breathing rate from the RR intervals, where they carry it (respiratory sinus arrhythmia)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hrv.refusal import Refusal
from hrv.spectrum import LF_HZ, RESAMPLED_HZ, SEGMENT, welch

BREATHING_HZ = (0.15, 0.50)
NFFT = 4096
"""Bins of 0.06 breaths a minute."""
RESOLUTION_HZ = 2.0 * RESAMPLED_HZ / SEGMENT
"""Half the width of a line seen through the Hann window; closer peaks are one."""
NEAR_PEAK_HZ = 0.03
TRUSTED_SHARE_PCT = 40.0
"""So much of the band's power must lie within 0.03 Hz of the peak (our decision)."""
LF_DOMINATES = 5.0
"""A peak below 0.15 Hz this many times the one above is taken for slow breathing. Our decision:
slow vessel waves at rest may well reach twice the breathing peak, slow breathing leaves a
hundredth."""

UNCLEAR = Refusal("slow_or_unclear", "breathing slow or unclear")


@dataclass(frozen=True, slots=True)
class Respiration:
    """A breathing rate that may be trusted."""

    rate_per_min: float
    share_pct: float
    """Of the power from 0.15 to 0.50 Hz, what lies near the peak."""


def respiration(
    rr_ms: ArrayLike,
    kinds: ArrayLike | None = None,
    gap_before: ArrayLike | None = None,
) -> Respiration | Refusal:
    """Breaths a minute, or why not; never a number that cannot be trusted.

    Takes RR intervals in ms and their marks, shape (n,), as :func:`hrv.spectrum.welch` does, and
    refuses what it refuses; further "slow_or_unclear": no peak inside 0.15 to 0.50 Hz, one too
    broad, or one dwarfed by that below 0.15 Hz.

    Raises:
        ValueError: shapes that do not agree.
    """
    spectrum = welch(rr_ms, kinds, gap_before, nfft=NFFT)
    if isinstance(spectrum, Refusal):
        return spectrum
    freq_hz, psd = spectrum.freq_hz, spectrum.psd_ms2_per_hz
    band = np.flatnonzero((freq_hz >= BREATHING_HZ[0]) & (freq_hz < BREATHING_HZ[1]))
    peak = band[np.argmax(psd[band])]
    slow = psd[(freq_hz >= LF_HZ[0]) & (freq_hz < LF_HZ[1])].max()
    total_ms2 = spectrum.power_ms2(*BREATHING_HZ)
    # Near the border it may be the flank of a peak outside; a millionth of a ms² is rounding.
    around = np.abs(freq_hz - freq_hz[peak]) <= RESOLUTION_HZ
    is_flank = psd[around].max() > psd[peak]
    if is_flank or total_ms2 < 1e-6 or slow > LF_DOMINATES * psd[peak]:
        return UNCLEAR
    near_ms2 = spectrum.power_ms2(
        max(BREATHING_HZ[0], freq_hz[peak] - NEAR_PEAK_HZ),
        min(BREATHING_HZ[1], freq_hz[peak] + NEAR_PEAK_HZ),
    )
    share_pct = 100.0 * near_ms2 / total_ms2
    if share_pct < TRUSTED_SHARE_PCT:
        return UNCLEAR
    return Respiration(60.0 * float(freq_hz[peak]), share_pct)
