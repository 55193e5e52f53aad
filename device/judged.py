"""Was the effort what it was meant to be? Judged by the band that was stored at the start."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device.alerts import GRACE_S
from device.history import SessionStart
from device.intent import Purpose
from device.mark import Mark
from device.retrace import Retrace
from hrv.refusal import Refusal
from hrv.time_in_zone import UNKNOWN_MOST_PCT, WARM_UP_S, EasyVerdict, easy_verdict

EASY_PURPOSES = (Purpose.EASY, Purpose.RECOVERY)
"""Judged by their ceiling alone."""
WORK = "work"
"""What the name of a step begins with that the band of intervals is for."""


@dataclass(frozen=True, slots=True)
class Inside:
    """How the known time lay against the intended band, after the warm-up or within the work."""

    inside_pct: float
    over_pct: float
    under_pct: float
    mean_hr_bpm: float
    of_work: bool
    """Only the work of intervals was judged, each time from a minute after its beginning."""


def judge(start: SessionStart, retraced: Retrace) -> EasyVerdict | Inside | Refusal:
    """An easy or recovery run by its ceiling, intervals by their work, the others by their band.

    Refused as "ramp", "no_run", "no_band", "no_work", "too_short" or "unknown_time".
    """
    purpose, floor_bpm, ceiling_bpm = start.purpose, start.floor_bpm, start.ceiling_bpm
    time_s, hr_bpm = retraced.run()
    if purpose in EASY_PURPOSES and ceiling_bpm is not None:
        return easy_verdict(time_s, hr_bpm, ceiling_bpm)
    if purpose == Purpose.RAMP:
        return Refusal("ramp", "a ramp looks for thresholds and has no range to keep to")
    if purpose not in tuple(Purpose):
        return Refusal("no_run", f"a {purpose} test is no run; the history tells of it")
    if ceiling_bpm is None and floor_bpm is None:
        return Refusal("no_band", f"no range was known for {purpose}")
    of_work = any(mark.kind == "step" and mark.text.startswith(WORK) for mark in retraced.marks)
    counts = time_s > WARM_UP_S
    if of_work:
        at_s = np.flatnonzero(retraced.running).astype(np.float64)
        counts = np.concatenate(([False], _working(retraced.marks, at_s)))
    if not counts.any():
        if of_work:
            return Refusal("no_work", "no work was long enough to be judged")
        return Refusal("too_short", "nothing was recorded after the warm-up")
    known = counts & np.isfinite(hr_bpm)
    unknown_pct = 100.0 * (1.0 - np.count_nonzero(known) / np.count_nonzero(counts))
    if unknown_pct > UNKNOWN_MOST_PCT:
        return Refusal("unknown_time", f"heart rate is unknown for {unknown_pct:.0f} % of the run")
    judged_bpm = hr_bpm[known]
    over_pct = _share_pct(judged_bpm > (math.inf if ceiling_bpm is None else ceiling_bpm))
    under_pct = _share_pct(judged_bpm < (-math.inf if floor_bpm is None else floor_bpm))
    mean_bpm = float(judged_bpm.mean())
    return Inside(100.0 - over_pct - under_pct, over_pct, under_pct, mean_bpm, of_work)


def _working(marks: Sequence[Mark], at_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of these session seconds lie in work, past the grace after its beginning."""
    working = np.zeros(len(at_s), dtype=bool)
    steps = [mark for mark in marks if mark.kind == "step"]
    ends_s = [*(mark.t_s for mark in steps[1:]), math.inf]
    for step, end_s in zip(steps, ends_s, strict=True):
        if step.text.startswith(WORK):
            working |= (at_s > step.t_s + GRACE_S) & (at_s <= end_s)
    return working


def _share_pct(those: NDArray[np.bool_]) -> float:
    return 100.0 * float(np.mean(those))
