"""A debrief in words: the verdict in one sentence, and each refusal where a number would stand."""

import math

from device.debrief import Debrief
from device.judged import EASY_PURPOSES, Inside
from hrv.drift import Drift
from hrv.refusal import Refusal
from hrv.time_in_zone import EASY_PCT, EasyVerdict


def verdict(told: Debrief) -> str:
    """The session in a sentence: "mostly easy: 83 % under your ceiling, drifted 6 % ..."."""
    match told.judged:
        case EasyVerdict():
            return f"{_easy(told.judged)}{_drifted(told)}"
        case Inside():
            return f"{_inside(told.judged)}{_drifted(told)}"
        case Refusal(name="no_band"):
            how = "put your birth year, or your resting and highest heart rate, into your profile"
            what = "no ceiling" if told.stored.start.purpose in EASY_PURPOSES else "no range"
            return f"no verdict: {what} was known; {how}"
        case Refusal(name="too_short"):
            return "no verdict: nothing was recorded after the warm-up"
        case Refusal():
            return f"no verdict: {told.judged.reason}"


def _easy(judged: EasyVerdict) -> str:
    # A share is cut, not rounded: 89.6 % is not yet the 90 % that make a run easy.
    share = f"{judged.word}: {math.floor(judged.below_pct)} % under your ceiling"
    if judged.word == "not easy" and judged.below_pct >= EASY_PCT:
        share += f", but {judged.mean_hr_bpm:.0f} bpm in the mean"
    return share


def _inside(judged: Inside) -> str:
    of_what = " of the work" if judged.of_work else ""
    parts = [f"{math.floor(judged.inside_pct)} %{of_what} inside your range"]
    if judged.over_pct >= 1.0:
        parts.append(f"{judged.over_pct:.0f} % over")
    if judged.under_pct >= 1.0:
        parts.append(f"{judged.under_pct:.0f} % under")
    return ", ".join(parts)


def _drifted(told: Debrief) -> str:
    """Only what could be said; why it could not stands with the numbers."""
    match told.drift:
        case Drift(pct=pct) if pct >= 0.5:
            return f", drifted {pct:.0f} % in the second half"
        case Drift(pct=pct) if pct <= -0.5:
            return f", fell {-pct:.0f} % in the second half"
        case Drift():
            return ", no drift"
    return ""
