"""One morning test, and which of them may be compared.

Days are integer ordinals of the local calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

RMSSD_RANGE_MS = (3.0, 250.0)
HR_RANGE_BPM = (25.0, 120.0)
"""Tests outside are kept and shown but never compared (our decision)."""


@dataclass(frozen=True, slots=True)
class MorningTest:
    """One morning test, as stored: also those that cannot be used."""

    day: int
    rmssd_ms: float | None
    hr_bpm: float | None
    protocol: str = ""
    """Posture, breathing, strap and version of the method: only equal protocols are compared."""
    problem: str | None = None
    """Why the recording cannot be used, in plain words; None if it can."""
    on_schedule: bool = True
    """False if taken outside the usual hours: judged, but it never enters the baseline."""
    ill: bool = False

    @property
    def ln_rmssd(self) -> float | None:
        """Natural logarithm of RMSSD in ms; None where there is none to take."""
        return log(self.rmssd_ms) if self.rmssd_ms is not None and self.rmssd_ms > 0.0 else None

    @property
    def unusable(self) -> str | None:
        """Why no verdict can rest on this test; None if one can."""
        if self.problem is not None:
            return self.problem
        if self.rmssd_ms is None or self.hr_bpm is None:
            return "RMSSD or heart rate could not be computed"
        for name, value, (low, high), unit in (
            ("RMSSD", self.rmssd_ms, RMSSD_RANGE_MS, "ms"),
            ("heart rate", self.hr_bpm, HR_RANGE_BPM, "bpm"),
        ):
            if not low <= value <= high:  # false for NaN too
                return f"{name} {value:.1f} is outside {low:g} to {high:g} {unit}; please repeat"
        return None

    @property
    def enters_baseline(self) -> bool:
        """Usable, on schedule and not ill."""
        return self.unusable is None and self.on_schedule and not self.ill


def one_a_day(tests: Iterable[MorningTest], protocol: str) -> dict[int, MorningTest]:
    """The first test of each day that may be compared, of one protocol, by rising day."""
    first: dict[int, MorningTest] = {}
    for test in tests:
        if test.protocol == protocol and test.enters_baseline:
            first.setdefault(test.day, test)
    return dict(sorted(first.items()))
