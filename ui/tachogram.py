"""RR intervals over time, scrolling: the trace a physiologist reads first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from ui.gauges import Moment
from ui.picture import Picture, Row

if TYPE_CHECKING:
    from device.reading import RecentBeat
    from ui.terminal import Glyphs

LONGEST_S = 120.0
"""What a reading remembers."""
SILENCE_S = 3.0
"""No beat for this long is drawn as a gap: 20 beats a minute."""
HOLE_S = 1.0
"""Beats further apart than their interval says by this much have others missing between them."""
AXIS_WIDTH = 5
LINE, ARTEFACT, GAP, AXIS = "lxga"
"""What a cell of the trace stands for."""
DOTS = {"braille": (2, 4), "blocks": (1, 2), "ascii": (1, 1)}
"""Dots in a cell across and down."""
_BRAILLE_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


class Tachogram(Picture):
    """A line through normal beats, ``x`` for an artefact, a shaded column where beats are missing.

    A whole number of dots is one second, so that the trace moves and never changes its shape.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"tachogram--{part}" for part in ("line", "artefact", "gap", "axis")
    }
    STYLES: ClassVar[dict[str, str]] = {
        LINE: "tachogram--line",
        ARTEFACT: "tachogram--artefact",
        GAP: "tachogram--gap",
        AXIS: "tachogram--axis",
    }

    def fact(self, moment: Moment) -> tuple[Sequence[RecentBeat], float]:
        """The beats, and the moment that is the right edge."""
        return moment.reading.recent, moment.reading.t_s

    def draw(self, width: int, height: int) -> list[Row]:
        """The heading, and the trace behind its axis."""
        beats, now_s = self.shown if isinstance(self.shown, tuple) else ((), 0.0)
        trace = draw(beats, now_s, max(1, width - AXIS_WIDTH), max(1, height - 1), self.glyphs)
        heading = f" ms between beats, last {trace.window_s:.0f} s"
        legend = f"{self.glyphs.artefact} artefact  {self.glyphs.shade} gap "
        rows = [(heading + legend.rjust(width - len(heading)), AXIS * width)]
        for y, (cells, letters) in enumerate(zip(trace.cells, trace.letters, strict=True)):
            edge_ms = {0: trace.high_ms, len(trace.cells) - 1: trace.low_ms}.get(y)
            mark = "" if edge_ms is None or not beats else f"{edge_ms:.0f}"
            axis = f"{mark:>{AXIS_WIDTH - 1}} "
            rows.append((axis + "".join(cells), AXIS * AXIS_WIDTH + "".join(letters)))
        return rows


@dataclass(slots=True)
class Trace:
    """A drawn trace: characters and what each stands for, row by row."""

    low_ms: float
    high_ms: float
    window_s: float
    cells: list[list[str]]
    letters: list[list[str]]


