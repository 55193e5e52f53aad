"""What a session was: the verdict, and the numbers under it. All is recomputed from the store.

Each number that cannot be given is a :class:`~hrv.refusal.Refusal` that says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from device.athlete import Athlete, zones_of
from device.history import StoredSession
from device.intent import Purpose
from device.judged import Inside, judge
from device.recovery import Recovery, effort_ends_s, highest_bpm, recovery
from device.retrace import Blank, Retrace
from hrv.alpha1_shift import Alpha1AtHr, Alpha1Shift, alpha1_shift
from hrv.drift import Drift, drift
from hrv.load import session_rpe, trimp
from hrv.refusal import Refusal
from hrv.time_in_zone import WARM_UP_S, EasyVerdict, ZoneTime, time_in_zone
from hrv.zones import Zones

UNSTEADY = (Purpose.INTERVALS, Purpose.RAMP)
"""Drift assumes a steady effort, and these are none."""
COMPARED = tuple(purpose for purpose in Purpose if purpose not in UNSTEADY)
"""Purposes of the runs whose α1 is compared."""

HR_CV_MOST_PCT = 10.0
"""Minutes further from their own trend than this are no steady effort: without speed there is
nothing else to see it by. The limit is that of the speed (our decision)."""


@dataclass(frozen=True, slots=True)
class Debrief:
    """One session, judged and counted."""

    stored: StoredSession
    retrace: Retrace
    judged: EasyVerdict | Inside | Refusal
    """An easy or recovery run by its ceiling, the others by their band."""
    mean_hr_bpm: float | None
    highest_hr_bpm: float | None
    """Highest mean of 10 s, artefacts not near; still no HRmax."""
    moving_s: float
    """From the first heartbeat on, without pauses."""
    unknown_s: float
    """Of that, without heart rate."""
    zones: Zones | None
    """As the athlete's profile has them now."""
    zone_time: ZoneTime | None
    drift: Drift | Refusal
    alpha1_shift: Alpha1Shift | Refusal
    """Over ten runs up to this one."""
    trimp: float | Refusal
    recovery: Recovery | None
    rpe_cr10: float | None
    """What the athlete said of the whole session; None: not asked, or not answered."""
    rpe_asked: bool
    session_load: float | None
    """CR10 times minutes (Foster 2001)."""
    artefact_pct: float | None
    lost_beats: int

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """Every stretch without heart rate."""
        return self.retrace.blanks


def debrief(
    stored: StoredSession,
    retraced: Retrace,
    athlete: Athlete,
    *,
    earlier: Sequence[Sequence[Alpha1AtHr]] = (),
    rpe_cr10: float | None = None,
    rpe_asked: bool = False,
) -> Debrief:
    """Judge and count a session; ``athlete`` is the profile as it is now.

    ``earlier`` is α1 by heart rate of the comparable runs before it, the oldest first.
    """
    time_s, hr_bpm = retraced.run()
    known = np.isfinite(hr_bpm)
    zones = zones_of(athlete)
    moving_s = float(len(hr_bpm) - 1)
    return Debrief(
        stored=stored,
        retrace=retraced,
        judged=judge(stored.start, retraced),
        mean_hr_bpm=float(hr_bpm[known].mean()) if known.any() else None,
        highest_hr_bpm=highest_bpm(retraced),
        moving_s=moving_s,
        unknown_s=moving_s - float(known[1:].sum()),
        zones=zones,
        zone_time=None if zones is None else time_in_zone(time_s, hr_bpm, zones),
        drift=_drift(stored.start.purpose, time_s, hr_bpm, retraced.speed_mps()),
        alpha1_shift=_shift(stored.start.purpose, (*earlier, retraced.summary.alpha1_at_hr)),
        trimp=_trimp(athlete, hr_bpm),
        recovery=recovery(retraced, effort_ends_s(retraced.marks)),
        rpe_cr10=rpe_cr10,
        rpe_asked=rpe_asked,
        session_load=None if rpe_cr10 is None else session_rpe(rpe_cr10, moving_s / 60),
        artefact_pct=retraced.summary.artefact_pct,
        lost_beats=retraced.summary.lost_beats,
    )


def rated(told: Debrief, cr10: float | None) -> Debrief:
    """The same with what the athlete said of it; None is no answer."""
    load = None if cr10 is None else session_rpe(cr10, told.moving_s / 60)
    return replace(told, rpe_cr10=cr10, rpe_asked=True, session_load=load)


def _shift(purpose: str, runs: Sequence[Sequence[Alpha1AtHr]]) -> Alpha1Shift | Refusal:
    if purpose not in COMPARED:
        return Refusal("unsteady_effort", "steady runs are compared, and this is none")
    return alpha1_shift(runs)


def _drift(
    purpose: str,
    time_s: NDArray[np.float64],
    hr_bpm: NDArray[np.float64],
    speed_mps: NDArray[np.float64] | None,
) -> Drift | Refusal:
    if purpose in UNSTEADY:
        return Refusal("unsteady_effort", f"drift assumes a steady effort; {purpose} is none")
    found = drift(time_s, hr_bpm, speed_mps)
    if speed_mps is not None:  # how steady it was is judged by the speed
        return found
    if isinstance(found, Drift) and (cv_pct := _cv_around_trend_pct(hr_bpm)) > HR_CV_MOST_PCT:
        why = f"drift assumes a steady effort; heart rate varied by {cv_pct:.0f} %"
        return Refusal("unsteady_effort", why)
    return found


def _cv_around_trend_pct(hr_bpm: NDArray[np.float64]) -> float:
    """How far the minutes after the warm-up scatter around a straight line through them."""
    after = hr_bpm[int(WARM_UP_S) + 1 :]
    whole = after[: len(after) // 60 * 60].reshape(-1, 60)
    whole = whole[np.isfinite(whole).any(axis=1)]
    minutes = np.nanmean(whole, axis=1)
    at = np.arange(len(minutes))
    left_over = minutes - np.polyval(np.polyfit(at, minutes, 1), at)
    return float(100.0 * left_over.std() / minutes.mean())


def _trimp(athlete: Athlete, hr_bpm: NDArray[np.float64]) -> float | Refusal:
    needed = {
        "resting heart rate": athlete.resting_bpm,
        "highest heart rate": athlete.max_bpm,
        "sex": athlete.sex,
    }
    if athlete.resting_bpm is None or athlete.max_bpm is None or athlete.sex is None:
        missing = ", ".join(name for name, value in needed.items() if value is None)
        return Refusal("unknown_athlete", f"your profile lacks {missing}")
    minutes = np.full(len(hr_bpm) - 1, 1 / 60)
    return trimp(
        hr_bpm[1:], minutes, rest_bpm=athlete.resting_bpm, max_bpm=athlete.max_bpm, sex=athlete.sex
    )
