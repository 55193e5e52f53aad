"""What happens in a session beside the beats: what was said, and what was done."""

from dataclasses import dataclass
from typing import Literal

from device.alerts import AlertKind

MarkKind = AlertKind | Literal["step", "pause", "resume", "lap", "note", "ceiling", "plan"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One of it, at one moment."""

    t_s: float
    """Session seconds."""
    kind: MarkKind
    text: str = ""
    """Of an alert the heart rate; which step, why paused, the note, the ceiling and its origin."""
