"""What the screens of a gym are told: the room they show, and what lies behind its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from device.athlete import Athlete
    from device.heartbeat import Heartbeat
    from device.purpose import Purpose
    from device.tile import Board
    from ui.app import BeatwiseApp
    from ui.overview import Overview, Plan, Run, SourceKind


class Room(Protocol):
    """Everybody who trains here, as :class:`device.gym.Gym` is.

    What people decide raises a :class:`device.errors.BeatwiseError` with one line.
    """

    async def run(self, *, until_s: float | None = None) -> None:
        """Let people train; all is saved when it returns, or is cancelled."""

    def board(self) -> Board:
        """What the screen on the wall shows now."""
        ...

    def roster(self) -> tuple[Athlete, ...]:
        """Everybody who may sign in by name."""
        ...

    def guest_mistake(self, name: str) -> str | None:
        """Why a guest cannot be called so, in words."""
        ...

    def usual_purpose(self, athlete: str) -> Purpose:
        """What is preselected for somebody: today's plan, else what was chosen last."""
        ...

    def sign_in(self, athlete: str, purpose: Purpose, address: str | None = None) -> None:
        """Somebody is here."""

    def sign_in_guest(
        self, name: str, age_years: int | None, purpose: Purpose, address: str | None = None
    ) -> None:
        """Somebody is here for the day."""

    def claim(self, address: str, athlete: str, purpose: Purpose) -> None:
        """An unknown strap is theirs."""

    def not_you(self, athlete: str) -> None:
        """It is not their strap today."""

    def not_now(self, address: str) -> None:
        """Nobody says whose strap it is."""

    def choose(self, athlete: str, purpose: Purpose) -> None:
        """What their session is for."""

    def swap(self, one: str, other: str) -> None:
        """Two wear each other's straps."""

    def sign_out(self, athlete: str) -> None:
        """They have done for today."""


Opening = Callable[["BeatwiseApp"], object]
"""Opens screens over the board, which leave by themselves."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What there is once everything is loaded."""

    room: Room
    keys: Mapping[str, Opening] = field(default_factory=dict)
    """What lies behind the keys of the corner, of one's own data, of the admin."""
    heartbeat: Heartbeat | None = None
    """Hears that the screen lives."""


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A gym's screen."""

    opened: Callable[[], Opened]
    """Asked for once the app is prepared."""
    source: SourceKind
    until_s: float | None = None


async def no_overview() -> Overview:
    """A gym has no home screen."""
    raise AssertionError("a gym has no home screen")


def no_session(plan: Plan) -> Run:
    """A gym begins no session from a plan."""
    raise AssertionError(f"a gym begins no session from a plan: {plan}")
