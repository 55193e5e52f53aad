"""What happens in a session beside the beats: what was said, and what was done."""

from dataclasses import dataclass
from typing import Literal

from device.alerts import AlertKind
from device.reading import Reading

MarkKind = (
    AlertKind
    | Literal["step", "pause", "resume", "lap", "note", "target", "morning", "plan", "why", "clock"]
)


@dataclass(frozen=True, slots=True)
class Mark:
    """One of it, at one moment."""

    t_s: float
    """Session seconds."""
    kind: MarkKind
    text: str = ""
    """Of an alert the heart rate; which step, why it paused, the note, how the wall clock was set.
    Before the start: where the target comes from, what this morning made of it, the steps as typed,
    what the session is for."""


STRAP_OFF = "the strap is off"
"""Why it paused by itself."""
SWITCHED_OFF = "switched off"
"""Why nothing is known between a power cut and going on."""


def marks_between(before: Reading, after: Reading) -> list[Mark]:
    """What happened from one reading to the next."""
    marks = []
    if (fired := after.fired) is not None:
        heart_rate = "" if fired.hr_bpm is None else f"{fired.hr_bpm:.0f}"
        marks.append(Mark(fired.t_s, fired.kind, heart_rate))
    if after.strap_off != before.strap_off:
        marks.append(Mark(after.t_s, "pause" if after.strap_off else "resume", STRAP_OFF))
    if after.step is not None and (before.step is None or after.step.index != before.step.index):
        marks.append(Mark(after.t_s, "step", after.step.step.name))
    return marks
