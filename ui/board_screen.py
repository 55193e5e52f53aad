"""The wall: a board of everybody, one sentence over it, what a person should know under it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerCancelled

from device.tile import Board
from ui import board_keys
from ui.board import TileBoard
from ui.board_keys import BoardKeys
from ui.board_strip import BoardStrip
from ui.exact import ExactCompositor
from ui.forgetful import PRIVATE
from ui.pulse import pulse
from ui.questions import KEYS, Question
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import plain

if TYPE_CHECKING:
    from textual.timer import Timer

    from ui.app import BeatwiseApp
    from ui.header import KeyList
    from ui.kiosk import Kiosk, Opened, Room
    from ui.terminal import Glyphs

LOOK_S = 1.0
ANSWERED_S = 30.0
"""So long an answer stands that nobody takes away: a wall is for everybody."""
LEADING = "iepxuw"
"""Keys that lead through dialogs; the last two are told where they are wanted."""


class Notices(Widget):
    """The radio, the disk, the clock: what a person should know, and else nothing at all."""

    board: reactive[Board] = reactive(Board, repaint=False)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.text = ""

    def watch_board(self, board: Board) -> None:
        """Take a line only while there is something to say."""
        text = f"  {self.glyphs.dot}  ".join(plain(line, self.glyphs) for line in board.notices)
        if text != self.text:
            self.text = text
            self.set_class(bool(text), "-told")
            self.refresh()

    def render(self) -> Content:
        """In one line."""
        return Content(self.text).truncate(self.size.width)


class BoardScreen(Screen[None]):
    """Everybody who trains here now; its worker is the gym, and dies with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"ask('{question}')", show=False) for key, question in KEYS.items()),
        Binding("escape", "ask_nothing", show=False),
    ]
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS

    board: reactive[Board] = reactive(Board, repaint=False)
    question: reactive[Question | None] = reactive(None, repaint=False)
    keys: reactive[KeyList] = reactive(board_keys.keys_of(()), repaint=False)

    def __init__(self, kiosk: Kiosk, glyphs: Glyphs) -> None:
        super().__init__()
        self._compositor = ExactCompositor()
        self.kiosk = kiosk
        self.glyphs = glyphs
        self.opened: Opened | None = None
        """None until everything is loaded."""
        self.training: Worker[None] | None = None
        self._answering: Timer | None = None

    def compose(self) -> ComposeResult:
        """The tiles get all the room there is."""
        self.add_class(*size_classes(self.app.size), update=False)
        told = BoardScreen.board, BoardScreen.question
        yield BoardStrip(self.glyphs, self.kiosk.source).data_bind(*told, BoardScreen.keys)
        yield TileBoard(self.glyphs).data_bind(*told)
        yield Notices(self.glyphs).data_bind(BoardScreen.board)
        yield BoardKeys(self.keys).data_bind(BoardScreen.keys)

    def open(self) -> None:
        """Everything is loaded: let people train."""
        self.opened = opened = self.kiosk.opened()
        self.keys = board_keys.keys_of(opened.keys)
        if opened.heartbeat is not None:
            self.app.run_worker(pulse(self.app, opened.heartbeat), group="pulse")
        self.training = self.run_worker(self._train(opened.room), exit_on_error=True)
        self.set_interval(LOOK_S, self.look)
        self.look()

    async def _train(self, room: Room) -> None:
        await room.run(until_s=self.kiosk.until_s)
        self.app.exit()

    def look(self) -> None:
        """Show what the room is like now."""
        if self.opened is not None:
            self.board = self.opened.room.board()

    def action_ask(self, question: Question) -> None:
        """Answer a coach's question, for a while; asked again, let it be."""
        self.action_ask_nothing() if self.question == question else self._answer(question)
        self.look()

    def _answer(self, question: Question) -> None:
        self.question = question
        if self._answering is not None:
            self._answering.stop()
        self._answering = self.set_timer(ANSWERED_S, self.action_ask_nothing)

    def action_ask_nothing(self) -> None:
        """Everybody again."""
        self.question = None

    def watch_question(self, question: Question | None) -> None:
        """The lines of the keys are the answer's."""
        self.set_class(question is not None, "-asked")

    async def on_key(self, event: events.Key) -> None:
        """A key that opens a dialog; what comes while it opens, and later still, is meant for it.

        The first one takes a second to load on a small Pi, and names are typed faster than that.
        """
        if self.app.screen is not self:
            event.stop()
            self.app.post_message(events.Key(event.key, event.character))
        elif self.opened is not None and event.key in LEADING:
            event.stop()
            work = self._lead(event.key, self.opened.room)
            self.app.run_worker(work, group=PRIVATE, exclusive=True)
            await self._covered()
        elif self.opened is not None and event.key in self.opened.keys:
            event.stop()
            self.opened.keys[event.key](cast("BeatwiseApp", self.app))
            await self._covered()

    async def _covered(self) -> None:
        """Wait until a dialog is there, or nobody is led any more."""
        while self.app.screen is self and any(  # noqa: ASYNC110 - no event tells of both ends
            work.group == PRIVATE and not work.is_finished for work in self.app.workers
        ):
            await asyncio.sleep(0.01)

    async def _lead(self, key: str, room: Room) -> None:
        from ui.arrivals import LEADS, FrontDesk

        self.question = None
        await LEADS[key](FrontDesk(self.app, room, self.glyphs))
        self.look()

    async def save(self) -> None:
        """Stop measuring, and wait until everything is saved."""
        if self.training is not None:
            self.training.cancel()
            with suppress(WorkerCancelled):
                await self.training.wait()
