"""The heart rate of a whole session from edge to edge, on a screen and as plain text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ui.canvas import DOTS, Canvas
from ui.picture import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.terminal import Glyphs

LINE, OVER, BOUND, GAP, AXIS = "lobga"
"""What a cell of the trace stands for: heart rate, the same over the ceiling, a bound of the
intended range, no heart rate, the axes."""
AXIS_WIDTH = 4
LEAST_SPAN_BPM = 40.0
BESIDE_BOUND_BPM = 5.0
TICKS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
"""Minutes between two marks on the axis of time."""
TICK_CELLS = 10
"""At least so far are they apart."""


def draw(
    hr_bpm: Sequence[float],
    bounds_bpm: Sequence[float],
    width: int,
    height: int,
    glyphs: Glyphs,
) -> list[Row]:
    """Draw ``hr_bpm``, one value a second, NaN where unknown, into ``width`` by ``height`` cells.

    ``bounds_bpm`` are drawn as lines: floor and ceiling, or one of them; the highest is the one
    heart rate is over. Shaded columns have no heart rate for at least half of their time.
    """
    wide, tall = width - AXIS_WIDTH, height - 1
    columns = max(1, wide) * DOTS[glyphs.drawing][0]
    line_bpm = means(hr_bpm, columns)
    known = [bpm for bpm in line_bpm if bpm is not None]
    if not known or wide < 10 or tall < 2 + 2 * len(bounds_bpm):
        text = "no heart rate is known" if not known else "too little room for the trace"
        return [(text, AXIS * len(text))]
    low_bpm, high_bpm = scale(known, bounds_bpm)
    canvas = Canvas(wide, tall, glyphs)
    bands = _bands(low_bpm, high_bpm, sorted(bounds_bpm, reverse=True), tall)
    labels = {0: high_bpm, tall - 1: low_bpm}
    for above in bands[:-1]:
        canvas.paper(0, above.to_row, glyphs.rule * wide, BOUND)
        labels[above.to_row] = above.low_bpm

    def y_of(bpm: float) -> float:
        # At a bound it is not over: the band below takes it in.
        return next((b for b in bands if bpm > b.low_bpm), bands[-1]).y_of(bpm) / tall

    _shade_blanks(canvas, hr_bpm)
    ceiling_bpm = max(bounds_bpm, default=math.inf)
    before: tuple[float, float] | None = None
    for column, bpm in enumerate(line_bpm):
        here = None if bpm is None else ((column + 0.5) / columns, y_of(bpm))
        if here is not None and bpm is not None:
            canvas.line(before or here, here, OVER if bpm > ceiling_bpm else LINE)
        before = here
    rows = []
    for y, (text, letters) in enumerate(canvas.rows()):
        label = f"{labels[y]:.0f}" if y in labels else ""
        rows.append((f"{label:>{AXIS_WIDTH - 1}} {text}", AXIS * AXIS_WIDTH + letters))
    return [*rows, _time_axis(len(hr_bpm), wide)]


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows between two bounds: a line has a row to itself, what is over it lies above it."""

    high_bpm: float
    low_bpm: float
    from_row: int
    to_row: int

    def y_of(self, bpm: float) -> float:
        """In rows from the top, within the band."""
        share = (self.high_bpm - bpm) / (self.high_bpm - self.low_bpm)
        last = self.to_row - 1e-9
        return min(last, self.from_row + share * (self.to_row - self.from_row))


def _bands(
    low_bpm: float, high_bpm: float, bounds_bpm: Sequence[float], rows: int
) -> tuple[_Band, ...]:
    """Share the rows out from the top, by how many beats each band has; none without a row."""
    edges = [high_bpm, *bounds_bpm, low_bpm]
    left = rows - len(bounds_bpm)
    found: list[_Band] = []
    row = 0
    for at, (high, low) in enumerate(pairwise(edges)):
        still_to_come = len(edges) - 2 - at
        share = round(left * (high - low) / (high - low_bpm)) if still_to_come else left
        tall = max(1, min(share, left - still_to_come))
        found.append(_Band(high, low, row, row + tall))
        row += tall + 1
        left -= tall
    return tuple(found)


def scale(known_bpm: Sequence[float], bounds_bpm: Sequence[float]) -> tuple[float, float]:
    """Whole tens around all there is to show, at least 40 bpm apart and 5 around a bound."""
    lows = [*known_bpm, *(bpm - BESIDE_BOUND_BPM for bpm in bounds_bpm)]
    highs = [*known_bpm, *(bpm + BESIDE_BOUND_BPM for bpm in bounds_bpm)]
    low_bpm = math.floor(min(lows) / 10) * 10.0
    high_bpm = math.ceil(max(highs) / 10) * 10.0
    return low_bpm, max(high_bpm, low_bpm + LEAST_SPAN_BPM)


def means(hr_bpm: Sequence[float], columns: int) -> list[float | None]:
    """The mean of what is known in each of so many columns; None where nothing is."""
    found: list[float | None] = []
    for column in range(columns):
        start, stop = _seconds(len(hr_bpm), column, columns)
        part = [bpm for bpm in hr_bpm[start:stop] if not math.isnan(bpm)]
        found.append(sum(part) / len(part) if part else None)
    return found


def _seconds(n: int, column: int, columns: int) -> tuple[int, int]:
    """Which seconds a column stands for; at least one, also of a very short session."""
    start = column * n // columns
    return start, max(start + 1, (column + 1) * n // columns)


def _shade_blanks(canvas: Canvas, hr_bpm: Sequence[float]) -> None:
    for column in range(canvas.width):
        start, stop = _seconds(len(hr_bpm), column, canvas.width)
        part = hr_bpm[start:stop]
        if 2 * sum(math.isnan(bpm) for bpm in part) >= len(part):
            for row in range(canvas.height):
                canvas.put(column, row, canvas.glyphs.shade, GAP)


def _time_axis(n: int, wide: int) -> Row:
    minutes = n / 60
    most = max(1, wide // TICK_CELLS)
    step = next((step for step in TICKS_MIN if minutes / step <= most), TICKS_MIN[-1])
    cells = [" "] * (AXIS_WIDTH + wide)
    for tick in range(0, int(minutes) + 1, step):
        text = f"{tick} min" if tick == 0 else f"{tick}"
        at = AXIS_WIDTH + int(tick * 60 * wide / n)
        if at + len(text) <= len(cells):
            cells[at : at + len(text)] = text
    text = "".join(cells)
    return text, AXIS * len(text)
