"""What a sensor reports, and the codec of the Heart Rate Measurement characteristic.

Every event carries ``t_s``: seconds since its source began, on the source's own clock.
Nobody downstream asks for the time; they are told.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum

STRAP_TICKS_PER_S = 1024
"""Resolution of the RR field of characteristic 0x2A37 (Heart Rate Service 1.0)."""


class BodyLocation(IntEnum):
    """Body Sensor Location, characteristic 0x2A38."""

    OTHER = 0
    CHEST = 1
    WRIST = 2
    FINGER = 3
    HAND = 4
    EAR_LOBE = 5
    FOOT = 6


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement:
    """One notification of a strap, or one row of a recording, as integers."""

    bpm: int | None
    """Heart rate as the sensor computed it; None where a recording has no such field."""
    rr_ticks: tuple[int, ...] = ()
    """RR intervals, oldest first, in 1/``ticks_per_s`` s, never converted or rounded."""
    contact: bool | None = None
    """Skin contact; None means the sensor does not say."""
    energy_kj: int | None = None
    """Cumulative energy expended; saturates at 65535."""
    gaps: tuple[int, ...] = ()
    """Positions in ``rr_ticks`` before which intervals are missing; its length: after the last."""
    problems: tuple[str, ...] = ()
    """What was wrong with the frame, in words; empty when it is clean."""
    ticks_per_s: int = STRAP_TICKS_PER_S
    """Resolution: 1024 for a strap, 1000 for a file in whole ms, finer where a file is finer."""
    t_s: float = 0.0
    """When it arrived."""


@dataclass(frozen=True, slots=True)
class Searching:
    """Not linked, and looking for the sensor."""

    reason: str
    """What it does or waits for, in plain words: "looking for a strap", "Bluetooth is off"."""
    t_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Connected:
    """Linked: measurements follow."""

    name: str
    """What the sensor calls itself; untrusted text."""
    address: str | None = None
    """Bluetooth address; None for a recording or a simulation."""
    t_s: float = 0.0


@dataclass(frozen=True, slots=True)
class StrapDetails:
    """What the strap tells about itself once linked; None where it does not."""

    battery_pct: int | None = None
    body_location: BodyLocation | None = None
    t_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Disconnected:
    """The link is gone: a value, not an exception."""

    reason: str
    """Why, in plain words."""
    t_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Malformed:
    """A frame that had to be rejected whole."""

    payload: bytes
    reason: str
    t_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time has passed. Each source reports this at least once a second, also in silence."""

    t_s: float


SensorEvent = (
    HeartRateMeasurement | Searching | Connected | StrapDetails | Disconnected | Malformed | Elapsed
)
Emit = Callable[[SensorEvent], object]
Source = Callable[[Emit], Awaitable[None]]
"""A sensor: a coroutine that reports until it is cancelled, or until its recording ends."""
