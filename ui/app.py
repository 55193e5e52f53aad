"""The application: which screen is on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from textual import constants
from textual.app import App
from textual.screen import Screen
from textual.worker import WorkerFailed

from device.errors import BeatwiseError
from ui import locked
from ui.leaving import Leaving
from ui.pulse import pulse
from ui.terminal import Glyphs, glyphs_of
from ui.terminal_driver import LockedDriver, SteadyDriver
from ui.theme import MANY, SIXTEEN

if TYPE_CHECKING:
    from device.heartbeat import Heartbeat
    from ui.board_screen import BoardScreen
    from ui.home import HomeScreen
    from ui.kiosk import Kiosk
    from ui.live import LiveScreen
    from ui.morning_plan import Mornings
    from ui.overview import Begin, Load, Plan, Settle
    from ui.past_runs import Debriefs


SHEET = Path(__file__).with_name("beatwise.tcss")
BOARD_SHEET = Path(__file__).with_name("board.tcss")
"""Read with the first: a screen's own style sheet is not there yet for the first screen."""


def has_few_colours() -> bool:
    """True where the terminal has 16 colours or fewer, as Textual will find it."""
    if constants.COLOR_SYSTEM not in (None, "auto"):
        return constants.COLOR_SYSTEM == "standard"
    return Console(force_terminal=True).color_system in (None, "standard")


