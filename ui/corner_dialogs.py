"""What one athlete is asked and told in the corner; where nobody is there, it goes, and forgets."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import reactive
from textual.widgets import Input

from device.errors import BeatwiseError
from device.morning_record import Answers
from ui import words
from ui.feel import FeelPane
from ui.forgetful import Forgetful
from ui.header import Header, Keys
from ui.morning_keys import KeyList, keys_of
from ui.morning_screen import KeysNow
from ui.sizes import size_classes
from ui.terminal import Glyphs
from ui.verdict import VerdictPane
from ui.which_day import WhichDayPane

if TYPE_CHECKING:
    from textual._path import CSSPathType

    from device.corner import Corner
    from device.day_tests import Told

SHEETS: CSSPathType = ["dialogs.tcss", "morning.tcss", "corner.tcss"]
BACK = ("esc", "back")


class BeforeTest(Forgetful[Answers]):
    """How do you feel: dismissed with the answers, or None where it was left."""

    CSS_PATH: ClassVar[CSSPathType | None] = SHEETS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    now: reactive[KeyList] = reactive(())

    def __init__(
        self, who: str, glyphs: Glyphs, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(glyphs, clock=clock)
        self.who = who

    def compose(self) -> ComposeResult:
        """The questions of the morning."""
        self.add_class(*size_classes(self.app.size), update=False)
        yield Header(self.glyphs, f"{self.who}  {self.glyphs.dot}  before the test")
        yield FeelPane(self.glyphs)
        yield KeysNow().data_bind(BeforeTest.now)

    def on_mount(self) -> None:
        """The keys go to the questions."""
        super().on_mount()
        self.query_one(FeelPane).focus()
        self.on_feel_pane_changed()

    def on_feel_pane_changed(self) -> None:
        """Another question; somebody is here."""
        self.touched()
        sheet = self.query_one(FeelPane).sheet
        self.now = (*keys_of("feel", None, sheet, over=True), BACK)

    def on_input_changed(self) -> None:
        """Somebody writes a note."""
        self.touched()

    def on_feel_pane_done(self, message: FeelPane.Done) -> None:
        """All is said."""
        self.dismiss(message.answers)


class AskDay(Forgetful[date]):
    """Which day it is, where the clock cannot name it: dismissed with the day, or None."""

    CSS_PATH: ClassVar[CSSPathType | None] = SHEETS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def __init__(
        self,
        glyphs: Glyphs,
        *,
        said: date | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``said`` is what somebody else has said: it stands there, to be agreed to or not."""
        super().__init__(glyphs, clock=clock)
        self.said = said

    def compose(self) -> ComposeResult:
        """One question."""
        self.add_class(*size_classes(self.app.size), update=False)
        with Container(classes="dialog"):
            yield WhichDayPane(said=self.said)
        yield Keys((("enter", "that day"), BACK))

    def on_mount(self) -> None:
        """The keys go to the answer."""
        super().on_mount()
        self.query_one(Input).focus()

    def on_input_changed(self) -> None:
        """Somebody writes."""
        self.touched()

    def on_which_day_pane_told(self, message: WhichDayPane.Told) -> None:
        """A day of the calendar."""
        self.dismiss(message.day)


class CornerResult(Forgetful[None]):
    """What the test said, to the one who took it and has typed the PIN."""

    CSS_PATH: ClassVar[CSSPathType | None] = SHEETS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Back")]

    def __init__(
        self,
        corner: Corner,
        told: Told,
        glyphs: Glyphs,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(glyphs, clock=clock)
        self.corner = corner
        self.told = told

    def compose(self) -> ComposeResult:
        """The verdict as on any morning."""
        from dataclasses import replace

        from ui.morning_wiring import today_of

        self.add_class(*size_classes(self.app.size), update=False)
        told, day = self.told, self.told.day
        today = today_of(told.readiness, told.athlete, day)
        when = f"{words.WEEKDAYS[day.weekday()]} {day.day} {words.MONTHS[day.month - 1]}"
        yield Header(self.glyphs, f"{told.athlete.name}  {self.glyphs.dot}  seated test, {when}")
        yield VerdictPane(self.glyphs, replace(today, result=told.result, choice=told.choice))
        yield Keys((BACK,))

    def on_mount(self) -> None:
        """The keys go to the verdict; what is not saved is said."""
        super().on_mount()
        self.query_one(VerdictPane).focus()
        if self.told.trouble is not None:
            self.notify(self.told.trouble, severity="error", markup=False)

    def on_verdict_pane_chosen(self, message: VerdictPane.Chosen) -> None:
        """Keep what they make of it."""
        self.touched()
        self.run_worker(self._keep(message), group="choice", exclusive=True)

    async def _keep(self, message: VerdictPane.Chosen) -> None:
        try:
            await self.corner.choose(self.told, message.choice)
        except BeatwiseError as error:
            self.notify(str(error), severity="error", markup=False)
