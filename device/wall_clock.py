"""The wall clock of this machine while a session runs: it may be set, and the day be another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

SMALLEST_STEP = timedelta(minutes=1)
"""Less is what keeping time looks like, and names no other day."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """How to ask it, and whether what it says may name the day."""

    now: Callable[[], datetime]
    """Aware."""
    trusted: Callable[[datetime], bool]


_UNITS = (
    (timedelta(days=365.2425), "year"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (SMALLEST_STEP, "minute"),
)


class Steps:
    """Notices when the wall clock is set, against one that only goes forward."""

    def __init__(self, now: datetime, elapsed_s: float) -> None:
        self._began = now - timedelta(seconds=elapsed_s)

    def look(self, now: datetime, elapsed_s: float) -> timedelta | None:
        """By how much it was set since the last look that found so; None where it was not."""
        began = now - timedelta(seconds=elapsed_s)
        by = began - self._began
        if abs(by) < SMALLEST_STEP:
            return None
        self._began = began
        return by


def in_words(by: timedelta) -> str:
    """A step as a person would say it: ``set forward by 3 years``."""
    way = "forward" if by > timedelta(0) else "back"
    unit, name = next((one for one in _UNITS if abs(by) >= one[0]), _UNITS[-1])
    many = round(abs(by) / unit)
    return f"set {way} by {many} {name}{'' if many == 1 else 's'}"
