"""Which day it is where the clock cannot name it, as each athlete has said."""

from datetime import date, timedelta

from device.names import name_key


class SaidDays:
    """What was said, and what the clock showed then; the clock's date comes in.

    A day is true for whoever said it alone: a wrong one would else file everybody's tests under it.
    """

    def __init__(self) -> None:
        self._off: dict[str, timedelta] = {}
        """What the clock's date lacks to the one that was said."""
        self._last_off: timedelta | None = None

    def say(self, athlete: str, day: date, clock: date) -> None:
        """An athlete says which day it is."""
        self._last_off = self._off[name_key(athlete)] = day - clock

    def of(self, athlete: str, clock: date) -> date | None:
        """Which day it is, as this athlete has said; None where they have not."""
        off = self._off.get(name_key(athlete))
        return None if off is None else clock + off

    def last(self, clock: date) -> date | None:
        """Which day it is, as somebody said last."""
        return None if self._last_off is None else clock + self._last_off

    def forget(self, athlete: str) -> None:
        """Nothing was ever said by this athlete."""
        self._off.pop(name_key(athlete), None)
