"""What the screens of the morning are told, and what they may ask of the program behind them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Protocol as Structure

from ui.past_mornings import LoadDays, LookAt

if TYPE_CHECKING:
    from datetime import date

    from device.intent import Band
    from device.morning_protocol import Protocol
    from device.morning_record import Answers, Choice
    from device.morning_view import MorningView, Result
    from hrv.readiness import Readiness
    from ui.overview import SourceCard


@dataclass(frozen=True, slots=True)
class MorningPlan:
    """What is settled about a morning test before it starts."""

    athlete: str
    """Name; untrusted text."""
    source: SourceCard
    protocol: Protocol
    """As this athlete took it last; it may be changed until the clock starts."""
    day: date | None
    """Today; None where the clock cannot be trusted, and the athlete has to say."""
    today: Today | None = None
    """Where today's test is already taken: the first one that can be used counts."""
    said: Answers | None = None
    """What was answered on the command line: the questions begin with it."""


@dataclass(frozen=True, slots=True)
class Today:
    """The verdict of a day with everything it was made from."""

    day: date
    readiness: Readiness
    ceiling: Band | None
    """How high the heart may go today; None where nothing is known to set one by, or at RED."""
    result: Result | None = None
    """What came of the test just taken; None where none was."""
    flags: tuple[str, ...] = ()
    """What one should know of the value itself, in plain words."""
    choice: Choice | None = None


ShowMorning = Callable[["MorningView"], object]


class Attempt(Structure):
    """One attempt at a morning test, kept and judged by the program behind the screen."""

    def take(self, protocol: Protocol) -> None:
        """Take it this way from now on; only before the clock has started."""

    def on_day(self, day: date) -> None:
        """The athlete says which day it is."""

    def start(self) -> None:
        """The athlete's key: the clock starts."""

    def moved(self) -> None:
        """The athlete says they moved or spoke."""

    async def measure(self, show: ShowMorning) -> None:
        """Run until the test is done or this is cancelled; the beats are saved afterwards."""

    async def judge(self, answers: Answers) -> Today:
        """Keep the result with the answers, and judge the day; once, after :meth:`measure`."""
        ...

    async def choose(self, choice: Choice) -> None:
        """Keep what the athlete makes of the verdict."""


LoadMorning = Callable[[], Awaitable[MorningPlan]]
"""Reads what the morning screen shows: called after the first frame."""
Begin = Callable[[MorningPlan], Attempt]


@dataclass(frozen=True, slots=True)
class Mornings:
    """All that the app needs for the morning and its history."""

    load: LoadMorning
    begin: Begin
    days: LoadDays
    look: LookAt
