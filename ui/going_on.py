"""A question with one key: go on with the session that was cut off, or begin a new one?"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from ui import words
from ui.header import Header, Keys
from ui.picture import Picture, Row
from ui.sizes import HEIGHTS, WIDTHS, size_classes
from ui.terminal import plain

if TYPE_CHECKING:
    from ui.overview import Plan
    from ui.terminal import Glyphs


class Question(Picture):
    """What was cut off, and what each answer means."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"intent--purpose", "intent--words"}
    STYLES: ClassVar[dict[str, str]] = {"p": "intent--purpose", "w": "intent--words"}

    def __init__(self, glyphs: Glyphs, lines: tuple[tuple[str, str], ...]) -> None:
        super().__init__(glyphs)
        self.lines = lines

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - cut by the widget
        """The question, then the words."""
        rows: list[Row] = []
        for text, letter in self.lines:
            wrapped = textwrap.wrap(plain(text, self.glyphs), max(20, min(width, 76))) or [""]
            rows += [(line, letter * len(line)) for line in wrapped]
        return rows


def asked(cut_off: Plan, fresh: Plan) -> tuple[tuple[str, str], ...]:
    """The question in words: each line with the letter of its style."""
    was = cut_off.cut_off
    lasted = "" if was is None else f" of {words.lasted(was.lasted_s)}"
    return (
        (f"Go on with the {cut_off.purpose} session{lasted}?", "p"),
        ("", "w"),
        ("It was cut off: by a power cut, or because the program was closed from outside.", "w"),
        ("Going on adds to it; what was off in between counts as a pause.", "w"),
        (
            f"A new {fresh.purpose} session leaves it as it is: kept, and marked as interrupted.",
            "w",
        ),
    )


class GoingOn(Screen["Plan | None"]):
    """Dismissed with the plan to run, of what was cut off or the new one; None for neither."""

    VERTICAL_BREAKPOINTS = HEIGHTS
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,y", "answer(True)", "Go on with it"),
        Binding("n", "answer(False)", "A new session"),
        Binding("q,escape", "leave", "Neither"),
    ]

    def __init__(self, cut_off: Plan, fresh: Plan, glyphs: Glyphs) -> None:
        super().__init__()
        self.cut_off = cut_off
        self.fresh = fresh
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Title, question, keys."""
        self.add_class(*size_classes(self.app.size), update=False)
        title = f"{self.fresh.athlete}  {self.glyphs.dot}  before you start"
        yield Header(self.glyphs, title, self.fresh.source)
        with Container(id="before"):
            yield Question(self.glyphs, asked(self.cut_off, self.fresh))
        yield Keys((("c", "go on with it"), ("n", "a new session"), ("q", "neither")))

    def action_answer(self, go_on: bool) -> None:
        """One of the two."""
        self.dismiss(self.cut_off if go_on else self.fresh)

    def action_leave(self) -> None:
        """Neither."""
        self.dismiss(None)
