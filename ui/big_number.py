"""The heart rate, as large as the terminal allows; unlike itself when it is not live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from ui import lettering, words
from ui.gauges import Moment
from ui.picture import Picture, Row

Face = Literal["live", "ageing", "stale", "lost", "searching"]
PLACES = 3
"""Room for three figures is always kept, so that the number does not jump at 100."""


@dataclass(frozen=True, slots=True)
class Number:
    """What the number looks like, what it is, and the line under it."""

    face: Face
    figures: str
    caption: str


class BigNumber(Picture):
    """Solid figures are live; shaded ones are ageing; shaded and struck out, they are old.

    Without a link there is no number: three dots while searching, a large cross when lost.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"big-number--figures", "big-number--caption"}
    STYLES: ClassVar[dict[str, str]] = {
        "f": "big-number--figures",
        "c": "big-number--caption",
    }

    def fact(self, moment: Moment) -> Number:
        """How the heart rate is to be shown."""
        return number_of(moment)

    def draw(self, width: int, height: int) -> list[Row]:
        """The figures in the middle, the caption under their right end."""
        number = self.shown
        if not isinstance(number, Number) or height < 2:
            return []
        gap = max(1, width // 13)
        wide = max(3, min((width - gap * (PLACES - 1)) // PLACES, height * 5 // 4))
        high = lettering.best_height(wide, min(2 * (height - 1), wide * 2))
        across = wide * PLACES + gap * (PLACES - 1)
        rows = self._figures(number, wide, high, gap, across)
        left = " " * max(0, (width - across) // 2)
        above = max(0, (height - 1 - len(rows)) // 2)
        lines: list[Row] = [("", "")] * above
        lines += [(left + row, "f" * (len(left) + len(row))) for row in rows]
        under = number.caption
        caption = left + (under.rjust(across) if number.figures else under.center(across))
        return [*lines, (caption, "c" * len(caption))]

    def _figures(self, number: Number, wide: int, high: int, gap: int, across: int) -> list[str]:
        glyphs = self.glyphs
        if number.face == "lost":
            cross = lettering.to_text(lettering.cross(min(across, high), high), glyphs)
            return [row.center(across) for row in cross]
        if number.face == "searching" or not number.figures:
            return lettering.to_text(lettering.three_dots(across, high), glyphs)
        pixels = lettering.figures(number.figures[:PLACES], wide, high, gap)
        match number.face:
            case "live":
                rows = lettering.to_text(pixels, glyphs)
            case "ageing":
                rows = lettering.to_text(pixels, glyphs, shade=glyphs.half_shade)
            case _:
                rows = lettering.to_text(lettering.struck(pixels), glyphs, shade=glyphs.shade)
                rows[len(pixels) // 4] = glyphs.rule * across
        return [row.rjust(across) for row in rows]


def number_of(moment: Moment) -> Number:
    """How the heart rate of a moment is to be shown."""
    reading = moment.reading
    known_bpm = reading.hr_bpm if reading.hr_bpm is not None else reading.last_hr_bpm
    figures = "" if known_bpm is None else f"{known_bpm:.0f}"
    match moment.standing.kind:
        case "searching" | "waiting":
            return Number("searching", "", "no heart rate yet")
        case "lost":
            return Number("lost", "", f"last {figures} bpm" if figures else "no heart rate")
        case "ended":
            return Number("stale", figures, "not live: ended")
        case "stale":
            since_s = reading.silent_s
            age = f", {words.spell_out(since_s)} old" if since_s is not None else ""
            return Number("stale", figures, f"not live{age}")
    return Number("ageing" if reading.freshness == "ageing" else "live", figures, "bpm")
