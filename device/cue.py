"""What there is to tell a runner, and the words it is said in."""

import re
from dataclasses import dataclass
from typing import Literal, assert_never

from device.alerts import AlertKind

CueKind = Literal[AlertKind, "step", "summary", "start", "stop"]
"""The alerts, and what else is worth a sound."""

Topic = Literal["effort", "signal", "step", "summary", "session"]

LONGEST_TEXT = 160
"""Characters; a step's name comes from a person, and nobody listens to more while running."""


_OF_HOW_MANY = re.compile(r"\b(\d+)/(\d+)\b")
"""A voice would say "work 2 slash 4"."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing to tell."""

    kind: CueKind
    hr_bpm: float | None = None
    text: str | None = None
    """Said instead of the kind's own words."""


def topic(kind: CueKind) -> Topic:
    """What a cue is about: of two that wait about the same, only the newer is still true."""
    match kind:
        case "over" | "repeat" | "walk" | "back" | "under":
            return "effort"
        case "signal_lost" | "signal_back":
            return "signal"
        case "step" | "summary":
            return kind
        case "start" | "stop":
            return "session"
        case _:
            assert_never(kind)


def spoken(cue: Cue) -> str | None:
    """A cue as a voice says it; None where there are no words for it."""
    text = _own_words(cue) if cue.text is None else cue.text
    if text is None:
        return None
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    said = _OF_HOW_MANY.sub(r"\1 of \2", said)
    return said[:LONGEST_TEXT].rstrip() or None


def _own_words(cue: Cue) -> str | None:
    rate = "" if cue.hr_bpm is None else f", {cue.hr_bpm:.0f}"
    match cue.kind:
        case "over" | "repeat":
            return f"ease off{rate}"
        case "walk":
            return f"walk{rate}"
        case "under":
            return f"pick it up{rate}"
        case "back":
            return "back in zone"
        case "signal_lost":
            return "strap lost"
        case "signal_back":
            return "strap back"
        case "start":
            return "started"
        case "stop":
            return "stopped"
        case "step" | "summary":
            return None
        case _:
            assert_never(cue.kind)
