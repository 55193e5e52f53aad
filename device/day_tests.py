"""What somebody's tests of one day came to, as the disk has them; ask in a thread."""

from dataclasses import dataclass
from datetime import date

from device import morning_history
from device.athlete import Athlete
from device.morning_record import Choice, StoredMorning
from device.morning_view import Result
from device.readiness_today import readiness
from device.store import Store
from hrv.readiness import Readiness


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody's test of today came to; for their eyes only."""

    athlete: Athlete
    day: date
    readiness: Readiness
    result: Result | None
    """Of the last test; None after a restart."""
    choice: Choice | None
    trouble: str | None = None
    """Why it is not saved; None where it is."""


class DayTests:
    """Reads and writes them; every method raises :class:`device.errors.StoreError`."""

    def __init__(self, store: Store, *, calm: bool) -> None:
        """``calm`` as :attr:`device.config.Judging.calm`."""
        self._store = store
        self._calm = calm

    def taken(self, one: Athlete, day: date) -> bool:
        """Whether there is one already that can be used."""
        return any(
            test.imported_from is None and test.comparable.unusable is None
            for test in self._of(one, day)
        )

    def look(self, one: Athlete, day: date) -> Told | None:
        """What they came to; None where there is none."""
        tests = self._of(one, day)
        if not tests:
            return None
        told = readiness(self._store, one.name, day, calm=self._calm)
        chosen = [test.choice for test in tests if test.choice is not None]
        return Told(one, day, told, None, chosen[-1] if chosen else None)

    def choose(self, told: Told, choice: Choice) -> None:
        """Keep what they make of it with the first that can be used."""
        tests = self._of(told.athlete, told.day)
        usable = [test for test in tests if test.comparable.unusable is None] or tests
        morning_history.choose(self._store, usable[0], choice)

    def _of(self, one: Athlete, day: date) -> list[StoredMorning]:
        return morning_history.mornings(self._store, one.name, since=day, until=day)
