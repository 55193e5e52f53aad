"""From a judged recording to the result of a morning test."""

import math
from collections.abc import Callable
from dataclasses import replace

from device.morning_beats import Stretch
from device.morning_judgement import (
    BEST_S,
    badness,
    hr_bpm,
    judge,
    orthostatic,
    rmssd_ms,
    starts_of_best,
)
from device.morning_protocol import Confidence
from device.morning_view import Integrity, Result
from hrv.morning_test import MorningTest as Comparable


def best_part(stretch: Callable[[float, float], Stretch], from_s: float, to_s: float) -> Stretch:
    """The best contiguous 120 s of a recording, or all of it if it is not longer."""
    parts = (
        stretch(start_s, min(start_s + BEST_S, to_s)) for start_s in starts_of_best(from_s, to_s)
    )
    return min(parts, key=badness)


def accepted(stretch: Stretch, confidence: Confidence, reasons: tuple[str, ...]) -> Result:
    """A number, and how sure it is; one no person has is shown, and asked for again."""
    rmssd, hr = rmssd_ms(stretch), hr_bpm(stretch)
    beyond = Comparable(day=0, rmssd_ms=rmssd, hr_bpm=hr).unusable
    return Result(
        outcome="accepted",
        confidence=confidence if beyond is None else "low",
        reasons=reasons if beyond is None else (*reasons, beyond),
        rmssd_ms=rmssd,
        ln_rmssd=math.log(rmssd) if rmssd else None,
        hr_bpm=hr,
        pairs=stretch.counts.pairs,
        artefact_pct=stretch.counts.artefact_pct,
        counts=stretch.counts,
        record_from_s=stretch.from_s,
        record_to_s=stretch.to_s,
    )


def refused(reasons: tuple[str, ...], recorded: Stretch | None) -> Result:
    """No number: the counts and why."""
    counts = Integrity() if recorded is None else recorded.counts
    return Result(
        outcome="refused",
        confidence="low",
        reasons=reasons,
        pairs=counts.pairs,
        artefact_pct=counts.artefact_pct,
        counts=counts,
        record_from_s=None if recorded is None else recorded.from_s,
        record_to_s=None if recorded is None else recorded.to_s,
    )


def with_standing(
    lying: Result, supine: Stretch, standing: Stretch, rising: Stretch, *, moved: bool
) -> Result:
    """The supine result with what followed on one's feet."""
    values = orthostatic(supine, standing, rising)
    reasons = lying.reasons
    if values.standing_hr_bpm is None:
        judged = judge(standing)
        why = "; ".join(judged.refusals or judged.doubts)
        reasons = (*reasons, f"the standing part cannot be used: {why}")
    elif moved:
        reasons = (*reasons, "you moved while standing")
    return replace(lying, orthostatic=values, reasons=reasons)


def without_standing(lying: Result, reason: str) -> Result:
    """What was measured lying down counts on its own."""
    return replace(lying, reasons=(*lying.reasons, f"the standing part is missing: {reason}"))