class BeatwiseApp(Leaving):
    """Home, one live session or morning and out, or a gym; told what to show and who measures."""

    TITLE = "Beatwise"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        load: Load,
        begin: Begin,
        *,
        live: Plan | None = None,
        prepare: Callable[[], object] | None = None,
        settle: Settle | None = None,
        mornings: Callable[[], Mornings] | None = None,
        debriefs: Debriefs | None = None,
        morning_first: bool = False,
        heartbeat: Heartbeat | None = None,
        kiosk: Kiosk | None = None,
        glyphs: Glyphs | None = None,
        sixteen_colours: bool | None = None,
    ) -> None:
        """Take what the screens need.

        ``load`` reads the overview, ``begin`` makes a session ready; both are called after the
        first frame. ``prepare`` is called before them, in a thread: it may import and open what
        takes its time, and what it raises ends the app and is raised by :meth:`run`. With ``live``,
        or ``settle`` which finds out what is meant, that session starts at once, its end is the end
        of the app; with ``morning_first`` the same holds of the morning test. ``mornings`` is asked
        when it is needed: it brings arithmetic with it. ``debriefs`` tells what a session was when
        it is over, and ``heartbeat`` hears that the screen lives. With ``kiosk`` it is a gym's
        board, and the keyboard leads nowhere out of it. ``glyphs`` and ``sixteen_colours`` are
        asked of the terminal where not given.
        """
        if sixteen_colours is None:
            sixteen_colours = has_few_colours()
        sheets = [SHEET] if kiosk is None else [SHEET, BOARD_SHEET]
        # A gym is ended from outside, never from its keyboard.
        unheard = () if kiosk is None else locked.KEYBOARD
        super().__init__(
            css_path=[*sheets],
            ansi_color=sixteen_colours,
            driver_class=SteadyDriver if kiosk is None else LockedDriver,
            unheard=unheard,
        )
        self.load = load
        self.begin = begin
        self.live = live
        self.prepare = prepare
        self.settle = settle
        self.mornings = mornings
        self.debriefs = debriefs
        self.morning_first = morning_first
        self.heartbeat = heartbeat
        self.glyphs = glyphs or glyphs_of(sys.__stdout__)
        self.kiosk = kiosk
        self.crash: BaseException | None = None
        """A mistake of the program itself that has ended a gym."""
        if kiosk is not None:
            self.error_console = locked.silent_console()
        theme = SIXTEEN if sixteen_colours else MANY
        self.register_theme(theme)
        # Not self.theme = ...: the style sheet would be parsed with Textual's colours, then again.
        self.set_reactive(App.theme, theme.name)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        """Home, the board, or the session that was asked for."""
        if self.kiosk is not None:
            from ui.board_screen import BoardScreen

            return BoardScreen(self.kiosk, self.glyphs)
        if self.morning_first:
            return Screen()
        if self.settle is not None:
            from ui.opening import Opening

            return Opening(self.glyphs)
        if self.live is None:
            from ui.home import HomeScreen

            return HomeScreen(self.glyphs)
        return self._live_screen(self.live)

    def on_mount(self) -> None:
        """Read the overview once a frame is drawn."""
        if self.heartbeat is not None:
            self.run_worker(pulse(self, self.heartbeat), group="pulse")
        if self.morning_first:
            self.action_morning()
        elif self.live is None:
            self.call_after_refresh(self._load)

    def _load(self) -> None:
        self.run_worker(self._begin(), group="overview", exclusive=True)

    async def _begin(self) -> None:
        """Load what is behind the first frame, then show what was asked for."""
        try:
            if self.prepare is not None:
                await asyncio.to_thread(self.prepare)
            settled = None if self.settle is None else await asyncio.to_thread(self.settle)
        except BeatwiseError as error:
            self.mistake = error
            self.exit()
            return
        if self.kiosk is not None:
            self._board.open()
        elif settled is None:
            await self._overview()
        elif settled.cut_off is None:
            self._show_only(settled.plan)
        else:
            from ui.going_on import GoingOn

            question = GoingOn(settled.cut_off, settled.plan, self.glyphs)
            plan = await self.push_screen_wait(question)
            if plan is None:
                self.exit()
            else:
                self._show_only(plan)

    def _show_only(self, plan: Plan) -> None:
        """Its end is the end of the app."""
        self.push_screen(self._live_screen(plan), lambda _: self.exit())

    @property
    def _board(self) -> BoardScreen:
        from ui.board_screen import BoardScreen

        return next(screen for screen in self.screen_stack if isinstance(screen, BoardScreen))

    def _read(self) -> None:
        self.run_worker(self._overview(), group="overview", exclusive=True)

    async def _overview(self) -> None:
        from ui.home import HomeScreen

        home = next(screen for screen in self.screen_stack if isinstance(screen, HomeScreen))
        try:
            home.overview = await self.load()
        except BeatwiseError as error:
            home.trouble = str(error)
        else:
            home.trouble = None

    def on_home_screen_chosen(self, message: HomeScreen.Chosen) -> None:
        """Show what it means, start it where the athlete says so; then it is top of the list."""
        from ui.before import BeforeScreen
        from ui.home import HomeScreen

        def start(plan: Plan | None) -> None:
            if plan is not None:
                self.push_screen(self._live_screen(plan), lambda _: self._read())

        if not isinstance(self.screen, HomeScreen):  # asked twice before it is shown
            return
        if message.plan.cut_off is not None:  # settled when it began
            start(message.plan)
        else:
            self.push_screen(BeforeScreen(message.plan, self.glyphs), start)

    def on_home_screen_opened(self, message: HomeScreen.Opened) -> None:
        """Look at a session of the list again."""
        from ui.home import HomeScreen

        if isinstance(self.screen, HomeScreen):
            self._debrief(message.session_id, self._read)

    def on_live_screen_ended(self, message: LiveScreen.Ended) -> None:
        """Say what the session was; then home, or out where there is no home."""
        from ui.live import LiveScreen

        def leave() -> None:
            if isinstance(self.screen, LiveScreen) and len(self.screen_stack) > 1:
                self.screen.dismiss()
            else:
                self.exit()

        if message.session_id is None or self.debriefs is None:
            leave()
        else:
            self._debrief(message.session_id, leave)

    def _debrief(self, session_id: int, then: Callable[[], None]) -> None:
        from ui.debrief import DebriefScreen

        if self.debriefs is not None:
            screen = DebriefScreen(self.debriefs, session_id, self.glyphs, ask=True)
            self.push_screen(screen, lambda _: then())

    def action_morning(self) -> None:
        """The morning test, from home or at once."""
        from ui.morning_screen import MorningScreen

        if self.mornings is not None and not isinstance(self.screen, MorningScreen):
            told = self.mornings()
            screen = MorningScreen(told.load, told.begin, self.glyphs)
            self.push_screen(screen, lambda _: self._home_again())

    def action_history(self) -> None:
        """The mornings by day, from home."""
        from ui.history import HistoryScreen
        from ui.home import HomeScreen

        home = self.screen
        if self.mornings is None or not isinstance(home, HomeScreen) or home.overview is None:
            return
        told = self.mornings()
        screen = HistoryScreen(home.overview.athlete, told.days, told.look, self.glyphs)
        self.push_screen(screen)

    def _home_again(self) -> None:
        if self.morning_first:
            self.exit()
        else:
            self._read()

    def _live_screen(self, plan: Plan) -> LiveScreen:
        from ui.live import LiveScreen

        return LiveScreen({plan.athlete: plan}, self.begin, self.glyphs)

    def copy_to_clipboard(self, text: str) -> None:
        """In a gym nothing that one has typed is kept for the next to paste and read."""
        if self.kiosk is None:
            super().copy_to_clipboard(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a gym, none of the keys that every app of this kind has."""
        if self.kiosk is not None and action not in locked.ACTIONS:
            return False
        return super().check_action(action, parameters)

    def _handle_exception(self, error: Exception) -> None:
        """Textual ends the app here; a gym's screen shows nothing of why."""
        if self.kiosk is not None:
            within = error.error if isinstance(error, WorkerFailed) else error
            self.crash = self.crash or within
        super()._handle_exception(error)
