"""What the screens are told: the facts that hold before a session starts, and who measures it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # arithmetic is imported after the first frame, never for the sake of a name
    from datetime import datetime

    from device.intent import Band
    from device.reading import Reading
    from hrv.zones import Zones

SourceKind = Literal["ble", "simulated", "replay"]


@dataclass(frozen=True, slots=True)
class SourceCard:
    """Where heartbeats will come from."""

    kind: SourceKind
    name: str
    """What a person would call it: "Polar H10 1234ABCD", "morning.csv"; untrusted text."""
    reason: str | None = None
    """Why it is this one where it was not asked for: "no Bluetooth adapter was found"."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is settled about a live session before it starts."""

    athlete: str
    """Name; untrusted text."""
    purpose: str
    source: SourceCard
    band: Band | None = None
    """The intended heart rate; None leaves every heart rate unjudged."""
    zones: Zones | None = None


@dataclass(frozen=True, slots=True)
class PastSession:
    """One line of the list of last sessions."""

    started: datetime
    """Local time."""
    purpose: str
    duration_s: float
    mean_hr_bpm: float | None = None
    interrupted: bool = False
    """True where it ended without anyone ending it: a power cut, a crash."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the home screen shows of one athlete."""

    athlete: str
    source: SourceCard
    plans: tuple[Plan, ...] = ()
    """What can be started, in the order of the list."""
    sessions: tuple[PastSession, ...] = ()
    """The newest first."""
    notes: tuple[str, ...] = field(default=())
    """What the athlete should know before starting, one line each."""


Load = Callable[[], Awaitable[Overview]]
"""Reads what the home screen shows: called after the first frame, and after each session."""
Show = Callable[["Reading"], object]
Measure = Callable[[Plan, Show], Awaitable[None]]
"""Runs a session until its source ends or it is cancelled; saved when it returns or raises."""
