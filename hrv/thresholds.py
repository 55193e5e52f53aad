"""Heart-rate thresholds from the fall of DFA α1 in a ramp: HRVT1, HRVT2 and the individual one.

Contested, and to be shown so. α1 = 0.75 for VT1 comes from 15 runners, 152 against 154 bpm, r 0.97
(Rogers 2021, Front Physiol 11:596567); 0.50 for VT2 from Rogers 2021, JFMK 6:38. Later work found
VT1 overestimated by 10 ± 16 bpm (Eronen 2024, n = 64), 146 bpm where gas exchange said 131 (IJSPP
2024, doi 10.1123/ijspp.2024-0143), and poor agreement (Olieslagers et al., PMC12910119). With an
H10 the error of α1 grows with intensity (Schaffarczyk 2022). Of all these the abstract was read,
not the paper; Rogers' exact segment of the fall is recalled only. So: both thresholds are stored,
the lower is proposed, the athlete decides, and a re-test is due after 4 to 8 weeks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.alpha1_variants import ARTEFACT_MOST_PCT
from hrv.hr_max import bpm_in_range
from hrv.refusal import Refusal
from hrv.time_in_zone import believed

ALPHA1_VT1 = 0.75
ALPHA1_VT2 = 0.50
"""Where the thresholds are read off (Rogers 2021, both papers above; abstract read)."""

FALL_FROM = 1.0
FALL_TO = 0.5
"""The part of the fall that is fitted (our decision, after what is recalled of Rogers 2021)."""
LEAST_POINTS = 24
"""Two minutes at a point every 5 s (our decision, like the three below)."""
LEAST_SPAN_BPM = 15.0
LEAST_R2 = 0.6
BEYOND_BPM = 5.0
"""HRVT2 is not read off further than this above the highest heart rate that was fitted."""

STOP_POINTS = 24
"""A ramp is over when α1 was below 0.5 for 2 minutes of points every 5 s (our decision)."""
STOP_PCT_HR_MAX = 90.0
"""... or at this share of HRmax (our decision)."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The line α1 = slope·HR + intercept."""

    slope_per_bpm: float
    intercept: float
    r2: float
    n: int
    hr_low_bpm: float
    hr_high_bpm: float

    def hr_at(self, alpha1: float) -> float:
        """Heart rate in bpm where the line has this α1; the slope must not be 0."""
        return (alpha1 - self.intercept) / self.slope_per_bpm


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a ramp says; the athlete accepts it or not."""

    hrvt1_bpm: float
    """Where α1 = 0.75."""
    hrvt2_bpm: float | None
    """Where α1 = 0.50; None if the ramp did not come near it."""
    individual_bpm: float
    """Where α1 = a1*."""
    individual_alpha1: float
    """a1* = (highest early α1 + 0.5) / 2. In that study it gave 132 bpm against 131 by gas
    exchange, at a mean a1* of 1.01 (IJSPP 2024, abstract read)."""
    fit: Fit

    @property
    def proposed_bpm(self) -> float:
        """The lower of the two first thresholds (our decision)."""
        return min(self.hrvt1_bpm, self.individual_bpm)


def ramp_thresholds(
    hr_bpm: ArrayLike, alpha1: ArrayLike, artefact_pct: ArrayLike | None = None
) -> Thresholds | Refusal:
    """Thresholds from the points of a ramp.

    The fall runs from the highest α1 to where α1 stays below 0.5 for 2 minutes, or else to the
    highest heart rate, so that neither warm-up nor cool-down is fitted.

    Args:
        hr_bpm: shape (n,), mean heart rate of each window, a point every 5 s in order of time.
        alpha1: shape (n,), default variant, of the same window; NaN where it was refused.
        artefact_pct: shape (n,), of the same window; None means none.

    Refused as "too_few_points", "hr_span", "no_fall" (α1 does not fall with heart rate), "poor_fit"
    (R² below 0.6) or "not_reached" (α1 never came down to 0.75).

    Raises:
        ValueError: shapes that do not agree.
    """
    hr, a1 = _clean(hr_bpm, alpha1, artefact_pct)
    hr, a1 = _fall(hr, a1)
    use = (a1 >= FALL_TO) & (a1 <= FALL_FROM)
    if np.count_nonzero(use) < LEAST_POINTS:
        return Refusal(
            "too_few_points",
            f"{np.count_nonzero(use)} clean points with α1 from {FALL_TO} to {FALL_FROM} in the"
            f" fall; {LEAST_POINTS} are needed",
        )
    span_bpm = float(np.ptp(hr[use]))
    if span_bpm < LEAST_SPAN_BPM:
        return Refusal(
            "hr_span", f"they span {span_bpm:.0f} bpm; at least {LEAST_SPAN_BPM:.0f} are needed"
        )
    line = fit(hr[use], a1[use])
    if not line.slope_per_bpm < -1e-6:
        return Refusal("no_fall", "α1 does not fall as heart rate rises")
    if line.r2 < LEAST_R2:
        return Refusal("poor_fit", f"R² is {line.r2:.2f}; at least {LEAST_R2} is needed")
    return _read_off(line, a1) if a1[use].min() <= ALPHA1_VT1 else _not_reached(a1[use])


def fit(hr_bpm: ArrayLike, alpha1: ArrayLike) -> Fit:
    """Least squares of α1 on heart rate, unweighted.

    Args:
        hr_bpm: shape (n,), n at least 2, not all alike.
        alpha1: shape (n,).

    Raises:
        ValueError: shapes differ, fewer than two points, or all heart rates alike.
    """
    hr, a1 = np.asarray(hr_bpm, dtype=np.float64), np.asarray(alpha1, dtype=np.float64)
    if hr.shape != a1.shape or hr.ndim != 1 or hr.size < 2 or not np.ptp(hr) > 0.0:
        raise ValueError("a line needs two points or more at different heart rates")
    dx, dy = hr - hr.mean(), a1 - a1.mean()
    xx, xy, yy = float(dx @ dx), float(dx @ dy), float(dy @ dy)
    slope = xy / xx
    return Fit(
        slope_per_bpm=slope,
        intercept=float(a1.mean() - slope * hr.mean()),
        r2=xy * xy / (xx * yy) if yy > 0.0 else 0.0,
        n=hr.size,
        hr_low_bpm=float(hr.min()),
        hr_high_bpm=float(hr.max()),
    )


def individual_alpha1(alpha1_max_early: float) -> float:
    """a1* = (highest early α1 + 0.5) / 2 (IJSPP 2024, doi 10.1123/ijspp.2024-0143, abstract)."""
    return (alpha1_max_early + FALL_TO) / 2.0


def stop_reason(
    hr_bpm: ArrayLike, alpha1: ArrayLike, *, max_bpm: float | None = None
) -> str | None:
    """Why a ramp should end now, in plain words; None to go on. Points as they come, every 5 s.

    Raises:
        ValueError: an implausible HRmax.
    """
    hr = np.atleast_1d(np.asarray(hr_bpm, dtype=np.float64))
    last = np.atleast_1d(np.asarray(alpha1, dtype=np.float64))[-STOP_POINTS:]
    if max_bpm is not None:
        limit_bpm = bpm_in_range("the highest heart rate", max_bpm) * STOP_PCT_HR_MAX / 100.0
        if hr.size and hr[-1] >= limit_bpm:
            return f"heart rate is at {STOP_PCT_HR_MAX:.0f} % of your highest"
    if last.size == STOP_POINTS and np.all(last < ALPHA1_VT2):
        return "α1 has been below 0.5 for 2 minutes"
    return None


def _clean(
    hr_bpm: ArrayLike, alpha1: ArrayLike, artefact_pct: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    hr, a1 = np.asarray(hr_bpm, dtype=np.float64), np.asarray(alpha1, dtype=np.float64)
    bad = np.zeros(hr.shape) if artefact_pct is None else np.asarray(artefact_pct, dtype=np.float64)
    if not hr.shape == a1.shape == bad.shape or hr.ndim != 1:
        raise ValueError(f"shapes differ: {hr.shape}, {a1.shape}, {bad.shape}")
    # α1 of anything alive lies between 0 and 2; the rest are faults, as is NaN.
    good = believed(hr) & (a1 >= 0.0) & (a1 <= 3.0) & (bad <= ARTEFACT_MOST_PCT)
    return hr[good], a1[good]


def _fall(
    hr: NDArray[np.float64], a1: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From the highest α1 to the end of the ramp."""
    if not a1.size:
        return hr, a1
    end = hr.size - 1 - int(np.argmax(hr[::-1]))  # the last of the highest
    below = 0
    for i, value in enumerate(a1):
        below = below + 1 if value < ALPHA1_VT2 else 0
        if below == STOP_POINTS:
            end = min(end, i)
            break
    start = int(np.argmax(a1[: end + 1]))
    return hr[start : end + 1], a1[start : end + 1]


def _read_off(line: Fit, a1: NDArray[np.float64]) -> Thresholds:
    hrvt2_bpm = line.hr_at(ALPHA1_VT2)
    own_alpha1 = individual_alpha1(float(a1.max()))
    return Thresholds(
        hrvt1_bpm=line.hr_at(ALPHA1_VT1),
        hrvt2_bpm=hrvt2_bpm if hrvt2_bpm <= line.hr_high_bpm + BEYOND_BPM else None,
        individual_bpm=line.hr_at(own_alpha1),
        individual_alpha1=own_alpha1,
        fit=line,
    )


def _not_reached(a1: NDArray[np.float64]) -> Refusal:
    return Refusal(
        "not_reached", f"α1 came down to {a1.min():.2f} only; the ramp must go on to {ALPHA1_VT1}"
    )
