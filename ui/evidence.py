"""The two pieces of evidence that decided a verdict, in words; which two, the rule says."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hrv.readiness import Readiness

# What each rule of hrv.decision looked at, the weightier first.
_LOOKED_AT = {
    "R1": ("symptoms", "feeling"),
    "R2": ("symptoms", "heart"),
    "R3": ("test", "feeling"),
    "R4": ("mornings", "feeling"),
    "R5": ("heart", "second"),
    "R6": ("both", "second"),
    "R7": ("both", "row"),
    "R8": ("day", "week"),
    "R9": ("week", "day"),
    "R10": ("day", "week"),
    "R11": ("heart", "day"),
    "R12": ("day", "feeling"),
    "R13": ("feeling", "day"),
    "R14": ("high", "feeling"),
    "R15": ("heart", "day"),
    "R16": ("day", "week"),
}


def evidence(readiness: Readiness) -> tuple[str, str]:
    """Both, the weightier first."""
    first, second = _LOOKED_AT[readiness.decision.rule]
    return _say(first, readiness), _say(second, readiness)


def _say(what: str, r: Readiness) -> str:
    signals = r.signals
    match what:
        case "symptoms":
            return f"you report: {signals.symptoms.value}"
        case "test":
            return f"no usable test: {signals.problem}"
        case "mornings":
            if r.test is None or r.test.rmssd_ms is None:
                return "no normal range of your own yet"
            return f"RMSSD today {r.test.rmssd_ms:.0f} ms: no range yet to hold it against"
        case "feeling":
            return _feeling(r)
        case "heart":
            return _heart(r)
        case "week":
            return _week(r)
        case "both":
            return f"{_day(r)}; {_week(r)}"
        case "row":
            return "the two days before were no better"
        case "high":
            day_is_high = signals.day is not None and signals.day.value == "high"
            return _day(r) if day_is_high else _week(r)
        case "second":
            # R5 has the heart rate first, R6 has both bands first: what else agreed?
            if r.decision.rule == "R5":
                return _day(r) if signals.day_low else _feeling(r)
            return _heart(r) if signals.hr_level >= 1 else _feeling(r)
    return _day(r)


def _day(r: Readiness) -> str:
    if r.test is None or r.test.rmssd_ms is None or r.signals.day is None:
        return "no HRV to compare today"
    where = {"low": "below", "normal": "inside", "high": "above"}[r.signals.day.value]
    return f"RMSSD today {r.test.rmssd_ms:.0f} ms: {where} your range{_range(r.day_band_ms)}"


def _week(r: Readiness) -> str:
    if r.week.l7_ln_rmssd is None or r.signals.trend is None:
        return f"only {r.week.n} mornings this week: no 7-day mean"
    where = {"low": "below", "normal": "inside", "high": "above"}[r.signals.trend.value]
    mean_ms = exp(r.week.l7_ln_rmssd)
    return f"7-day mean {mean_ms:.0f} ms: {where} its range{_range(r.trend_band_ms)}"


def _heart(r: Readiness) -> str:
    if r.test is None or r.test.hr_bpm is None:
        return "no heart rate today"
    said = f"resting heart rate {r.test.hr_bpm:.0f} bpm"
    usual = r.baseline.mean_hr_bpm
    return said if usual is None or r.baseline.n < 7 else f"{said}, usually {usual:.0f}"


def _feeling(r: Readiness) -> str:
    match r.signals.wellness_low:
        case None:
            return "you did not say how you feel"
        case True:
            return "you feel poor"
        case False:
            return "you do not feel poor"


def _range(band_ms: tuple[float, float] | None) -> str:
    return "" if band_ms is None else f", {band_ms[0]:.0f} to {band_ms[1]:.0f}"
