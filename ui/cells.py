"""Names and other people's words as cells of a terminal: no more of them than there is room for.

A picture counts in cells, and a letter may take two (East Asian) or none (an accent of its own).
Here a text becomes one string for each cell, the second cell of a wide letter an empty one.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ui.terminal import TURN_BACK, plain

if TYPE_CHECKING:
    from ui.terminal import Glyphs

Cells = tuple[str, ...]

_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
"""Invisible, and no gap: they would otherwise become spaces."""
_VARIANTS = range(0xFE00, 0xFE10)
"""Variation selectors change the width of what they follow, in some terminals only."""
_PICTOGRAMS = 0x1F000
"""From here on terminals do not agree how wide a character is."""
_MOST_ACCENTS = 2
"""On one letter, beyond those it is written with; more would grow into the lines around it."""
UNDRAWN = "?"


@lru_cache(512)
def cells(text: str, glyphs: Glyphs) -> Cells:
    """A text as one harmless line, cell by cell; what cannot be drawn safely is ``?``.

    On a console a font has neither wide letters nor accents of their own.
    """
    drawn: list[str] = []
    rich = glyphs.drawing == "braille"
    line = plain(unicodedata.normalize("NFC", text).translate(_JOINERS), glyphs)
    for character in line:
        if character.isascii():
            drawn.append(character)
            continue
        if ord(character) in _VARIANTS:
            continue
        width = cell_len(character)
        if character == TURN_BACK:
            if drawn and drawn[-1]:
                drawn[-1] += character
        elif width == 0:
            if rich and drawn and drawn[-1] and len(drawn[-1]) <= _MOST_ACCENTS:
                drawn[-1] += character
        elif ord(character) >= _PICTOGRAMS and unicodedata.category(character)[0] != "L":
            drawn.append(UNDRAWN)
        elif width == 1:
            drawn.append(character)
        else:
            drawn.extend((character, "") if rich else UNDRAWN)
    return tuple(drawn)


def drawable(text: str, glyphs: Glyphs) -> str:
    """The same in one string, for lines that are wrapped or cut by others."""
    return "".join(cells(text, glyphs))


@lru_cache(1024)
def fitted(text: str, width: int, glyphs: Glyphs) -> Cells:
    """A text in exactly so many cells: filled up with spaces, or cut with a sign that it was."""
    drawn = cells(text, glyphs)
    if len(drawn) <= width:
        return drawn + (" ",) * (width - len(drawn))
    if width <= 0:
        return ()
    kept = drawn[: width - 1]
    if drawn[width - 1] == "":  # half of a wide letter is none
        kept = (*kept[:-1], " ")
    cut = "…" if glyphs.drawing == "braille" else "."
    return (*kept, cut + TURN_BACK if TURN_BACK in "".join(drawn) else cut)
