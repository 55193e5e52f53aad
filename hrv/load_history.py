"""Load over days and weeks: monotony, strain, fitness and fatigue, how fast it grows.

One number a day, rest days as 0, in whatever unit a session's load has; never mix units. How far
each number can be trusted is said in the words of :mod:`hrv.zones`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import expm1
from typing import Literal

import numpy as np

CTL_DAYS = 42.0
ATL_DAYS = 7.0
"""Time constants τ of fitness and fatigue, as in GoldenCheetah (code read)."""
MONOTONY_HINT = 2.0
"""Above this the days resemble each other too much: a hint only (recalled)."""
RAMP_NOTICEABLE_PCT = 15.0
RAMP_LARGE_PCT = 30.0
"""Growth over the mean of four weeks that is worth a word (our decision); the 10 % rule lacks
support in trials (Buist 2008, recalled)."""
LARGEST_LOAD = 1e9
"""A daily load beyond this is refused: no unit of load reaches it."""


@dataclass(frozen=True, slots=True)
class TrainingWeek:
    """Seven days."""

    load: float
    monotony: float | None
    """Mean/SD of the days; None if they are all alike, where it is not defined."""
    strain: float | None
    """Load of the week times monotony; None with it."""


def training_week(daily_loads: Sequence[float], *, ddof: Literal[0, 1] = 1) -> TrainingWeek:
    """Monotony and strain (Foster 1998; the paper was not read).

    ``ddof`` 1 is our default; 0 for comparison with programs that divide by seven.

    Raises:
        ValueError: not seven loads, or one negative, not finite or absurd.
    """
    if len(daily_loads) != 7:
        raise ValueError(f"a week has seven daily loads, not {len(daily_loads)}")
    loads = _checked(daily_loads)
    total = float(loads.sum())
    spread = float(loads.std(ddof=ddof))
    # Equal days may leave a rest of rounding: that is no spread.
    if spread <= 1e-9 * total or total == 0.0:
        return TrainingWeek(total, None, None)
    monotony = float(loads.mean()) / spread
    return TrainingWeek(total, monotony, total * monotony)


@dataclass(frozen=True, slots=True)
class Balance:
    """Fitness, fatigue and form at the end of a day."""

    ctl: float
    """Chronic training load, "fitness"."""
    atl: float
    """Acute training load, "fatigue"."""
    tsb: float
    """Training stress balance, "form": *yesterday's* CTL − ATL."""


def balance(daily_loads: Sequence[float], *, ctl: float = 0.0, atl: float = 0.0) -> list[Balance]:
    """CTL, ATL and TSB of each day: y += (load − y)(1 − exp(−1/τ)), as GoldenCheetah does.

    Args:
        daily_loads: one a day, oldest first, rest days as 0.
        ctl: chronic load before the first day.
        atl: acute load before the first day.

    Raises:
        ValueError: a load is negative, not finite or absurd.
    """
    _checked([ctl, atl])
    days = []
    for load in _checked(daily_loads).tolist():
        tsb = ctl - atl
        ctl += (load - ctl) * -expm1(-1.0 / CTL_DAYS)
        atl += (load - atl) * -expm1(-1.0 / ATL_DAYS)
        days.append(Balance(ctl, atl, tsb))
    return days


@dataclass(frozen=True, slots=True)
class AcuteChronic:
    """The acute:chronic workload ratio in three forms; None where the chronic load is 0."""

    coupled: float | None
    """Mean of days 1 to 7 over mean of days 1 to 28."""
    uncoupled: float | None
    """Mean of days 1 to 7 over mean of days 8 to 28."""
    ewma: float | None
    """The same with exponential weights 2/(N+1), N = 7 and 28, begun at the first load."""


def acute_chronic(daily_loads: Sequence[float]) -> AcuteChronic:
    """ACWR of the last 28 days, oldest first. Off by default, and no injury forecast.

    The shared week alone makes r ≈ 0.5 (Lolli, by way of Windt & Gabbett 2019), and dividing by
    random chronic loads predicts as well (Impellizzeri 2020; both abstract read).

    Raises:
        ValueError: fewer than 28 loads, or one negative, not finite or absurd.
    """
    if len(daily_loads) < 28:
        raise ValueError(f"28 daily loads are needed, there are {len(daily_loads)}")
    loads = _checked(daily_loads)[-28:]
    acute = float(loads[-7:].mean())
    fast = slow = float(loads[0])
    for load in loads.tolist():
        fast += (load - fast) * 2.0 / 8.0
        slow += (load - slow) * 2.0 / 29.0
    return AcuteChronic(
        coupled=_ratio(acute, float(loads.mean())),
        uncoupled=_ratio(acute, float(loads[:-7].mean())),
        ewma=_ratio(fast, slow),
    )


@dataclass(frozen=True, slots=True)
class Ramp:
    """This week against the four before."""

    change_pct: float
    word: Literal["noticeable", "large"] | None
    """None: nothing to say."""


def ramp(this_week: float, four_weeks_before: Sequence[float]) -> Ramp | None:
    """How much more this week is than the mean of the previous four; None if those were 0.

    Raises:
        ValueError: not four weeks before, or a load negative, not finite or absurd.
    """
    if len(four_weeks_before) != 4:
        raise ValueError(f"four weeks before are needed, not {len(four_weeks_before)}")
    _checked([this_week])
    ratio = _ratio(this_week, float(_checked(four_weeks_before).mean()))
    if ratio is None:
        return None
    change_pct = 100.0 * (ratio - 1.0)
    if change_pct > RAMP_LARGE_PCT:
        return Ramp(change_pct, "large")
    return Ramp(change_pct, "noticeable" if change_pct > RAMP_NOTICEABLE_PCT else None)


@dataclass(frozen=True, slots=True)
class EasyShare:
    """How much of the training was easy, and by which way of counting."""

    pct: float
    method: str
    """Always shown: in the same runners 39.6 % or 79.6 % was easy by two methods (Bellinger 2020,
    abstract read). "80/20" counts sessions; by time about 90 % is usual (no paper named)."""


def easy_share_of_sessions(easy: int, total: int) -> EasyShare | None:
    """Sessions that were easy; None of none.

    Raises:
        ValueError: more easy sessions than sessions, or fewer than none.
    """
    if not 0 <= easy <= total:
        raise ValueError(f"{easy} easy sessions of {total}")
    return EasyShare(100.0 * easy / total, "sessions") if total else None


def easy_share_of_time(below_vt1_min: float, total_min: float) -> EasyShare | None:
    """Minutes of heart rate below VT1; None of none.

    Raises:
        ValueError: not 0 ≤ below ≤ total, or absurd.
    """
    if not 0.0 <= below_vt1_min <= total_min <= LARGEST_LOAD:
        raise ValueError(f"{below_vt1_min} minutes below VT1 of {total_min}")
    share = _ratio(below_vt1_min, total_min)
    return None if share is None else EasyShare(100.0 * share, "time below VT1 by heart rate")


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 1e-9 * part else None


def _checked(loads: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    checked = np.asarray(loads, dtype=np.float64).reshape(-1)
    if not np.all((checked >= 0.0) & (checked <= LARGEST_LOAD)):  # false for NaN too
        raise ValueError(f"a load must be a number from 0 to {LARGEST_LOAD:g}")
    return checked
