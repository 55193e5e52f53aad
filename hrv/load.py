"""How much one session was: TRIMP in three forms, and session RPE.

How far each number can be trusted is said in the words of :mod:`hrv.zones`.
"""

from collections.abc import Sequence
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from hrv.hr_max import bpm_in_range

Sex = Literal["female", "male"]

BANISTER_A: dict[Sex, float] = {"male": 0.64, "female": 0.86}
BANISTER_B: dict[Sex, float] = {"male": 1.92, "female": 1.67}
"""Weights of Banister's TRIMP (Morton 1990, by way of Kubios: abstract read). GoldenCheetah (code
read) keeps a = 0.64 for women too; that is a deliberate difference."""

EDWARDS_WEIGHTS = (1.0, 2.0, 3.0, 4.0, 5.0)
"""Of the five zones of 10 % of HRmax from 50 % (Edwards 1993; its paper was not read)."""
LUCIA_WEIGHTS = (1.0, 2.0, 3.0)
"""Below VT1, between the thresholds, above VT2 (Lucia 2003; recalled)."""

CR10_MOST = 10.0
"""The top of Borg's CR10 scale as Foster 2001 (JSCR 15:109, abstract read) uses it."""


def trimp(
    hr_bpm: ArrayLike, minutes: ArrayLike, *, rest_bpm: float, max_bpm: float, sex: Sex
) -> float:
    """Banister's TRIMP, summed over samples (our default) or from one mean.

    Σ T·x·a·exp(b·x), x the share of heart-rate reserve, clipped to 0 and 1.

    Args:
        hr_bpm: shape (n,) or one number; NaN is unknown and adds nothing.
        minutes: how long each sample lasted, same shape.
        rest_bpm: resting heart rate.
        max_bpm: highest heart rate.
        sex: which pair of weights.

    Raises:
        ValueError: shapes differ, a duration is negative or not finite, rest or max implausible.
    """
    bpm_in_range("the resting heart rate", rest_bpm)
    bpm_in_range("the highest heart rate", max_bpm)
    if not rest_bpm < max_bpm:
        raise ValueError(f"rest ({rest_bpm:g} bpm) must be below the highest ({max_bpm:g})")
    hr = np.atleast_1d(np.asarray(hr_bpm, dtype=np.float64))
    lasted = np.atleast_1d(np.asarray(minutes, dtype=np.float64))
    if hr.shape != lasted.shape or hr.ndim != 1:
        raise ValueError(f"{hr.shape} heart rates but {lasted.shape} durations")
    if not np.all((lasted >= 0.0) & (lasted <= 1e6)):
        raise ValueError("a duration must be a number of minutes from 0 to 1e6")
    known = np.isfinite(hr)
    # Clipped first: the difference of absurd numbers must not overflow.
    share = (np.clip(hr[known], rest_bpm, max_bpm) - rest_bpm) / (max_bpm - rest_bpm)
    weight = share * BANISTER_A[sex] * np.exp(BANISTER_B[sex] * share)
    return float(np.dot(lasted[known], weight))


def edwards(zone_minutes: Sequence[float]) -> float:
    """Edwards' TRIMP from the minutes in zones 1 to 5 of :func:`hrv.zones.percent_max`.

    Raises:
        ValueError: not five durations, or one of them negative or not finite.
    """
    return _weighted(zone_minutes, EDWARDS_WEIGHTS)


def lucia(zone_minutes: Sequence[float]) -> float:
    """Lucia's TRIMP from the minutes in the zones of :func:`hrv.zones.three_zone`.

    Raises:
        ValueError: not three durations, or one of them negative or not finite.
    """
    return _weighted(zone_minutes, LUCIA_WEIGHTS)


def session_rpe(cr10: float, minutes: float) -> float:
    """Rating of the whole session, asked 10 to 30 minutes after it, times its minutes.

    Foster 2001, JSCR 15:109 (abstract read).

    Raises:
        ValueError: the rating is not from 0 to 10, or the duration negative or not finite.
    """
    if not 0.0 <= cr10 <= CR10_MOST:
        raise ValueError(f"a CR10 rating lies between 0 and {CR10_MOST:g}, not {cr10}")
    return _weighted([minutes], [cr10])


def _weighted(zone_minutes: Sequence[float], weights: Sequence[float]) -> float:
    if len(zone_minutes) != len(weights):
        raise ValueError(f"{len(weights)} zones are weighted, not {len(zone_minutes)}")
    for lasted in zone_minutes:
        if not (isfinite(lasted) and 0.0 <= lasted <= 1e6):
            raise ValueError(f"a duration must be a number of minutes from 0 to 1e6, not {lasted}")
    return sum(weight * lasted for weight, lasted in zip(weights, zone_minutes, strict=True))
