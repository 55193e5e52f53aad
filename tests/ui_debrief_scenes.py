"""A scripted session that is over, for the tests of its screen and of its words."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from textual.app import App

import ui.debrief
from device.athlete import Athlete
from device.debrief import Debrief, debrief
from device.history import Outcome, SessionStart, StoredSession
from device.mark import Mark
from device.retrace import retrace
from sensors.events import (
    Connected,
    Disconnected,
    HeartRateMeasurement,
    Searching,
    SensorEvent,
)
from ui.debrief import DebriefScreen
from ui.past_runs import Debriefs
from ui.terminal import BRAILLE, Glyphs
from ui.theme import MANY, SIXTEEN

ANNA = Athlete("Anna", birth_year=1988, sex="female", resting_bpm=52.0, max_bpm=188.0)
STARTED = datetime(2025, 11, 20, 7, 15, tzinfo=UTC)
LOST_S = range(1501, 1560)
"""Seconds in which the strap is out of range."""
SILENT_S = range(2400, 2430)
"""Seconds in which it is linked and says nothing."""


def hr_of(t_s: float) -> float:
    """Up in five minutes, around 140 with a slow drift, hard at the end, and a minute of rest."""
    if t_s >= 3540:
        return 162.0 - 38.0 * (1 - math.exp(-(t_s - 3540) / 30))
    if t_s >= 3420:
        return 147.0 + 15.0 * (1 - math.exp(-(t_s - 3420) / 25))
    climb = 136.0 - 50.0 * math.exp(-t_s / 120)
    return climb + 11.0 * t_s / 3600 + 3.0 * math.sin(t_s / 140)


def events(duration_s: int = 3660) -> list[SensorEvent]:
    """A notification a second, with two stretches in which none comes."""
    found: list[SensorEvent] = [Connected("Polar H10 A1B2C3D4", t_s=0.4)]
    beat_s = 1.0
    for second in range(2, duration_s + 1):
        if second == LOST_S.start:
            found.append(Disconnected("the strap went out of range", t_s=second + 0.1))
            found.append(Searching("looking for the strap", t_s=second + 0.2))
        if second in LOST_S or second in SILENT_S:
            beat_s = float(second)
            continue
        if second == LOST_S.stop:
            found.append(Connected("Polar H10 A1B2C3D4", t_s=second - 0.1))
        ticks = []
        while beat_s + 60.0 / hr_of(beat_s) <= second:
            ticks.append(round(1024 * 60.0 / hr_of(beat_s)))
            beat_s += ticks[-1] / 1024
        found.append(HeartRateMeasurement(round(hr_of(second)), tuple(ticks), True, t_s=second))
    return found


def stored(
    purpose: str = "easy",
    *,
    floor_bpm: float | None = None,
    ceiling_bpm: float | None = 147.0,
    outcome: Outcome | None = "finished",
    ended_s: float | None = None,
) -> StoredSession:
    start = SessionStart(
        athlete="Anna",
        purpose=purpose,
        source="ble",
        floor_bpm=floor_bpm,
        ceiling_bpm=ceiling_bpm,
        started=STARTED,
        beatwise_version="0",
        method_version="1",
    )
    return StoredSession(12, start, ended_s, outcome, None)


def told(
    happened: Sequence[SensorEvent] | None = None,
    athlete: Athlete = ANNA,
    *,
    rpe_cr10: float | None = None,
    rpe_asked: bool = False,
    marks: Sequence[Mark] = (),
    **changes: object,
) -> Debrief:
    """The debrief of a session; by default one hour with a lost strap and a hard end."""
    one = stored(**changes)  # type: ignore[arg-type]
    found = events() if happened is None else happened
    lived = retrace(found, until_s=one.ended_s, marks=marks)
    return debrief(one, lived, athlete, rpe_cr10=rpe_cr10, rpe_asked=rpe_asked)


class DebriefApp(App[None]):
    """The screen and nothing else; keeps what it was told to keep."""

    CSS_PATH = Path(ui.debrief.__file__).with_name("beatwise.tcss")

    def __init__(
        self,
        shown: Debrief,
        glyphs: Glyphs = BRAILLE,
        *,
        sixteen_colours: bool = False,
        ask: bool = False,
        trouble: Exception | None = None,
    ) -> None:
        super().__init__(ansi_color=sixteen_colours)
        self.shown = shown
        self.glyphs = glyphs
        self.ask = ask
        self.trouble = trouble
        self.rated: list[tuple[int, float | None]] = []
        theme = SIXTEEN if sixteen_colours else MANY
        self.register_theme(theme)
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())

    async def _look(self, session_id: int) -> Debrief:
        return self.shown

    async def _rate(self, session_id: int, cr10: float | None) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.rated.append((session_id, cr10))

    def on_mount(self) -> None:
        told = Debriefs(self._look, self._rate)
        self.push_screen(DebriefScreen(told, 12, self.glyphs, ask=self.ask))
