"""Alpha 1 against heart rate: the points of a ramp, and the line thresholds are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.canvas import Canvas
from ui.picture import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.ramp import RampPoint
    from hrv.thresholds import Fit
    from ui.terminal import Glyphs

POINT, LINE, GUIDE, AXIS = "plga"
ALPHA1 = (0.25, 1.75)
"""The vertical scale."""
GUIDES = (1.0, 0.75, 0.5)
AXIS_WIDTH = 5
LEAST_SPAN_BPM = 40.0


def draw(
    points: Sequence[RampPoint], fit: Fit | None, width: int, height: int, glyphs: Glyphs
) -> list[Row]:
    """``width`` by ``height`` characters: alpha 1 upwards, heart rate to the right."""
    wide, tall = width - AXIS_WIDTH, height - 1
    if wide < 10 or tall < 4:
        return []
    known = [(one.hr_bpm, one.alpha1) for one in points if one.alpha1 is not None]
    low_bpm, high_bpm = _scale([hr_bpm for hr_bpm, _ in known])
    canvas = Canvas(wide, tall, glyphs)

    def place(hr_bpm: float, alpha1: float) -> tuple[float, float]:
        x = (hr_bpm - low_bpm) / (high_bpm - low_bpm)
        y = (ALPHA1[1] - alpha1) / (ALPHA1[1] - ALPHA1[0])
        return min(max(x, 0.0), 1.0 - 1e-9), min(max(y, 0.0), 1.0 - 1e-9)

    labels = {}
    for alpha1 in GUIDES:
        row = int(place(low_bpm, alpha1)[1] * tall)
        canvas.paper(0, row, glyphs.rule * wide, GUIDE)
        labels[row] = f"{alpha1:.2f}"
    for hr_bpm, alpha1 in known:
        canvas.dot(*place(hr_bpm, alpha1), POINT)
    if fit is not None:
        steps = [
            fit.hr_low_bpm + (fit.hr_high_bpm - fit.hr_low_bpm) * part / wide
            for part in range(wide + 1)
        ]
        for hr_bpm in steps:
            x, y = place(hr_bpm, fit.slope_per_bpm * hr_bpm + fit.intercept)
            dot = "•" if glyphs.drawing == "braille" else "o"
            canvas.put(int(x * wide), int(y * tall), dot, LINE)
    rows = [
        (f"{labels.get(y, ''):>{AXIS_WIDTH - 1}} {text}", AXIS * AXIS_WIDTH + letters)
        for y, (text, letters) in enumerate(canvas.rows())
    ]
    ends = f"{low_bpm:.0f}", f"{high_bpm:.0f} bpm"
    axis = " " * AXIS_WIDTH + ends[0] + ends[1].rjust(wide - len(ends[0]))
    return [*rows, (axis, AXIS * len(axis))]


def _scale(hr_bpm: Sequence[float]) -> tuple[float, float]:
    if not hr_bpm:
        return 100.0, 180.0
    low_bpm = min(hr_bpm) // 10 * 10
    return low_bpm, max(-(-max(hr_bpm) // 10) * 10, low_bpm + LEAST_SPAN_BPM)
