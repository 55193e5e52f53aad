"""Which form a tile takes at a size: how large its figures can be, and where its words stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from ui import lettering

Kind = Literal["none", "line", "pair", "three", "beside", "stack", "large"]

SHORTEST: dict[Kind, tuple[int, int]] = {
    "line": (22, 1),
    "pair": (24, 2),
    "three": (18, 3),
    "beside": (26, 4),
    "stack": (19, 10),
    "large": (28, 16),
}
"""Cells across and down that a form needs; under the least of them nothing is legible."""

PLACES = 3
"""Room for three figures is always kept, so that the number does not jump at 100."""
BEFORE = 1
"""Cells kept free left and right of what stands on a tile."""
WORDS_WIDE = 12
"""Room for words beside figures: "easy to 142"."""
SIDE = 31
"""Cells beside large figures, for a large NO STRAP."""
TWICE = (64, 36)
"""Cells from which on the large words of a tile are twice as large."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a tile of one size is drawn."""

    kind: Kind
    width: int
    height: int
    wide: int = 0
    """Pixels of one figure across, and down; 0 where the number is one of the words."""
    high: int = 0
    gap: int = 1
    scale: int = 1
    """Of the large words."""
    beside: bool = False
    """The large words stand beside the figures, not under them."""
    large_time: bool = False

    @property
    def word_rows(self) -> int:
        """Rows of a large word."""
        return (self.scale * lettering.WORD_HEIGHT + 1) // 2

    @property
    def rows(self) -> int:
        """Rows that the figures take."""
        return (self.high + 1) // 2

    @property
    def across(self) -> int:
        """Cells from the first figure to the last."""
        return PLACES * self.wide + (PLACES - 1) * self.gap

    @property
    def legibility(self) -> int:
        """The higher, the further away it can be read."""
        if self.kind == "large":
            return 10 * self.rows + 100 * self.scale + (250 if self.large_time else 200)
        if self.rows:
            return 10 * self.rows + (5 if self.kind == "stack" else 0)
        return {"three": 9, "pair": 8, "line": 3}.get(self.kind, 0)


@lru_cache(4096)
def form_of(width: int, height: int, half_blocks: bool = True) -> Form:
    """The form of a tile of so many cells; ``half_blocks``: what figures can be made of."""
    inner = width - 2 * BEFORE
    around = 5 if height < 13 else 6
    small = _figures("stack", width, height, inner, height - around, half_blocks)
    left = inner - WORDS_WIDE - 1
    beside = _figures("beside", width, height, left, height - (2 if height > 4 else 1), half_blocks)
    if half_blocks and (large := _large(width, height)):
        return large
    found = max((one for one in (small, beside) if one is not None), key=_first, default=None)
    if found is not None:
        return found
    for kind in ("three", "pair", "line"):
        if _fits(kind, width, height):
            return Form(kind, width, height)
    return Form("none", width, height)


def _large(width: int, height: int) -> Form | None:
    """With name, word and time in large letters, wherever figures that are legible are left.

    That is better than larger figures alone: from afar one sees who it is and how it stands. A
    row over the name and one of text are small, a row over the figures and one under them free.
    """
    scale = 2 if width >= TWICE[0] and height >= TWICE[1] else 1
    words = Form("large", width, height, scale=scale).word_rows
    inner, side = width - 2 * BEFORE, SIDE * scale

    def figures(across: int, around: int) -> Form | None:
        return _figures("large", width, height, across, height - around, half_blocks=False)

    found = [
        replace(form, scale=scale, beside=beside, large_time=True)
        for form, beside in (
            (figures(inner, 3 * words + 4), False),
            # Shape, word, time and purpose one under the other, and a row between them.
            (figures(inner - 2 - side, words + 3) if height >= 3 * words + 7 else None, True),
        )
        if form is not None
    ]
    if found:
        return max(found, key=_first)
    form = figures(inner, 2 * words + 5)
    return None if form is None else replace(form, scale=scale)


def _first(form: Form) -> int:
    return form.rows


def _fits(kind: Kind, width: int, height: int) -> bool:
    least = SHORTEST[kind]
    return width >= least[0] and height >= least[1]


def _figures(
    kind: Kind, width: int, height: int, across: int, rows: int, half_blocks: bool
) -> Form | None:
    """The largest figures in so many cells; None where none can be read."""
    if not _fits(kind, width, height):
        return None
    gap = max(1, across // 13)
    wide = min((across - gap * (PLACES - 1)) // PLACES, rows * 5 // 4)
    gap = min(gap, max(1, wide // 3))
    high = lettering.best_height(wide, min(2 * rows, 2 * wide)) if wide >= 5 and rows >= 5 else 0
    if high >= 10:
        return Form(kind, width, height, wide, high, gap)
    if half_blocks and rows >= 3 and across >= 11:
        return Form(kind, width, height, 3, lettering.WORD_HEIGHT, 1)
    return None
