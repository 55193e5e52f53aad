"""The personal normal range with today's point and the 7-day mean in it, on one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, ClassVar

from device.morning_protocol import taken_at
from ui.picture import Picture, Row
from ui.terminal import Glyphs

if TYPE_CHECKING:
    from hrv.readiness import Readiness

MORNINGS_NEEDED = 7
"""Before these there is no band; the same number as in `hrv.baseline`, which brings numpy."""
AT_HOME = "mornings", "after seven you have a normal range of your own"
IN_THE_GYM = "tests in a gym", "after seven, taken before eleven, they have a range of their own"
BESIDE_BAND = 0.9
"""At least so much of the band's width lies on either side of it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is drawn, in ms; None where it is not known."""

    band_ms: tuple[float, float] | None
    trend_band_ms: tuple[float, float] | None
    today_ms: float | None
    l7_ms: float | None
    mornings: int = 0
    """In the baseline, without today's."""
    enters: bool = False
    """Today's will be in it, too."""
    in_gym: bool = False
    """It is that of tests in a gym, and ``mornings`` counts those."""

    @classmethod
    def of(cls, readiness: Readiness) -> Standing:
        """Of a verdict; a test that cannot be used has no point."""
        usable = readiness.test is not None and readiness.signals.problem is None
        l7 = readiness.week.l7_ln_rmssd
        return cls(
            readiness.day_band_ms,
            readiness.trend_band_ms,
            readiness.test.rmssd_ms if usable and readiness.test else None,
            None if l7 is None else exp(l7),
            readiness.baseline.n,
            enters=readiness.test is not None and readiness.test.enters_baseline,
            in_gym=readiness.test is not None and taken_at(readiness.test.protocol) == "gym",
        )


class PersonalBand(Picture):
    """Solid is the normal range, its middle that of the 7-day mean; outside it is shaded.

    While the baseline is being built: one box for each morning, filled as they come.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"personal-band--{part}"
        for part in ("outside", "inside", "middle", "today", "week", "text")
    }
    STYLES: ClassVar[dict[str, str]] = {
        "o": "personal-band--outside",
        "i": "personal-band--inside",
        "m": "personal-band--middle",
        "t": "personal-band--today",
        "w": "personal-band--week",
        "s": "personal-band--text",
    }

    def __init__(self, glyphs: Glyphs, standing: Standing) -> None:
        super().__init__(glyphs)
        self.standing = standing

    def draw(self, width: int, height: int) -> list[Row]:
        """Today above the bar, the 7-day mean below it, then the bounds."""
        band = self.standing.band_ms
        if width < 20 or height < 4:
            return []
        if band is None:
            return self._boxes(width)
        return self._band(band, width, height)

    def _boxes(self, width: int) -> list[Row]:
        glyphs, n = self.glyphs, min(self.standing.mornings, MORNINGS_NEEDED)
        today = int(self.standing.enters and n < MORNINGS_NEEDED)
        wide = max(2, min(8, (width - MORNINGS_NEEDED) // MORNINGS_NEEDED - 1))
        empty = MORNINGS_NEEDED - n - today
        boxes = [glyphs.solid * wide] * n + [glyphs.half_shade * wide] * today
        boxes += [glyphs.shade * wide] * empty
        letters = ["i" * wide] * (n + today) + ["o" * wide] * empty
        row = (" ".join(boxes), " ".join(letters))
        counted, then = IN_THE_GYM if self.standing.in_gym else AT_HOME
        said = f"{n} of {MORNINGS_NEEDED} {counted}{', and today' if today else ''}"
        return [(said, "t" * len(said)), row, row, (then, "s" * len(then))]

    def _band(self, band: tuple[float, float], width: int, height: int) -> list[Row]:
        glyphs, standing = self.glyphs, self.standing
        low, high = log(band[0]), log(band[1])
        marks = [log(ms) for ms in (standing.today_ms, standing.l7_ms) if ms is not None and ms > 0]
        left = min([low - BESIDE_BAND * (high - low), *(mark - 0.05 for mark in marks)])
        right = max([high + BESIDE_BAND * (high - low), *(mark + 0.05 for mark in marks)])

        def column(ms: float) -> int:
            share = (log(ms) - left) / (right - left)
            return max(0, min(width - 1, int(share * width)))

        first, last = column(band[0]), column(band[1])
        bar = [glyphs.shade] * first + [glyphs.half_shade] * (last - first)
        bar += [glyphs.shade] * (width - last)
        letters = ["o"] * first + ["i"] * (last - first) + ["o"] * (width - last)
        if standing.trend_band_ms is not None:
            for at in range(column(standing.trend_band_ms[0]), column(standing.trend_band_ms[1])):
                bar[at], letters[at] = glyphs.solid, "m"
        above, below = (
            self._mark("today", standing.today_ms, glyphs.down, column, width, "t"),
            (self._mark("7-day mean", standing.l7_ms, glyphs.up, column, width, "w")),
        )
        thick = max(1, min(3, height - 3))
        rows = [above, *[("".join(bar), "".join(letters))] * thick, below]
        return [*rows, self._bounds(band, column, width)]

    def _mark(
        self,
        name: str,
        ms: float | None,
        glyph: str,
        column: Callable[[float], int],
        width: int,
        letter: str,
    ) -> Row:
        if ms is None or ms <= 0:
            return "", ""
        at = column(ms)
        label = f"{name} {ms:.0f} ms"
        if at + 2 + len(label) <= width:
            text = " " * at + f"{glyph} {label}"
        else:
            text = f"{label} {glyph}".rjust(at + 1)
        return text, letter * len(text)

    def _bounds(self, band: tuple[float, float], column: Callable[[float], int], width: int) -> Row:
        line = [" "] * width
        for ms in band:
            text = f"{ms:.0f}"
            at = max(0, min(width - len(text), column(ms) - len(text) // 2))
            line[at : at + len(text)] = text
        middle = "your range"
        at = (column(band[0]) + column(band[1]) - len(middle)) // 2
        if at > column(band[0]) + 3 and at + len(middle) < column(band[1]) - 3:
            line[at : at + len(middle)] = middle
        text = "".join(line)
        return text, "s" * len(text)
