"""What is normal for one athlete in the morning: baseline, week, and where today stands.

How far each number can be trusted is said in
the words of :mod:`hrv.zones`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

import numpy as np

BASELINE_DAYS = 60
"""The baseline looks at day d−60 to d−1, never at the day itself. Altini's HRV4Training compares
with 60 days (abstract read); the number is our decision."""
PROVISIONAL_FROM_N = 7
ESTABLISHED_FROM_N = 21
"""Tests needed before a baseline speaks at all, and before it is believed (our decision)."""
SD_FLOOR_PROVISIONAL = 0.15
SD_FLOOR_ESTABLISHED = 0.10
"""Least spread of lnRMSSD that is believed (our decision): near 0.11, the typical error of a 60 s
reading (Esco & Flatt 2014, JSSM 13:535, abstract read)."""
DAY_BAND_SDS = 1.0
CALM_DAY_BAND_SDS = 1.5
"""Half width of today's band in SD; 1.5 is the "calm" preset (our decision). By our simulation a
perfectly stable athlete falls below it on 16 % of days, with the calm preset on 6.7 %."""
TREND_BAND_SDS = 0.5
"""Half width of the band of the 7-day mean, after Vesterinen 2016 (MSSE 48:1347) and Javaloyes
2019 (IJSPP 14:23); their ±0.5 SD is recalled, not re-read, and contested."""
L7_MIN_N = 3
"""Fewest values in a week that make a 7-day mean (Plews 2014, IJSPP; abstract read)."""
CV7_MIN_N = 4
"""Fewest values that make a coefficient of variation (our decision)."""

HR_SD_FLOOR_BPM = 1.5
HR_UP_BPM = 3.0
HR_CLEARLY_UP_BPM = 5.0
"""Resting heart rate counts as up by at least this, or by 1 SD, 2 SD if larger (our decision)."""
HR_TWO_DAYS_UP_BPM = 4.0
"""Two tests in a row this far above the median: NightSignal's red rule, Alavi 2021, Nat Med; its
code was read, of the paper the abstract."""
HR_TWO_DAYS_APART = 2
"""How many days may lie between those two tests (our decision)."""


class Stage(StrEnum):
    """How much a baseline may be believed."""

    LEARNING = "learning"
    PROVISIONAL = "provisional"
    ESTABLISHED = "established"


class Position(Enum):
    """Where a value stands in its band."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The athlete's own normal range; None where there are too few tests."""

    n: int
    stage: Stage
    mean_ln_rmssd: float | None = None
    sd_ln_rmssd: float | None = None
    """As measured (ddof 1), before the floor."""
    spread_ln_rmssd: float | None = None
    """SD, but at least the floor of the stage; None while learning."""
    mean_hr_bpm: float | None = None
    sd_hr_bpm: float | None = None
    median_hr_bpm: float | None = None

    def band(self, sds: float) -> tuple[float, float] | None:
        """The range of lnRMSSD ``sds`` spreads around the mean; None while learning."""
        if self.mean_ln_rmssd is None or self.spread_ln_rmssd is None:
            return None
        half = sds * self.spread_ln_rmssd
        return self.mean_ln_rmssd - half, self.mean_ln_rmssd + half

    def position(self, ln_rmssd: float | None, sds: float) -> Position | None:
        """Where a value stands; on the border is still normal; None if either is unknown."""
        band = self.band(sds)
        if band is None or ln_rmssd is None:
            return None
        if ln_rmssd < band[0]:
            return Position.LOW
        return Position.HIGH if ln_rmssd > band[1] else Position.NORMAL

    def hr_level(self, hr_bpm: float, previous_hr_bpm: float | None = None) -> int:
        """How far resting heart rate is up: 0 not, 1 slightly, 2 clearly; 0 while learning.

        ``previous_hr_bpm`` is that of the previous test if at most two days old, else None.
        """
        if self.stage is Stage.LEARNING or self.mean_hr_bpm is None:
            return 0
        spread_bpm = max(self.sd_hr_bpm or 0.0, HR_SD_FLOOR_BPM)
        above_bpm = hr_bpm - self.mean_hr_bpm
        two_days_bpm = (self.median_hr_bpm or 0.0) + HR_TWO_DAYS_UP_BPM
        twice_up = previous_hr_bpm is not None and min(hr_bpm, previous_hr_bpm) >= two_days_bpm
        if twice_up or above_bpm >= max(HR_CLEARLY_UP_BPM, 2.0 * spread_bpm):
            return 2
        return 1 if above_bpm >= max(HR_UP_BPM, spread_bpm) else 0


@dataclass(frozen=True, slots=True)
class Week:
    """The last seven days with today."""

    n: int
    l7_ln_rmssd: float | None
    """Mean of what there is, never imputed; None from fewer than three values."""
    cv7_pct: float | None
    """100·SD/mean of lnRMSSD; None from fewer than four. Shown, never decisive: a low one with a
    falling mean preceded overreaching in one triathlete (Plews 2012, EJAP 112:3729, abstract)."""


def baseline(ln_rmssd: Sequence[float], hr_bpm: Sequence[float]) -> Baseline:
    """The baseline of equally many lnRMSSD and heart rates, one a day, in any order.

    Raises:
        ValueError: they differ in number.
    """
    n = len(ln_rmssd)
    if len(hr_bpm) != n:
        raise ValueError(f"{n} values of lnRMSSD but {len(hr_bpm)} heart rates")
    if n == 0:
        return Baseline(0, Stage.LEARNING)
    sd_ln = float(np.std(ln_rmssd, ddof=1)) if n > 1 else None
    stage, spread_ln = Stage.LEARNING, None
    if sd_ln is not None and n >= ESTABLISHED_FROM_N:
        stage, spread_ln = Stage.ESTABLISHED, max(sd_ln, SD_FLOOR_ESTABLISHED)
    elif sd_ln is not None and n >= PROVISIONAL_FROM_N:
        stage, spread_ln = Stage.PROVISIONAL, max(sd_ln, SD_FLOOR_PROVISIONAL)
    return Baseline(
        n=n,
        stage=stage,
        mean_ln_rmssd=float(np.mean(ln_rmssd)),
        sd_ln_rmssd=sd_ln,
        spread_ln_rmssd=spread_ln,
        mean_hr_bpm=float(np.mean(hr_bpm)),
        sd_hr_bpm=float(np.std(hr_bpm, ddof=1)) if n > 1 else None,
        median_hr_bpm=float(np.median(hr_bpm)),
    )


def week(ln_rmssd: Sequence[float]) -> Week:
    """The mean and variation of the lnRMSSD there are in seven days."""
    n = len(ln_rmssd)
    mean = float(np.mean(ln_rmssd)) if n >= L7_MIN_N else None
    cv_pct = None
    if mean is not None and mean > 0.0 and n >= CV7_MIN_N:
        cv_pct = 100.0 * float(np.std(ln_rmssd, ddof=1)) / mean
    return Week(n, mean, cv_pct)


def kiviniemi_limit(ln_rmssd: Sequence[float]) -> float | None:
    """Mean − SD of the last ten days, below which Kiviniemi 2007 (EJAP; abstract read) rests.

    For comparison only, and on lnRMSSD where the study used HF power. None from fewer than ten.
    """
    last = ln_rmssd[-10:]
    return float(np.mean(last) - np.std(last, ddof=1)) if len(last) == 10 else None
