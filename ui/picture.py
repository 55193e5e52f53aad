"""Leaves drawn as rows of characters: only the cells that differ are drawn again.

A terminal on a serial line, or a Pi that has better things to do, is spared the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from ui.gauges import Gauge
from ui.terminal import Glyphs

Row = tuple[str, str]
"""The characters of a line, each one cell wide, and for each the letter of its style."""

EMPTY = " "
"""The letter of cells that have nothing in them."""

REVERSE = Style(reverse=True)
_RUN = re.compile(r"(.)\1*", re.DOTALL)


class Picture(Gauge):
    """A leaf that draws its fact into ``width`` by ``height`` characters."""

    STYLES: ClassVar[dict[str, str]] = {}
    """The component class each letter of a row stands for; Textual keeps their styles ready."""

    _rows: tuple[tuple[int, int], list[Row]] = (0, 0), []

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(glyphs)
        self._looks: dict[str, Style] = {}

    def draw(self, width: int, height: int) -> list[Row]:
        """At most ``height`` rows; what is missing or too short is blank."""
        raise NotImplementedError

    def changed(self) -> None:
        """Draw the new picture, and repaint what differs from the old one."""
        before, after = self._rows, self._drawn()
        if before[0] != after[0]:
            self.refresh()
        elif regions := list(differences(before[1], after[1])):
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Row ``y`` of the picture."""
        width, height = self.size
        if self._rows[0] != (width, height):
            self._drawn()
        return painted(self._rows[1][y], self.style_of, self.glyphs)

    def style_of(self, letter: str) -> Style:
        """What the style sheet says for a letter."""
        if (style := self._looks.get(letter)) is None:
            name = self.STYLES.get(letter) or next(iter(self.STYLES.values()))
            style = self._looks[letter] = self.get_component_rich_style(name)
        return style

    def notify_style_update(self) -> None:
        """Ask the style sheet again."""
        super().notify_style_update()
        self._looks.clear()

    def _drawn(self) -> tuple[tuple[int, int], list[Row]]:
        width, height = self.size
        rows = self.draw(width, height) if width > 0 and height > 0 else []
        blank = (" " * width, EMPTY * width)
        fitted = [fit(row, width) for row in rows[:height]] + [blank] * (height - len(rows))
        self._rows = (width, height), fitted
        return self._rows


def fit(row: Row, width: int) -> Row:
    """A row cut or filled to a width."""
    text, letters = row
    return text[:width].ljust(width), letters[:width].ljust(width, EMPTY)


def differences(before: list[Row], after: list[Row]) -> Iterable[Region]:
    """For each row that differs, the stretch from its first to its last differing cell."""
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            columns = [
                x for x, cells in enumerate(zip(*old, *new, strict=True)) if cells[:2] != cells[2:]
            ]
            yield Region(columns[0], y, columns[-1] - columns[0] + 1, 1)


def painted(
    row: tuple[Sequence[str], str], style_of: Callable[[str], Style], glyphs: Glyphs
) -> Strip:
    """A row as Textual draws it: one segment for each run of cells that look alike.

    Its cells are the characters of a line, or strings that each fill one.
    """
    text, letters = row
    segments: list[Segment] = []
    for run in _RUN.finditer(letters):
        style = style_of(run[1])
        part = "".join(text[run.start() : run.end()])
        if not glyphs.solid_by_reverse or glyphs.solid not in part:
            segments.append(Segment(part, style if part.strip() else blank(style)))
            continue
        for piece in re.split(f"({re.escape(glyphs.solid)}+)", part):
            if piece.startswith(glyphs.solid):
                segments.append(Segment(" " * len(piece), solid(style)))
            elif piece:
                segments.append(Segment(piece, style if piece.strip() else blank(style)))
    return Strip(segments, len(text))


@lru_cache(256)
def blank(style: Style) -> Style:
    """The style of empty cells: their background, in half the bytes."""
    return Style(bgcolor=style.bgcolor)


@lru_cache(256)
def solid(style: Style) -> Style:
    """The style of a space that is solid; reversed where colours may be taken away."""
    if style.color is not None and style.color.triplet is not None:
        return Style(bgcolor=style.color)
    return style + REVERSE
