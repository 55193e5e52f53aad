"""A plot drawn with our own dots: braille, half blocks or ASCII, in one strip a line.

Why not a plotting library: measured on one redraw of 98x20, textual-plot takes 12 ms and 22 kB,
plotext 21 ms and 13 kB, this way 2 ms and 3.5 kB; and neither of them draws on a console whose
font has no braille. What a plot of mornings needs is a band, a line and marks.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ui.picture import Row

if TYPE_CHECKING:
    from ui.terminal import Glyphs

DOTS = {"braille": (2, 4), "blocks": (1, 2), "ascii": (1, 1)}
"""Dots in a cell across and down."""
_BRAILLE_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class Canvas:
    """Cells of characters and of style letters; dots lie between what is put into cells."""

    def __init__(self, width: int, height: int, glyphs: Glyphs) -> None:
        self.width, self.height = width, height
        self.glyphs = glyphs
        self.across, self.down = DOTS[glyphs.drawing]
        self._text = [[" "] * width for _ in range(height)]
        self._letters = [[" "] * width for _ in range(height)]
        self._dots: dict[tuple[int, int], tuple[int, str]] = {}
        self._paper: set[tuple[int, int]] = set()

    def put(self, column: int, row: int, text: str, letter: str) -> None:
        """Characters into cells; what lies outside is left away."""
        if 0 <= row < self.height:
            for at, character in enumerate(text, start=column):
                if 0 <= at < self.width:
                    self._text[row][at], self._letters[row][at] = character, letter
                    self._paper.discard((row, at))

    def paper(self, column: int, row: int, text: str, letter: str) -> None:
        """Characters that lie below everything else: shading, guides, titles."""
        for at, character in enumerate(text, start=column):
            if not (0 <= row < self.height and 0 <= at < self.width):
                continue
            if self._text[row][at] == " " or (row, at) in self._paper:
                self.put(at, row, character, letter)
                self._paper.add((row, at))

    def dot(self, x: float, y: float, letter: str) -> None:
        """One dot; ``x`` and ``y`` are shares of the width and of the height, from the top left."""
        across = math.floor(x * self.width * self.across)
        down = math.floor(y * self.height * self.down)
        self._set(across, down, letter)

    def line(self, start: tuple[float, float], end: tuple[float, float], letter: str) -> None:
        """A straight line between two points, given as for :meth:`dot`, left to right."""
        wide, tall = self.width * self.across, self.height * self.down
        (x0, y0), (x1, y1) = start, end
        first, last = math.floor(x0 * wide), math.floor(x1 * wide)
        steps = max(last - first, math.ceil(abs(y1 - y0) * tall), 1)
        for step in range(steps + 1):
            share = step / steps
            self._set(
                math.floor(x0 * wide + share * (last - first)),
                math.floor((y0 + share * (y1 - y0)) * tall),
                letter,
            )

    def _set(self, x: int, y: int, letter: str) -> None:
        if 0 <= x < self.width * self.across and 0 <= y < self.height * self.down:
            cell = (y // self.down, x // self.across)
            mask, _ = self._dots.get(cell, (0, letter))
            self._dots[cell] = (mask | _BRAILLE_BITS[x % self.across][y % self.down], letter)

    def rows(self) -> list[Row]:
        """The picture; dots are seen where nothing was put but paper."""
        text = [list(row) for row in self._text]
        letters = [list(row) for row in self._letters]
        for (row, column), (mask, letter) in self._dots.items():
            if text[row][column] == " " or (row, column) in self._paper:
                text[row][column] = self._face(mask)
                letters[row][column] = letter
        return [("".join(t), "".join(s)) for t, s in zip(text, letters, strict=True)]

    def _face(self, mask: int) -> str:
        if self.glyphs.drawing == "braille":
            return chr(0x2800 + mask)
        if self.glyphs.drawing == "ascii":
            return "."
        return {1: self.glyphs.upper, 2: self.glyphs.lower, 3: self.glyphs.solid}[mask]
