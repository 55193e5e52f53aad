"""The wall: a board of everybody, one sentence over it, what a person should know under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from device.tile import Board
from ui import board_keys
from ui.board import TileBoard
from ui.board_strip import BoardStrip
from ui.header import Keys
from ui.questions import KEYS, Question
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import plain

if TYPE_CHECKING:
    from ui.terminal import Glyphs


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
    """Everybody who trains here now. It draws what it is given and asks for nothing itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"ask('{question}')", show=False) for key, question in KEYS.items()),
        Binding("escape", "ask_nothing", show=False),
    ]
    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS

    board: reactive[Board] = reactive(Board, repaint=False)
    question: reactive[Question | None] = reactive(None, repaint=False)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """The tiles get all the room there is."""
        self.add_class(*size_classes(self.app.size), update=False)
        told = BoardScreen.board, BoardScreen.question
        yield BoardStrip(self.glyphs).data_bind(*told)
        yield TileBoard(self.glyphs).data_bind(*told)
        yield Notices(self.glyphs).data_bind(BoardScreen.board)
        yield Keys(board_keys.KEYS)

    def action_ask(self, question: Question) -> None:
        """Answer a coach's question; asked again, let it be."""
        self.question = None if self.question == question else question

    def action_ask_nothing(self) -> None:
        """Everybody again."""
        self.question = None
