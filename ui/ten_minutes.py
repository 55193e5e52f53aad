"""The heart rate of the last ten minutes: the newest at the right edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from ui import hr_trace, words
from ui.canvas import Canvas
from ui.picture import Picture, Row
from ui.zone_bar import intended

if TYPE_CHECKING:
    from device.intent import Band
    from ui.gauges import Moment
    from ui.overview import Plan
    from ui.terminal import Glyphs

AXIS_WIDTH = 5
POINTS = 120
"""A point every 5 s."""
LINE, BOUND, GAP, AXIS = "lbga"
YOf = Callable[[float], float]


class TenMinutes(Picture):
    """Drawn anew every 5 s; what is unknown is shaded, the bounds of the range are lines."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"ten-minutes--{part}" for part in ("line", "bound", "gap", "axis")
    }
    STYLES: ClassVar[dict[str, str]] = {
        LINE: "ten-minutes--line",
        BOUND: "ten-minutes--bound",
        GAP: "ten-minutes--gap",
        AXIS: "ten-minutes--axis",
    }

    def __init__(self, glyphs: Glyphs, plan: Plan) -> None:
        super().__init__(glyphs)
        self.plan = plan

    def fact(self, moment: Moment) -> tuple[tuple[float | None, ...], Band | None]:
        """The points, and what is intended now."""
        return moment.trail, intended(self.plan, moment.reading.step)[1]

    def draw(self, width: int, height: int) -> list[Row]:
        """A heading, and the trace behind its axis."""
        points, band = self.shown if isinstance(self.shown, tuple) else ((), None)
        bounds = [] if band is None else [band.floor_bpm, band.ceiling_bpm]
        bounds_bpm = [bpm for bpm in bounds if bpm is not None]
        wide, tall = width - AXIS_WIDTH, height - 1
        heading = " bpm, last 10 min"
        legend = f"{self.glyphs.rule * 2} {words.band_words(band)}  {self.glyphs.shade} unknown "
        rows: list[Row] = [(heading + legend.rjust(width - len(heading)), AXIS * width)]
        known = [bpm for bpm in points if bpm is not None]
        if wide < 10 or tall < 2 or not known:
            return rows
        low_bpm, high_bpm = hr_trace.scale(known, bounds_bpm)

        def y_of(bpm: float) -> float:
            return min((high_bpm - bpm) / (high_bpm - low_bpm), 1.0 - 1e-9)

        canvas = Canvas(wide, tall, self.glyphs)
        labels = {0: high_bpm, tall - 1: low_bpm}
        for bpm in bounds_bpm:
            canvas.paper(0, int(y_of(bpm) * tall), self.glyphs.rule * wide, BOUND)
            labels[int(y_of(bpm) * tall)] = bpm
        self._trace(canvas, points, y_of)
        for y, (text, letters) in enumerate(canvas.rows()):
            label = f"{labels[y]:.0f}" if y in labels else ""
            rows.append((f"{label:>{AXIS_WIDTH - 1}} {text}", AXIS * AXIS_WIDTH + letters))
        return rows

    def _trace(self, canvas: Canvas, points: Sequence[float | None], y_of: YOf) -> None:
        first = POINTS - len(points)
        places = [
            ((first + at + 0.5) / POINTS, None if bpm is None else y_of(bpm))
            for at, bpm in enumerate(points)
        ]
        for (_, before), (x, y) in pairwise([(0.0, None), *places]):
            if y is None:
                for row in range(canvas.height):
                    canvas.put(int(x * canvas.width), row, self.glyphs.shade, GAP)
            elif before is None:
                canvas.dot(x, y, LINE)
            else:
                canvas.line((x - 1 / POINTS, before), (x, y), LINE)
