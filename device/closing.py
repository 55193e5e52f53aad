"""Closing time, told once a day by a clock that may jump."""

from datetime import datetime, time, timedelta

JUMP_S = 60.0
"""A wall clock that moved by so much more or less than the time that passed has been set."""


class ClosingTime:
    """Tells the moment at which the gym closes; the time comes in."""

    def __init__(self, closes: time | None) -> None:
        self.closes = closes
        """May be changed at any time; one that has passed comes tomorrow."""
        self._before: tuple[datetime, float] | None = None

    def has_come(self, now: datetime, elapsed_s: float) -> bool:
        """Whether it came since it was last asked; ``elapsed_s`` is a clock that nobody sets.

        A clock that is set jumps over many closing times, and none of them has come.
        """
        before, self._before = self._before, (now, elapsed_s)
        if self.closes is None or before is None:
            return False
        passed_s = (now - before[0]).total_seconds()
        if passed_s <= 0 or abs(passed_s - (elapsed_s - before[1])) > JUMP_S:
            return False
        # Within less than a day there is one closing time at most, today's or that of yesterday.
        return any(
            before[0] < datetime.combine(day, self.closes, now.tzinfo) <= now
            for day in (now.date(), now.date() - timedelta(days=1))
        )
