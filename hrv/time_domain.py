"""Time-domain metrics of RR intervals, each under the pairing rule.

A successive difference counts only between two accepted neighbours with no gap between them;
intervals are never deleted and the difference taken across the hole. Definitions: Task Force
1996 (recalled, not re-read) for SDNN, RMSSD and pNN50; Brennan 2001 as in NeuroKit2 for SD2.

Every function takes the same arguments:

    rr_ms: shape (n,), RR intervals in ms; NaN counts as not accepted.
    accepted: shape (n,), True where the interval is original and normal; None accepts all
        (see `hrv.artefacts.accepted`).
    gap_before: shape (n,), True where intervals are missing before this one; None means none.

and returns None when it cannot be computed: too few accepted intervals or pairs, or numbers
so large that their squares overflow. It raises ValueError when the shapes do not agree.
"""

from math import isfinite, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.rolling import RollingRmssd

__all__ = [
    "RollingRmssd",
    "ln_rmssd",
    "mean_hr",
    "mean_rr",
    "pnn50",
    "rmssd",
    "sd1",
    "sd2",
    "sdnn",
    "valid_pairs",
]

Flags = ArrayLike | None


def mean_rr(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Mean of the accepted intervals, in ms."""
    rr, good, _ = _checked(rr_ms, accepted, gap_before)
    return _mean(rr[good])


def mean_hr(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Mean heart rate in bpm: 60000 / mean RR, not the mean of 60000 / RR."""
    mean_rr_ms = mean_rr(rr_ms, accepted, gap_before)
    if mean_rr_ms is None or mean_rr_ms <= 0:
        return None
    return _known(60_000 / mean_rr_ms)


def sdnn(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Standard deviation (n - 1) of the accepted intervals, in ms; needs two."""
    rr, good, _ = _checked(rr_ms, accepted, gap_before)
    return _sd(rr[good])


def rmssd(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Root mean square of the valid successive differences, in ms; needs one."""
    first, second = valid_pairs(rr_ms, accepted, gap_before)
    if not len(first):
        return None
    with np.errstate(over="ignore"):
        d = second - first
        # Not np.dot: it wakes the threads of BLAS, which then spin for longer than this takes.
        return _known(sqrt(np.mean(d * d)))


def ln_rmssd(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Natural logarithm of RMSSD in ms; None when RMSSD is 0."""
    rmssd_ms = rmssd(rr_ms, accepted, gap_before)
    return log(rmssd_ms) if rmssd_ms else None


def pnn50(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Percentage of valid successive differences larger than 50 ms; needs one.

    Divides by the number of valid pairs and asks for strictly more than 50 ms. (NeuroKit2
    divides by the number of intervals.)
    """
    first, second = valid_pairs(rr_ms, accepted, gap_before)
    if not len(first):
        return None
    with np.errstate(over="ignore"):
        return 100.0 * int(np.count_nonzero(np.abs(second - first) > 50)) / len(first)


def sd1(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Short axis of the Poincaré plot in ms: SD (n - 1) of valid differences / √2.

    Needs two pairs. Equals RMSSD / √2 only where the mean difference is 0.
    """
    first, second = valid_pairs(rr_ms, accepted, gap_before)
    with np.errstate(over="ignore"):
        spread = _sd(second - first)
    return None if spread is None else spread / sqrt(2)


def sd2(rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None) -> float | None:
    """Long axis of the Poincaré plot in ms: SD (n - 1) of the sums of valid pairs / √2."""
    first, second = valid_pairs(rr_ms, accepted, gap_before)
    with np.errstate(over="ignore"):
        spread = _sd(first + second)
    return None if spread is None else spread / sqrt(2)


def valid_pairs(
    rr_ms: ArrayLike, accepted: Flags = None, gap_before: Flags = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The successive intervals that may be compared.

    Returns:
        Two arrays of shape (number of valid pairs,): the earlier and the later interval, ms.
    """
    rr, good, gap = _checked(rr_ms, accepted, gap_before)
    valid = good[:-1] & good[1:]
    if gap is not None:
        valid &= ~gap[1:]
    return rr[:-1][valid], rr[1:][valid]


def _checked(
    rr_ms: ArrayLike, accepted: Flags, gap_before: Flags
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_] | None]:
    rr = np.asarray(rr_ms, dtype=np.float64)
    if rr.ndim != 1:
        raise ValueError(f"rr_ms must have one dimension, not {rr.ndim}")
    good = np.isfinite(rr)
    if accepted is not None:
        good &= _flags("accepted", accepted, len(rr))
    gap = None if gap_before is None else _flags("gap_before", gap_before, len(rr))
    return rr, good, gap


def _flags(name: str, flags: ArrayLike, n: int) -> NDArray[np.bool_]:
    checked = np.asarray(flags, dtype=np.bool_)
    if checked.shape != (n,):
        raise ValueError(f"{name} must have shape ({n},) like rr_ms, not {checked.shape}")
    return checked


def _mean(values: NDArray[np.float64]) -> float | None:
    if not len(values):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        return _known(float(values.mean()))


def _sd(values: NDArray[np.float64]) -> float | None:
    if len(values) < 2:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        return _known(float(values.std(ddof=1)))


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
