"""What the screens are told: the facts that hold before a session starts, and who measures it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # arithmetic is imported after the first frame, never for the sake of a name
    from datetime import datetime

    from device.intent import Band
    from device.reading import Reading
    from device.steps import Steps
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
class ThisMorning:
    """What the morning test makes of the purpose."""

    verdict: str
    """GREEN, AMBER, RED or GREY."""
    reason: str
    """One plain sentence."""
    rest: bool = False
    """It proposes rest or a walk instead."""
    uncapped: Band | None = None
    uncapped_steps: Steps | None = None
    """What the purpose would mean without it."""
    binds: bool = False
    """It changes this session, unless the athlete overrides it."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """A session that a crash or a power cut ended, not long ago."""

    id: int
    purpose: str
    lasted_s: float


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
    steps: Steps | None = None
    """Of intervals or a ramp test; each with its own band."""
    max_bpm: float | None = None
    """Measured; where a ramp test has to stop below."""
    morning: ThisMorning | None = None
    overridden: bool = False
    """The athlete said not to mind this morning."""
    why: str = ""
    """What for, in the athlete's own words."""
    on_file: bool = False
    """There is a file of this athlete that an accepted threshold can be written to."""
    cut_off: CutOff | None = None
    """It goes on with this one."""


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
    doubted: bool = False
    """The clock could not be trusted then."""
    id: int | None = None
    """By which it is looked at again; None where it cannot be."""


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
    cut_off: Plan | None = None
    """A session that can be gone on with."""


Load = Callable[[], Awaitable[Overview]]
"""Reads what the home screen shows: called after the first frame, and after each session."""
Show = Callable[["Reading"], object]


class Run(Protocol):
    """A session, as a screen may steer it."""

    @property
    def session_id(self) -> int | None:
        """Its number in the store; None until the disk has taken it."""
        ...

    async def measure(self, show: Show) -> None:
        """Run until its source ends or it is cancelled; saved when it returns or raises."""

    def pause(self) -> None:
        """Judge and count nothing until told to go on."""

    def resume(self) -> None:
        """Go on."""

    def lap(self) -> None:
        """Mark this moment."""

    def note(self, text: str) -> None:
        """Keep what the athlete wants to remember of this moment; untrusted text."""

    async def accept(self, hrvt1_bpm: float) -> None:
        """Keep a threshold as the athlete's own; raises a BeatwiseError where that fails."""


Begin = Callable[[Plan], Run]
"""Makes a session ready; it runs once it is measured."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The session that was asked for on the command line."""

    plan: Plan
    cut_off: Plan | None = None
    """One that was cut off not long ago and could be gone on with instead."""


Settle = Callable[[], Settled]
"""Settles it, in a thread; raises a BeatwiseError for what does not work."""
