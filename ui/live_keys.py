"""Which keys do something at each moment of a live session: the last line, and what is obeyed."""

from __future__ import annotations

from dataclasses import dataclass

from ui.header import KeyList


@dataclass(frozen=True, slots=True)
class Situation:
    """What the keys depend on."""

    ended: bool = False
    """The session is over and saved."""
    paused: bool = False
    details: bool = False
    beats: bool = False
    """The details show the single beats instead of the last ten minutes."""
    roomy: bool = False
    """The details show both."""
    noting: bool = False
    """A note is being typed."""
    ramp: bool = False
    """A ramp test is going on."""
    question: bool = False
    """A threshold can be accepted."""


def keys_of(now: Situation) -> KeyList:
    """Each key and what it does, the most wanted first."""
    if now.noting:
        return (("enter", "keep the note"), ("esc", "leave it"))
    if now.question:
        asked = (("y", "accept"), ("n", "do not"))
        return (*asked, ("q", "leave" if now.ended else "end and save"))
    details = (("d", _next_view(now)),)
    if now.ended:
        return (*details, ("q", "leave"))
    ramp = (("x", "end the ramp"),) if now.ramp else ()
    end = "end" if now.ramp else "end and save"
    held = (("space", "go on"),) if now.paused else (("space", "pause"), ("l", "lap"), *ramp)
    return (*held, ("n", "note"), *details, ("q", end))


def _next_view(now: Situation) -> str:
    """Glance, details, and where they do not fit at once the beats; then the glance again."""
    if not now.details:
        return "details"
    return "back" if now.beats or now.roomy else "beats"


ACTIONS = {
    "pause": "space",
    "lap": "l",
    "note": "n",
    "details": "d",
    "end_ramp": "x",
    "accept": "y",
    "decline": "n",
    "leave_note": "esc",
    "end": "q",
}
"""The key each action has in the last line: one that is not told is not obeyed."""


def obeyed(action: str, now: Situation) -> bool:
    """Whether an action's key does something now."""
    if action in ("note", "decline") and now.question != (action == "decline"):
        return False
    key = ACTIONS.get(action)
    return key is None or any(key == told for told, _ in keys_of(now))
