"""What tiles are made of: the line of the name, the figures, the shape of a state."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ui import lettering, shapes, tile_words
from ui.cells import fitted
from ui.tile_words import Look, look_of

if TYPE_CHECKING:
    from device.tile import Tile
    from ui.shapes import Shape
    from ui.terminal import Glyphs
    from ui.tile_form import Form

TileRow = tuple[Sequence[str], str]
"""One string a cell, and a letter a cell for its style."""

CARD, NAME, QUIET, TIME, OLD, RECEDING = ".", "n", "q", "t", "z", "r"
STATE_LETTERS: dict[Look, str] = {
    "inside": "i",
    "over": "o",
    "under": "u",
    "warming up": "k",
    "unknown": "k",
    "waiting": "k",
    "stale": "a",
    "paused": "k",
    "no strap": "k",
}
BARS: dict[Look, str] = {"over": "O", "stale": "A"}
"""The line of the name is filled where somebody should look."""

SHAPES: dict[Look, Shape] = {
    "inside": shapes.stroke((-0.8, 0.1), (-0.35, 0.7), (0.8, -0.8), thick=0.25),
    "over": shapes.pointing_up,
    "under": lambda x, y: shapes.pointing_up(x, -y),
    "warming up": lambda x, y: int(2.5 * (x + 1)) % 2 == 0 and y >= -x,  # three bars that rise
    "unknown": shapes.OPEN,
    "waiting": lambda x, y: abs(y) <= 0.25 and (abs(x) <= 0.2 or abs(x) >= 0.6),
    "stale": lambda x, y: abs(abs(x) - abs(y)) <= 0.3,
    "paused": lambda x, y: 0.2 <= abs(x) <= 0.7 and abs(y) <= 0.85,
    "no strap": lambda x, y: abs(y) <= 0.3 and abs(x) <= 0.9,
}
SHAPE_WIDE, SHAPE_ROWS = 5, 3


def sign(look: Look, glyphs: Glyphs) -> str:
    """The shape of a state in one cell."""
    match look:
        case "over":
            return glyphs.up
        case "under":
            return glyphs.down
        case "warming up":
            return "/"
        case "inside":
            return "="
        case "stale":
            return "x"
        case "paused":
            return glyphs.wall
        case "no strap":
            return "-"
        case "waiting":
            return glyphs.dot
    return "?"


def bar(tile: Tile, width: int, glyphs: Glyphs, number: tuple[str, str] | None = None) -> TileRow:
    """The line of the name, with the shape of the state before it."""
    look = look_of(tile)
    fill = BARS.get(look)
    right, letter = number or (" ", NAME)
    room = width - 3 - len(right)
    tag = marked(tile, room)
    return join(
        (f" {sign(look, glyphs)} ", fill or STATE_LETTERS[look]),
        (fitted(tile.athlete, room - len(tag), glyphs), fill or NAME),
        (tag, fill or QUIET),
        (right, fill or letter),
    )


def marked(tile: Tile, room: int) -> str:
    """What is unusual, as far as it leaves room for a name."""
    return next((f" {text}" for text in tile_words.mark(tile) if len(text) + 8 <= room), "")


def number_letter(tile: Tile) -> str:
    """The style of the heart rate."""
    return STATE_LETTERS[look_of(tile)] if tile_words.is_live(tile) else OLD


def number_cells(tile: Tile, glyphs: Glyphs) -> str:
    """The heart rate in five cells: bare where fresh, in brackets ageing, between rules old."""
    figures = tile_words.figures(tile)
    if not figures:
        return "  -- "
    if tile_words.is_live(tile):
        return f"({figures:>3})" if tile.freshness == "ageing" else f" {figures:>3} "
    return f"{glyphs.rule}{figures.rjust(3, glyphs.rule)}{glyphs.rule}"


def figure_rows(tile: Tile, form: Form, glyphs: Glyphs) -> list[str]:
    """The heart rate in large figures; dots while it is waited for."""
    if look_of(tile) == "no strap":
        return [" " * form.across] * form.rows
    return _figure_rows(tile_words.figures(tile), _shade(tile, glyphs), form, glyphs)


def _shade(tile: Tile, glyphs: Glyphs) -> str | None:
    if not tile_words.is_live(tile):
        return glyphs.shade
    return glyphs.half_shade if tile.freshness == "ageing" else None


@lru_cache(2048)
def _figure_rows(figures: str, shade: str | None, form: Form, glyphs: Glyphs) -> list[str]:
    if not figures:
        return lettering.to_text(lettering.three_dots(form.across, form.high), glyphs)
    struck = shade == glyphs.shade
    if form.wide == 3:  # made of half cells: those, shaded, could not be told apart
        pixels = lettering.word(figures)
        rows = lettering.to_text([[False] * len(pixels[0]), *pixels], glyphs)
        rows = [row.replace(glyphs.solid, shade or glyphs.solid) for row in rows]
    else:
        pixels = lettering.figures(figures, form.wide, form.high, form.gap)
        if struck and form.rows > 7:  # lower ones would not be read any more
            pixels = lettering.struck(pixels)
        rows = lettering.to_text(pixels, glyphs, shade=shade)
    if struck:
        rows[form.high // 4] = glyphs.rule * form.across
    return [row.rjust(form.across) for row in rows]


@lru_cache(256)
def shape_rows(look: Look, wide: int, high: int, glyphs: Glyphs, *, above: int = 0) -> list[str]:
    """The shape of a state in so many cells and pixels, the first ``above`` of which stay free.

    Without half blocks a pixel is a whole cell, and none is free.
    """
    if glyphs.drawing != "ascii":
        free = [[False] * wide for _ in range(above)]
        drawn = shapes.pixels(SHAPES[look], wide, high - above)
        return lettering.to_text([*free, *drawn], glyphs)
    pixels = shapes.pixels(SHAPES[look], wide, (high + 1) // 2)
    return ["".join(glyphs.solid if dot else " " for dot in row) for row in pixels]


@lru_cache(512)
def big(text: str, scale: int, room: int, glyphs: Glyphs) -> list[str] | None:
    """Large letters; None where one of them is not known, or they do not fit."""
    folded = lettering.folded(text)
    if not folded or lettering.width_of(folded) * scale > room:
        return None
    return lettering.to_text(lettering.word(folded, scale), glyphs)


def side_by_side(*rows: TileRow) -> TileRow:
    """Rows of several parts as one."""
    return [cell for cells, _ in rows for cell in cells], "".join(letters for _, letters in rows)


def blank(width: int) -> TileRow:
    """Nothing, on the ground of a tile."""
    return [" "] * width, CARD * width


def filled(row: TileRow, width: int) -> TileRow:
    """A row as wide as the tile."""
    return [*row[0], *" " * (width - len(row[0]))], row[1].ljust(width, CARD)


def join(*parts: tuple[Sequence[str], str]) -> TileRow:
    """Cells side by side, each part in the style of its letter."""
    drawn: list[str] = []
    letters = ""
    for part, letter in parts:
        drawn.extend(part)
        letters += letter * len(part)
    return drawn, letters
