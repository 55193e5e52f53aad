"""What the history screen is told of each day, and of one morning when it is looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from device.morning_record import StoredMorning
    from device.reading import RecentBeat

Mark = Literal["counts", "excluded", "refused", "imported"]
"""How a day stands: in the baseline; kept out of it; without a number; from another app."""


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day with a test as the plot has it, judged by its own baseline; None: there is no value."""

    day: date
    mark: Mark
    rmssd_ms: float | None = None
    hr_bpm: float | None = None
    l7_ms: float | None = None
    """7-day mean, as RMSSD."""
    band_ms: tuple[float, float] | None = None
    """The normal range of single days on that day; None while learning."""
    verdict: str | None = None
    why: str = ""
    """The reason of the verdict, or why the test was excluded or refused."""
    morning_id: int | None = None


@dataclass(frozen=True, slots=True)
class PastMorning:
    """One test with all that was measured and said."""

    morning: StoredMorning
    beats: tuple[RecentBeat, ...] = ()
    """Of the recording, artefacts marked; empty for an imported day."""
    metrics: tuple[tuple[str, str], ...] = ()
    """Name and value with its unit."""


LoadDays = Callable[[], Awaitable[tuple[DayPoint, ...]]]
"""All days with a test, oldest first, one entry a day."""
LookAt = Callable[[DayPoint], Awaitable[PastMorning | None]]
