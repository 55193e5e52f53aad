"""What a sensor reports, and the codec of the Heart Rate Measurement characteristic.

Every event carries ``t_s``: seconds since its source began, on the source's own clock.
Nobody downstream asks for the time; they are told.
"""

import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum, IntFlag

STRAP_TICKS_PER_S = 1024
"""Resolution of the RR field of characteristic 0x2A37 (Heart Rate Service 1.0)."""

LONGEST_RR_TICKS = 10 * STRAP_TICKS_PER_S
"""Ten seconds: beyond this it is no interval. What a heart can do is judged later, not here."""

PLAUSIBLE_BPM = range(25, 251)
"""Outside this no person is being measured; the value is kept and the frame says so."""


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


@dataclass(frozen=True, slots=True)
class Distance:
    """How far somebody has come, as a watch or a foot pod counts it; not from the session's start.

    No strap sends it: it is in recordings of watches.
    """

    distance_cm: int
    """Cumulative; may begin anew at 0 when the sensor does."""
    t_s: float = 0.0


SensorEvent = (
    HeartRateMeasurement
    | Distance
    | Searching
    | Connected
    | StrapDetails
    | Disconnected
    | Malformed
    | Elapsed
)
Emit = Callable[[SensorEvent], object]
Source = Callable[[Emit], Awaitable[None]]
"""A sensor: a coroutine that reports until it is cancelled, or until its recording ends."""


class MalformedFrame(ValueError):
    """A frame that promises more bytes than it holds: nothing in it can be trusted."""


class FrameFlags(IntFlag):
    """Byte 0 of the Heart Rate Measurement; bits 5 to 7 are reserved and ignored."""

    HEART_RATE_16_BIT = 0x01
    CONTACT_DETECTED = 0x02
    CONTACT_SUPPORTED = 0x04
    ENERGY_PRESENT = 0x08
    RR_PRESENT = 0x10


def decode(payload: bytes, t_s: float = 0.0) -> HeartRateMeasurement:
    """Read one notification of characteristic 0x2A37 (Heart Rate Service 1.0, 2011).

    An impossible interval (0, or longer than 10 s) is dropped and its place kept in ``gaps``.
    ``problems`` holds any of ``rr_missing``, ``rr_zero``, ``rr_out_of_range``, ``odd_tail``,
    ``unflagged_tail`` and ``hr_implausible``. A heart rate of 0 without contact is no problem:
    that is how a strap says it was taken off.

    Raises:
        MalformedFrame: the flags promise a field that the frame does not hold.
    """
    if not payload:
        raise MalformedFrame("the heart rate frame is empty")
    flags = FrameFlags(payload[0])
    problems: list[str] = []
    bpm, at = _field(payload, 1, 2 if FrameFlags.HEART_RATE_16_BIT in flags else 1, "heart rate")
    energy_kj = None
    if FrameFlags.ENERGY_PRESENT in flags:
        energy_kj, at = _field(payload, at, 2, "energy")
    contact = None
    if FrameFlags.CONTACT_SUPPORTED in flags:
        contact = FrameFlags.CONTACT_DETECTED in flags
    if bpm not in PLAUSIBLE_BPM and not (bpm == 0 and contact is False):
        problems.append("hr_implausible")

    rr_ticks: list[int] = []
    gaps: list[int] = []
    if FrameFlags.RR_PRESENT in flags:
        count, odd_tail = divmod(len(payload) - at, 2)
        for ticks in struct.unpack_from(f"<{count}H", payload, at):
            if 0 < ticks <= LONGEST_RR_TICKS:
                rr_ticks.append(ticks)
            else:
                gaps.append(len(rr_ticks))
                problems.append("rr_out_of_range" if ticks else "rr_zero")
        if odd_tail:
            gaps.append(len(rr_ticks))
            problems.append("odd_tail")
        elif not count:
            problems.append("rr_missing")
    elif at < len(payload):
        problems.append("unflagged_tail")

    return HeartRateMeasurement(
        bpm=bpm,
        rr_ticks=tuple(rr_ticks),
        contact=contact,
        energy_kj=energy_kj,
        gaps=tuple(dict.fromkeys(gaps)),
        problems=tuple(dict.fromkeys(problems)),
        t_s=t_s,
    )


def _field(payload: bytes, at: int, size: int, name: str) -> tuple[int, int]:
    """One little-endian number of ``size`` bytes, and where the next field begins."""
    end = at + size
    if end > len(payload):
        raise MalformedFrame(
            f"the heart rate frame {payload.hex()} ends within its {name}: "
            f"{len(payload)} bytes, at least {end} needed"
        )
    return int.from_bytes(payload[at:end], "little"), end


def encode(measurement: HeartRateMeasurement) -> bytes:
    """Write a notification of characteristic 0x2A37: what a strap would send for this value.

    The inverse of :func:`decode` for any measurement without gaps and problems; those two and
    ``t_s`` are the receiver's findings and are not sent. The heart rate takes one byte if it fits.

    Raises:
        ValueError: no heart rate, a number that does not fit its field, or RR intervals that are
            not in 1/1024 s.
    """
    if measurement.bpm is None:
        raise ValueError("a strap always sends a heart rate; this measurement has none")
    if measurement.ticks_per_s != STRAP_TICKS_PER_S:
        raise ValueError(f"a strap counts 1/1024 s, not 1/{measurement.ticks_per_s} s")
    flags = FrameFlags(0)
    form = "<BB"
    if measurement.bpm > 0xFF:
        flags |= FrameFlags.HEART_RATE_16_BIT
        form = "<BH"
    if measurement.contact is not None:
        flags |= FrameFlags.CONTACT_SUPPORTED
        if measurement.contact:
            flags |= FrameFlags.CONTACT_DETECTED
    numbers = [measurement.bpm]
    if measurement.energy_kj is not None:
        flags |= FrameFlags.ENERGY_PRESENT
        numbers.append(measurement.energy_kj)
    if measurement.rr_ticks:
        flags |= FrameFlags.RR_PRESENT
        numbers.extend(measurement.rr_ticks)
    try:
        return struct.pack(form + "H" * (len(numbers) - 1), flags, *numbers)
    except struct.error as error:
        raise ValueError(f"{numbers} do not all fit the fields of a frame") from error
