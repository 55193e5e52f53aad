"""Mornings by day: RMSSD in its normal range, the 7-day mean, resting heart rate, verdicts.

RMSSD is drawn on a logarithmic scale, so that heights are lnRMSSD, and labelled in ms. Drawn with
our own dots; :mod:`ui.canvas` says why.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ui import words
from ui.canvas import Canvas

if TYPE_CHECKING:
    from ui.past_mornings import DayPoint, Mark
    from ui.picture import Row
    from ui.terminal import Glyphs

AXIS_WIDTH = 5
HELD_DAYS = 7
"""Over so many days without a test the 7-day mean and the band are drawn through."""
TICKS_MS = (5, 8, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250)
MARKS: dict[str, dict[Mark, str]] = {
    "braille": {"counts": "●", "excluded": "○", "refused": "×", "imported": "◆"},
    "blocks": {"counts": "■", "excluded": "o", "refused": "x", "imported": "+"},
    "ascii": {"counts": "*", "excluded": "o", "refused": "x", "imported": "+"},
}
"""Each kind of day has a glyph of its own; those of a console are in code page 437."""
LETTERS: dict[Mark, str] = {"counts": "p", "excluded": "e", "refused": "r", "imported": "i"}
VERDICTS = {"GREEN": "g", "AMBER": "a", "RED": "d", "GREY": "n"}
MANY_DAYS_PER_CELL = 1.2
"""From here on days stand so close that each is a dot, and only the odd ones keep a glyph."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which days are drawn, both ends included."""

    first: date
    last: date

    @property
    def n(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def share(self, day: date) -> float:
        """Where the middle of a day lies, from 0 to 1."""
        return ((day - self.first).days + 0.5) / self.n

    def day_at(self, share: float) -> date:
        """The day at a place."""
        return self.first + timedelta(days=min(self.n - 1, int(share * self.n)))


def draw(
    days: Sequence[DayPoint],
    window: Window,
    chosen: date | None,
    width: int,
    height: int,
    glyphs: Glyphs,
    *,
    tinted: bool,
) -> list[Row]:
    """The whole picture; ``tinted`` where the band can be a background of its own."""
    shown = [day for day in days if window.first <= day.day <= window.last]
    wide = max(1, width - AXIS_WIDTH)
    low_height = max(3, (height - 4) // 4)
    high_height = max(3, height - 4 - low_height)
    upper = _rmssd(shown, window, chosen, Canvas(wide, high_height, glyphs), tinted=tinted)
    lower = _heart_rate(shown, window, chosen, Canvas(wide, low_height, glyphs))
    rows = _with_axis(upper)
    rows.append(_verdicts(shown, window, wide, glyphs))
    rows += _with_axis(lower)
    rows.append(_dates(window, wide))
    rows.append(_pointer(window, chosen, wide, glyphs))
    return rows


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of a plot, and what stands at the axis beside some of them."""

    rows: list[Row]
    labels: dict[int, str]


def _rmssd(
    days: Sequence[DayPoint],
    window: Window,
    chosen: date | None,
    canvas: Canvas,
    *,
    tinted: bool,
) -> Drawn:
    values = [ms for day in days for ms in (day.rmssd_ms, day.l7_ms, *(day.band_ms or ())) if ms]
    if not values:
        return Drawn(canvas.rows(), {})
    low, high = math.log(min(values)) - 0.05, math.log(max(values)) + 0.05
    y_of = _scale(low, high)

    def at_ms(ms: float) -> float:
        return y_of(math.log(ms))

    tint = _band(days, window, canvas, at_ms, tinted=tinted)
    _cursor(canvas, window, chosen)
    canvas.put(1, 0, "RMSSD, ms", "x")
    mean = [(day.day, day.l7_ms) for day in days if day.l7_ms]
    for (before, first_ms), (after, last_ms) in pairwise(mean):
        if (after - before).days <= HELD_DAYS:
            canvas.line(
                (window.share(before), at_ms(first_ms)), (window.share(after), at_ms(last_ms)), "w"
            )
    _points(window, canvas, [(day, day.rmssd_ms) for day in days], at_ms)
    ticks = [ms for ms in TICKS_MS if low <= math.log(ms) <= high]
    labels = _labels([(at_ms(ms), f"{ms}") for ms in ticks], canvas.height)
    return Drawn([_tinted(row, y, tint) for y, row in enumerate(canvas.rows())], labels)


def _heart_rate(
    days: Sequence[DayPoint], window: Window, chosen: date | None, canvas: Canvas
) -> Drawn:
    known = [(day, day.hr_bpm) for day in days if day.hr_bpm]
    if not known:
        return Drawn(canvas.rows(), {})
    low = math.floor(min(bpm for _, bpm in known)) - 1
    high = math.ceil(max(bpm for _, bpm in known)) + 1
    y_of = _scale(low, high)
    _cursor(canvas, window, chosen)
    canvas.put(1, 0, "resting heart rate, bpm", "x")
    usable = [(day, bpm) for day, bpm in known if day.mark in ("counts", "imported")]
    for (before, first_bpm), (after, last_bpm) in pairwise(usable):
        if (after.day - before.day).days <= HELD_DAYS:
            canvas.line(
                (window.share(before.day), y_of(first_bpm)),
                (window.share(after.day), y_of(last_bpm)),
                "h",
            )
    return Drawn(canvas.rows(), {0: f"{high}", canvas.height - 1: f"{low}"})


def _scale(low: float, high: float) -> Callable[[float], float]:
    return lambda value: min(0.9999, max(0.0, (high - value) / (high - low)))


def _band(
    days: Sequence[DayPoint],
    window: Window,
    canvas: Canvas,
    at_ms: Callable[[float], float],
    *,
    tinted: bool,
) -> set[tuple[int, int]]:
    """Fill the normal range, column by column; returns the cells that get a background."""
    bands = [(day.day, day.band_ms) for day in days if day.band_ms is not None]
    cells: set[tuple[int, int]] = set()
    at = -1
    for column in range(canvas.width):
        here = window.day_at((column + 0.5) / canvas.width)
        while at + 1 < len(bands) and bands[at + 1][0] <= here:
            at += 1
        if at < 0 or (here - bands[at][0]).days > HELD_DAYS:
            continue
        low_ms, high_ms = bands[at][1]
        top = math.floor(at_ms(high_ms) * canvas.height * 2 + 0.5)
        bottom = math.floor(at_ms(low_ms) * canvas.height * 2 + 0.5)
        for row in range((top + 1) // 2, bottom // 2):
            if tinted:
                cells.add((row, column))
            else:
                canvas.paper(column, row, canvas.glyphs.shade, "b")
        if tinted:  # edges to half a cell
            canvas.paper(column, top // 2, canvas.glyphs.lower if top % 2 else " ", "t")
            canvas.paper(column, bottom // 2, canvas.glyphs.upper if bottom % 2 else " ", "t")
    return cells


def _tinted(row: Row, y: int, cells: set[tuple[int, int]]) -> Row:
    """Capital letters stand on the background of the band."""
    text, letters = row
    return text, "".join(
        ("B" if letter == " " else letter.upper()) if (y, x) in cells else letter
        for x, letter in enumerate(letters)
    )


def _points(
    window: Window,
    canvas: Canvas,
    values: list[tuple[DayPoint, float | None]],
    y_of: Callable[[float], float],
) -> None:
    marks = MARKS[canvas.glyphs.drawing]
    crowded = window.n > MANY_DAYS_PER_CELL * canvas.width
    for day, value in values:
        x = window.share(day.day)
        column = int(x * canvas.width)
        if value is None or value <= 0:
            canvas.put(column, canvas.height - 1, marks["refused"], "r")
        elif crowded and day.mark in ("counts", "imported"):
            if canvas.glyphs.drawing == "braille":
                canvas.dot(x, y_of(value), LETTERS[day.mark])
            else:
                row = int(y_of(value) * canvas.height)
                canvas.paper(column, row, canvas.glyphs.dot, LETTERS[day.mark])
        else:
            row = int(y_of(value) * canvas.height)
            canvas.put(column, row, marks[day.mark], LETTERS[day.mark])


def _cursor(canvas: Canvas, window: Window, chosen: date | None) -> None:
    if chosen is not None and window.first <= chosen <= window.last:
        column = int(window.share(chosen) * canvas.width)
        for row in range(canvas.height):
            canvas.paper(column, row, canvas.glyphs.wall, "c")


def _labels(marks: Sequence[tuple[float, str]], height: int) -> dict[int, str]:
    """Labels by row, none closer than two rows to another."""
    labels: dict[int, str] = {}
    for y, text in marks:
        row = int(y * height)
        if not any(near in labels for near in (row - 1, row, row + 1)):
            labels[row] = text
    return labels


def _with_axis(drawn: Drawn) -> list[Row]:
    rows: list[Row] = []
    for y, (text, letters) in enumerate(drawn.rows):
        rows.append(
            (f"{drawn.labels.get(y, ''):>{AXIS_WIDTH - 1}} {text}", "x" * AXIS_WIDTH + letters)
        )
    return rows


def _verdicts(days: Sequence[DayPoint], window: Window, width: int, glyphs: Glyphs) -> Row:
    """A letter a day under the plot; where days stand too close, only AMBER and RED are kept."""
    text, letters = [" "] * width, [" "] * width
    crowded = window.n > width
    gravest = " nGAR"
    kept = [" "] * width
    for day in days:
        if day.verdict is None:
            continue
        column = int(window.share(day.day) * width)
        letter = "n" if day.verdict == "GREY" else day.verdict[0]
        if gravest.index(letter) >= gravest.index(kept[column]):
            quiet = letter == "n" or (letter == "G" and crowded)
            kept[column] = letter
            text[column] = glyphs.dot if quiet else letter
            letters[column] = VERDICTS[day.verdict]
    return " " * AXIS_WIDTH + "".join(text), " " * AXIS_WIDTH + "".join(letters)


def _dates(window: Window, width: int) -> Row:
    line = [" "] * width
    free_from = 0
    for offset in range(window.n):
        day = window.first + timedelta(days=offset)
        text = _date_label(day, window.n)
        at = int(window.share(day) * width)
        if text and at >= free_from and at + len(text) <= width:
            line[at : at + len(text)] = text
            free_from = at + len(text) + 2
    return " " * AXIS_WIDTH + "".join(line), "x" * (AXIS_WIDTH + width)


def _date_label(day: date, n_days: int) -> str:
    month = words.MONTHS[day.month - 1]
    if n_days <= 62:
        return f"{day.day} {month}" if day.weekday() == 0 else ""
    if day.day != 1:
        return ""
    return f"{month} {day.year}" if day.month == 1 or n_days > 800 else month


def _pointer(window: Window, chosen: date | None, width: int, glyphs: Glyphs) -> Row:
    if chosen is None or not window.first <= chosen <= window.last:
        return "", ""
    at = AXIS_WIDTH + int(window.share(chosen) * width)
    return " " * at + glyphs.up, " " * at + "p"
