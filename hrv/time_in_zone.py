"""How long heart rate was where, and whether an easy run was easy.

Heart rate comes as samples, one a second or so: ``time_s`` rising from the start of the session,
shape (n,), and ``hr_bpm``, same shape, NaN where it was unknown. A sample stands for the time
since the one before it, at most 5 s; the rest of that time is unknown.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.hr_max import PLAUSIBLE_BPM, bpm_in_range
from hrv.refusal import Refusal
from hrv.zones import Zones

LONGEST_STEP_S = 5.0
"""A sample speaks for no more than this (our decision)."""
WARM_UP_S = 600.0
"""Dropped before an effort is judged (our decision)."""
EASY_PCT = 90.0
MOSTLY_EASY_PCT = 75.0
"""Share of known time at or below the ceiling that makes a run easy, mostly easy (ours)."""
UNKNOWN_MOST_PCT = 20.0
"""With more unknown time than this there is no verdict (our decision)."""

EasyWord = Literal["easy", "mostly easy", "not easy"]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ZoneTime:
    """Time in each zone of a model."""

    seconds: tuple[float, ...]
    """One per zone, the first lies below the first bound."""
    unknown_s: float
    """Time without heart rate."""

    @property
    def minutes(self) -> tuple[float, ...]:
        """The same in minutes."""
        return tuple(s / 60.0 for s in self.seconds)


def time_in_zone(time_s: ArrayLike, hr_bpm: ArrayLike, zones: Zones) -> ZoneTime:
    """Seconds in each zone.

    Raises:
        ValueError: shapes differ, or times are not finite and rising.
    """
    hr, step_s, total_s = samples(time_s, hr_bpm)
    at = np.searchsorted(zones.bounds_bpm, hr, side="right")  # half-open [low, high)
    seconds = np.bincount(at, weights=step_s, minlength=len(zones.names))
    return ZoneTime(tuple(seconds.tolist()), max(0.0, total_s - float(step_s.sum())))


@dataclass(frozen=True, slots=True)
class EasyVerdict:
    """Whether the easy run was easy, with what it was judged by."""

    word: EasyWord
    below_pct: float
    """Share of known time at or below the ceiling, after the warm-up."""
    mean_hr_bpm: float
    unknown_pct: float


def easy_verdict(
    time_s: ArrayLike, hr_bpm: ArrayLike, ceiling_bpm: float, *, warm_up_s: float = WARM_UP_S
) -> EasyVerdict | Refusal:
    """Was easy easy? Judged on known time after the warm-up.

    Refused as "too_short" (nothing after the warm-up) or "unknown_time" (over 20 % of it).

    Raises:
        ValueError: shapes differ, times are not rising, or the ceiling is implausible.
    """
    bpm_in_range("the ceiling", ceiling_bpm)
    hr, step_s, total_s = samples(time_s, hr_bpm, from_s=warm_up_s)
    if total_s <= 0.0:
        return Refusal("too_short", f"nothing was recorded after the {warm_up_s:.0f} s warm-up")
    known_s = float(step_s.sum())
    unknown_pct = max(0.0, 100.0 * (1.0 - known_s / total_s))
    if unknown_pct > UNKNOWN_MOST_PCT or known_s <= 0.0:
        return Refusal("unknown_time", f"heart rate is unknown for {unknown_pct:.0f} % of the run")
    below_pct = 100.0 * float(step_s[hr <= ceiling_bpm].sum()) / known_s
    mean_hr_bpm = float(np.dot(hr, step_s)) / known_s
    word: EasyWord = "not easy"
    if below_pct >= EASY_PCT:
        # A few hard minutes can lift the mean over the ceiling: intervals are not an easy run.
        word = "easy" if mean_hr_bpm <= ceiling_bpm else "not easy"
    elif below_pct >= MOSTLY_EASY_PCT:
        word = "mostly easy"
    return EasyVerdict(word, below_pct, mean_hr_bpm, unknown_pct)


def samples(
    time_s: ArrayLike, hr_bpm: ArrayLike, *, from_s: float = 0.0
) -> tuple[Array, Array, float]:
    """The known heart rates, how long each counts, and how much time passed, from ``from_s`` on.

    Raises:
        ValueError: shapes differ, or times are not finite and rising.
    """
    t = np.asarray(time_s, dtype=np.float64)
    hr = np.asarray(hr_bpm, dtype=np.float64)
    step_s = steps(t, from_s=from_s)
    if hr.shape != t.shape:
        raise ValueError(f"{t.shape} times but {hr.shape} heart rates")
    total_s = float(t[-1] - max(t[0], from_s)) if t.size else 0.0
    known = believed(hr) & (step_s > 0.0)
    return hr[known], step_s[known], max(0.0, total_s)


def believed(hr_bpm: Array) -> NDArray[np.bool_]:
    """Where there is a heart rate, and one a heart can have."""
    low_bpm, high_bpm = PLAUSIBLE_BPM
    return (hr_bpm >= low_bpm) & (hr_bpm <= high_bpm)  # false for NaN too


def steps(time_s: ArrayLike, *, from_s: float = 0.0) -> Array:
    """How long each sample counts, shape (n,): 0 for the first and for all up to ``from_s``.

    Raises:
        ValueError: not one dimension, or times are not finite and rising.
    """
    t = np.asarray(time_s, dtype=np.float64)
    if t.ndim != 1:
        raise ValueError(f"times have one dimension, these have {t.ndim}")
    if not np.all(np.abs(t) <= 1e9) or np.any(np.diff(t) < 0.0):
        raise ValueError("times must be finite seconds that never go back")
    return np.clip(np.diff(np.maximum(t, from_s), prepend=t[:1].clip(from_s)), 0.0, LONGEST_STEP_S)
