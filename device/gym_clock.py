"""The wall clock of a gym in which nobody is in charge: what the board says of it, and when.

That the clock is merely unknown, as on every board without a battery and a network, is no news.
It is said where something speaks against it, and where it was set and nothing speaks for it since.
"""

from datetime import datetime, time

from device.guests import Moment
from device.wall_clock import Steps, in_words


class GymClock:
    """Watches the wall clock against one that only goes forward."""

    def __init__(self) -> None:
        self._steps: Steps | None = None
        self._trusted = False
        self._doubted = False

    def was_set(self, now: datetime, elapsed_s: float) -> str | None:
        """That it was set since it was last asked, in words; None where it was not."""
        if self._steps is None:
            self._steps = Steps(now, elapsed_s)
        by = self._steps.look(now, elapsed_s)
        if by is None:
            return None
        self._doubted |= self._trusted  # until something speaks for it again
        return f"the clock was {in_words(by)}"

    def judge(self, moment: Moment) -> None:
        """Take in whether it may name the day."""
        self._trusted = moment.trusted
        self._doubted = moment.doubted or (self._doubted and not moment.trusted)

    def notice(self, now: datetime, closes: time | None) -> str | None:
        """For the board of a gym that closes then; None where there is nothing to say."""
        if not self._doubted:
            return None
        at_stake = "dates" if closes is None else "closing time and dates"
        return f"the clock cannot be trusted ({now:%Y-%m-%d}): {at_stake} may be wrong"
