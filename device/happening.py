"""What happens to the people in a gym, for whoever tells of it."""

from dataclasses import dataclass

from device.reading import Reading
from device.summary import Summary
from sensors.events import SensorEvent


@dataclass(frozen=True, slots=True)
class Came:
    """A session began, goes on, or is found to be somebody else's."""

    athlete: str
    """Untrusted text; empty where nobody has said whose it is."""
    purpose: str
    ceiling_bpm: float | None
    t_s: float
    """Of the gym's clock, as everywhere here but in readings."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Something was measured; each session has its own time."""

    athlete: str
    event: SensorEvent
    reading: Reading


@dataclass(frozen=True, slots=True)
class Left:
    """A session is over, or left open, and saved."""

    athlete: str
    session: int | None
    summary: Summary
    left_open: bool
    """It goes on when the strap is heard again."""
    t_s: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Nobody is known by a strap that is at the screen: whose is it?"""

    address: str
    name: str
    """As it may stand on a screen."""
    t_s: float


Happening = Came | Measured | Left | Asked
