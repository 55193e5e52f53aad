"""Time gone and time inside, large enough for two metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ui import lettering, words
from ui.picture import Picture, Row

if TYPE_CHECKING:
    from ui.gauges import Moment
    from ui.overview import Plan
    from ui.terminal import Glyphs


class Clocks(Picture):
    """Large figures under their names: time, time left of the step, and time inside or alpha 1."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"clocks--label", "clocks--figures"}
    STYLES: ClassVar[dict[str, str]] = {"l": "clocks--label", "f": "clocks--figures"}

    def __init__(self, glyphs: Glyphs, plan: Plan) -> None:
        super().__init__(glyphs)
        self.plan = plan

    def fact(self, moment: Moment) -> tuple[tuple[str, str], ...]:
        """Names and values."""
        reading = moment.reading
        shown = [("time", words.clock(reading.running_s))]
        if (now := reading.step) is not None:
            shown.append(("left of this step", words.clock(now.remaining_s)))
        if self.plan.purpose == "ramp":
            shown.append(("alpha 1", words.two_places(reading.dfa_alpha1)))
        elif reading.known_s and reading.time_inside_s is not None:
            share_pct = 100 * reading.time_inside_s / reading.known_s
            shown.append((f"inside, {share_pct:.0f} %", words.clock(reading.time_inside_s)))
        else:
            shown.append(("inside", words.UNKNOWN))
        return tuple(shown)

    def draw(self, width: int, height: int) -> list[Row]:
        """The names above the figures; where there is no room for large ones, small."""
        shown = self.shown if isinstance(self.shown, tuple) else ()
        if not shown or height < 1:
            return []
        each = width // len(shown)
        scale = self._scale(shown, each, height - 1)
        if scale is None:
            text = "".join(f"{name} {value}".ljust(each) for name, value in shown)
            return [(text, "f" * len(text))]
        lines = ["".join(name.ljust(each) for name, _ in shown)]
        drawn = [self._figures(value, *scale) for _, value in shown]
        lines += ["".join(part.ljust(each) for part in row) for row in zip(*drawn, strict=True)]
        return [(line, ("l" if y == 0 else "f") * len(line)) for y, line in enumerate(lines)]

    def _scale(
        self, shown: tuple[tuple[str, str], ...], each: int, height: int
    ) -> tuple[int, int] | None:
        """How many cells wide, and half cells high, a pixel of the figures may be."""
        high = 2 * height // lettering.WORD_HEIGHT
        longest = max(lettering.width_of(value) for _, value in shown)
        wide = min(2 * high, (each - 4) // longest)
        return None if high < 1 or wide < 1 else (wide, min(high, wide))

    def _figures(self, value: str, wide: int, high: int) -> list[str]:
        if self.glyphs.drawing == "ascii":
            return ["", "  ".join(value), ""]
        pixels = lettering.word(value)
        stretched = [[dot for dot in row for _ in range(wide)] for row in pixels]
        return lettering.to_text([row for row in stretched for _ in range(high)], self.glyphs)
