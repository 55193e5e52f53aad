"""The leaves of a debrief: the trace, the zones, the stretches without data."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ui import hr_trace, words
from ui.hr_trace import AXIS, BOUND, GAP, LINE, OVER
from ui.picture import Picture, Row
from ui.terminal import Glyphs, plain

if TYPE_CHECKING:
    from device.debrief import Debrief
    from device.retrace import Blank
    from ui.debrief_facts import ZoneLine


class RunTrace(Picture):
    """The heart rate of the whole session, and the range that was meant."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"run-trace--{part}" for part in ("line", "over", "bound", "gap", "axis")
    }
    STYLES: ClassVar[dict[str, str]] = {
        LINE: "run-trace--line",
        OVER: "run-trace--over",
        BOUND: "run-trace--bound",
        GAP: "run-trace--gap",
        AXIS: "run-trace--axis",
    }

    def __init__(self, glyphs: Glyphs, told: Debrief) -> None:
        super().__init__(glyphs)
        self.hr_bpm: list[float] = told.retrace.hr_bpm[1:].tolist()
        start = told.stored.start
        self.bounds_bpm = [b for b in (start.floor_bpm, start.ceiling_bpm) if b is not None]

    def draw(self, width: int, height: int) -> list[Row]:
        """From edge to edge."""
        return hr_trace.draw(self.hr_bpm, self.bounds_bpm, width, height, self.glyphs)


class ZoneTimes(Picture):
    """A bar for each zone, the highest on top."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"zone-times--{part}" for part in ("heading", "name", "time", "bar")
    }
    STYLES: ClassVar[dict[str, str]] = {
        "h": "zone-times--heading",
        "n": "zone-times--name",
        "t": "zone-times--time",
        "b": "zone-times--bar",
    }
    NAMES_WIDTH = 15
    TIMES_WIDTH = 14

    def __init__(self, glyphs: Glyphs, lines: tuple[ZoneLine, ...]) -> None:
        super().__init__(glyphs)
        self.lines = lines

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - cut by the widget
        """Name, limits, time, share and a bar for as much as there is room."""
        if not self.lines:
            said = "no zones: your profile has no numbers for them"
            return [(said, "n" * len(said))]
        heading = "Time in zones"
        rows: list[Row] = [(heading, "h" * len(heading))]
        room = max(0, width - self.NAMES_WIDTH - self.TIMES_WIDTH - 1)
        longest = max(line.share for line in self.lines) or 1.0
        for line in self.lines:
            name = plain(line.name, self.glyphs)[:6]
            left = f"{name:<6}{line.limits:>8} "
            middle = f"{words.clock(line.seconds):>8}{100 * line.share:>4.0f} % "
            bar = self.glyphs.solid * round(room * line.share / longest)
            rows.append((left + middle + bar, "n" * len(left) + "t" * len(middle) + "b" * len(bar)))
        return rows


class Blanks(Picture):
    """Every stretch without heart rate, named."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"blanks--heading", "blanks--time", "blanks--reason"}
    STYLES: ClassVar[dict[str, str]] = {
        "h": "blanks--heading",
        "t": "blanks--time",
        "r": "blanks--reason",
    }

    def __init__(self, glyphs: Glyphs, blanks: tuple[Blank, ...]) -> None:
        super().__init__(glyphs)
        self.blanks = blanks

    def draw(self, width: int, height: int) -> list[Row]:  # noqa: ARG002 - cut by the widget
        """One line each; where there are too many, the longest ones, in order."""
        if not self.blanks:
            said = "Heart rate was known all the time"
            return [(said, "h" * len(said))]
        room = max(1, height - 1)
        shown = self.blanks
        heading = "Without heart rate"
        if len(shown) > room:
            longest = sorted(shown, key=lambda one: one.length_s)[-room:]
            shown = tuple(one for one in self.blanks if one in longest)
            heading += f": the {len(shown)} longest of {len(self.blanks)}"
        rows: list[Row] = [(heading, "h" * len(heading))]
        for one in shown:
            time = f"{words.clock(one.from_s):>7} to {words.clock(one.to_s):<8}"
            reason = plain(one.reason, self.glyphs)
            rows.append((time + reason, "t" * len(time) + "r" * len(reason)))
        return rows
