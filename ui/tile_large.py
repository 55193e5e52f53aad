"""A tile on which everything that matters is large: who, the number, how it stands, the reward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import lettering, tile_words
from ui.cells import fitted
from ui.tile_form import BEFORE
from ui.tile_parts import (
    BARS,
    CARD,
    NAME,
    QUIET,
    SHAPE_WIDE,
    STATE_LETTERS,
    TIME,
    TileRow,
    bar,
    big,
    blank,
    figure_rows,
    filled,
    join,
    number_letter,
    shape_rows,
    side_by_side,
    sign,
)
from ui.tile_words import longest, look_of

if TYPE_CHECKING:
    from device.tile import Tile
    from ui.terminal import Glyphs
    from ui.tile_form import Form


def rows_of(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    """The name over it all; the words under the number, or beside it on a wide tile."""
    top = _bar(tile, form, glyphs)
    room = form.height - len(top)
    figures = [join((row, number_letter(tile))) for row in figure_rows(tile, form, glyphs)]
    if form.beside:
        said, left = _said_beside(tile, form, room, glyphs), BEFORE
        spare = room - len(figures)
    else:
        said, left = _said_below(tile, form, glyphs), (form.width - form.across) // 2
        spare = room - len(figures) - len(said)
    above = (spare + 1) // 2
    figures = [blank(form.across)] * above + figures + [blank(form.across)] * (spare - above)
    if form.beside:
        body = [
            side_by_side(blank(left), number, blank(2), words)
            for number, words in zip(figures, said, strict=True)
        ]
    else:
        body = [
            *(side_by_side(blank(left), row) for row in figures),
            *(side_by_side(blank(BEFORE), row) for row in said),
        ]
    return [*top, *(filled(row, form.width) for row in body)]


def _bar(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    """The name in large letters where they are known and there is room; else in plain ones."""
    look = look_of(tile)
    fill = BARS.get(look, NAME)
    inner = form.width - 2 * BEFORE
    words = tile.athlete.split()
    whole, first = " ".join(words), " ".join(words[:1])
    sizes = [(text, scale) for scale in range(form.scale, 0, -1) for text in (whole, first)]
    large: list[str] = next((drawn for one in sizes if (drawn := big(*one, inner, glyphs))), [])
    rows = [bar(tile, form.width, glyphs)]
    if large and large == big(whole, form.scale, inner, glyphs):  # said once is enough
        tag = "".join(tile_words.mark(tile)[:1])
        rows = [
            join(
                (f" {sign(look, glyphs)}", fill if fill != NAME else STATE_LETTERS[look]),
                (tag.rjust(inner - 1), fill if fill != NAME else QUIET),
                (" ", fill),
            )
        ]
    rows += [join((" ", fill), (row.ljust(inner), fill), (" ", fill)) for row in large]
    rows += [join((" " * form.width, fill))] * (1 + form.word_rows - len(rows))
    return rows


def _said_below(tile: Tile, form: Form, glyphs: Glyphs) -> list[TileRow]:
    """Word beside its shape, time, purpose."""
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    inner = form.width - 2 * BEFORE
    wide = form.scale * (SHAPE_WIDE if form.width >= 30 else SHAPE_WIDE - 1)
    room = inner - wide - 2
    word = _word(tile, form, room, glyphs)
    if word is None and (alone := _word(tile, form, inner, glyphs)) is not None:
        head = [join((row.ljust(inner), letter)) for row in alone]
    else:
        word = word or _middle(tile_words.state_words(tile)[-1], form.word_rows)
        high = lettering.WORD_HEIGHT * form.scale
        shape = shape_rows(look, wide, high, glyphs)
        head = [
            join((row, letter), ("  ", CARD), (text.ljust(room), letter))
            for row, text in zip(shape, word, strict=True)
        ]
    return [*head, *_time(tile, form, inner, glyphs), _purpose(tile, inner, glyphs)]


def _said_beside(tile: Tile, form: Form, rows: int, glyphs: Glyphs) -> list[TileRow]:
    """Shape, word, time, purpose, one under the other."""
    look = look_of(tile)
    letter = STATE_LETTERS[look]
    room = form.width - 2 * BEFORE - form.across - 2
    word = _word(tile, form, room, glyphs) or _middle(
        tile_words.state_words(tile)[-1], form.word_rows
    )
    said = [
        *(join((row.ljust(room), letter)) for row in word),
        blank(room),
        *_time(tile, form, room, glyphs),
        _purpose(tile, room, glyphs),
    ]
    high = min(rows - len(said) - 1, (room + 1) // 2)  # pixels are square
    shape = shape_rows(look, 2 * high - 1, 2 * high, glyphs, above=1)
    shaped = [join((row.ljust(room), letter)) for row in shape]
    return [blank(room)] * (rows - len(said) - 1 - high) + [*shaped, blank(room), *said]


def _word(tile: Tile, form: Form, room: int, glyphs: Glyphs) -> list[str] | None:
    return big(tile_words.state_words(tile)[-1], form.scale, room, glyphs)


def _time(tile: Tile, form: Form, room: int, glyphs: Glyphs) -> list[TileRow]:
    """The reward, as large as the word where the form has room for it."""
    *_, clock = times = tile_words.time_inside(tile, seconds=True)
    large = big(clock, form.scale, room, glyphs) if form.large_time else None
    if large is None:
        text = fitted(longest(times, room), room, glyphs)
        empty = [blank(room)] * (form.word_rows - 1 if form.large_time else 0)
        return [*empty, join((text, TIME))]
    left = room - len(large[0])
    kinds = *(text.removeprefix(clock).strip() for text in times[:2]), ""
    what = [*" " * min(1, left), *fitted(longest(kinds, left - 1), left - 1, glyphs)]
    last = (lettering.WORD_HEIGHT * form.scale - 1) // 2  # the row its letters stand on
    return [
        join((row, TIME), (what if y == last else " " * left, QUIET)) for y, row in enumerate(large)
    ]


def _purpose(tile: Tile, room: int, glyphs: Glyphs) -> TileRow:
    """What is intended, and on the right by how much it is not, or for how long."""
    first, *_, said = tile_words.state_words(tile) * 2
    more = first.removeprefix(said).strip()
    purpose = longest(tile_words.intended(tile), room - len(more) - 1)
    return join(
        (fitted(purpose, room - len(more), glyphs), QUIET), (more, STATE_LETTERS[look_of(tile)])
    )


def _middle(text: str, rows: int) -> list[str]:
    return [text if row == rows // 2 else "" for row in range(rows)]
