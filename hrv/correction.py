"""Mending marked intervals, for DFA and spectra only; every other metric leaves them out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.kind import Kind

LONGEST_RUN = 3
"""Up to so many intervals in a row are interpolated; more are a gap."""


@dataclass(frozen=True, slots=True, eq=False)
class Corrected:
    """A mended series."""

    rr_ms: NDArray[np.float64]
    """Shape (m,): m differs from the number of intervals given."""
    gap_before: NDArray[np.bool_]
    """Shape (m,): where intervals are missing, from the start or given up here."""
    given_up: int
    """How many intervals, in runs too long to mend, were left out between others."""


def correct(rr_ms: ArrayLike, kinds: ArrayLike, gap_before: ArrayLike | None = None) -> Corrected:
    """Mend each interval by its kind.

    An extra beat's interval is joined with the next, whatever that one was marked; a missed
    beat's is split in halves; the rest is interpolated linearly between the nearest good or
    mended neighbours, up to three in a row. A longer run, one beside a gap, or one at either
    end is left out; between others that is a gap.

    Args:
        rr_ms: shape (n,), RR intervals in ms.
        kinds: shape (n,), from `hrv.artefacts.classify`.
        gap_before: shape (n,), True where intervals are missing before this one.

    Raises:
        ValueError: shapes that do not agree.
    """
    rr = np.asarray(rr_ms, dtype=np.float64)
    kind = np.asarray(kinds, dtype=np.uint8)
    gap = np.zeros(len(rr), np.bool_) if gap_before is None else np.array(gap_before, np.bool_)
    if not rr.shape == kind.shape == gap.shape or rr.ndim != 1:
        raise ValueError(
            f"rr_ms, kinds and gap_before differ in shape: {rr.shape}, {kind.shape}, {gap.shape}"
        )
    if not kind.any():
        return Corrected(rr, gap, 0)
    rr, kind, gap = _joined(rr, kind, gap)
    rr, kind, gap = _split(rr, kind, gap)
    return _interpolated(rr, kind, gap)


def _joined(
    rr: NDArray[np.float64], kind: NDArray[np.uint8], gap: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.bool_]]:
    with_previous = np.zeros(len(rr), np.bool_)
    with_previous[1:] = (kind[:-1] == Kind.EXTRA) & ~gap[1:]
    first = np.flatnonzero(~with_previous)
    sizes = np.diff(np.append(first, len(rr)))
    last_kind = kind[first + sizes - 1]
    # A chain of extras that ends at a gap has no interval to be joined with.
    mended = np.where((sizes > 1) & (last_kind != Kind.EXTRA), Kind.NORMAL, last_kind)
    return np.add.reduceat(rr, first), mended.astype(np.uint8), gap[first]


def _split(
    rr: NDArray[np.float64], kind: NDArray[np.uint8], gap: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.bool_]]:
    parts = np.where(kind == Kind.MISSED, 2, 1)
    is_first = np.zeros(parts.sum(), np.bool_)
    is_first[np.cumsum(parts) - parts] = True
    kind = np.where(kind == Kind.MISSED, Kind.NORMAL, kind).astype(np.uint8)
    return np.repeat(rr / parts, parts), np.repeat(kind, parts), np.repeat(gap, parts) & is_first


def _interpolated(
    rr: NDArray[np.float64], kind: NDArray[np.uint8], gap: NDArray[np.bool_]
) -> Corrected:
    n = len(rr)
    index = np.arange(n)
    good = kind == Kind.NORMAL
    if not good.any():
        return Corrected(np.empty(0), np.empty(0, np.bool_), 0)
    left = np.maximum.accumulate(np.where(good, index, -1))
    right = np.minimum.accumulate(np.where(good, index, n)[::-1])[::-1]
    inside = (left >= 0) & (right < n)
    segment = np.cumsum(gap)
    unbroken = segment[np.maximum(left, 0)] == segment[np.minimum(right, n - 1)]
    mendable = ~good & inside & unbroken & (right - left - 1 <= LONGEST_RUN)
    mended = rr.copy()
    mended[mendable] = np.interp(index[mendable], index[good], rr[good])
    keep = good | mendable
    left_out = np.append(0, np.cumsum(~keep))
    kept = np.flatnonzero(keep)
    gap_after = np.zeros(len(kept), np.bool_)
    gap_after[1:] = (np.diff(kept) > 1) | (np.diff(segment[kept]) > 0)
    return Corrected(mended[keep], gap_after, int(left_out[kept[-1]] - left_out[kept[0]]))
