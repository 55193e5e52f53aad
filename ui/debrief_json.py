"""A debrief for scripts: every number under its name, and beside an unknown one why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device import debrief_words
from device.judged import Inside
from hrv.alpha1_shift import Alpha1Shift
from hrv.refusal import Refusal
from hrv.time_in_zone import EasyVerdict

if TYPE_CHECKING:
    from device.debrief import Debrief


def as_json(told: Debrief) -> dict[str, object]:
    """Under the names scripts rely on; what is unknown is null, and why stands beside it."""
    stored, start, judged = told.stored, told.stored.start, told.judged
    easy = judged if isinstance(judged, EasyVerdict) else None
    inside = judged if isinstance(judged, Inside) else None
    drifted = None if isinstance(told.drift, Refusal) else told.drift
    shifted = told.alpha1_shift
    shift = shifted if isinstance(shifted, Alpha1Shift) else None
    recovery = told.recovery
    return {
        "session": stored.id,
        "athlete": start.athlete,
        "purpose": start.purpose,
        "started": None if start.started is None else start.started.isoformat(),
        "clock_trusted": start.clock_trusted,
        "outcome": stored.outcome,
        "duration_s": told.retrace.duration_s,
        "moving_s": told.moving_s,
        "floor_bpm": start.floor_bpm,
        "ceiling_bpm": start.ceiling_bpm,
        "verdict": debrief_words.verdict(told),
        "judged": None if easy is None else easy.word,
        "below_ceiling_pct": None if easy is None else easy.below_pct,
        "inside_pct": None if inside is None else inside.inside_pct,
        "over_pct": None if inside is None else inside.over_pct,
        "under_pct": None if inside is None else inside.under_pct,
        "not_judged": judged.reason if isinstance(judged, Refusal) else None,
        "mean_hr_bpm": told.mean_hr_bpm,
        "highest_hr_bpm": told.highest_hr_bpm,
        "zones": None
        if told.zones is None or told.zone_time is None
        else [
            {"name": name, "limits_bpm": told.zones.limits_bpm(at), "seconds": seconds}
            for at, (name, seconds) in enumerate(
                zip(told.zones.names, told.zone_time.seconds, strict=True)
            )
        ],
        "unknown_s": told.unknown_s,
        "drift_pct": None if drifted is None else drifted.pct,
        "drift_assumes": None if drifted is None else drifted.caveat,
        "no_drift": told.drift.reason if isinstance(told.drift, Refusal) else None,
        "alpha1_shift": None if shift is None else shift.moved,
        "alpha1_shift_at_bpm": None if shift is None else (shift.from_bpm, shift.to_bpm),
        "alpha1_shift_flagged": None if shift is None else shift.flagged,
        "no_alpha1_shift": shifted.reason if isinstance(shifted, Refusal) else None,
        "trimp": None if isinstance(told.trimp, Refusal) else told.trimp,
        "no_trimp": told.trimp.reason if isinstance(told.trimp, Refusal) else None,
        "hrr60_bpm": None if recovery is None else recovery.hrr60_bpm,
        "hrr60_from_s": None if recovery is None else recovery.end_s,
        "hrr60_marked": None if recovery is None else recovery.marked,
        "rpe_cr10": told.rpe_cr10,
        "session_load": told.session_load,
        "artefact_pct": told.artefact_pct,
        "lost_beats": told.lost_beats,
        "n_beats": told.retrace.summary.n_beats,
        "marks": [
            {"t_s": mark.t_s, "kind": mark.kind, "text": mark.text} for mark in told.retrace.marks
        ],
        "blanks": [
            {"from_s": one.from_s, "to_s": one.to_s, "cause": one.cause, "reason": one.reason}
            for one in told.blanks
        ],
    }
