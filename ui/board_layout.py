"""Where each tile of a board goes: as large as all of them can be, and none jumps without need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ui.tile_form import Form, form_of

APART = 2
"""Cells between tiles side by side, one where there is little room; a row between large ones."""

AIRY = 12
"""Tiles of so many rows are always a row apart; of lower ones, where it costs no legibility."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Tiles of one size in rows and columns; filled row by row."""

    form: Form
    columns: int
    across: int
    """Cells from the left edge of a tile to that of the next."""
    down: int
    """Rows from the top of a tile to that of the next."""
    shown: int
    """How many tiles fit; all of them at every size that is meant for a board."""

    def at(self, index: int) -> tuple[int, int]:
        """Column and row of the left upper corner of a tile."""
        row, column = divmod(index, self.columns)
        return column * self.across, row * self.down


@lru_cache(1024)
def grid_of(count: int, width: int, height: int, half_blocks: bool = True) -> Grid:
    """The grid in which ``count`` tiles are most legible in so many cells.

    Where they do not all fit in any form, as many as do are shown.
    """
    wanted = max(1, count)
    grids = [
        _grid(columns, wanted, width, height, between, half_blocks)
        for columns in range(1, wanted + 1)
        for between in (0, 1)
    ]
    return max(grids, key=lambda grid: _merit(grid, wanted))


def _merit(grid: Grid, count: int) -> tuple[int, int, int, int, int, int]:
    rows = -(-count // grid.columns)
    empty = rows * grid.columns - count
    free = grid.down - grid.form.height
    hollow = grid.form.height > grid.form.width
    return min(grid.shown, count), grid.form.legibility, -hollow, -empty, -grid.columns, free


def _grid(
    columns: int, count: int, width: int, height: int, between: int, half_blocks: bool
) -> Grid:
    rows = -(-count // columns)
    apart = APART if (width // columns >= 18 + APART and columns < 3) or width >= 120 else 1
    wide = (width - apart * (columns - 1)) // columns
    high = height // rows
    if rows == 1 or high < 5:
        between = 0
    elif high >= AIRY:
        between = 1
    high = (height - between * (rows - 1)) // rows
    form = form_of(wide, high, half_blocks)
    if form.kind == "none":
        high, rows = _overfull(wide, height, half_blocks)
        form = form_of(wide, high, half_blocks)
        between = 0
    shown = rows * columns if form.kind != "none" else 0
    return Grid(form, columns, wide + apart, high + between, shown)


def _overfull(wide: int, height: int, half_blocks: bool) -> tuple[int, int]:
    """The lowest form of this width, and how many of them stand one above the other."""
    for high in (1, 2, 3):
        if form_of(wide, high, half_blocks).kind != "none" and high <= height:
            return high, height // high
    return 0, 0