def draw(
    beats: Sequence[RecentBeat], now_s: float, width: int, height: int, glyphs: Glyphs
) -> Trace:
    """Draw the beats before ``now_s`` into ``width`` by ``height`` characters."""
    across, down = DOTS[glyphs.drawing]
    wide, tall = width * across, height * down
    dots_per_s = max(1, math.ceil(wide / LONGEST_S))
    window_s = wide / dots_per_s
    shown = [beat for beat in beats if beat.time_s > now_s - window_s]
    low_ms, high_ms = range_ms(shown)
    right = math.floor(now_s * dots_per_s)

    def x_of(time_s: float) -> int:
        return max(0, min(wide - 1, wide - 1 - (right - math.floor(time_s * dots_per_s))))

    def y_of(rr_ms: float) -> int:
        share = (high_ms - rr_ms) / (high_ms - low_ms)
        return max(0, min(tall - 1, int(share * tall)))

    trace = Trace(
        low_ms,
        high_ms,
        window_s,
        [[" "] * width for _ in range(height)],
        [[LINE] * width for _ in range(height)],
    )
    dots: set[tuple[int, int]] = set()
    _shade_gaps(trace, shown, now_s, lambda time_s: x_of(time_s) // across, glyphs)
    for before, beat in pairwise([None, *shown]):
        if beat is not None and beat.normal:
            here = (x_of(beat.time_s), y_of(beat.rr_ms))
            joined = before is not None and before.normal and not is_break(before, beat)
            start = (x_of(before.time_s), y_of(before.rr_ms)) if before and joined else here
            _line(dots, start, here)
    _dots_to_cells(trace, dots, glyphs)
    for beat in shown:
        if not beat.normal:
            column, row = x_of(beat.time_s) // across, y_of(beat.rr_ms) // down
            trace.cells[row][column] = glyphs.artefact
            trace.letters[row][column] = ARTEFACT
    return trace


def range_ms(beats: Sequence[RecentBeat]) -> tuple[float, float]:
    """The vertical scale: whole fifties around the normal intervals, at least 100 ms tall."""
    normal = [beat.rr_ms for beat in beats if beat.normal]
    if not normal:
        return 600.0, 1000.0
    low_ms, high_ms = min(normal) // 50 * 50, (max(normal) // 50 + 1) * 50
    return (low_ms, high_ms) if high_ms - low_ms >= 100 else (low_ms - 50, high_ms)


def is_break(before: RecentBeat, after: RecentBeat) -> bool:
    """Whether an interval does not follow on from the one before, as told or as timed."""
    hole_s = after.time_s - before.time_s - after.rr_ms / 1000.0
    return after.gap_before or hole_s > HOLE_S


def _shade_gaps(
    trace: Trace,
    beats: Sequence[RecentBeat],
    now_s: float,
    column_of: Callable[[float], int],
    glyphs: Glyphs,
) -> None:
    """Shade where beats are known to be missing, from top to bottom."""
    gaps = [
        (before.time_s, after.time_s - after.rr_ms / 1000.0)
        for before, after in pairwise(beats)
        if is_break(before, after)
    ]
    if beats and now_s - beats[-1].time_s >= SILENCE_S:
        gaps.append((beats[-1].time_s, now_s + 1.0))
    for start_s, end_s in gaps:
        first = column_of(start_s) + 1
        for column in range(first, max(first + 1, column_of(end_s) + (end_s > now_s))):
            if column < len(trace.cells[0]):
                for cells, letters in zip(trace.cells, trace.letters, strict=True):
                    cells[column], letters[column] = glyphs.shade, GAP


def _line(dots: set[tuple[int, int]], start: tuple[int, int], end: tuple[int, int]) -> None:
    """Dots of a straight line between two dots (Bresenham 1965)."""
    (x, y), (to_x, to_y) = start, end
    run, rise = abs(to_x - x), -abs(to_y - y)
    step_x, step_y = (1 if x < to_x else -1), (1 if y < to_y else -1)
    error = run + rise
    while True:
        dots.add((x, y))
        if (x, y) == end:
            return
        twice = 2 * error
        if twice >= rise:
            error += rise
            x += step_x
        if twice <= run:
            error += run
            y += step_y


def _dots_to_cells(trace: Trace, dots: set[tuple[int, int]], glyphs: Glyphs) -> None:
    across, down = DOTS[glyphs.drawing]
    masks: dict[tuple[int, int], int] = {}
    for x, y in dots:
        cell = (y // down, x // across)
        masks[cell] = masks.get(cell, 0) | _BRAILLE_BITS[x % across][y % down]
    halves = {0x01: glyphs.upper, 0x02: glyphs.lower, 0x03: glyphs.solid}
    for (row, column), mask in masks.items():
        if glyphs.drawing == "braille":
            glyph = chr(0x2800 + mask)
        else:
            glyph = halves[mask] if glyphs.drawing == "blocks" else "*"
        trace.cells[row][column], trace.letters[row][column] = glyph, LINE
