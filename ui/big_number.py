"""The heart rate, as large as the terminal allows; unlike itself when it is not live."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.strip import Strip

from ui import lettering, words
from ui.gauges import Gauge, Moment, filled

if TYPE_CHECKING:
    from textual.geometry import Size

Face = Literal["live", "ageing", "stale", "lost", "searching"]
PLACES = 3
"""Room for three figures is always kept, so that the number does not jump at 100."""


class BigNumber(Gauge):
    """Solid figures are live; shaded ones are ageing; shaded and struck out, they are old.

    Without a link there is no number: three dots while searching, a large cross when lost.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"big-number--caption"}

    _drawn: tuple[object, list[str]] | None = None

    def fact(self, moment: Moment) -> tuple[Face, str, str, str]:
        """The face, the figures, the line under them, and the state that colours them."""
        reading, kind = moment.reading, moment.standing.kind
        known = reading.hr_bpm if reading.hr_bpm is not None else reading.last_hr_bpm
        figures = "" if known is None else f"{known:.0f}"
        match kind:
            case "searching" | "waiting":
                return "searching", "", "no heart rate yet", kind
            case "lost":
                return "lost", "", f"last {figures} bpm" if figures else "no heart rate", kind
            case "ended":
                return "stale", figures, "not live: ended", kind
            case "stale":
                since = reading.silent_s
                age = f", {words.spell_out(since)} old" if since is not None else ""
                return "stale", figures, f"not live{age}", kind
        if reading.freshness == "ageing":
            return "ageing", figures, "bpm", kind
        return "live", figures, "bpm", kind

    def render_line(self, y: int) -> Strip:
        """A row of the figures, or the line under them."""
        rows = self._rows(self.size)
        text = rows[y] if y < len(rows) else ""
        caption = y == len(rows) - 1
        style = self.get_component_rich_style("big-number--caption") if caption else self.rich_style
        return filled(text, self.size.width, style, self.glyphs)

    def _rows(self, size: Size) -> list[str]:
        if self.shown is None or size.height < 2:
            return []
        key = (self.shown, size)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self._draw(size))
        return self._drawn[1]

    def _draw(self, size: Size) -> list[str]:
        face, text, caption, _ = self.shown  # type: ignore[misc]
        gap = max(1, size.width // 13)
        width = max(3, min((size.width - gap * (PLACES - 1)) // PLACES, size.height * 5 // 4))
        height = min(2 * (size.height - 1), width * 2)
        across = width * PLACES + gap * (PLACES - 1)
        glyphs = self.glyphs
        if face == "lost":
            rows = lettering.to_text(lettering.cross(min(across, height), height), glyphs)
        elif face == "searching" or not text:
            rows = lettering.to_text(lettering.three_dots(across, height), glyphs)
        else:
            pixels = lettering.figures(text[:PLACES], width, height, gap)
            if face == "stale":
                rows = lettering.to_text(lettering.struck(pixels), glyphs, shade=glyphs.shade)
                rows[len(pixels) // 4] = glyphs.rule * across
            else:
                shade = glyphs.half_shade if face == "ageing" else None
                rows = lettering.to_text(pixels, glyphs, shade=shade)
        rows = [row.rjust(across) if face != "lost" else row.center(across) for row in rows]
        left = max(0, (size.width - across) // 2)
        above = max(0, (size.height - 1 - len(rows)) // 2)
        indent = " " * left
        return [
            *[""] * above,
            *(indent + row for row in rows),
            indent + caption.rjust(across) if face != "lost" else indent + caption.center(across),
        ]
