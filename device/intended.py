"""What is settled before a session starts, and what of it is stored."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from device.history import SessionStart, StoredSession
from device.intent import Band, Purpose
from device.mark import Mark
from device.session import EXERCISE_RR_MS, METHOD_VERSION, Session
from device.sources import OpenedSource
from device.steps import Steps
from device.this_morning import Cap
from device.wall_clock import WallClock
from hrv.zones import Zones

OVERRIDDEN = "overridden: "
"""What the mark of this morning's verdict begins with, where the athlete knew better."""
LONGEST_NOTE = 500
"""Characters kept of what an athlete types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """What is settled before a session starts."""

    athlete: str | None
    purpose: Purpose
    band: Band | None
    zones: Zones | None
    source: OpenedSource
    rr_range_ms: tuple[float, float] = EXERCISE_RR_MS
    started: datetime | None = None
    """Wall clock with its UTC offset; only names the day."""
    clock_trusted: bool | None = None
    """Whether it may; None where nobody looked."""
    wall: WallClock | None = None
    """For noticing that it is set while the session runs."""
    steps: Steps | None = None
    """Of intervals or a ramp test; each step has its own target."""
    cap: Cap | None = None
    """What this morning makes of it; already in the band, unless overridden."""
    overridden: bool = False
    """The athlete knows better than this morning's verdict; it is not said again."""
    why: str = ""
    """What for, in the athlete's own words; untrusted text."""
    going_on: StoredSession | None = None
    """A session that was cut off and is gone on with."""


def start_of(intended: Intended) -> SessionStart:
    """A settled session as its row has it."""
    source, band = intended.source, intended.band
    return SessionStart(
        athlete=intended.athlete,
        purpose=intended.purpose,
        source=source.spec.text,
        fingerprint=source.fingerprint,
        floor_bpm=None if band is None else band.floor_bpm,
        ceiling_bpm=None if band is None else band.ceiling_bpm,
        started=intended.started,
        clock_trusted=intended.clock_trusted,
        beatwise_version=version("beatwise"),
        method_version=METHOD_VERSION,
    )


def session_of(intended: Intended) -> Session:
    """The session it is measured by."""
    return Session(
        band=intended.band,
        steps=intended.steps,
        zones=intended.zones,
        rr_range_ms=intended.rr_range_ms,
    )


def marks_at_start(intended: Intended) -> list[Mark]:
    """What was settled before: where the target comes from, the plan of steps, and what for."""
    marks = []
    band, cap = intended.band, intended.cap
    if cap is not None:
        against = OVERRIDDEN if intended.overridden else ""
        marks.append(Mark(0.0, "morning", f"{against}{cap}"))
    if band is not None:
        marks.append(Mark(0.0, "target", band.told_origin))
    if intended.steps is not None and intended.steps.text is not None:
        marks.append(Mark(0.0, "plan", intended.steps.text))
    if intended.why:
        marks.append(Mark(0.0, "why", " ".join(intended.why.split())[:LONGEST_NOTE]))
    return marks
