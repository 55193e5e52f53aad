"""The first lines of the board: who came in, whose strap is this, or the answer to a question."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from device.tile import Board
from ui import lettering, questions, words
from ui.board_keys import lines_of
from ui.header import BADGES
from ui.questions import Question
from ui.terminal import plain

if TYPE_CHECKING:
    from textual.geometry import Size

    from device.tile import Welcome, WhoseStrap
    from ui.header import KeyList
    from ui.overview import SourceKind
    from ui.terminal import Glyphs

Says = Literal["tally", "welcome", "whose", "answer"]
LONGEST_NAME = 32
"""Of a name in a sentence."""


class BoardStrip(Widget):
    """One sentence and the keys that answer it; the most urgent one there is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"board-strip--key", "board-strip--badge"}

    board: reactive[Board] = reactive(Board, repaint=False)
    question: reactive[Question | None] = reactive(None, repaint=False)
    keys: reactive[KeyList] = reactive((), repaint=False)
    """Those under the board; while a question is answered, their lines are the answer's."""

    def __init__(self, glyphs: Glyphs, kind: SourceKind = "ble") -> None:
        super().__init__()
        self.set_reactive(Widget.auto_links, False)
        self.glyphs = glyphs
        self.badge = BADGES.get(kind, "")
        self.said: tuple[Says, str] = ("tally", "")
        self.shorter: tuple[str, ...] = ()
        """The answer in fewer words."""

    def watch_board(self) -> None:
        """Say something else where there is something else to say."""
        self._tell()

    def watch_question(self) -> None:
        """Answer it, or go back to what there was."""
        self._tell()

    def _tell(self) -> None:
        says, (text, *shorter) = sentence(self.board, self.question, self.glyphs)
        said, self.shorter = (says, text), tuple(shorter)
        if said != self.said:
            if said[0] != self.said[0]:
                self.remove_class(f"-{self.said[0]}").add_class(f"-{said[0]}")
            self.said = said
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Of an answer: with the keys gone, no tile moves for it where there are two lines."""
        before = 3 if self.screen.has_class("-tall") else 1
        return max(3, before + len(lines_of(self.keys, viewport.width - 2)))

    def render(self) -> Content:
        """The sentence; the badge of a simulation stays whatever is said."""
        says, text = self.said
        key = self.get_visual_style("board-strip--key")
        badge = Content.styled(self.badge, self.get_visual_style("board-strip--badge"))
        keys = Content("")
        if says == "welcome":
            keys = Content.assemble("  Not you? ", (" u ", key))
        elif says == "whose":
            keys = Content.assemble("  ", (" w ", key), " it is mine")
        room = self.size.width - keys.cell_length - badge.cell_length - (1 if self.badge else 0)
        if says == "answer":
            for words in (text, *self.shorter):
                if (large := self._large(words)) is not None:
                    return large
        if says == "answer":
            lines = textwrap.wrap(text, max(20, room)) or [""]
            kept = lines[: max(1, self.size.height)]
            if len(kept) < len(lines):
                kept[-1] = f"{kept[-1][: max(0, room - 5)]} ..."
            return Content("\n".join(kept))
        left = Content(text).truncate(max(0, room), ellipsis=self.glyphs.drawing == "braille")
        line = Content.assemble(left, keys)
        gap = max(0, self.size.width - line.cell_length - badge.cell_length)
        line = Content.assemble(line, " " * gap, badge)
        return Content.assemble("\n" * ((self.size.height - 1) // 2), line)

    def _large(self, text: str) -> Content | None:
        """The whole sentence in large letters, where they are known and there is room."""
        folded = lettering.folded(text)
        width, height = self.size
        room = min(2 * height // lettering.WORD_HEIGHT, width // lettering.width_of(folded or " "))
        if not folded or room < 1 or self.glyphs.drawing == "ascii":
            return None
        drawn = lettering.to_text(lettering.word(folded, room), self.glyphs)
        return Content("\n" * ((height - len(drawn) + 1) // 2) + "\n".join(drawn))


def sentence(
    board: Board, question: Question | None, glyphs: Glyphs
) -> tuple[Says, tuple[str, ...]]:
    """What is said now, in one length or several.

    Names are untrusted, and cut where a sentence could not hold them.
    """
    says: Says = "tally"
    said: tuple[str, ...] = (f"Beatwise  {glyphs.dot}  {questions.tally(board.tiles)}",)
    if question is not None:
        says, said = "answer", questions.answer(question, board.tiles)
    elif board.whose is not None:
        says, said = "whose", (whose(board.whose),)
    elif board.welcome is not None:
        says, said = "welcome", (welcome(board.welcome),)
    return says, tuple(plain(text, glyphs) for text in said)


def welcome(one: Welcome) -> str:
    """ "Welcome, Anna: easy, ceiling 142." """
    ceiling = "" if one.ceiling_bpm is None else f", ceiling {words.whole(one.ceiling_bpm)}"
    return f"Welcome, {short(one.athlete)}: {one.purpose}{ceiling}."


def whose(one: WhoseStrap) -> str:
    """ "Whose strap is this? Polar H10 12345678" """
    return f"Whose strap is this? {short(one.name or one.address)}"


def short(name: str) -> str:
    """A name as a sentence can hold it."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 3]}..."
