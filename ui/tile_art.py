"""One athlete as rows of cells: who, how it stands in shape, word and colour, and how live that is.

Solid figures are live, shaded ones ageing; shaded and struck out they are old. What calls for a
coach (over, stale) fills the line of the name; the rest is calm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui import tile_words
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
    big,
    figure_rows,
    join,
    number_cells,
    number_letter,
    shape_rows,
    sign,
)
from ui.tile_words import longest, look_of

if TYPE_CHECKING:
    from device.tile import Tile
    from ui.terminal import Glyphs


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
        case _:
            rows = _stacked(tile, form, glyphs)
    blank = ([" "] * form.width, CARD * form.width)
    rows = [*rows, *[blank] * (form.height - len(rows))][: form.height]
    return [(drawn, RECEDING * len(drawn)) for drawn, _ in rows] if receding else rows


# -- forms without figures


def _one_line(tile: Tile, form: Form, glyphs: Glyphs) -> TileRow:
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    number = number_cells(tile, glyphs)
    word = fitted(tile_words.state_words(tile)[-1][:6], 6, glyphs)
    room = form.width - 2 - 7 - len(number)
    return join(
        (sign(look, glyphs) + " ", letter),
        (fitted(tile.athlete, room, glyphs), BARS.get(look, NAME)),
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
    large = form.kind == "large"
    top = _large_bar(tile, form, glyphs) if large else [bar(tile, form.width, glyphs)]
    foot = (
        _large_foot(tile, form, glyphs)
        if large
        else [join((" ", CARD), *told) for told in _meaning(tile, form.width - 2 * BEFORE, glyphs)]
    )
    spare = form.height - len(top) - form.rows - len(foot)
    above = (spare + 1) // 2
    blank: TileRow = ([" "] * form.width, CARD * form.width)
    left = (form.width - form.across) // 2
    letter = number_letter(tile)
    drawn = [
        join((" " * left, CARD), (row, letter), (" " * (form.width - left - form.across), CARD))
        for row in figure_rows(tile, form, glyphs)
    ]
    rows = [*top, *[blank] * above, *drawn, *[blank] * (spare - above), *foot]
    return [_filled(row, form.width) for row in rows]


def _beside(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    body = form.height - 1
    figures = figure_rows(tile, form, glyphs)
    room = form.width - 2 * BEFORE - form.across - 1
    told = _meaning(tile, room - 1 if room > WORDS_WIDE else room, glyphs)
    above, told_above = (body - len(figures)) // 2, (body - len(told)) // 2
    rows = [bar(tile, form.width, glyphs)]
    for y in range(body):
        at, said = y - above, y - told_above
        rows.append(
            join(
                (" ", CARD),
                (figures[at] if 0 <= at < len(figures) else " " * form.across, number_letter(tile)),
                ("  " if room > WORDS_WIDE else " ", CARD),
                *(told[said] if 0 <= said < len(told) else []),
            ),
        )
    return [_filled(row, form.width) for row in rows]


def _filled(row: TileRow, width: int) -> TileRow:
    return [*row[0], *" " * (width - len(row[0]))], row[1].ljust(width, CARD)


def _meaning(tile: Tile, room: int, glyphs: Glyphs) -> list[list[tuple[Sequence[str], str]]]:
    """The shape of the state where there is room for it; beside it word, purpose and time."""
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    shaped = room >= SHAPE_WIDE + 1 + WORDS_WIDE - 1
    if shaped:
        room -= SHAPE_WIDE + 1
    texts = (
        (longest(tile_words.state_words(tile), room), letter),
        (longest(tile_words.intended(tile), room), QUIET),
        (longest(tile_words.time_inside(tile), room), TIME),
    )
    shape = shape_rows(look, SHAPE_WIDE, SHAPE_ROWS, glyphs)
    return [
        [*([(drawn, letter), (" ", CARD)] if shaped else []), (fitted(text, room, glyphs), style)]
        for drawn, (text, style) in zip(shape, texts, strict=True)
    ]


def _large_foot(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    """The word in large letters beside its shape, and the rest in two lines."""
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    inner = form.width - 2 * BEFORE
    first, *_, said = tile_words.state_words(tile) * 2
    shape = shape_rows(look, SHAPE_WIDE * form.scale, form.word_rows, glyphs)
    room = inner - SHAPE_WIDE * form.scale - 2
    word = big(said, form.scale, room, glyphs) or _middle(said, form.word_rows)
    more = first.removeprefix(said).strip()
    purpose = longest(tile_words.intended(tile), inner - len(more) - 2)
    time = longest(tile_words.time_inside(tile, seconds=True), inner)
    return [
        *(
            join((" ", CARD), (row, letter), ("  ", CARD), (text.ljust(room), letter), (" ", CARD))
            for row, text in zip(shape, word, strict=True)
        ),
        join(
            (" ", CARD),
            (fitted(purpose, inner - len(more), glyphs), QUIET),
            (more, letter),
            (" ", CARD),
        ),
        join((" ", CARD), (fitted(time, inner, glyphs), TIME), (" ", CARD)),
    ]


def _middle(text: str, rows: int) -> list[str]:
    return [text if row == rows // 2 else "" for row in range(rows)]


def _large_bar(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    """The name in large letters where they are known and there is room; else in plain ones."""
    fill = BARS.get(look_of(tile), NAME)
    inner = form.width - 2 * BEFORE
    words = tile.athlete.split()
    whole, first = " ".join(words), " ".join(words[:1])
    sizes = [(text, scale) for scale in range(form.scale, 0, -1) for text in (whole, first)]
    large: list[str] = next((drawn for one in sizes if (drawn := big(*one, inner, glyphs))), [])
    rows = [bar(tile, form.width, glyphs)]
    if large and large == big(whole, form.scale, inner, glyphs):  # said once is enough
        tag = "".join(tile_words.mark(tile)[:1])
        rows = [join((tag.rjust(inner + 1), fill if fill != NAME else QUIET), (" ", fill))]
    rows += [join((" ", fill), (row.ljust(inner), fill), (" ", fill)) for row in large]
    rows += [join((" " * form.width, fill))] * (1 + form.word_rows - len(rows))
    return rows
