"""Does heart rate drift away from the work? Decoupling, heart-rate drift, recovery.

A convention of training practice (Friel), not a paper; formula as in GoldenCheetah's
``AerobicDecoupling.cpp`` (code read). Heat and dehydration raise it too.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hrv.hr_max import bpm_in_range
from hrv.refusal import Refusal
from hrv.time_in_zone import WARM_UP_S, believed, steps

DECOUPLED_PCT = 5.0
"""Above this the effort was perhaps above the aerobic threshold (Friel's convention)."""
SHORTEST_S = 2400.0
"""40 minutes of moving time after the warm-up; less is not reported (our decision)."""
SPEED_CV_MOST_PCT = 10.0
GRADE_CHANGE_MOST_PCT = 1.0
"""Only steady running on steady ground can be judged (our decision)."""
MOVING_FROM_MPS = 0.5
"""Slower than this is standing (our decision)."""
FASTEST_MPS = 50.0
"""Faster than this is a fault of the sensor (our decision)."""

RECOVERY_EFFORT_S = 10.0
RECOVERY_FROM_S = 55.0
RECOVERY_TO_S = 65.0
"""HRR60: mean of the last 10 s of effort − mean of 55 to 65 s after it (our decision)."""


@dataclass(frozen=True, slots=True)
class Drift:
    """How much heart rate rose against the work from the first half to the second."""

    pct: float
    """Positive: heart rate drifted up."""
    kind: Literal["decoupling", "hr drift"]
    caveat: str | None
    """What a person must be told beside the number; None for nothing."""

    @property
    def above_threshold(self) -> bool:
        """More than 5 % suggests an effort above the aerobic threshold."""
        return self.pct > DECOUPLED_PCT


def decoupling_pct(
    speed_1_mps: float, hr_1_bpm: float, speed_2_mps: float, hr_2_bpm: float
) -> float:
    """100·(EF1 − EF2)/EF1, EF = mean speed / mean heart rate of each half.

    Raises:
        ValueError: standing still, or a heart rate or speed that no runner has.
    """
    for speed_mps in (speed_1_mps, speed_2_mps):
        if not MOVING_FROM_MPS <= speed_mps <= FASTEST_MPS:
            raise ValueError(
                f"speed must lie between {MOVING_FROM_MPS:g} and {FASTEST_MPS:g} m/s,"
                f" not {speed_mps}"
            )
    bpm_in_range("the heart rate of the first half", hr_1_bpm)
    bpm_in_range("the heart rate of the second half", hr_2_bpm)
    return 100.0 * (1.0 - (speed_2_mps / speed_1_mps) * (hr_1_bpm / hr_2_bpm))


def hr_drift_pct(hr_1_bpm: float, hr_2_bpm: float) -> float:
    """100·(HR2 − HR1)/HR1, for where speed is unknown: assumes steady effort.

    Raises:
        ValueError: a heart rate no runner has.
    """
    bpm_in_range("the heart rate of the first half", hr_1_bpm)
    bpm_in_range("the heart rate of the second half", hr_2_bpm)
    return 100.0 * (hr_2_bpm / hr_1_bpm - 1.0)


def drift(
    time_s: ArrayLike,
    hr_bpm: ArrayLike,
    speed_mps: ArrayLike | None = None,
    grade_pct: ArrayLike | None = None,
    *,
    warm_up_s: float = WARM_UP_S,
) -> Drift | Refusal:
    """Decoupling if speed is known, else heart-rate drift, over moving time after the warm-up.

    Args:
        time_s: shape (n,), rising from the start of the session.
        hr_bpm: same shape, NaN or 0 where unknown.
        speed_mps: same shape, m/s, NaN where unknown; None if there was no speed sensor.
        grade_pct: same shape, incline; None if not known, which is taken as level.
        warm_up_s: dropped from the start.

    Refused as "too_short", "unsteady_speed" or "hilly".

    Raises:
        ValueError: shapes differ or times do not rise.
    """
    step_s = steps(time_s, from_s=warm_up_s)
    hr = _same_shape("heart rates", hr_bpm, step_s)
    use = (step_s > 0.0) & believed(hr)
    speed = None
    if speed_mps is not None:
        speed = _same_shape("speeds", speed_mps, step_s)
        use &= (speed >= MOVING_FROM_MPS) & (speed <= FASTEST_MPS)
    step_s = step_s[use]
    moving_s = float(step_s.sum())
    if moving_s < SHORTEST_S or moving_s == 0.0:
        return Refusal(
            "too_short",
            f"{moving_s / 60.0:.0f} minutes of moving after the warm-up; drift needs"
            f" {SHORTEST_S / 60.0:.0f}",
        )
    hr = hr[use]
    first = np.cumsum(step_s) <= moving_s / 2.0
    if not first.any() or first.all():
        return Refusal("too_short", "too few samples to compare two halves")
    hr_1, hr_2 = _mean(hr, step_s, first), _mean(hr, step_s, ~first)
    if speed is None:
        return Drift(hr_drift_pct(hr_1, hr_2), "hr drift", "assumes steady effort")

    speed = speed[use]
    mean_mps = float(np.dot(speed, step_s)) / moving_s
    cv_pct = 100.0 * float(np.dot((speed - mean_mps) ** 2, step_s) / moving_s) ** 0.5 / mean_mps
    if cv_pct > SPEED_CV_MOST_PCT:
        return Refusal("unsteady_speed", f"speed varied by {cv_pct:.0f} %; at most 10 % is steady")
    if grade_pct is not None:
        grade = _same_shape("grades", grade_pct, use)[use]
        grade = grade[np.isfinite(grade)].clip(-100.0, 100.0)
        change_pct = float(np.ptp(grade)) if grade.size else 0.0
        if change_pct > GRADE_CHANGE_MOST_PCT:
            return Refusal("hilly", f"the incline changed by {change_pct:.1f} %; at most 1 %")
    speed_1, speed_2 = _mean(speed, step_s, first), _mean(speed, step_s, ~first)
    return Drift(decoupling_pct(speed_1, hr_1, speed_2, hr_2), "decoupling", None)


def hrr60(time_s: ArrayLike, hr_bpm: ArrayLike, end_s: float) -> float | None:
    """Heart-rate recovery in bpm 60 s after an effort that ended at ``end_s``.

    Show one's own trend only, of the same kind of session, without a medical label: the limits
    of Cole 1999 (NEJM; recalled) and Cole 2000 (abstract read) are of patients. None where a
    heart rate is missing.

    Raises:
        ValueError: shapes differ or times do not rise.
    """
    t = np.asarray(time_s, dtype=np.float64)
    hr = _same_shape("heart rates", hr_bpm, steps(t))
    known = believed(hr)
    effort = hr[known & (t > end_s - RECOVERY_EFFORT_S) & (t <= end_s)]
    after = hr[known & (t >= end_s + RECOVERY_FROM_S) & (t <= end_s + RECOVERY_TO_S)]
    if not effort.size or not after.size:
        return None
    return float(effort.mean() - after.mean())


def _mean(values: NDArray[np.float64], step_s: NDArray[np.float64], of: NDArray[np.bool_]) -> float:
    return float(np.dot(values[of], step_s[of]) / step_s[of].sum())


def _same_shape(
    name: str, values: ArrayLike, like: NDArray[np.float64] | NDArray[np.bool_]
) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    if array.shape != like.shape:
        raise ValueError(f"{like.shape} times but {array.shape} {name}")
    return array
