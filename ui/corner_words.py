"""The corner's queue in words: what the room may see of it, and what is asked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from device.athlete import Athlete
    from device.corner_queue import Place, Turn

HOW = (
    "Wear your strap, moist and snug, and say how you feel.",
    "Then sit still for two minutes, and breathe as you like.",
)
NOBODY = "Nobody is here."
SIT_DOWN = "Sit still: it begins by itself, and takes two minutes."
WAIT = "You are called when a seat is free."

_TURNS: dict[Turn, str] = {
    "asked": "answers how it feels",
    "strap": "sits down",
    "done": "the result is behind the PIN",
    "again": "no result: see why, with your PIN",
}


def told(place: Place) -> str:
    """Where somebody stands; never a number but time."""
    match place.turn:
        case "sits":
            return f"{words.clock(place.left_s or 0.0)} left"
        case "waits":
            return _about(place.left_s or 0.0)
        case turn:
            return _TURNS[turn]


def mark(places: Sequence[Place], at: int) -> str:
    """What stands before a line: who is next is said once."""
    waiting = [one for one in places if one.turn == "waits"]
    match places[at].turn:
        case "sits" | "strap":
            return "now"
        case "waits":
            return "next" if places[at] == waiting[0] else "then"
    return ""


def on_what(places: Iterable[Place], athlete: Athlete) -> str:
    """Beside a name to pick: whether they are here already."""
    turns = {one.athlete: one.turn for one in places}
    match turns.get(athlete.name):
        case None:
            return ""
        case "done" | "again":
            return "tested just now"
    return "in the queue"


def _about(left_s: float) -> str:
    if left_s < 30.0:
        return "in a moment"
    minutes = max(1, round(left_s / 60.0))
    return f"in about {minutes} minute{'' if minutes == 1 else 's'}"
