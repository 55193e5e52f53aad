"""The mornings of an athlete by day, each judged by the baseline of its own day."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from device.history import History
from device.morning_history import mornings
from device.morning_record import StoredMorning
from device.readiness_today import LOOK_BACK, readiness_from
from hrv.decision import Verdict
from hrv.readiness import Readiness

Standing = Literal["counts", "excluded", "refused"]


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day on which there was a morning test, or an imported one."""

    day: date
    attempts: tuple[StoredMorning, ...]
    """In the order taken; at least one."""
    told: Readiness
    """Worked out from what was known up to that day."""

    @property
    def morning(self) -> StoredMorning:
        """The attempt the verdict rests on; the last one where none could be used."""
        test = self.told.test
        fitting = (
            one
            for one in self.attempts
            if test is not None and replace(one.comparable, ill=test.ill) == test
        )
        return next(fitting, self.attempts[-1])

    @property
    def verdict(self) -> Verdict:
        """As shown on the day; worked out afterwards where none was."""
        return self.morning.verdict or self.told.decision.verdict

    @property
    def rule(self) -> str:
        """Of that verdict."""
        return self.morning.rule or self.told.decision.rule

    @property
    def standing(self) -> Standing:
        """Whether it enters the baselines of later days."""
        if self.morning.outcome == "refused":
            return "refused"
        test = self.told.test
        counts = test is not None and test.enters_baseline and self.morning.place == "home"
        return "counts" if counts else "excluded"

    @property
    def why_not(self) -> str | None:
        """Why it enters no baseline, in plain words; None if it does."""
        test = self.told.test
        if self.standing == "counts":
            return None
        if test is not None and test.unusable is not None:
            return test.unusable
        if test is not None and test.ill:
            return "ill"
        if self.morning.place == "gym":
            return "taken in a gym: compared with such tests only"
        return "not at the usual time"


def past_days(history: History, athlete: str, *, calm: bool = False) -> tuple[PastDay, ...]:
    """Every day with a test, the oldest first; raises :class:`device.errors.StoreError`."""
    return days_of(mornings(history, athlete), calm=calm)


def days_of(attempts: Sequence[StoredMorning], *, calm: bool = False) -> tuple[PastDay, ...]:
    """The same from mornings at hand, by rising day and in the order taken."""
    all_days = [one.day for one in attempts]
    found = []
    for day in dict.fromkeys(all_days):
        first, behind = bisect_left(all_days, day), bisect_right(all_days, day)
        window = attempts[bisect_left(all_days, day - LOOK_BACK) : behind]
        told = readiness_from(window, day, calm=calm)
        found.append(PastDay(day, tuple(attempts[first:behind]), told))
    return tuple(found)
