"""The two pieces of evidence that decided a verdict, in words; which two, the rule says."""

from __future__ import annotations

from collections.abc import Callable
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
    "R5": ("heart", "agrees with heart"),
    "R6": ("both", "agrees with HRV"),
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
    return _SAY[first](readiness), _SAY[second](readiness)


def _symptoms(r: Readiness) -> str:
    return f"you report: {r.signals.symptoms.value}"


def _test(r: Readiness) -> str:
    return f"no usable test: {r.signals.problem}"


def _first_mornings(r: Readiness) -> str:
    if r.test is None or r.test.rmssd_ms is None:
        return "no normal range of your own yet"
    return f"RMSSD today {r.test.rmssd_ms:.0f} ms: no range of your own yet"


def _day(r: Readiness) -> str:
    if r.test is None or r.test.rmssd_ms is None or r.signals.day is None:
        return "no HRV to compare today"
    where = {"low": "below", "normal": "inside", "high": "above"}[r.signals.day.value]
    return f"RMSSD today {r.test.rmssd_ms:.0f} ms: {where} your range{_range(r.day_band_ms)}"


def _week(r: Readiness) -> str:
    if r.week.l7_ln_rmssd is None or r.signals.trend is None:
        return f"mornings this week: {r.week.n}, too few for a 7-day mean"
    where = {"low": "below", "normal": "inside", "high": "above"}[r.signals.trend.value]
    mean_ms = exp(r.week.l7_ln_rmssd)
    return f"7-day mean {mean_ms:.0f} ms: {where} its range{_range(r.trend_band_ms)}"


def _day_and_week(r: Readiness) -> str:
    return f"{_day(r)}; {_week(r)}"


def _high(r: Readiness) -> str:
    """Which of the two is above its range."""
    is_day = r.signals.day is not None and r.signals.day.value == "high"
    return _day(r) if is_day else _week(r)


def _heart(r: Readiness) -> str:
    if r.test is None or r.test.hr_bpm is None:
        return "no heart rate today"
    said = f"resting heart rate {r.test.hr_bpm:.0f} bpm"
    usual = r.baseline.mean_hr_bpm
    return said if usual is None or r.day_band_ms is None else f"{said}, usually {usual:.0f}"


def _feeling(r: Readiness) -> str:
    unknown = "you did not say how you feel"
    if r.feeling is not None:
        unknown = "you said only in part how you feel"
    said = {None: unknown, True: "you feel poor"}
    return said.get(r.signals.wellness_low, "you do not feel poor")


def _agrees_with_heart(r: Readiness) -> str:
    return _day(r) if r.signals.day_low else _feeling(r)


def _agrees_with_hrv(r: Readiness) -> str:
    return _heart(r) if r.signals.hr_level >= 1 else _feeling(r)


def _row(r: Readiness) -> str:  # noqa: ARG001 - one of many that look at a verdict
    return "the two days before were no better"


_SAY: dict[str, Callable[[Readiness], str]] = {
    "symptoms": _symptoms,
    "test": _test,
    "mornings": _first_mornings,
    "day": _day,
    "week": _week,
    "both": _day_and_week,
    "high": _high,
    "heart": _heart,
    "feeling": _feeling,
    "agrees with heart": _agrees_with_heart,
    "agrees with HRV": _agrees_with_hrv,
    "row": _row,
}


def _range(band_ms: tuple[float, float] | None) -> str:
    return "" if band_ms is None else f", {band_ms[0]:.0f} to {band_ms[1]:.0f}"
