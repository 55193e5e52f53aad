"""The athlete's range of heart rates, the intended band on it, and a marker for now."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.strip import Strip

from ui import words
from ui.gauges import Gauge, Moment, painted
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from rich.style import Style

    from device.intent import Band
    from ui.overview import Plan

AROUND_BAND_BPM = 25.0
"""At least this much of the scale lies on either side of the intended band."""


class ZoneBar(Gauge):
    """Solid inside the intended band, shaded outside it, whatever the colours."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"zone-bar--{part}" for part in ("under", "inside", "over", "marker", "band", "scale")
    }

    def __init__(self, glyphs: Glyphs, plan: Plan) -> None:
        super().__init__(glyphs)
        self.plan = plan
        self.low_bpm, self.high_bpm = scale_of(plan)

    def fact(self, moment: Moment) -> float | None:
        """The heart rate, where it may be judged."""
        return moment.reading.hr_bpm if moment.standing.kind in words.JUDGED else None

    def column(self, bpm: float) -> int:
        """Where a heart rate lies, kept on the bar."""
        share = (bpm - self.low_bpm) / (self.high_bpm - self.low_bpm)
        return max(0, min(self.size.width - 1, int(share * self.size.width)))

    def render_line(self, y: int) -> Strip:
        """The bracket of the band on top, then the bar, then the scale."""
        if self.size.width < 3:
            return Strip.blank(self.size.width)
        if y == 0:
            text, keys = self._bracket()
        elif y < self.size.height - 1:
            text, keys = self._bar()
        else:
            text, keys = self._scale()
        return painted(text, keys, self._style_of, self.glyphs)

    def _style_of(self, key: str) -> Style:
        return self.get_component_rich_style(f"zone-bar--{key}")

    def _edges(self) -> tuple[int, int]:
        """First column of the band and the one after its last."""
        band, width = self.plan.band, self.size.width
        if band is None:
            return 0, width
        floor = 0 if band.floor_bpm is None else self.column(band.floor_bpm)
        ceiling = width if band.ceiling_bpm is None else self.column(band.ceiling_bpm)
        return floor, max(ceiling, floor + 1)

    def _bracket(self) -> tuple[str, list[str]]:
        glyphs, width = self.glyphs, self.size.width
        start, end = self._edges()
        label = f" {plain(self.plan.purpose, glyphs)} {band_label(self.plan.band)} "
        if (band := self.plan.band) is not None and band.estimate:
            label = f"{label}(an estimate) "
        line = glyphs.corner_left + glyphs.rule * (end - start - 2) + glyphs.corner_right
        if len(label) + 4 <= len(line):
            at = (len(line) - len(label)) // 2
            line = line[:at] + label + line[at + len(label) :]
            text = " " * start + line
        else:
            text = " " * start + line[: end - start] + label
            if len(text) > width:
                text = (label.strip() + " ").rjust(start) + line[: end - start]
        text = text[:width].ljust(width)
        return text, ["band"] * width

    def _bar(self) -> tuple[str, list[str]]:
        glyphs, width = self.glyphs, self.size.width
        start, end = self._edges()
        cells = [glyphs.shade] * start + [glyphs.solid] * (end - start)
        cells += [glyphs.shade] * (width - len(cells))
        keys = ["under"] * start + ["inside"] * (end - start)
        keys += ["over"] * (width - len(keys))
        for bound in self.plan.zones.bounds_bpm if self.plan.zones is not None else ():
            at = self.column(bound)
            cells[at], keys[at] = glyphs.wall, "scale"
        if isinstance(self.shown, float | int):
            at = self.column(self.shown)
            for beside in (at - 1, at + 1):
                if 0 <= beside < width:
                    cells[beside] = " "
            cells[at], keys[at] = glyphs.solid, "marker"
            if self.shown < self.low_bpm:
                cells[at] = glyphs.arrow_left
            elif self.shown >= self.high_bpm:
                cells[at] = glyphs.arrow_right
        return "".join(cells), keys

    def _scale(self) -> tuple[str, list[str]]:
        width, zones = self.size.width, self.plan.zones
        line = [" "] * width
        keys = ["scale"] * width

        def put(text: str, centre: int) -> None:
            left = max(0, min(width - len(text), centre - len(text) // 2))
            if all(cell == " " for cell in line[max(0, left - 1) : left + len(text) + 1]):
                line[left : left + len(text)] = text

        if isinstance(self.shown, float | int):
            at = self.column(self.shown)
            line[at], keys[at] = self.glyphs.up, "marker"
        if zones is None:
            for bpm in (self.low_bpm, (self.low_bpm + self.high_bpm) / 2, self.high_bpm):
                put(f"{bpm:.0f}", self.column(bpm))
            return "".join(line), keys
        edges = [0, *(self.column(bound) for bound in zones.bounds_bpm), width]
        for bound in zones.bounds_bpm:
            put(f"{bound:.0f}", self.column(bound))
        for name, left, right in zip(zones.names, edges, edges[1:], strict=False):
            label = plain(name, self.glyphs)
            if right - left >= len(label) + 5:
                put(f"Z{label}" if label[:1].isdigit() else label, (left + right) // 2)
        return "".join(line), keys


def band_label(band: Band | None) -> str:
    """A band and its unit."""
    return f"{words.band_words(band)}{' bpm' if band is not None else ''}"


def scale_of(plan: Plan) -> tuple[float, float]:
    """Both ends of the scale in bpm: fixed for a session, so that the bar never shifts."""
    marks = list(plan.zones.bounds_bpm) if plan.zones is not None else []
    ends = [bpm - 12.0 for bpm in marks[:1]] + [bpm + 18.0 for bpm in marks[-1:]]
    if (band := plan.band) is not None:
        bounds = [bpm for bpm in (band.floor_bpm, band.ceiling_bpm) if bpm is not None]
        ends += [bpm - AROUND_BAND_BPM for bpm in bounds]
        ends += [bpm + AROUND_BAND_BPM for bpm in bounds]
    if not ends:
        return 50.0, 200.0
    return min(ends) // 5 * 5, -(-max(ends) // 5) * 5
