"""The athlete's range of heart rates, the intended band on it, and a marker for now."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from ui import words
from ui.gauges import Moment
from ui.picture import Picture, Row
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.intent import Band
    from device.steps import StepNow
    from ui.overview import Plan

AROUND_BAND_BPM = 25.0
"""At least this much of the scale lies on either side of the intended band."""


class ZoneBar(Picture):
    """Solid inside the intended band, shaded outside it, whatever the colours."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"zone-bar--{part}" for part in ("under", "inside", "over", "marker", "band", "scale")
    }
    STYLES: ClassVar[dict[str, str]] = {
        "u": "zone-bar--under",
        "i": "zone-bar--inside",
        "o": "zone-bar--over",
        "m": "zone-bar--marker",
        "b": "zone-bar--band",
        "s": "zone-bar--scale",
    }

    def __init__(self, glyphs: Glyphs, plan: Plan) -> None:
        super().__init__(glyphs)
        self.plan = plan
        self.low_bpm, self.high_bpm = scale_of(plan)

    def fact(self, moment: Moment) -> tuple[float | None, str, Band | None]:
        """The heart rate, where it may be judged; what is intended now."""
        hr_bpm = moment.reading.hr_bpm if moment.standing.kind in words.JUDGED else None
        name, band = intended(self.plan, moment.reading.step)
        # A column is wider than half a beat: what cannot be seen is not drawn again.
        return None if hr_bpm is None else round(hr_bpm, 1), name, band

    def draw(self, width: int, height: int) -> list[Row]:
        """The bracket of the band on top, then the bar, then the scale."""
        if width < 3 or height < 3:
            return []
        hr_bpm, name, band = None, *intended(self.plan, None)
        if isinstance(self.shown, tuple):
            hr_bpm, name, band = self.shown
        start, end = self._edges(width, band)
        bar = self._bar(width, start, end, hr_bpm)
        bracket = self._bracket(width, start, end, name, band)
        return [bracket, *[bar] * (height - 2), self._scale(width, hr_bpm)]

    def _column(self, bpm: float, width: int) -> int:
        """Where a heart rate lies, kept on the bar."""
        share = (bpm - self.low_bpm) / (self.high_bpm - self.low_bpm)
        return max(0, min(width - 1, int(share * width)))

    def _edges(self, width: int, band: Band | None) -> tuple[int, int]:
        """First column of the band and the one after its last."""
        if band is None:
            return 0, width
        floor = 0 if band.floor_bpm is None else self._column(band.floor_bpm, width)
        ceiling = width if band.ceiling_bpm is None else self._column(band.ceiling_bpm, width)
        return floor, max(ceiling, floor + 1)

    def _bracket(self, width: int, start: int, end: int, name: str, band: Band | None) -> Row:
        glyphs = self.glyphs
        target = f"{band_label(band)} " if band is not None else ""
        label = f" {plain(name, glyphs)} {target}"
        if band is not None and band.estimate:
            label = f"{label}(an estimate) "
        line = glyphs.corner_left + glyphs.rule * (end - start - 2) + glyphs.corner_right
        if len(label) + 4 <= len(line):
            at = (len(line) - len(label)) // 2
            text = " " * start + line[:at] + label + line[at + len(label) :]
        elif end + len(label) <= width:
            text = " " * start + line[: end - start] + label
        else:
            text = (label.strip() + " ").rjust(start) + line[: end - start]
        return text, "b" * len(text)

    def _bar(self, width: int, start: int, end: int, hr_bpm: float | None) -> Row:
        glyphs = self.glyphs
        outside = width - end
        cells = [*glyphs.shade * start, *glyphs.solid * (end - start), *glyphs.shade * outside]
        letters = [*"u" * start, *"i" * (end - start), *"o" * outside]
        for bound_bpm in self.plan.zones.bounds_bpm if self.plan.zones is not None else ():
            at = self._column(bound_bpm, width)
            cells[at], letters[at] = glyphs.wall, "s"
        if hr_bpm is not None:
            at = self._column(hr_bpm, width)
            for beside in (at - 1, at + 1):
                if 0 <= beside < width:
                    cells[beside] = " "
            cells[at], letters[at] = glyphs.solid, "m"
            if hr_bpm < self.low_bpm:
                cells[at] = glyphs.arrow_left
            elif hr_bpm >= self.high_bpm:
                cells[at] = glyphs.arrow_right
        return "".join(cells), "".join(letters)

    def _scale(self, width: int, hr_bpm: float | None) -> Row:
        zones = self.plan.zones
        line = [" "] * width
        letters = ["s"] * width

        def put(text: str, centre: int) -> None:
            left = max(0, min(width - len(text), centre - len(text) // 2))
            if all(cell == " " for cell in line[max(0, left - 1) : left + len(text) + 1]):
                line[left : left + len(text)] = text

        if hr_bpm is not None:
            at = self._column(hr_bpm, width)
            line[at], letters[at] = self.glyphs.up, "m"
        if zones is None:
            for bpm in (self.low_bpm, (self.low_bpm + self.high_bpm) / 2, self.high_bpm):
                put(f"{bpm:.0f}", self._column(bpm, width))
        else:
            for bpm in zones.bounds_bpm:
                put(f"{bpm:.0f}", self._column(bpm, width))
            edges = [0, *(self._column(bpm, width) for bpm in zones.bounds_bpm), width]
            for name, (left, right) in zip(zones.names, pairwise(edges), strict=True):
                label = plain(name, self.glyphs)
                if right - left >= len(label) + 5:
                    put(f"Z{label}" if label[:1].isdigit() else label, (left + right) // 2)
        return "".join(line), "".join(letters)


def intended(plan: Plan, step: StepNow | None) -> tuple[str, Band | None]:
    """What is intended at a moment: the step's own, else the session's."""
    return (plan.purpose, plan.band) if step is None else (step.step.name, step.step.band)


def band_label(band: Band | None) -> str:
    """A band and its unit."""
    return f"{words.band_words(band)}{' bpm' if band is not None else ''}"


def scale_of(plan: Plan) -> tuple[float, float]:
    """Both ends of the scale in bpm: fixed for a session, so that the bar never shifts."""
    marks = list(plan.zones.bounds_bpm) if plan.zones is not None else []
    ends = [bpm - 12.0 for bpm in marks[:1]] + [bpm + 18.0 for bpm in marks[-1:]]
    steps = plan.steps.steps if plan.steps is not None else ()
    for band in {plan.band, *(step.band for step in steps)}:
        if band is None:
            continue
        bounds = [bpm for bpm in (band.floor_bpm, band.ceiling_bpm) if bpm is not None]
        ends += [bpm - AROUND_BAND_BPM for bpm in bounds]
        ends += [bpm + AROUND_BAND_BPM for bpm in bounds]
    if not ends:
        return 50.0, 200.0
    return min(ends) // 5 * 5, -(-max(ends) // 5) * 5
