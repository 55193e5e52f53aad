"""The board: every athlete who trains here now, on one widget, drawn as strips.

A widget for each tile costs eight times as much as one that draws them all. Only the cells that
have changed since the second before are drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from device.tile import Board
from ui.board_layout import Grid, grid_of
from ui.picture import painted
from ui.questions import Question, concerned
from ui.tile_art import rows_of
from ui.tile_parts import TileRow, big

if TYPE_CHECKING:
    from device.tile import Tile
    from ui.terminal import Glyphs

INVITATION = "Put your strap on and stand close to this screen."
SEAMLESS = 4
"""So many whole cells side by side are always drawn without seams."""
NEAR = 6
"""Cells that are alike between two that are not are drawn with them: a jump costs as much."""


@dataclass(slots=True)
class Place:
    """A tile as it is drawn now."""

    tile: Tile
    receding: bool
    rows: list[TileRow]
    strips: list[Strip]


class TileBoard(Widget):
    """All tiles, the first comer first."""

    STYLES: ClassVar[dict[str, str]] = {
        " ": "board--gap",
        "e": "board--empty",
        ".": "board--card",
        "n": "board--name",
        "q": "board--quiet",
        "t": "board--time",
        "z": "board--old",
        "r": "board--receding",
        "i": "board--inside",
        "o": "board--over",
        "u": "board--under",
        "k": "board--unknown",
        "a": "board--stale",
        "O": "board--over-bar",
        "A": "board--stale-bar",
    }
    COMPONENT_CLASSES: ClassVar[set[str]] = set(STYLES.values())

    board: reactive[Board] = reactive(Board, repaint=False)
    question: reactive[Question | None] = reactive(None, repaint=False)

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self.set_reactive(Widget.auto_links, False)
        self.glyphs = glyphs
        self._grid: Grid | None = None
        self._places: list[Place] = []
        self._lines: dict[int, Strip] = {}
        self._looks: dict[str, Style] = {}

    def watch_board(self) -> None:
        """Draw what has changed."""
        self._draw()

    def watch_question(self) -> None:
        """Let recede whom it is not about."""
        self._draw()

    @property
    def grid(self) -> Grid:
        """Where the tiles are now."""
        width, height = self.size
        return grid_of(len(self.board.tiles), width, height, self.glyphs.drawing != "ascii")

    def _draw(self) -> None:
        if not self.size:
            return
        grid, tiles = self.grid, self.board.tiles
        if grid != self._grid or len(self._places) != len(tiles[: grid.shown]):
            self._grid = grid
            self._places = [self._place(tile) for tile in tiles[: grid.shown]]
            self._lines.clear()
            self.refresh()
            return
        regions: list[Region] = []
        for index, (place, tile) in enumerate(zip(self._places, tiles, strict=False)):
            if place.tile != tile or place.receding != self._recedes(tile):
                regions += self._redraw(index, place, tile)
        if regions:
            self.refresh(*regions)

    def _redraw(self, index: int, place: Place, tile: Tile) -> Iterable[Region]:
        """Draw one tile anew; gives the stretches of cells that differ."""
        x, y = self.grid.at(index)
        before = place.rows
        place.tile, place.receding = tile, self._recedes(tile)
        place.rows = rows_of(tile, self.grid.form, self.glyphs, receding=place.receding)
        for row, (old, new) in enumerate(zip(before, place.rows, strict=True)):
            if old != new:
                place.strips[row] = self._painted(new)
                self._lines.pop(y + row, None)
                for start, end in stretches(old, new):
                    yield Region(x + start, y + row, end - start, 1)

    def _place(self, tile: Tile) -> Place:
        receding = self._recedes(tile)
        rows = rows_of(tile, self.grid.form, self.glyphs, receding=receding)
        return Place(tile, receding, rows, [self._painted(row) for row in rows])

    def _painted(self, row: TileRow) -> Strip:
        return painted(row, self.style_of, in_halves(row, self.glyphs))

    def _recedes(self, tile: Tile) -> bool:
        return self.question is not None and not concerned(self.question, tile)

    def render_line(self, y: int) -> Strip:
        """The tiles that stand on this row, side by side."""
        if self._grid != self.grid:
            self._draw()
        if (line := self._lines.get(y)) is None:
            line = self._lines[y] = self._line(y)
        return line

    def _line(self, y: int) -> Strip:
        grid, width = self.grid, self.size.width
        if not self._places:
            return painted(
                invitation(width, self.size.height, self.glyphs)[y], self.style_of, self.glyphs
            )
        row, within = divmod(y, grid.down) if grid.down else (0, 0)
        gap = self.style_of(" ")
        parts: list[Strip] = []
        if within < grid.form.height:
            for place in self._places[row * grid.columns : (row + 1) * grid.columns]:
                parts.append(place.strips[within])
                if grid.across > grid.form.width:
                    parts.append(Strip.blank(grid.across - grid.form.width, gap))
        return Strip.join(parts).adjust_cell_length(width, gap)

    def style_of(self, letter: str) -> Style:
        """What the style sheet says for a letter."""
        if (style := self._looks.get(letter)) is None:
            style = self._looks[letter] = self.get_component_rich_style(self.STYLES[letter])
        return style

    def notify_style_update(self) -> None:
        """Ask the style sheet again."""
        super().notify_style_update()
        self._looks.clear()
        self._grid = None


def in_halves(row: TileRow, glyphs: Glyphs) -> Glyphs:
    """How a row's whole cells are drawn: as letters where it has hardly more of them than halves.

    Those have seams anyway; and to change how cells look, there and back, takes more bytes than
    the few whole ones among them.
    """
    text = "".join(row[0])
    if not glyphs.solid_by_reverse or SEAMLESS * glyphs.solid in text:
        return glyphs
    small = glyphs.upper in text or glyphs.lower in text
    return _as_letters(glyphs) if small else glyphs


@lru_cache(4)
def _as_letters(glyphs: Glyphs) -> Glyphs:
    return replace(glyphs, solid_by_reverse=False)


def stretches(old: TileRow, new: TileRow) -> list[tuple[int, int]]:
    """Where two rows differ: from the first cell to behind the last of each stretch."""
    found: list[tuple[int, int]] = []
    for x, cell in enumerate(zip(*old, *new, strict=True)):
        if cell[:2] != cell[2:]:
            if found and x - found[-1][1] < NEAR:
                found[-1] = found[-1][0], x + 1
            else:
                found.append((x, x + 1))
        elif found and found[-1][1] == x and "" in (old[0][x], new[0][x]):
            found[-1] = found[-1][0], x + 1  # the second half of a wide letter
    return found


@lru_cache(4)
def invitation(width: int, height: int, glyphs: Glyphs) -> list[TileRow]:
    """What stands on an empty board, in its middle."""
    rows = [*(big("BEATWISE", 2 if width >= 120 else 1, width, glyphs) or []), "", INVITATION]
    above = max(0, height - len(rows)) // 2
    lines = [""] * above + rows + [""] * height
    return [(line.center(width)[:width], "e" * width) for line in lines[:height]]
