"""An app with a corner above something that stands for the board; the corner is scripted."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ui_morning_scenes as mornings
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Static

import ui.corner_screen
from device.athlete import Athlete
from device.corner_queue import Place
from device.day_tests import Told
from device.errors import NotHere
from device.morning_record import Answers, Choice
from ui.corner_screen import CornerScreen
from ui.terminal import BRAILLE, Glyphs
from ui.theme import MANY, SIXTEEN

PEOPLE = tuple(Athlete(name) for name in ("Anna", "Ben", "Chris", "Dora", "Émile"))
MIXED = (
    Place("Anna", "sits", 80.0),
    Place("Ben", "strap", None, "moisten the electrodes and put the strap on"),
    Place("Chris", "waits", 20.0),
    Place("Dora", "waits", 170.0),
    Place("Émile", "asked", 320.0),
    Place("Finn", "done"),
    Place("Grace", "again"),
)
HOSTILE = (
    Place("[red]Bobby[/] \x1b[2J\u202eevil", "sits", 3.0, "[b]cure[/b]"),
    Place("안녕하세요 " * 40, "waits", 100.0),
)


class ScriptedCorner:
    """Writes down what it is asked."""

    def __init__(self, places: Sequence[Place] = (), day: date | None = mornings.DAY) -> None:
        self.shown = tuple(places)
        self.day = day
        self.said: date | None = None
        self.done: list[tuple[Any, ...]] = []
        self.refuses: str | None = None

    def places(self) -> tuple[Place, ...]:
        return self.shown

    def people(self) -> tuple[Athlete, ...]:
        return PEOPLE

    async def today(self, _: str) -> date | None:
        return self.day

    def on_day(self, athlete: str, day: date) -> None:
        self.day = day
        self.done.append(("day", athlete, day))

    async def may_test(self, athlete: str) -> None:
        if self.refuses is not None:
            raise NotHere(self.refuses)

    async def join(self, athlete: str) -> None:
        if self.refuses is not None:
            raise NotHere(self.refuses)
        self.done.append(("join", athlete))

    def answer(self, athlete: str, answers: Answers) -> None:
        self.done.append(("answer", athlete, answers))
        self.shown = (*self.shown, Place(athlete, "strap"))

    def leave(self, athlete: str) -> None:
        self.done.append(("leave", athlete))

    async def told(self, athlete: str) -> Told:
        if self.refuses is not None:
            raise NotHere(self.refuses)
        anna = Athlete(athlete, lthr_bpm=160.0)
        readiness = mornings.judged(47.0, before=mornings.LOW_WEEK)
        return Told(anna, mornings.DAY, readiness, mornings.ACCEPTED, None)

    async def choose(self, told: Told, choice: Choice) -> None:
        self.done.append(("choose", told.athlete.name, choice))


class CornerApp(App[None]):
    """Opens the corner above the board; the PIN is right, or it is not."""

    CSS_PATH = Path(ui.corner_screen.__file__).with_name("beatwise.tcss")

    def __init__(
        self,
        corner: ScriptedCorner,
        *,
        allowed: bool = True,
        chooses: bool = True,
        glyphs: Glyphs = BRAILLE,
        sixteen_colours: bool = False,
    ) -> None:
        super().__init__(ansi_color=sixteen_colours)
        self.corner = corner
        self.allowed = allowed
        self.chooses = chooses
        self.asked: list[str] = []
        self.glyphs = glyphs
        theme = SIXTEEN if sixteen_colours else MANY
        self.register_theme(theme)
        self.theme = theme.name

    def compose(self):
        yield Static("the board")

    def on_mount(self):
        self.push_screen(CornerScreen(self.corner, self.let_in, self.prepared, self.glyphs))

    async def prepared(self, who: str) -> bool:
        self.corner.done.append(("prepared", who))
        return self.chooses

    async def let_in(self, who: str) -> bool:
        self.asked.append(who)
        return self.allowed


async def press(pilot: Pilot[None], *keys: str) -> None:
    """One key after the other, each once the one before is heard."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
        await pilot.pause()
