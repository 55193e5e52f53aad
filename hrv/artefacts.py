"""Which RR intervals are not normal, judged over a whole recording.

Method: Lipponen & Tarvainen, J Med Eng Technol 2019;43:173-181 (constants as in NeuroKit2 and
systole; the paper itself was not re-read). Classification changes nothing: `hrv.correction`
mends, for DFA and spectra only, and `hrv.online` judges beat by beat.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.correction import Corrected, correct
from hrv.kind import Kind
from hrv.lipponen_tarvainen import patterns
from hrv.online import CLAMP, START, OnlineMarker

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
        clamp: the hardened form (ours). Both thresholds stay between a twentieth of the median
            interval, at least 10 ms, and a quarter of it (`hrv.online.CLAMP`): noise of a few ms
            is no artefact, and many artefacts do not hide each other. The interval before an
            ectopic one, which the early beat made as well, is long or short when its distance
            from the median exceeds the threshold. The first and the last two intervals, which
            the published method takes as they are, are long or short when it would say so by
            their distance from the median: a strap put on or taken off leaves its worst interval
            there. False gives the published form.
        lo_ms, hi_ms: outside them an interval that fits no pattern is OUT_OF_RANGE.

    Returns:
        uint8, shape (n,).

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
        kinds = patterns(rr, gap, clamp=CLAMP if clamp else None)
    kinds[(kinds == Kind.NORMAL) & range_filter(rr, lo_ms, hi_ms)] = Kind.OUT_OF_RANGE
    return kinds


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
