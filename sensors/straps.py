"""Who is near, and one strap's beats: what a room full of straps is to the rest of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from sensors.events import Source


@dataclass(frozen=True, slots=True)
class Sighting:
    """One advertisement of a strap, heard."""

    t_s: float
    """Seconds since the listening began."""
    address: str
    name: str | None
    """What it calls itself; untrusted text of any length."""
    rssi_dbm: int | None
    """Signal strength; None where it was not said."""
    bpm: int | None = None
    """Heart rate where the strap broadcasts it in the advertisement itself (Polar)."""


Report = Callable[[Sighting], object]


class Straps(Protocol):
    """The straps of a room: heard in one shared scan, linked to one after another."""

    def now_s(self) -> float:
        """Seconds since the listening began, on the clock of the sightings; 0 before it."""
        ...

    async def overhear(self, report: Report) -> None:
        """Report every advertisement heard, until cancelled, whatever happens to the adapter."""

    def listen(self, address: str) -> Source:
        """One strap's beats, with a watchdog and a back-off of its own."""
        ...

    def notices(self) -> tuple[str, ...]:
        """What a person should know of the radio now, a line each: "Bluetooth is off"."""
        ...
