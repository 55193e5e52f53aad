"""One athlete as rows of cells: who, how it stands in shape, word and colour, and how live that is.

Solid figures are live, shaded ones ageing; shaded and struck out they are old. What calls for a
coach (over, stale) fills the line of the name; the rest is calm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import tile_large, tile_words
from ui.cells import fitted
from ui.tile_form import BEFORE, WORDS_WIDE, Form
from ui.tile_parts import (
    BARS,
    CARD,
    NAME,
    QUIET,
    RECEDING,
    SHAPE_ROWS,
    SHAPE_WIDE,
    STATE_LETTERS,
    TIME,
    TileRow,
    bar,
    blank,
    figure_rows,
    filled,
    join,
    marked,
    number_cells,
    number_letter,
    shape_rows,
    side_by_side,
    sign,
)
from ui.tile_words import longest, look_of

if TYPE_CHECKING:
    from device.tile import Tile
    from ui.terminal import Glyphs

ROOMY = 30
"""Cells of a line from which on no word of a state is cut."""


def rows_of(tile: Tile, form: Form, glyphs: Glyphs, *, receding: bool = False) -> list[TileRow]:
    """The tile, in exactly the cells of its form."""
    match form.kind:
        case "none":
            rows: list[TileRow] = []
        case "line":
            rows = [_one_line(tile, form, glyphs)]
        case "pair" | "three":
            rows = _few_lines(tile, form, glyphs)
        case "beside":
            rows = _beside(tile, form, glyphs)
        case "stack":
            rows = _stacked(tile, form, glyphs)
        case "large":
            rows = tile_large.rows_of(tile, form, glyphs)
    rows = [*rows, *[blank(form.width)] * (form.height - len(rows))][: form.height]
    return [(drawn, RECEDING * len(drawn)) for drawn, _ in rows] if receding else rows


# -- forms without figures


def _one_line(tile: Tile, form: Form, glyphs: Glyphs) -> TileRow:
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    number = number_cells(tile, glyphs)
    said = tile_words.state_words(tile)[-1]
    word = fitted(said, 8 if form.width >= ROOMY else 6, glyphs)
    room = form.width - 3 - len(word) - len(number)
    tag = marked(tile, room)
    return join(
        (sign(look, glyphs) + " ", letter),
        (fitted(tile.athlete, room - len(tag), glyphs), BARS.get(look, NAME)),
        (tag, BARS.get(look, QUIET)),
        (" ", CARD),
        (word, letter),
        (number, number_letter(tile)),
    )


def _few_lines(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    inner = form.width - 2 * BEFORE
    number = (number_cells(tile, glyphs), number_letter(tile))
    state = tile_words.state_words(tile)
    clock = tile_words.time_inside(tile)[-1]
    if form.kind == "pair":
        top = bar(tile, form.width, glyphs, number)
        for word in state:
            room = inner - len(word) - len(clock) - 2
            purpose = longest(tile_words.intended(tile), room)
            if len(purpose) <= room:
                break
        return [top, _line(inner, (word, letter), purpose, clock, glyphs)]
    word = longest(state, inner - 6)
    purpose = longest(tile_words.intended(tile), inner - len(clock) - 1)
    return [
        bar(tile, form.width, glyphs),
        join(
            (" ", CARD), number, (" ", CARD), (fitted(word, inner - 6, glyphs), letter), (" ", CARD)
        ),
        _line(inner, ("", letter), purpose, clock, glyphs),
    ]


def _line(inner: int, word: tuple[str, str], purpose: str, clock: str, glyphs: Glyphs) -> TileRow:
    """Words on the left, the time on the right."""
    said, letter = (f"{word[0]} ", word[1]) if word[0] else word
    room = inner - len(said) - len(clock) - 1
    return join(
        (" ", CARD),
        (said, letter),
        (fitted(purpose, room, glyphs), QUIET),
        (f" {clock}", TIME),
        (" ", CARD),
    )


# -- forms with figures


def _stacked(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    said = _meaning(tile, form.width - 2 * BEFORE, glyphs)
    spare = form.height - 1 - form.rows - len(said)
    above = (spare + 1) // 2
    left = (form.width - form.across) // 2
    letter = number_letter(tile)
    rows = [
        bar(tile, form.width, glyphs),
        *[blank(form.width)] * above,
        *(join((" " * left, CARD), (row, letter)) for row in figure_rows(tile, form, glyphs)),
        *[blank(form.width)] * (spare - above),
        *(side_by_side(([" "], CARD), line) for line in said),
    ]
    return [filled(row, form.width) for row in rows]


def _beside(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    body = form.height - 1
    figures = figure_rows(tile, form, glyphs)
    room = form.width - 2 * BEFORE - form.across - 1
    told = _meaning(tile, room - 1 if room > WORDS_WIDE else room, glyphs, rows=body)
    above, told_above = (body - len(figures) + 1) // 2, (body - len(told) + 1) // 2
    rows = [bar(tile, form.width, glyphs)]
    for y in range(body):
        at, said = y - above, y - told_above
        number = (" " * form.across, CARD)
        if 0 <= at < len(figures):
            number = figures[at], number_letter(tile)
        between = "  " if room > WORDS_WIDE else " "
        rows.append(
            side_by_side(
                join((" ", CARD), number, (between, CARD)),
                told[said] if 0 <= said < len(told) else ([], ""),
            )
        )
    return [filled(row, form.width) for row in rows]


def _meaning(tile: Tile, room: int, glyphs: Glyphs, *, rows: int = 0) -> list[TileRow]:
    """Word, purpose and time, and beside or over them, where there is room, the state's shape."""
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    beside = room >= SHAPE_WIDE + 1 + WORDS_WIDE - 1
    if beside:
        room -= SHAPE_WIDE + 1
    texts = (
        (longest(tile_words.state_words(tile), room), letter),
        (longest(tile_words.intended(tile), room), QUIET),
        (longest(tile_words.time_inside(tile), room), TIME),
    )
    said = [join((fitted(text, room, glyphs), style)) for text, style in texts]
    if beside:
        shape = shape_rows(look, SHAPE_WIDE, 2 * SHAPE_ROWS, glyphs, above=1)
        return [
            side_by_side(join((drawn, letter), (" ", CARD)), line)
            for drawn, line in zip(shape, said, strict=True)
        ]
    high = min(rows - len(said) - 1, (room + 1) // 2)  # pixels are square
    if high < SHAPE_ROWS:
        return said
    shape = shape_rows(look, 2 * high - 1, 2 * high, glyphs, above=1)
    over = [join((drawn.ljust(room), letter)) for drawn in shape]
    return [*over, join((" " * room, CARD)), *said]
