"""Who is next for a seated test in a gym's corner, and how long it takes; no clock, no I/O.

What the room may see: names, whose turn it is, and time. What was measured has no field here.
"""

from dataclasses import dataclass, field
from typing import Literal

from device.errors import NotHere
from device.morning_protocol import IN_THE_GYM
from device.morning_view import MorningView
from device.names import same_name

Turn = Literal["asked", "waits", "strap", "sits", "done", "again"]
"""``asked``: still answering how they feel. ``strap``: it is their turn, and the strap is not
ready. ``done``: the result is there; ``again``: there is none, and why is there."""

SITTING_S = IN_THE_GYM.total_s
"""Of one test where nothing has to be extended."""
TO_SIT_DOWN_S = 30.0
"""From being called until the strap is ready (our guess, for telling how long the others wait)."""
SHOWN_S = 600.0
"""So long the room is told that somebody's result is there."""


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the queue."""

    athlete: str
    """Untrusted text."""
    turn: Turn
    left_s: float | None = None
    """Until their turn, or of sitting still; None where nobody can tell."""
    cure: str | None = None
    """While they sit: what to put right, such as "moisten the strap"."""


@dataclass(slots=True)
class _Waiting:
    athlete: str
    turn: Turn = "asked"
    left_s: float | None = None
    cure: str | None = None
    since_s: float = 0.0


@dataclass(slots=True)
class CornerQueue:
    """The queue; times are those of any clock that only goes forward."""

    seats: int = 1
    """So many may sit at once."""
    _waiting: list[_Waiting] = field(default_factory=list)
    """In the order they came."""

    def join(self, athlete: str) -> None:
        """Take a place; who comes back after a test is new. Raises :class:`NotHere`."""
        present = self._find(athlete)
        if present is not None and present.turn not in ("done", "again"):
            raise NotHere(f"{present.athlete} is in the queue already")
        self.leave(athlete)
        self._waiting.append(_Waiting(athlete))

    def ready(self, athlete: str) -> None:
        """All is answered: from now on they wait for a seat."""
        one = self._find(athlete)
        if one is not None and one.turn == "asked":
            one.turn = "waits"

    def leave(self, athlete: str) -> None:
        """Not here any more, however far it had come."""
        self._waiting = [one for one in self._waiting if not same_name(one.athlete, athlete)]

    def called(self) -> tuple[str, ...]:
        """Whose turn it is from now on, because a seat is free."""
        free = self.seats - sum(one.turn in ("strap", "sits") for one in self._waiting)
        chosen = [one for one in self._waiting if one.turn == "waits"][: max(0, free)]
        for one in chosen:
            one.turn = "strap"
        return tuple(one.athlete for one in chosen)

    def seen(self, athlete: str, view: MorningView) -> None:
        """How far the test of somebody who sits has come."""
        one = self._find(athlete)
        if one is None or view.phase == "done":
            return
        one.turn = "strap" if view.phase == "preview" else "sits"
        one.left_s = _left_s(view)
        one.cure = view.advice[0] if view.advice else None

    def over(self, athlete: str, now_s: float, *, usable: bool) -> None:
        """The test has come to its end."""
        one = self._find(athlete)
        if one is not None:
            one.turn = "done" if usable else "again"
            one.left_s, one.cure, one.since_s = None, None, now_s

    def places(self, now_s: float) -> tuple[Place, ...]:
        """Everybody, the seated first; whose result was there for long is not told any more."""
        self._waiting = [
            one
            for one in self._waiting
            if one.turn not in ("done", "again") or now_s - one.since_s < SHOWN_S
        ]
        # When each seat is free again; whoever waits takes the one that is free first.
        free_s = sorted(
            (one.left_s if one.left_s is not None else SITTING_S + TO_SIT_DOWN_S)
            for one in self._waiting
            if one.turn in ("strap", "sits")
        )
        free_s = [0.0] * (self.seats - len(free_s)) + free_s
        found: dict[Turn, list[Place]] = {}
        for one in self._waiting:
            left_s = one.left_s
            if one.turn in ("asked", "waits"):
                left_s = free_s.pop(0)
                free_s = sorted([*free_s, left_s + SITTING_S + TO_SIT_DOWN_S])
            found.setdefault(one.turn, []).append(Place(one.athlete, one.turn, left_s, one.cure))
        order: tuple[Turn, ...] = ("sits", "strap", "waits", "asked", "done", "again")
        return tuple(place for turn in order for place in found.get(turn, ()))

    def _find(self, athlete: str) -> _Waiting | None:
        return next((one for one in self._waiting if same_name(one.athlete, athlete)), None)


def _left_s(view: MorningView) -> float | None:
    if view.remaining_s is None:
        return None
    return view.remaining_s + (IN_THE_GYM.record_s if view.phase == "settle" else 0.0)
